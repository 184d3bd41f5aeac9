"""The intake screen: the messages that arrived, the selected one, and the keys that settle those that wait."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from functools import partial
from typing import TYPE_CHECKING, ClassVar

from textual import on, work
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Horizontal
from textual.widgets import Input, Static

from supportdesk.console.commands.message_page import Wanted
from supportdesk.console.commands.messages_screen import NO_MESSAGE, REST, MessagesScreen
from supportdesk.console.dialogs.key_hints import key_for
from supportdesk.console.intake.decision_runner import DecisionRunner
from supportdesk.console.intake.drafts import Decision, UnfinishedDecision, find_unfinished
from supportdesk.console.intake.originals import Originals
from supportdesk.console.intake.reader import IncomingPage, find_message, read_page
from supportdesk.console.intake.text import IntakeLook, MessageLines, detail_text
from supportdesk.console.intake.views import (
    VIEWS,
    IntakeView,
    describe_empty,
    is_voicemail_to_settle,
    why_settled,
)
from supportdesk.console.keys.focus import focus_at_once
from supportdesk.console.keys.key import Scope
from supportdesk.console.keys.keymap import bindings
from supportdesk.console.messages import DeskReconnected, IncomingChanged, RecordsChanged
from supportdesk.console.terminal.safe_text import safe
from supportdesk.console.widgets.line_input import LineInput
from supportdesk.console.widgets.line_list import LineList
from supportdesk.console.workers import start_worker
from supportdesk.desk_api import Applied
from supportdesk.tickets.incoming_message import IncomingMessage
from supportdesk.tickets.refusal import Refusal
from supportdesk.tickets.rota.data import name_of

if TYPE_CHECKING:
    from textual.screen import Screen

    from supportdesk.console.commands.screen_client import ScreenClient
    from supportdesk.console.keys.type_ahead import KeyHold, TypeAhead
    from supportdesk.console.results import VisitResult
    from supportdesk.console.session import Session

_DECISIONS = {
    "intake.ticket": Decision.LOG,
    "intake.add": Decision.ADD,
    "intake.enrol": Decision.ENROL,
    "intake.refuse": Decision.REFUSE,
}


class IntakeScreen(MessagesScreen[IntakeView, IncomingMessage]):
    """Shows one view of the messages: the list, and beside or below it the selected one; it may fill the screen.

    It is dismissed with the ticket to go to. `unfinished` is the reference of the draft of a decision to go on with,
    and `make_dialog` makes the dialog of a voicemail, by its key, which is opened over this screen. It has more than 25
    methods because Textual finds actions and message handlers by their names on the screen.
    """

    SCOPE = Scope.INTAKE
    BINDINGS: ClassVar[list[BindingType]] = bindings(SCOPE)
    IN_PALETTE = frozenset(_DECISIONS)

    def __init__(
        self,
        session: Session,
        client: ScreenClient,
        unfinished: str,
        make_dialog: Callable[[ScreenClient, str], Screen[VisitResult]],
    ) -> None:
        super().__init__(session, client, "Intake", VIEWS)
        self._unfinished = find_unfinished(unfinished)
        self._make_dialog = make_dialog
        self._is_unfolded = False
        self._lines = MessageLines()
        self.originals = Originals(session, self.client)
        self._runner = DecisionRunner(self, self.client, self.originals.read_text)

    def compose(self) -> ComposeResult:
        """Yield the tabs, the search line, the list, the selected message and the keys."""
        yield self.tabs
        with Horizontal(classes="line"):
            yield Static("/", classes="slash")
            search_line = LineInput(compact=True, select_on_focus=False, placeholder="sender or subject")
            search_line.cursor_blink = False
            yield search_line
            yield Static(classes="count-note")
        yield from self.compose_messages()
        yield self.foot
        yield self.too_small

    def on_mount(self) -> None:
        """Begin to read the messages."""
        self.read_again()
        if self._unfinished is not None:
            typed: TypeAhead = self.app.typed  # type: ignore[attr-defined]
            start_worker(self, self._go_on, self._unfinished, typed.hold(), group="dialog")

    # Reading and drawing.

    @on(IncomingChanged)
    @on(DeskReconnected)
    def _changed(self) -> None:
        self.originals.forget_faults()
        self.read_again()

    def load_page(
        self, wanted: Wanted[IntakeView], before: IncomingMessage | None, limit: int
    ) -> IncomingPage | Refusal:
        """Return a page of messages; see `read_page`."""
        return read_page(self.session.desk, wanted, before, limit)

    def key_of(self, message: IncomingMessage) -> str:
        """Return the key of a message."""
        return message.key

    def draw_list(self, page: IncomingPage) -> None:
        """Draw a line for each message, and how many were found."""
        look = self._look(self.messages.content_size.width)
        self.messages.show(self._lines.draw(self.listed, look))
        found = f"{len(self.listed):,}{'+' if page.has_more else ''} found" if page.wanted.text else ""
        self.query_one(".count-note", Static).update(safe(found))

    def draw_message(self, message: IncomingMessage, page: Static) -> None:
        """Draw a message, and begin to read what it says and who sent it."""
        key, look = message.key, self._look(page.size.width)
        text, sender = self.originals.text_of(key), self.originals.sender_of(key)
        page.update(detail_text(message, text, sender, look, unfolded=self._is_unfolded))
        if not self.originals.is_read(key):
            self._read_original(message)

    def describe_none(self, page: IncomingPage) -> str:
        """Return why nothing is listed."""
        if page.wanted.text:
            return f"No message matches; {key_for(self, 'intake.back')} clears the search."
        return describe_empty(page.wanted.view, page.counts)

    @work(group="original", exclusive=True)
    async def _read_original(self, message: IncomingMessage) -> None:
        """Read what a message says, and who sent it, once the cursor rests on it."""
        await asyncio.sleep(REST)
        await self.originals.read_text(message)
        await self.originals.read_sender(message)
        if self.selected == message:
            self.show_selected()

    @on(RecordsChanged)
    def _contacts_changed(self, event: RecordsChanged) -> None:
        """Look for the sender of the selected message again, who may have been enrolled, here or elsewhere."""
        message = self.selected
        if "contact" in event.kinds and message is not None:
            self.originals.forget_other_senders(message.key)
            self._read_original(message)

    def _look(self, width: int) -> IntakeLook:
        session = self.session
        return IntakeLook(
            session.zone,
            session.now(),
            width,
            partial(name_of, session.roster.reference_data),
            key_for(self, "intake.quoted"),
            key_for(self, "intake.open"),
            key_for(self, "intake.attachments"),
        )

    # The search line.

    @on(Input.Changed)
    def _typed(self, event: Input.Changed) -> None:
        event.stop()
        if event.value.strip() != self.wanted.text:
            self.look_for(Wanted(self.wanted.view, event.value.strip()))

    @on(Input.Submitted)
    def _entered(self, event: Input.Submitted) -> None:
        event.stop()
        self.set_focus(None)

    def action_find(self) -> None:
        """Put the focus on the search line."""
        self.set_reading(on=False)
        focus_at_once(self.query_one(Input))

    def leave_search(self) -> bool:
        """Leave the search line; then clear it."""
        search_line = self.query_one(Input)
        if search_line.has_focus:
            self.set_focus(None)
        elif search_line.value:
            search_line.value = ""
        else:
            return False
        return True

    # The selected message.

    @on(LineList.Opened)
    def action_open(self) -> None:
        """Open the ticket of the message, or the dialog of a voicemail that waits; else read the message."""
        message = self.selected
        if message is not None and message.ref is not None:
            self.dismiss(message.ref)
        elif message is not None and is_voicemail_to_settle(message):
            if self.may_act():
                typed: TypeAhead = self.app.typed  # type: ignore[attr-defined]
                start_worker(self, self._open_voicemail, message.key, typed.hold(), group="dialog")
        else:
            self.action_read()

    async def _open_voicemail(self, key: str, typed: KeyHold) -> None:
        """Open the dialog of a voicemail, and say on which ticket it was put there."""
        applied = await self.client.push_screen(self._make_dialog(self.client, key), typed)
        if isinstance(applied, Applied) and applied.ref is not None:
            self.show_message(f"The voicemail is on {applied.ref} now.", False)

    def action_unfold(self) -> None:
        """Show the quoted text as well, or fold it."""
        text = self.originals.text_of(self.messages.key)
        if self.selected is None:
            self.show_message(NO_MESSAGE, True)
        elif text is not None and not text.quoted:
            self.show_message("This message quotes nothing: all of its text is shown.", True)
        else:
            self._is_unfolded = not self._is_unfolded
            self.show_selected()

    def action_attachments(self) -> None:
        """List the attachments of the message, to open or save one."""
        message = self.selected
        if message is None:
            self.show_message(NO_MESSAGE, True)
            return
        from supportdesk.console.attachments.screen import AttachmentsDialog
        from supportdesk.intake.mail.message_files import FilesOf

        typed: TypeAhead = self.app.typed  # type: ignore[attr-defined]
        dialog = AttachmentsDialog(self.session, self.client, FilesOf(message.key))
        start_worker(self, self.client.push_screen, dialog, typed.hold(), group="dialog")

    # Decisions.

    def action_log(self) -> None:
        """Log a ticket for the message."""
        self._decide(Decision.LOG)

    def action_add(self) -> None:
        """Add the message to a ticket."""
        self._decide(Decision.ADD)

    def action_enrol(self) -> None:
        """Enrol the sender as a contact."""
        self._decide(Decision.ENROL)

    def action_refuse(self) -> None:
        """Refuse the message."""
        self._decide(Decision.REFUSE)

    def _decide(self, decision: Decision) -> None:
        message = self.selected
        if message is None:
            self.show_message(NO_MESSAGE, True)
        elif (why := why_settled(message, self.session.keys)) and self.session.read_only_reason is None:
            self.show_message(why, True)
        elif self.may_act():
            typed: TypeAhead = self.app.typed  # type: ignore[attr-defined]
            start_worker(self, self._runner.run, message, decision, typed.hold(), group="dialog")

    def refused_keys(self) -> Mapping[str, str]:
        """Return why the selected message cannot be settled, for the keys that do it."""
        message = self.selected
        settled = why_settled(message, self.session.keys) if message is not None else NO_MESSAGE
        why = self.session.read_only_reason or settled
        return dict.fromkeys(_DECISIONS, why) if why else {}

    async def _go_on(self, unfinished: UnfinishedDecision, typed: KeyHold) -> None:
        """Open the form of a decision that was left before it was sent."""
        read = partial(find_message, self.session.desk, unfinished.key)
        message = await self.client.in_thread(read, "message")
        if isinstance(message, Refusal):
            typed.refuse()
            self.show_message(message.reason, True)
        else:
            await self._runner.go_on(message, unfinished, typed)

    # Messages of the desk.

    def forget_erased(self) -> bool:
        """Read everything again, without what was typed: a contact was erased who may be named in it."""
        self.originals.forget_all()
        self.query_one(Input).value = ""
        self.forget_listed()
        return False
