"""One command for all marked tickets: asked for once, carried out for each, with a result for each."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from supportdesk.console.commands.batch import tickets
from supportdesk.console.keys.refusal_text import bound_key, with_keys
from supportdesk.tickets.command import TicketCommand

if TYPE_CHECKING:
    from supportdesk.console.commands.runner import CommandRunner
    from supportdesk.console.keys.type_ahead import KeyHold
    from supportdesk.console.session import Session
    from supportdesk.store.read_models import QueueRow

ONE_BY_ONE = frozenset({"reply", "workaround", "contacted", "resolve", "reopen", "link"})
"""Verbs whose words are meant for one ticket: who has seven of them has to read what each of the seven says."""


@dataclass(frozen=True, slots=True)
class BatchRunner:
    """The marked tickets. `unmark` takes back the marks of those that are done, `say` tells the operator."""

    runner: CommandRunner
    session: Session
    rows: Sequence[QueueRow]
    unmark: Callable[[Iterable[str]], object]
    say: Callable[[str, bool], None]

    async def run(self, verbs: tuple[str, ...], typed: KeyHold) -> list[str]:
        """Does what one of the verbs names to all of them; of two, the one that means something now.

        Returns the references of those to which it was done, in that order.
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
            self.say(
                f"{command.title} is done for each ticket by itself: open one, or {back} takes the marks back.",
                True,
            )
            return []
        refusal = refuse_person(command, person, self.session.roster.staff)
        if refusal is not None:
            told = with_keys(refusal, self.session.keys)
            self.say(f"{told[0].upper()}{told[1:]}.", True)
            return []
        context = self.runner.context_for(self.session)
        form = form_for_batch(command, context, self.rows)
        if await self.runner.push_screen(form, typed) is None or form.preview is None:
            return []
        progress = BatchProgressScreen(context, form.preview, self.rows, lambda: self.session.lost)
        done: list[str] = await self.runner.push_screen(progress, typed)
        self.unmark(done)
        left = len(form.preview.commands) - len(done)
        marked = f"; {tickets(left)} not, and still marked" if left else ""
        self.say(f"{command.title}: {tickets(len(done))} done{marked}.", bool(left))
        return done

    def _resolve_verb(self, verbs: tuple[str, ...]) -> str:
        """The verb that a toggling key means now: tickets that all wait can only go on."""
        return "resume" if "resume" in verbs and all(row.waiting for row in self.rows) else verbs[0]
