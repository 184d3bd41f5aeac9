"""The age of the open tickets."""

from __future__ import annotations

from collections.abc import Iterable

import msgspec

from supportdesk.reports.figure import Figure, Item
from supportdesk.store.read_models import QueueRow

_DAY = 86_400
_BOUNDS = (
    ("up to a day", 1),
    ("1 to 3 days", 3),
    ("3 to 7 days", 7),
    ("1 to 2 weeks", 14),
    ("2 to 4 weeks", 28),
)
_OLDEST = "over 4 weeks"


class Age(msgspec.Struct, frozen=True):
    """The open tickets of one range of ages."""

    name: str
    figure: Figure


def group_by_age(rows: Iterable[QueueRow], now: int) -> tuple[Age, ...]:
    """Return the open tickets by the time since they arrived, the newest first; each is in one group.

    `now` is in UTC epoch seconds.
    """
    found: dict[str, list[Item]] = {name: [] for name in (*(name for name, _ in _BOUNDS), _OLDEST)}
    for row in rows:
        if row.is_open:
            days = (now - row.received_at) / _DAY
            name = next((name for name, bound in _BOUNDS if days <= bound), _OLDEST)
            found[name].append(Item(row.received_at, row.ref))
    return tuple(Age(name, Figure.of(items)) for name, items in found.items())
