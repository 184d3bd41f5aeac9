"""Undoes the operator's last change to a record, after a question that describes it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from supportdesk.console.dialogs.confirm import Confirm
from supportdesk.tickets.record_undo import UndoRecord
from supportdesk.tickets.refusal import Refusal

if TYPE_CHECKING:
    from supportdesk.console.commands.screen_client import ScreenClient
    from supportdesk.console.dialogs.sequence import DialogSequence


async def undo_last_record_change(dialogs: DialogSequence, client: ScreenClient) -> str | Refusal | None:
    """Undo the operator's last change to a record, after a question that describes it.

    Return what was undone, or the refusal; None where the operator cancels.
    """
    change = await client.in_thread(client.desk_client.last_record_change, "look for the last change")
    if isinstance(change, Refusal):
        return change
    consequences = f"You {change.description}"
    if change.refs:
        tickets = "1 ticket" if len(change.refs) == 1 else f"{len(change.refs)} tickets"
        refs = ", ".join(change.refs[:8])
        consequences += f"\nIt also changed {tickets}, where the undo will be recorded: {refs}"
    asked = Confirm("Undo your last change to a record?", consequences, "Undo")
    if not await dialogs.ask(asked):
        return None
    outcome = await client.submit(UndoRecord(change.seq))
    return outcome if isinstance(outcome, Refusal) else f"Undone: {change.description}."
