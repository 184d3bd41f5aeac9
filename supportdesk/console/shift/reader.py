"""Reads what the operator hands over, on a thread."""

from __future__ import annotations

from supportdesk.desk_api import DeskUnavailableError, Queries
from supportdesk.reports.shift_handover import ShiftHandover, prepare_handover
from supportdesk.sla.calendar import CalendarError
from supportdesk.tickets.refusal import Refusal


def read_handover(desk: Queries, username: str) -> ShiftHandover | Refusal:
    """Return what a member of staff hands over now, or why it cannot be read. Blocks."""
    try:
        return prepare_handover(desk, username)
    except (DeskUnavailableError, CalendarError) as error:
        return Refusal(str(error))
