"""`supportdesk undo` without a reference: the last change to a record is taken back."""

from __future__ import annotations

from supportdesk.cli.context import CliContext
from supportdesk.cli.errors import BadRequestError
from supportdesk.cli.output import counted, say
from supportdesk.cli.refusal_text import in_commands
from supportdesk.tickets.command import Refusal
from supportdesk.tickets.record_undo import UndoRecord


def undo_last_change(session: CliContext) -> None:
    """Take back the last change of whoever asks to a record, and print what it was. Raises BadRequestError."""
    with session.desk() as door:
        actor = session.actor(door).username
        change = door.last_record_change(actor)
        if change is None:
            raise BadRequestError(
                "You have changed no record in the last ten minutes. For a ticket, give its reference."
            )
        outcome = door.do(UndoRecord(change.seq), by=actor)
    if isinstance(outcome, Refusal):
        raise BadRequestError(in_commands(outcome))
    count = len(change.refs)
    moved = (
        f" It had changed {counted(count, 'ticket')}, which {'says' if count == 1 else 'say'} so."
        if count
        else ""
    )
    say(f"Undone: you {change.description}.{moved}")
