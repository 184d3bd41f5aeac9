"""Runs one command for all marked tickets: the form once, then the progress of the batch."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING

import msgspec

from supportdesk.console.commands.batch import DONE, tickets
from supportdesk.console.keys.refusal_text import bound_key, refusal_sentence
from supportdesk.tickets.command import TicketCommand

if TYPE_CHECKING:
    from supportdesk.console.commands.screen_client import ScreenClient
    from supportdesk.console.keys.type_ahead import KeyHold
    from supportdesk.console.session import Session
    from supportdesk.store.read_models import QueueRow

ONE_BY_ONE = {
    "reply": "Reply to tickets",
    "workaround": "Propose workarounds",
    "contacted": "Record contacts",
    "customer-message": "Add customers' messages",
    "resolve": "Resolve tickets",
    "reopen": "Reopen tickets",
    "link": "Link tickets",
}
"""What the operator does, by the verbs whose text is written for one ticket: they are refused for a batch, so that each
ticket is read first.
"""


class BatchRunner(msgspec.Struct, frozen=True):
    """Runs a command for `rows`. `unmark` clears the marks of the changed tickets, `show_message` shows a message."""

    client: ScreenClient
    session: Session
    rows: Sequence[QueueRow]
    unmark: Callable[[Iterable[str]], object]
    show_message: Callable[[str, bool], None]

    async def run(self, verbs: tuple[str, ...], typed: KeyHold) -> list[str]:
        """Run the command of one of the verbs for all tickets; of two verbs, the one that applies now.

        Return the references of the changed tickets, in order.
        """
        try:
            return await self._run(verbs, typed)
        finally:
            typed.release()

    async def _run(self, verbs: tuple[str, ...], typed: KeyHold) -> list[str]:
        from supportdesk.console.commands.batch_progress import BatchProgressScreen
        from supportdesk.console.commands.form_registry import form_for_batch
        from supportdesk.tickets.decide import COMMANDS
        from supportdesk.tickets.permissions import refuse_person

        command, person = COMMANDS[self._resolve_verb(verbs)], self.session.person
        assert person is not None
        assert issubclass(command, TicketCommand)
        if command.verb in ONE_BY_ONE:
            back = bound_key("desk.back", self.session.keys)
            self.show_message(
                f"{ONE_BY_ONE[command.verb]} one at a time: open a ticket, or clear the marks ({back}).",
                True,
            )
            return []
        refusal = refuse_person(command, person, self.session.roster.staff)
        if refusal is not None:
            self.show_message(refusal_sentence(refusal, self.session.keys), True)
            return []
        context = self.client.context_for(self.session)
        form = form_for_batch(command, context, self.rows)
        if await self.client.push_screen(form, typed) is None or form.preview is None:
            return []
        progress = BatchProgressScreen(
            context, form.preview, self.rows, lambda: self.session.disconnected_reason
        )
        done: list[str] = await self.client.push_screen(progress, typed)
        self.unmark(done)
        left = len(form.preview.commands) - len(done)
        of, marked = (
            (f" of {len(form.preview.commands)}", f"; {tickets(left)} still marked") if left else ("", "")
        )
        count = f"{len(done)}{of} tickets" if left else tickets(len(done))
        self.show_message(f"{count} {DONE.get(command.verb, 'changed')}{marked}.", bool(left))
        return done

    def _resolve_verb(self, verbs: tuple[str, ...]) -> str:
        """Return the verb that a toggle key stands for: resume where all tickets are on hold."""
        return "resume" if "resume" in verbs and all(row.waiting for row in self.rows) else verbs[0]
