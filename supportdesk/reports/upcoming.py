"""Upcoming breaches of running clocks, by the time until each."""

from __future__ import annotations

from collections.abc import Iterable

import msgspec

from supportdesk.reports.figure import Figure, Item
from supportdesk.store.read_models import QueueRow

HOURS = (2, 4, 8)
_HOUR = 3600


class Upcoming(msgspec.Struct, frozen=True):
    """The clocks that will breach within `hours` from now; each includes the shorter ones."""

    hours: int
    figure: Figure


def find_upcoming_breaches(rows: Iterable[QueueRow], now: int) -> tuple[Upcoming, ...]:
    """Return what will breach after `now`, in UTC epoch seconds, each clock by its own calendar."""
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
