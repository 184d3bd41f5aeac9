"""Arrivals against resolutions, week by week."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from supportdesk.reports.figure import Figure, Item
from supportdesk.reports.periods import Period
from supportdesk.sla.clocks import epoch
from supportdesk.store.views import TicketHistory


@dataclass(frozen=True, slots=True)
class Week:
    """One week. `arrived` counts by arrival, not by when somebody typed it in; `resolved` what left the open ones."""

    period: Period
    arrived: Figure
    resolved: Figure


def flow(histories: Iterable[TicketHistory], weeks: Sequence[Period]) -> tuple[Week, ...]:
    """Each week with what came and what went; a ticket that was reopened went when it was resolved last."""
    tickets = [history.ticket for history in histories]
    arrivals = [Item(epoch(ticket.received_at), ticket.ref) for ticket in tickets]
    ends = [
        Item(epoch(ticket.resolved_at), ticket.ref)
        for ticket in tickets
        if ticket.resolved_at is not None and not ticket.is_open
    ]
    return tuple(
        Week(
            week,
            Figure.of(item for item in arrivals if item.at in week),
            Figure.of(item for item in ends if item.at in week),
        )
        for week in weeks
    )
