"""Moves due times after a change of the calendars."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from supportdesk.sla.policy import build_calendar
from supportdesk.store.reference_data import ReferenceData
from supportdesk.store.unit_of_work import UnitOfWork
from supportdesk.tickets.recalculation import find_due_moves, project_clocks
from supportdesk.tickets.ticket import Ticket


def move_due(
    unit: UnitOfWork, queue: Mapping[str, Ticket], before: ReferenceData, reason: str, now: datetime
) -> None:
    """Project every clock of the locked `queue` again on the changed calendars (rule 12).

    Raises CalendarError for impossible hours in any version: no clock could be read after that.
    """
    for policy in unit.reference_data.policies.values():
        for hours in policy.calendars:
            build_calendar(hours)
    for ref, ticket in queue.items():
        was = project_clocks(before.policies[ticket.policy], ticket)
        now_is = project_clocks(unit.reference_data.policies[ticket.policy], ticket)
        if was != now_is:
            unit.rewrite_row(ref)
        for moved in find_due_moves(was, now_is, reason, max(now, ticket.changed_at)):
            unit.add_ticket_event(ref, moved, now)
    unit.rewrite_due_times(queue)
