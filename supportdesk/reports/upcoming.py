"""Upcoming breaches: running clocks by the instant at which each breaches."""

from __future__ import annotations

from collections.abc import Iterable

import msgspec

from supportdesk.reports.figure import Figure, Item
from supportdesk.store.read_models import QueueRow

HOURS = (2, 4, 8)
_HOUR = 3600


class Upcoming(msgspec.Struct, frozen=True):
    """What will breach within `hours` from now; each includes the shorter ones."""

    hours: int
    figure: Figure


def find_upcoming_breaches(rows: Iterable[QueueRow], now: int) -> tuple[Upcoming, ...]:
    """What will breach after `now`, in UTC epoch seconds. Each clock runs out in its own hours."""
    coming = [
        Item(clock.breached_at, row.ref, clock.kind)
        for row in rows
        for clock in (row.response, row.resolution)
        if clock.breached_at is not None and now < clock.breached_at and clock.verdict is None
    ]
    return tuple(
        Upcoming(hours, Figure.of(item for item in coming if item.at <= now + hours * _HOUR))
        for hours in HOURS
    )
