"""Undoes the operator's last action, on a ticket or on a record, where needed after a question that describes it.

Imported with the first undo.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from supportdesk.console.commands.dry_run import common_refusal
from supportdesk.console.commands.undo_question import question_before_undo
from supportdesk.console.dialogs.confirm import Confirm
from supportdesk.console.keys.refusal_text import bound_key, with_keys
from supportdesk.tickets.process.undo import Undo
from supportdesk.tickets.record_undo import UndoRecord
from supportdesk.tickets.refusal import Refusal

if TYPE_CHECKING:
    from supportdesk.console.commands.runner import CommandRunner
    from supportdesk.console.keys.type_ahead import KeyHold
    from supportdesk.console.session import Session


class UndoRunner:
    """Undoes what the operator did with the commands that `runner` runs."""

    def __init__(self, runner: CommandRunner) -> None:
        self._runner = runner

    async def last_changed_ticket(self, typed: KeyHold) -> str | None:
        """Return the ticket of the operator's last undoable action; None, with a message, where there is none."""
        ref = await self._runner.in_thread(self._runner.client.last_undoable_ticket, "find the last change")
        if isinstance(ref, str):
            return ref
        self._runner.show_message(ref.reason, True)
        typed.release()
        return None

    async def undo(self, session: Session, ref: str, typed: KeyHold, *, asked: bool) -> None:
        """Undo the operator's last action on a ticket; with `asked` only after a question that describes it."""
        try:
            view = await self._runner.load_ticket(ref)
            if view is None:
                return
            if asked:
                ask = partial(common_refusal, session.desk, [Undo(ref)], session.username)
                refusal = await self._runner.in_thread(ask, "dry run")
                if refusal is not None:
                    self._runner.show_message(f"{ref}: {with_keys(refusal, session.keys)}.", True)
                    return
                if not await self._runner.push_screen(question_before_undo(view, session), typed):
                    return
                asked_of, view = view, await self._runner.load_ticket(ref)
                if view is None:
                    return
                if view.timeline[-1].seq != asked_of.timeline[-1].seq:
                    again = bound_key("desk.undo", session.keys)
                    self._runner.show_message(f"{ref} has changed meanwhile; undo again ({again}).", True)
                    return
            await self._runner.execute(session, view, Undo(ref))
        finally:
            typed.release()

    async def undo_record(self) -> str | Refusal | None:
        """Undo the operator's last change to a record, after a question that describes it.

        Return what was undone, or the refusal; None where the operator cancels.
        """
        change = await self._runner.in_thread(
            self._runner.client.last_record_change, "look for the last change"
        )
        if isinstance(change, Refusal):
            return change
        consequences = f"You {change.description}"
        if change.refs:
            tickets = "1 ticket" if len(change.refs) == 1 else f"{len(change.refs)} tickets"
            refs = ", ".join(change.refs[:8])
            consequences += f"\nIt also changed {tickets}, where the undo will be recorded: {refs}"
        asked = Confirm("Undo your last change to a record?", consequences, "Undo")
        if not await self._runner.screen.app.push_screen_wait(asked):
            return None
        outcome = await self._runner.submit(UndoRecord(change.seq))
        return outcome if isinstance(outcome, Refusal) else f"Undone: {change.description}."
