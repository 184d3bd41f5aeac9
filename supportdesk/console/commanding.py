"""From a key to a command carried out: the form it needs, the question before it, and what is said afterwards."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Any

from supportdesk.console.sitting import Sitting

if TYPE_CHECKING:
    from textual.screen import Screen

    from supportdesk.console.link import DeskLink
    from supportdesk.console.session import Session
    from supportdesk.console.type_ahead import Hold
    from supportdesk.door import Done, Outcome
    from supportdesk.store.views import TicketView
    from supportdesk.tickets.command import Command


class Commanding:
    """Carries out what keys ask for, at one screen. `say` tells the operator, with True for a refusal."""

    def __init__(self, screen: Screen[None], link: DeskLink, say: Callable[[str, bool], None]) -> None:
        self._screen = screen
        self._link = link
        self._say = say

    async def command(self, session: Session, verbs: tuple[str, ...], ref: str, typed: Hold) -> None:
        """Does what one of the verbs names to a ticket; of two, the one that means something now.

        What is `typed` meanwhile is held, and belongs to the dialog that opens.
        """
        try:
            await self._command(session, verbs, ref, typed)
        finally:
            typed.release()

    async def _command(self, session: Session, verbs: tuple[str, ...], ref: str, typed: Hold) -> None:
        from supportdesk.tickets.decide import COMMANDS, unavailable
        from supportdesk.tickets.permissions import not_permitted

        assert session.person is not None
        view = await self.read(ref)
        if view is None:
            return
        command = COMMANDS[_fitting(verbs, view)]
        refusal = not_permitted(command, session.person, session.roster.staff) or unavailable(
            command, view.ticket.stage
        )
        if refusal is not None:
            self._say(f"{ref}: {refusal.reason}.", True)
        elif command.arguments() or command.asks_first:
            await self._ask(session, command, view, typed)
        else:
            await self._at_once(ref, command(ref))  # type: ignore[call-arg]

    async def shown(self, screen: Screen[Any], typed: Hold) -> Any:
        """What comes of a screen, which has what was typed while it opened."""
        result: asyncio.Future[Any] = asyncio.get_running_loop().create_future()
        mounted = self._screen.app.push_screen(screen, result.set_result)
        ready = getattr(screen, "ready", None)
        await (ready.wait() if ready is not None else mounted)
        typed.release()
        return await result

    def sitting(self, session: Session) -> Sitting:
        """What a dialog works with."""
        assert session.person is not None
        return Sitting(
            session.person, session.policy, session.roster, session.door, self._submit, session.drafts
        )

    async def _ask(self, session: Session, command: type[Command], view: TicketView, typed: Hold) -> None:
        from supportdesk.console.screens.command_form import CommandForm
        from supportdesk.console.screens.escalate import EscalateScreen
        from supportdesk.tickets.process.escalation import Escalate

        sitting = self.sitting(session)
        form = EscalateScreen(sitting, view) if command is Escalate else CommandForm(sitting, command, view)
        done: Done | None = await self.shown(form, typed)
        if done is not None:
            self._say(f"{view.ticket.ref}: {command.title.lower()}, done.", False)

    async def _at_once(self, ref: str, command: Command) -> None:
        from supportdesk.tickets.command import Refusal

        outcome = await self._submit(command)
        if isinstance(outcome, Refusal):
            self._say(f"{ref}: {outcome.reason}.", True)
        else:
            self._say(f"{ref}: {command.title.lower()}, done.", False)

    async def _submit(self, command: Command) -> Outcome:
        return await self._screen.run_worker(
            partial(self._link.do, command), thread=True, group="command", name=command.verb
        ).wait()

    async def read(self, ref: str) -> TicketView | None:
        """A ticket with its timeline; None, with the reason said, where it cannot be read."""
        from supportdesk.tickets.command import Refusal

        read = await self._screen.run_worker(
            partial(self._link.ticket, ref), thread=True, group="read", name="read a ticket"
        ).wait()
        if isinstance(read, Refusal):
            self._say(read.reason, True)
            return None
        return read


def _fitting(verbs: tuple[str, ...], view: TicketView) -> str:
    """The verb that a toggling key means now: a ticket that waits can only go on."""
    return "resume" if "resume" in verbs and view.ticket.waiting is not None else verbs[0]
