"""Undoes the operator's last action on a ticket, where needed after a question that describes it.

Imported with the first undo.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from supportdesk.console.commands.dry_run import common_refusal
from supportdesk.console.commands.undo_question import question_before_undo
from supportdesk.console.keys.refusal_text import bound_key, with_keys
from supportdesk.tickets.process.undo import Undo

if TYPE_CHECKING:
    from supportdesk.console.commands.runner import CommandRunner
    from supportdesk.console.commands.screen_client import ScreenClient
    from supportdesk.console.keys.type_ahead import KeyHold
    from supportdesk.console.session import Session


class UndoRunner:
    """Undoes the operator's last action on a ticket; `runner` runs the undo as it runs other commands."""

    def __init__(self, client: ScreenClient, runner: CommandRunner) -> None:
        self._client = client
        self._runner = runner

    async def last_changed_ticket(self, typed: KeyHold) -> str | None:
        """Return the ticket of the operator's last undoable action; None, with a message, where there is none."""
        ref = await self._client.in_thread(
            self._client.desk_client.last_undoable_ticket, "find the last change"
        )
        if isinstance(ref, str):
            return ref
        self._client.show_message(ref.reason, True)
        typed.release()
        return None

    async def undo(self, session: Session, ref: str, typed: KeyHold, *, asked: bool) -> None:
        """Undo the operator's last action on a ticket; with `asked` only after a question that describes it."""
        try:
            view = await self._client.load_ticket(ref)
            if view is None:
                return
            if asked:
                ask = partial(common_refusal, session.desk, [Undo(ref)], session.username)
                refusal = await self._client.in_thread(ask, "dry run")
                if refusal is not None:
                    self._client.show_message(f"{ref}: {with_keys(refusal, session.keys)}.", True)
                    return
                if not await self._client.push_screen(question_before_undo(view, session), typed):
                    return
                asked_of, view = view, await self._client.load_ticket(ref)
                if view is None:
                    return
                if view.timeline[-1].seq != asked_of.timeline[-1].seq:
                    again = bound_key("desk.undo", session.keys)
                    self._client.show_message(f"{ref} has changed meanwhile; undo again ({again}).", True)
                    return
            await self._runner.execute(session, view, Undo(ref))
        finally:
            typed.release()
