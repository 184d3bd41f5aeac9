"""Runs a command from its key: the dry run, the form or question, the submission, and the message afterwards.

Undo runs in `undo_runner`.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Any, TypeVar

from supportdesk.console.commands.outcome_text import describe_changes
from supportdesk.console.dialogs.push import push_and_wait
from supportdesk.console.forms.context import CommandContext
from supportdesk.console.keys.refusal_text import with_keys

if TYPE_CHECKING:
    from textual.screen import Screen

    from supportdesk.console.desk_client import DeskClient
    from supportdesk.console.keys.type_ahead import KeyHold
    from supportdesk.console.session import Session
    from supportdesk.console.widgets.notice import Notice
    from supportdesk.desk_api import Applied, Outcome
    from supportdesk.store.read_models import TicketView
    from supportdesk.tickets.command import Command, TicketCommand


T = TypeVar("T")


class CommandRunner:
    """Runs the commands of one screen.

    `show_message` shows a message, with True for a refusal. `location_note` returns where a ticket has moved to and
    where the cursor is then, empty while it is still shown. `notify` shows a notice until the operator responds to it.
    """

    def __init__(
        self,
        screen: Screen[None],
        client: DeskClient,
        show_message: Callable[[str, bool], None],
        location_note: Callable[[str], str],
        notify: Callable[[Notice], object],
    ) -> None:
        self.screen = screen
        self.client = client
        self.show_message = show_message
        self._location_note = location_note
        self._notify = notify

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
        view = await self.load_ticket(ref)
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
            ways = possible_commands(command, ref) if command.asked() else []
            ask = partial(common_refusal, session.desk, ways, session.username)
            refusal = await self.in_thread(ask, "dry run") if ways else None
        if refusal is not None:
            self.show_message(f"{ref}: {with_keys(refusal, session.keys)}.", True)
            if command.asked():
                typed.refuse()
        elif command.asked() or command.asks_first:
            await self._open_form(session, command, view, typed)
        elif (filled := await self._complete(session, command, view, typed)) is not None:
            await self.execute(session, view, filled)

    async def _complete(
        self, session: Session, command: type[TicketCommand], view: TicketView, typed: KeyHold
    ) -> TicketCommand | None:
        """Return the command to send; None where the operator declines to acknowledge another person's page."""
        from supportdesk.console.paging.open_page import confirm_other_persons_page, paged_person
        from supportdesk.tickets.process.triage import Acknowledge

        paged = paged_person(view, session.username) if command is Acknowledge else None
        if paged is None:
            return command(view.ticket.ref)
        agreed = await self.push_screen(confirm_other_persons_page(paged, view, session), typed)
        return Acknowledge(view.ticket.ref, paged=paged) if agreed else None

    async def push_screen(self, screen: Screen[Any], typed: KeyHold) -> Any:
        """Open a screen, pass it the keys `typed` meanwhile, and return its result."""
        return await push_and_wait(self.screen.app, screen, typed)

    def context_for(self, session: Session) -> CommandContext:
        """Return the context for a dialog opened now."""
        assert session.person is not None
        return CommandContext(
            session.person,
            session.policy,
            session.roster,
            session.desk,
            self.submit,
            session.drafts,
            session.settings,
            self._notify,
            lambda: [entry.row for entry in session.model.index.entries.values()],
        )

    async def _open_form(
        self, session: Session, command: type[TicketCommand], view: TicketView, typed: KeyHold
    ) -> None:
        from supportdesk.console.commands.form_registry import form_for

        form = form_for(command, self.context_for(session), view)
        applied: Applied | None = await self.push_screen(form, typed)
        if applied is not None:
            await self._report(session, command, view)

    async def execute(self, session: Session, view: TicketView, command: Command) -> None:
        """Send a command on a ticket as it was when `view` was read, and show what it did or why it is refused."""
        from supportdesk.tickets.refusal import Refusal

        outcome = await self.submit(command)
        if isinstance(outcome, Refusal):
            self.show_message(f"{view.ticket.ref}: {with_keys(outcome, session.keys)}.", True)
        else:
            await self._report(session, type(command), view)

    async def _report(self, session: Session, command: type[Command], before: TicketView) -> None:
        """Show what a command did, and where its ticket has moved to."""
        ref, since = before.ticket.ref, before.timeline[-1].seq
        after = await self.load_ticket(ref)
        did = describe_changes(after, since, session.username, briefly=True) if after is not None else ""
        text = f"{ref}: you {did}" if did else f"{ref}: {command.title}: done"
        if command.verb == "undo":
            text = f"Undone on {ref}: {did.removeprefix('undid the last action: ')}"
        self.show_message(f"{text.rstrip('.')}.{self._location_note(ref)}", False)

    async def report_last_change(self, session: Session, ref: str) -> None:
        """Show what the operator's last command did to a ticket; nothing if that command logged it."""
        from supportdesk.console.commands.undo_question import describe_last_action

        view = await self.load_ticket(ref)
        if view is not None and view.timeline[-1].command_seq != view.timeline[0].command_seq:
            self.show_message(
                f"{ref}: you {describe_last_action(view, session.username).rstrip('.')}.{self._location_note(ref)}",
                False,
            )

    async def submit(self, command: Command, command_id: str | None = None) -> Outcome:
        """Send a command from a thread and return its outcome; see `DeskClient.do`."""
        return await self.in_thread(partial(self.client.do, command, command_id), command.verb, "command")

    async def in_thread(self, call: Callable[[], T], name: str, group: str = "read") -> T:
        """Return the result of a blocking call, made on a thread; the screen's worker has this name and group."""
        return await self.screen.run_worker(call, thread=True, group=group, name=name).wait()

    async def load_ticket(self, ref: str) -> TicketView | None:
        """Return a ticket with its timeline; None, with a message, where it cannot be read."""
        from supportdesk.tickets.refusal import Refusal

        read = await self.in_thread(partial(self.client.ticket, ref), "read a ticket")
        if isinstance(read, Refusal):
            self.show_message(read.reason, True)
            return None
        return read


def _resolve_verb(verbs: tuple[str, ...], view: TicketView) -> str:
    """Return the verb that a toggle key stands for: resume for a ticket on hold."""
    return "resume" if "resume" in verbs and view.ticket.waiting is not None else verbs[0]
