"""Asks before a ticket is given to somebody who is away."""

from __future__ import annotations

from supportdesk.console.forms.context import CommandContext
from supportdesk.tickets.command import Command
from supportdesk.tickets.process.assignment import find_receiver
from supportdesk.tickets.rota.away import warn_of_absence


def absence_warning(context: CommandContext, command: Command) -> str:
    """Return a sentence about the person to whom a command gives tickets and who is away; an empty text otherwise.

    Operators may always give tickets to themselves.
    """
    receiver = find_receiver(command)
    if receiver in ("", context.person.username):
        return ""
    return warn_of_absence(context.roster.reference_data, receiver, context.zone, context.desk.now())
