"""Runs a command from its key: the dry run, the form or question, the submission, and the message afterwards."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Any, TypeVar

from supportdesk.console.commands.outcome_text import describe_changes
from supportdesk.console.dialogs.push import push_and_wait
from supportdesk.console.forms.context import CommandContext
from supportdesk.console.keys.refusal_text import bound_key, with_keys

if TYPE_CHECKING:
    from textual.screen import Screen

    from supportdesk.console.desk_client import DeskClient
    from supportdesk.console.keys.type_ahead import KeyHold
    from supportdesk.console.session import Session
    from supportdesk.console.widgets.notice import Notice
    from supportdesk.desk_api import Applied, Outcome
    from supportdesk.store.read_models import TicketView
    from supportdesk.tickets.command import Command, Refusal, TicketCommand


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
        self._screen = screen
        self._client = client
        self._show_message = show_message
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

        assert session.person is not None
        view = await self.load_ticket(ref)
        if view is None:
            typed.refuse()
            return
        command = COMMANDS[_resolve_verb(verbs, view)]
        assert issubclass(command, TicketCommand)
        refusal = refuse_person(command, session.person, session.roster.staff) or refuse_at_stage(
            command, view.ticket.stage
        )
        if refusal is None:
            ways = possible_commands(command, ref) if command.asked() else []
            ask = partial(common_refusal, session.desk, ways, session.username)
            refusal = await self._in_thread(ask, "dry run") if ways else None
        if refusal is not None:
            self._show_message(f"{ref}: {with_keys(refusal, session.keys)}.", True)
            if command.asked():
                typed.refuse()
        elif command.asked() or command.asks_first:
            await self._open_form(session, command, view, typed)
        elif (filled := await self._complete(session, command, view, typed)) is not None:
            await self._execute(session, view, filled)

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

    async def last_changed_ticket(self, typed: KeyHold) -> str | None:
        """Return the ticket of the operator's last undoable action; None, with a message, where there is none."""
        ref = await self._in_thread(self._client.last_undoable_ticket, "find the last change")
        if isinstance(ref, str):
            return ref
        self._show_message(ref.reason, True)
        typed.release()
        return None

    async def undo(self, session: Session, ref: str, typed: KeyHold, *, asked: bool) -> None:
        """Undo the operator's last action on a ticket; with `asked` only after a question that describes it."""
        try:
            from supportdesk.console.commands.dry_run import common_refusal
            from supportdesk.console.commands.undo_question import question_before_undo
            from supportdesk.tickets.process.undo import Undo

            view = await self.load_ticket(ref)
            if view is None:
                return
            if asked:
                ask = partial(common_refusal, session.desk, [Undo(ref)], session.username)
                refusal = await self._in_thread(ask, "dry run")
                if refusal is not None:
                    self._show_message(f"{ref}: {with_keys(refusal, session.keys)}.", True)
                    return
                if not await self.push_screen(question_before_undo(view, session), typed):
                    return
                asked_of, view = view, await self.load_ticket(ref)
                if view is None:
                    return
                if view.timeline[-1].seq != asked_of.timeline[-1].seq:
                    again = bound_key("desk.undo", session.keys)
                    self._show_message(f"{ref} has changed meanwhile; undo again ({again}).", True)
                    return
            await self._execute(session, view, Undo(ref))
        finally:
            typed.release()

    async def undo_record(self) -> str | Refusal | None:
        """Undo the operator's last change to a record, after a question that describes it.

        Return what was undone, or the refusal; None where the operator cancels.
        """
        from supportdesk.console.dialogs.confirm import Confirm
        from supportdesk.tickets.command import Refusal
        from supportdesk.tickets.record_undo import UndoRecord

        change = await self._in_thread(self._client.last_record_change, "look for the last change")
        if isinstance(change, Refusal):
            return change
        consequences = f"You {change.description}"
        if change.refs:
            tickets = "1 ticket" if len(change.refs) == 1 else f"{len(change.refs)} tickets"
            refs = ", ".join(change.refs[:8])
            consequences += f"\nIt also changed {tickets}, where the undo will be recorded: {refs}"
        asked = Confirm("Undo your last change to a record?", consequences, "Undo")
        if not await self._screen.app.push_screen_wait(asked):
            return None
        outcome = await self._submit(UndoRecord(change.seq))
        return outcome if isinstance(outcome, Refusal) else f"Undone: you {change.description}."

    async def push_screen(self, screen: Screen[Any], typed: KeyHold) -> Any:
        """Open a screen, pass it the keys `typed` meanwhile, and return its result."""
        return await push_and_wait(self._screen.app, screen, typed)

    def context_for(self, session: Session) -> CommandContext:
        """Return the context for a dialog opened now."""
        assert session.person is not None
        return CommandContext(
            session.person,
            session.policy,
            session.roster,
            session.desk,
            self._submit,
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

    async def _execute(self, session: Session, view: TicketView, command: Command) -> None:
        from supportdesk.tickets.command import Refusal

        outcome = await self._submit(command)
        if isinstance(outcome, Refusal):
            self._show_message(f"{view.ticket.ref}: {with_keys(outcome, session.keys)}.", True)
        else:
            await self._report(session, type(command), view)

    async def _report(self, session: Session, command: type[Command], before: TicketView) -> None:
        """Show what a command did, and where its ticket has moved to."""
        ref, since = before.ticket.ref, before.timeline[-1].seq
        after = await self.load_ticket(ref)
        did = describe_changes(after, since, session.username, briefly=True) if after is not None else ""
        text = f"you {did}" if did else f"{command.title}: done"
        self._show_message(f"{ref}: {text.rstrip('.')}.{self._location_note(ref)}", False)

    async def report_last_change(self, session: Session, ref: str) -> None:
        """Show what the operator's last command did to a ticket; nothing if that command logged it."""
        from supportdesk.console.commands.undo_question import describe_last_action

        view = await self.load_ticket(ref)
        if view is not None and view.timeline[-1].command_seq != view.timeline[0].command_seq:
            self._show_message(
                f"{ref}: you {describe_last_action(view, session.username).rstrip('.')}.{self._location_note(ref)}",
                False,
            )

    async def _submit(self, command: Command, command_id: str | None = None) -> Outcome:
        return await self._in_thread(partial(self._client.do, command, command_id), command.verb, "command")

    async def _in_thread(self, call: Callable[[], T], name: str, group: str = "read") -> T:
        return await self._screen.run_worker(call, thread=True, group=group, name=name).wait()

    async def load_ticket(self, ref: str) -> TicketView | None:
        """Return a ticket with its timeline; None, with a message, where it cannot be read."""
        from supportdesk.tickets.command import Refusal

        read = await self._in_thread(partial(self._client.ticket, ref), "read a ticket")
        if isinstance(read, Refusal):
            self._show_message(read.reason, True)
            return None
        return read


def _resolve_verb(verbs: tuple[str, ...], view: TicketView) -> str:
    """Return the verb that a toggle key stands for: resume for a ticket on hold."""
    return "resume" if "resume" in verbs and view.ticket.waiting is not None else verbs[0]
