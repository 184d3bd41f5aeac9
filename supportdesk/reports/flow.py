"""Arrivals against resolutions, week by week."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Sequence

import msgspec

from supportdesk.reports.figure import Figure, Item
from supportdesk.reports.periods import Period
from supportdesk.sla.clocks import epoch
from supportdesk.store.read_models import TicketHistory


class Week(msgspec.Struct, frozen=True):
    """One week: `arrived` by the time of arrival, not of logging; `resolved` includes tickets closed unresolved."""

    period: Period
    arrived: Figure
    resolved: Figure


def count_by_week(histories: Iterable[TicketHistory], weeks: Sequence[Period]) -> tuple[Week, ...]:
    """Return each week with its arrivals and resolutions; a reopened ticket counts when it was last resolved."""
    tickets = [history.ticket for history in histories]
    arrivals = [Item(epoch(ticket.received_at), ticket.ref) for ticket in tickets]
    ends = [
        Item(epoch(ticket.resolved_at), ticket.ref)
        for ticket in tickets
        if ticket.resolved_at is not None and not ticket.is_open
    ]
    arrived, resolved = _by_week(arrivals, weeks), _by_week(ends, weeks)
    return tuple(map(Week, weeks, arrived, resolved))


def _by_week(items: Iterable[Item], weeks: Sequence[Period]) -> list[Figure]:
    starts = [week.start for week in weeks]
    found: list[list[Item]] = [[] for _ in weeks]
    for item in items:
        place = bisect_right(starts, item.at) - 1
        if place >= 0 and item.at in weeks[place]:
            found[place].append(item)
    return [Figure.of(each) for each in found]
