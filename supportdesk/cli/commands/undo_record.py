"""`supportdesk undo` without a reference: undo the operator's last change to a record."""

from __future__ import annotations

from supportdesk.cli.context import CliContext
from supportdesk.cli.errors import BadRequestError
from supportdesk.cli.output import count_noun, echo
from supportdesk.cli.refusal_text import refusal_message
from supportdesk.tickets.record_undo import UndoRecord
from supportdesk.tickets.refusal import Refusal


def undo_last_change(context: CliContext) -> None:
    """Undo the operator's last change to a record and print it. Raises BadRequestError where there is none."""
    with context.desk() as desk:
        actor = context.operator(desk).username
        change = desk.last_record_change(actor)
        if change is None:
            raise BadRequestError(
                "You have changed no record in the last ten minutes. For a ticket, give its reference."
            )
        outcome = desk.do(UndoRecord(change.seq), by=actor)
    if isinstance(outcome, Refusal):
        raise BadRequestError(refusal_message(outcome))
    count = len(change.refs)
    moved = (
        f" It had changed {count_noun(count, 'ticket')}, which {'records' if count == 1 else 'record'} the undo."
        if count
        else ""
    )
    echo(f"Undone: {change.description}.{moved}")
