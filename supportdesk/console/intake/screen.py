"""The intake screen: the messages that arrived, the selected one, and the keys that settle those that wait."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from functools import partial
from typing import TYPE_CHECKING, ClassVar

from textual import on, work
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Horizontal, VerticalScroll
from textual.widgets import Input, Static

from supportdesk.console.commands.messages_screen import NO_MESSAGE, MessagesScreen
from supportdesk.console.dialogs.key_hints import key_for
from supportdesk.console.drafts.reminder import VOICEMAIL
from supportdesk.console.intake.decision_runner import DecisionRunner
from supportdesk.console.intake.drafts import Decision, UnfinishedDecision, find_unfinished
from supportdesk.console.intake.original import IN_THE_PAST, Original, read_original
from supportdesk.console.intake.reader import (
    PAGE,
    MessagePage,
    Wanted,
    find_message,
    read_new_sender,
    read_page,
)
from supportdesk.console.intake.text import IntakeLook, MessageLines, detail_text
from supportdesk.console.intake.views import (
    VIEWS,
    WAITING,
    Counts,
    IntakeView,
    describe_empty,
    is_voicemail_to_settle,
    why_settled,
)
from supportdesk.console.keys.focus import focus_at_once
from supportdesk.console.keys.keymap import Scope, bindings
from supportdesk.console.messages import (
    DeskReconnected,
    IncomingChanged,
    RecordsChanged,
    ReferenceDataChanged,
)
from supportdesk.console.results import ShowScreen
from supportdesk.console.terminal.safe_text import safe
from supportdesk.console.widgets.line_input import LineInput
from supportdesk.console.widgets.line_list import LineList
from supportdesk.console.workers import start_worker
from supportdesk.tickets.refusal import Refusal
from supportdesk.tickets.rota.data import name_of

if TYPE_CHECKING:
    from supportdesk.console.commands.screen_client import ScreenClient
    from supportdesk.console.keys.type_ahead import KeyHold, TypeAhead
    from supportdesk.console.session import Session
    from supportdesk.intake.sender import KnownSender
    from supportdesk.tickets.incoming_message import IncomingMessage

REST = 0.1
"""Seconds without a key after which a message is read, or a text is looked for."""
_AHEAD = 20
"""How many messages from the end of those that are read the next ones are read."""
_MOST_ORIGINALS = 20
"""How many messages that were read are kept, so that going back to one shows it at once."""
_DECISIONS = {
    "intake.ticket": Decision.LOG,
    "intake.add": Decision.ADD,
    "intake.enrol": Decision.ENROL,
    "intake.refuse": Decision.REFUSE,
}


class IntakeScreen(MessagesScreen):
    """Shows one view of the messages: the list, and beside or below it the selected one; it may fill the screen.

    It is dismissed with the ticket to go to. `unfinished` is the reference of the draft of a decision to go on with. It
    has more than 25 methods because Textual finds actions and message handlers by their names on the screen.
    """

    SCOPE = Scope.INTAKE
    BINDINGS: ClassVar[list[BindingType]] = bindings(SCOPE)
    IN_PALETTE = frozenset(_DECISIONS)

    def __init__(self, session: Session, client: ScreenClient, unfinished: str = "") -> None:
        super().__init__(session, "Intake", [each.name for each in VIEWS])
        self._client = client.for_screen(self, self.show_message)
        self._unfinished = find_unfinished(unfinished)
        self._wanted = Wanted(WAITING)
        self._page: MessagePage | None = None
        self._messages: tuple[IncomingMessage, ...] = ()
        self._originals: dict[str, Original] = {}
        self._senders: dict[str, KnownSender | None] = {}
        self._is_unfolded = False
        self._shown_key = ""
        self._lines = MessageLines()
        self._runner = DecisionRunner(self, self._client, self._original_of)

    def compose(self) -> ComposeResult:
        """Yield the tabs, the search line, the list, the selected message and the keys."""
        yield self.tabs
        with Horizontal(classes="line"):
            yield Static("/", classes="slash")
            search_line = LineInput(compact=True, select_on_focus=False, placeholder="sender or subject")
            search_line.cursor_blink = False
            yield search_line
            yield Static(classes="count-note")
        with Horizontal(classes="both"):
            yield self.messages
            with VerticalScroll(classes="message", can_focus=False):
                yield Static(classes="page")
        yield self.foot
        yield self.too_small

    def on_mount(self) -> None:
        """Begin to read the messages."""
        self._read()
        if self._unfinished is not None:
            typed: TypeAhead = self.app.typed  # type: ignore[attr-defined]
            start_worker(self, self._go_on, self._unfinished, typed.hold(), group="dialog")

    @property
    def message(self) -> IncomingMessage | None:
        """The selected message; None in an empty list."""
        key = self.messages.key
        return next((each for each in self._messages if each.key == key), None)

    # Reading and drawing.

    @property
    def is_read(self) -> bool:
        """Whether the messages that are asked for are shown."""
        return self._page is not None and self._page.wanted == self._wanted

    @on(IncomingChanged)
    @on(DeskReconnected)
    @work(group="look up", exclusive=True)
    async def _read(self) -> None:
        """Read the messages again, as many as are shown; a desk that cannot be read leaves them as they are."""
        wanted = self._wanted
        if wanted.text:
            await asyncio.sleep(REST)
        self._originals = {key: each for key, each in self._originals.items() if each.is_final}
        limit = max(PAGE, len(self._messages) if self.is_read else 0)
        read = partial(read_page, self.session.desk, wanted, None, limit)
        page = await self._client.in_thread(read, "intake")
        if isinstance(page, Refusal):
            self.show_message(page.reason, True)
        elif wanted == self._wanted:
            self._page, self._messages = page, page.messages
            self.redraw()

    @work(group="more", exclusive=True)
    async def _read_more(self) -> None:
        """Read the messages that follow the last one that is shown."""
        wanted, last = self._wanted, self._messages[-1]
        read = partial(read_page, self.session.desk, wanted, last, PAGE)
        page = await self._client.in_thread(read, "older messages")
        if isinstance(page, MessagePage) and wanted == self._wanted and self._messages[-1:] == (last,):
            self._page, self._messages = page, (*self._messages, *page.messages)
            self.redraw()

    @on(ReferenceDataChanged)
    def redraw(self) -> None:
        """Draw the tabs, the list and the selected message."""
        page = self._page
        if page is None or self.is_being_left:
            return
        self._show_tabs(self._wanted.view, page.counts)
        look = self._look(self.messages.content_size.width)
        self.messages.show(self._lines.draw(self._messages, look))
        found = f"{len(self._messages):,}{'+' if page.has_more else ''} found" if page.wanted.text else ""
        self.query_one(".count-note", Static).update(safe(found))
        self._show_message()

    def _show_tabs(self, chosen: IntakeView, counts: Counts) -> None:
        self.tabs.show(VIEWS.index(chosen), [each.count(counts) for each in VIEWS])

    @on(LineList.Moved)
    def _moved(self) -> None:
        keys = [each.key for each in self._messages[-_AHEAD:]]
        if self._page is not None and self._page.has_more and self.messages.key in keys:
            self._read_more()
        self._show_message()

    def _show_message(self) -> None:
        """Show the selected message, and begin to read what it says."""
        if self.is_being_left:
            return
        page, message = self.query_one(".page", Static), self.message
        if message is None:
            page.update(safe(self._describe_none(), "$quiet"))
            return
        if message.key != self._shown_key:
            self._shown_key = message.key
            self.pane.scroll_home(animate=False)
        original = self._originals.get(message.key)
        look = self._look(page.size.width)
        sender = self._senders.get(message.key)
        page.update(detail_text(message, original, sender, look, unfolded=self._is_unfolded))
        if original is None or message.key not in self._senders:
            self._read_original(message)

    @work(group="original", exclusive=True)
    async def _read_original(self, message: IncomingMessage) -> None:
        """Read what a message says, and who sent it, once the cursor rests on it."""
        await asyncio.sleep(REST)
        await self._original_of(message)
        read = partial(read_new_sender, self.session.desk, message)
        self._senders[message.key] = await self._client.in_thread(read, "sender")
        if self.message == message:
            self._show_message()

    @on(RecordsChanged)
    def _contacts_changed(self, event: RecordsChanged) -> None:
        """Look for the sender of the selected message again, who may have been enrolled, here or elsewhere."""
        message = self.message
        if "contact" in event.kinds and message is not None:
            self._senders = {message.key: self._senders.get(message.key)}
            self._read_original(message)

    async def _original_of(self, message: IncomingMessage) -> Original:
        """Return what a message says, which is read on a thread."""
        original = self._originals.get(message.key)
        if original is None:
            if self.session.replay is not None:
                original = Original(fault=IN_THE_PAST)
            else:
                read = partial(read_original, self.session.desk, message)
                original = await self._client.in_thread(read, "message")
            while len(self._originals) >= _MOST_ORIGINALS:
                del self._originals[next(iter(self._originals))]
            self._originals[message.key] = original
        return original

    def _describe_none(self) -> str:
        if self._page is None:
            return "reading …"
        if self._wanted.text:
            return f"No message matches; {key_for(self, 'intake.back')} clears the search."
        return describe_empty(self._wanted.view, self._page.counts)

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

    # Movement.

    def action_turn(self, by: int) -> None:
        """Open the next view (1) or the previous one (-1)."""
        self.action_view((VIEWS.index(self._wanted.view) + by) % len(VIEWS))

    def action_view(self, place: int) -> None:
        """Open a view by its index."""
        self._look_for(Wanted(VIEWS[place], self._wanted.text))

    def _look_for(self, wanted: Wanted) -> None:
        self._wanted = wanted
        if self._page is not None:
            self._show_tabs(wanted.view, self._page.counts)
        self._read()

    @on(Input.Changed)
    def _typed(self, event: Input.Changed) -> None:
        event.stop()
        if event.value.strip() != self._wanted.text:
            self._look_for(Wanted(self._wanted.view, event.value.strip()))

    @on(Input.Submitted)
    def _entered(self, event: Input.Submitted) -> None:
        event.stop()
        self.set_focus(None)

    def action_find(self) -> None:
        """Put the focus on the search line."""
        self.set_reading(on=False)
        focus_at_once(self.query_one(Input))

    def action_back(self) -> None:
        """Go one step back: clear the message, leave the text, leave the search line, clear it, leave the screen."""
        search_line = self.query_one(Input)
        if self.foot.clear_message():
            return
        if self.is_reading:
            self.set_reading(on=False)
        elif search_line.has_focus:
            self.set_focus(None)
        elif search_line.value:
            search_line.value = ""
        else:
            self.dismiss(None)

    # The selected message.

    @on(LineList.Opened)
    def action_open(self) -> None:
        """Open the ticket of the message, or the dialog of a voicemail that waits; else read the message."""
        message = self.message
        if message is not None and message.ref is not None:
            self.dismiss(message.ref)
        elif message is not None and is_voicemail_to_settle(message):
            if self.may_act():
                self.dismiss(ShowScreen(VOICEMAIL, message.key))
        else:
            self.action_read()

    def action_unfold(self) -> None:
        """Show the quoted text as well, or fold it."""
        original = self._originals.get(self.messages.key)
        if original is not None and not original.quoted:
            self.show_message("This message quotes nothing: all of its text is shown.", True)
        else:
            self._is_unfolded = not self._is_unfolded
            self._show_message()

    def action_attachments(self) -> None:
        """List the attachments of the message, to open or save one."""
        message = self.message
        if message is None:
            self.show_message(NO_MESSAGE, True)
            return
        from supportdesk.console.attachments.screen import AttachmentsDialog
        from supportdesk.intake.mail.message_files import FilesOf

        typed: TypeAhead = self.app.typed  # type: ignore[attr-defined]
        dialog = AttachmentsDialog(self.session, self._client, FilesOf(message.key))
        start_worker(self, self._client.push_screen, dialog, typed.hold(), group="dialog")

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
        message = self.message
        if message is None:
            self.show_message(NO_MESSAGE, True)
        elif (why := why_settled(message, self.session.keys)) and self.session.read_only_reason is None:
            self.show_message(why, True)
        elif self.may_act():
            typed: TypeAhead = self.app.typed  # type: ignore[attr-defined]
            start_worker(self, self._runner.run, message, decision, typed.hold(), group="dialog")

    def refused_keys(self) -> Mapping[str, str]:
        """Return why the selected message cannot be settled, for the keys that do it."""
        message = self.message
        settled = why_settled(message, self.session.keys) if message is not None else NO_MESSAGE
        why = self.session.read_only_reason or settled
        return dict.fromkeys(_DECISIONS, why) if why else {}

    async def _go_on(self, unfinished: UnfinishedDecision, typed: KeyHold) -> None:
        """Open the form of a decision that was left before it was sent."""
        read = partial(find_message, self.session.desk, unfinished.key)
        message = await self._client.in_thread(read, "message")
        if isinstance(message, Refusal):
            typed.refuse()
            self.show_message(message.reason, True)
        else:
            await self._runner.go_on(message, unfinished, typed)

    # Messages of the desk.

    def forget_erased(self) -> bool:
        """Read everything again, without what was typed: a contact was erased who may be named in it."""
        self._originals.clear()
        self._senders.clear()
        self.query_one(Input).value = ""
        self._messages = ()
        self._read()
        return False
