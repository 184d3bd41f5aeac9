"""Runs a command from its key: the dry run, the form or question, and the message afterwards.

Undo runs in `undo_runner`.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from functools import partial
from typing import TYPE_CHECKING

from supportdesk.console.commands.outcome_text import describe_changes
from supportdesk.console.keys.refusal_text import with_keys

if TYPE_CHECKING:
    from supportdesk.console.commands.screen_client import ScreenClient
    from supportdesk.console.commands.ticket_form import TicketForm
    from supportdesk.console.keys.type_ahead import KeyHold
    from supportdesk.console.session import Session
    from supportdesk.desk_api import Applied
    from supportdesk.store.read_models import TicketView
    from supportdesk.tickets.command import Command, TicketCommand
    from supportdesk.tickets.refusal import Refusal

PATIENCE = 1.0
"""Seconds for which a ticket is read before it is taken as it is shown: a silent server answers late or never."""

ACKNOWLEDGE = "acknowledge"
"""The verb of the command that ends a page."""


class CommandRunner:
    """Runs commands from their keys.

    `location_note` returns where a ticket has moved to and where the cursor is then; empty while it is still shown.
    `acknowledge_test` acknowledges a test page of the operator, where the ticket has no page to acknowledge; it returns
    False without one. `find_shown` returns a ticket as it is shown; None where it is not.
    """

    def __init__(
        self,
        client: ScreenClient,
        location_note: Callable[[str], str],
        acknowledge_test: Callable[[], Awaitable[bool]] | None = None,
        find_shown: Callable[[str], TicketView | None] = lambda ref: None,
    ) -> None:
        self._client = client
        self._location_note = location_note
        self._acknowledge_test = acknowledge_test
        self._find_shown = find_shown
        self._late: set[asyncio.Task[TicketView | None]] = set()

    async def run(self, session: Session, verbs: tuple[str, ...], ref: str, typed: KeyHold) -> None:
        """Run the command of one of the verbs for a ticket; of two verbs, the one that applies now.

        The keys `typed` meanwhile are held and passed to the dialog that opens.
        """
        try:
            await self._run(session, verbs, ref, typed)
        finally:
            typed.release()

    async def _run(self, session: Session, verbs: tuple[str, ...], ref: str, typed: KeyHold) -> None:
        from supportdesk.console.commands.dry_run import common_refusal, possible_commands
        from supportdesk.tickets.command import TicketCommand
        from supportdesk.tickets.decide import COMMANDS, refuse_at_stage
        from supportdesk.tickets.permissions import refuse_person
        from supportdesk.tickets.process.closure import may_be_reopened

        assert session.person is not None
        view, is_fresh = await self._load(ref)
        if view is None:
            typed.refuse()
            return
        command = COMMANDS[_resolve_verb(verbs, view)]
        assert issubclass(command, TicketCommand)
        policy = session.desk.policies.get(view.ticket.policy, session.policy)
        refusal = refuse_person(command, session.person, session.roster.staff) or refuse_at_stage(
            command, view.ticket.stage, may_reopen=may_be_reopened(policy, view.ticket, session.now())
        )
        if refusal is None:
            ways = possible_commands(command, ref) if command.asked() and is_fresh else []
            ask = partial(common_refusal, session.desk, ways, session.username)
            refusal = await self._client.in_thread(ask, "dry run") if ways else None
        if refusal is not None:
            await self._show_refusal(session, view, command, refusal)
            if command.asked():
                typed.refuse()
        elif command.asked() or command.asks_first:
            await self._open_form(session, command, view, typed)
        elif (filled := await self._complete(session, command, view, typed)) is not None:
            await self.execute(session, view, filled)

    async def _load(self, ref: str) -> tuple[TicketView | None, bool]:
        """Return a ticket, and whether it is as on the desk now, not as it was when it was shown."""
        loading = asyncio.create_task(self._client.load_ticket(ref))
        shown = self._find_shown(ref)
        if shown is not None:
            await asyncio.wait({loading}, timeout=PATIENCE)
            if not loading.done():
                # It is still read: where that fails, the operator is told.
                self._late.add(loading)
                loading.add_done_callback(self._late.discard)
                return shown, False
        return await loading, True

    async def _complete(
        self, session: Session, command: type[TicketCommand], view: TicketView, typed: KeyHold
    ) -> TicketCommand | None:
        """Return the command to send; None where the operator declines, or a form has sent it."""
        from supportdesk.console.paging.open_page import confirm_other_persons_page, paged_person
        from supportdesk.tickets.process.triage import Acknowledge

        if command is not Acknowledge:
            return command(view.ticket.ref)
        if (form := await self._find_extension(session, view)) is not None:
            await self._push_form(session, command, view, form, typed)
            return None
        paged = paged_person(view, session.username)
        if paged is None:
            return command(view.ticket.ref)
        agreed = await self._client.push_screen(confirm_other_persons_page(paged, view, session), typed)
        return Acknowledge(view.ticket.ref, paged=paged) if agreed else None

    async def _open_form(
        self, session: Session, command: type[TicketCommand], view: TicketView, typed: KeyHold
    ) -> None:
        from supportdesk.console.commands.form_registry import form_for

        form = form_for(command, self._client.context_for(session), view)
        await self._push_form(session, command, view, form, typed)

    async def _find_extension(self, session: Session, view: TicketView) -> TicketForm | None:
        """Return the form that extends an acknowledgement; None where there is none that the operator may extend."""
        from supportdesk.console.commands.dry_run import PLACEHOLDER, common_refusal
        from supportdesk.console.commands.extend_form import ExtendForm
        from supportdesk.tickets.process.triage import Acknowledge
        from supportdesk.tickets.refusal import Refusal

        page, ref = view.ticket.page, view.ticket.ref
        if view.ticket.page_open or page is None:
            return None
        ways = [Acknowledge(ref, reason=PLACEHOLDER)]
        ask = partial(common_refusal, session.desk, ways, session.username)
        if await self._client.in_thread(ask, "dry run") is not None:
            return None
        escalation = await self._client.in_thread(
            partial(self._client.desk_client.escalation, ref), "read an escalation"
        )
        valid = None if isinstance(escalation, Refusal) else escalation.valid
        return ExtendForm(self._client.context_for(session), view, valid)

    async def _push_form(
        self,
        session: Session,
        command: type[TicketCommand],
        view: TicketView,
        form: TicketForm,
        typed: KeyHold,
    ) -> None:
        applied: Applied | None = await self._client.push_screen(form, typed)
        if applied is not None:
            await self._report(session, command, view)

    async def execute(self, session: Session, view: TicketView, command: Command) -> None:
        """Send a command on a ticket as it was when `view` was read, and show what it did or why it is refused."""
        from supportdesk.tickets.refusal import Refusal

        outcome = await self._client.submit(command)
        if isinstance(outcome, Refusal):
            await self._show_refusal(session, view, type(command), outcome)
        else:
            await self._report(session, type(command), view)

    async def _show_refusal(
        self, session: Session, view: TicketView, command: type[Command], refusal: Refusal
    ) -> None:
        if command.verb == ACKNOWLEDGE and not view.ticket.page_open and await self.acknowledge_test():
            return
        self._client.show_message(f"{view.ticket.ref}: {with_keys(refusal, session.keys)}.", True)

    async def acknowledge_test(self) -> bool:
        """Acknowledge a test page of the operator that waits. Returns False without one."""
        return self._acknowledge_test is not None and await self._acknowledge_test()

    async def _report(self, session: Session, command: type[Command], before: TicketView) -> None:
        """Show what a command did, and where its ticket has moved to."""
        ref, since = before.ticket.ref, before.timeline[-1].seq
        after = await self._client.load_ticket(ref)
        did = describe_changes(after, since, session.username, briefly=True) if after is not None else ""
        text = f"{ref}: you {did}" if did else f"{ref}: {command.title}: done"
        if command.verb == "undo":
            text = f"Undone on {ref}: {did.removeprefix('undid the last action: ')}"
        self._client.show_message(f"{text.rstrip('.')}.{self._location_note(ref)}", False)

    async def report_last_change(self, session: Session, ref: str) -> None:
        """Show what the operator's last command did to a ticket; nothing if that command logged it."""
        from supportdesk.console.commands.undo_question import describe_last_action

        view = await self._client.load_ticket(ref)
        if view is not None and view.timeline[-1].command_seq != view.timeline[0].command_seq:
            self._client.show_message(
                f"{ref}: you {describe_last_action(view, session.username).rstrip('.')}.{self._location_note(ref)}",
                False,
            )


def _resolve_verb(verbs: tuple[str, ...], view: TicketView) -> str:
    """Return the verb that a toggle key stands for: resume for a ticket on hold."""
    return "resume" if "resume" in verbs and view.ticket.waiting is not None else verbs[0]
