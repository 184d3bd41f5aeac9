"""Warns before tickets are closed as duplicates of another customer's ticket."""

from __future__ import annotations

from collections.abc import Iterable

from supportdesk.desk_api import DeskUnavailableError, TicketQueries, UnknownTicketError
from supportdesk.store.read_models import QueueRow
from supportdesk.tickets.command import TicketCommand
from supportdesk.tickets.process.linking import MarkDuplicate, describe_customers


def duplicate_warnings(desk: TicketQueries, command: TicketCommand, rows: Iterable[QueueRow]) -> list[str]:
    """Return a warning for each ticket that the command would close as a duplicate of another customer's. Blocks.

    There are none for other commands, and where the desk is unavailable.
    """
    if not isinstance(command, MarkDuplicate):
        return []
    try:
        other = desk.ticket(command.of).row
    except (DeskUnavailableError, UnknownTicketError):
        return []
    found = (describe_customers(row.ref, row.organisation, other.ref, other.organisation) for row in rows)
    return [each for each in found if each]
