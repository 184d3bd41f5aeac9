"""The inbox screen: what was sent to the operator, with the details of the selected entry."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, ClassVar

from textual import on, work
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Horizontal
from textual.message import Message
from textual.widgets import Static

from supportdesk.console.commands.feature_screen import FeatureScreen
from supportdesk.console.commands.runner import CommandRunner
from supportdesk.console.dialogs.sequence import DialogSequence, begin_dialogs
from supportdesk.console.inbox.loader import concerns_inbox
from supportdesk.console.inbox.model import SHOWN_FOR, InboxLine, Part, arrange, first_reminder
from supportdesk.console.inbox.text import NOTHING, InboxLook, detail_text, inbox_lines
from supportdesk.console.keys.key import Scope
from supportdesk.console.keys.keymap import bindings
from supportdesk.console.messages import DeskReconnected, QueueChanged, RecordsChanged
from supportdesk.console.results import ShowScreen, VisitResult
from supportdesk.console.terminal.safe_text import safe
from supportdesk.console.widgets.line_list import LineList
from supportdesk.console.workers import start_worker
from supportdesk.resources import style_path
from supportdesk.tickets.inbox.entry import InboxEntry, InboxKind
from supportdesk.tickets.refusal import Refusal
from supportdesk.tickets.rota.data import name_of

if TYPE_CHECKING:
    from supportdesk.console.commands.screen_client import ScreenClient
    from supportdesk.console.keys.type_ahead import TypeAhead
    from supportdesk.console.session import Session

_NO_ENTRY = "There is nothing here to respond to."
_NO_TICKET = "This entry is about no ticket."


class InboxScreen(FeatureScreen[VisitResult]):
    """Shows the inbox; new entries come first. Opening the screen or an entry marks nothing.

    It is dismissed with the ticket or the screen to go to.
    """

    SCOPE = Scope.INBOX
    BINDINGS: ClassVar[list[BindingType]] = bindings(SCOPE)
    CSS_PATH = style_path("inbox.tcss")

    def __init__(self, session: Session, client: ScreenClient) -> None:
        super().__init__(session)
        self._client = client.for_screen(self, self.show_message)
        self._runner = CommandRunner(self._client, lambda ref: "")
        self._inbox: list[InboxLine] = []
        self._is_read = False
        self._count, self._list, self._details = (
            Static(classes="count"),
            LineList(classes="entries"),
            Static(classes="entry"),
        )

    def compose(self) -> ComposeResult:
        """Yield the heading, the entries, the details of the selected one and the keys."""
        with Horizontal(classes="inbox-head"):
            yield Static("Inbox", classes="title")
            yield self._count
        yield self._list
        yield self._details
        yield self.foot
        yield self.too_small

    def on_mount(self) -> None:
        """Start to read the inbox."""
        self._read()

    @property
    def line(self) -> InboxLine | None:
        """The selected line; None in an empty inbox."""
        return next((line for line in self._inbox if line.entry.id == self._list.key), None)

    # Reading and drawing.

    @on(QueueChanged)
    @on(RecordsChanged)
    @on(DeskReconnected)
    def _desk_changed(self, message: Message) -> None:
        if concerns_inbox(message):
            self._read()

    @work(group="look up", exclusive=True)
    async def _read(self) -> None:
        """Read the inbox again; a desk that cannot be read leaves it as it is."""
        since = self.session.now() - SHOWN_FOR
        read = partial(self._client.desk_client.inbox, since)
        entries = await self._client.in_thread(read, "inbox")
        if isinstance(entries, Refusal):
            self.show_message(entries.reason, True)
        else:
            self.session.inbox, self._is_read = entries, True
        self.redraw()

    def redraw(self) -> None:
        """Draw the entries as they are now."""
        session = self.session
        self._inbox = arrange(session.inbox, session.inbox_marks, session.now())
        self._list.show(inbox_lines(self._inbox, self._look))
        new = sum(line.part is Part.NEW for line in self._inbox)
        self._count.update(safe(f"{new} new" if new else "nothing new" if self._is_read else "reading …"))
        self._show_details()

    @on(LineList.Moved)
    def _show_details(self) -> None:
        line = self.line
        if line is not None:
            self._details.update(detail_text(line, self._look))
        else:
            self._details.update(safe(NOTHING if self._is_read else ""))

    @property
    def _look(self) -> InboxLook:
        session = self.session
        width = self._list.content_size.width
        name = partial(name_of, session.roster.reference_data)
        return InboxLook(session.desk.policies, session.zone, session.now(), width, session.stops.get, name)

    def tick(self) -> None:
        """Count down a message; draw again when an entry that was put off is new again."""
        super().tick()
        reminder = first_reminder(self._inbox)
        if reminder is not None and reminder <= self.session.now():
            self.redraw()

    # Moving.

    def action_move(self, by: int) -> None:
        """Move the cursor by so many entries."""
        self._list.move(by)

    def action_page(self, by: int) -> None:
        """Move the cursor by a page."""
        self._list.page(by)

    def action_end(self, by: int) -> None:
        """Move the cursor to the first entry (-1) or the last one (1)."""
        self._list.move_to_end(by)

    # Responding.

    @on(LineList.Opened)
    def action_open(self) -> None:
        """Open the entry's ticket or, for a change to the rota, the rota."""
        line = self.line
        if line is None:
            self.show_message(_NO_ENTRY, True)
        else:
            self.dismiss(line.entry.ref or ShowScreen(place_of(line.entry)))

    def action_done(self) -> None:
        """Mark the entry as done, or as new again."""
        marks, now = self.session.inbox_marks, self.session.now()
        line = self.line
        if line is None:
            self.show_message(_NO_ENTRY, True)
        elif line.entry.answer:
            self.show_message("It was responded to already.", True)
        elif line.entry.id in marks.done:
            self._mark(partial(marks.clear, line.entry.id, now))
        else:
            self._mark(partial(marks.mark_done, line.entry.id, now))

    def action_later(self) -> None:
        """Ask until when the entry is put off; one that is put off already is new again."""
        session, line = self.session, self.line
        marks = session.inbox_marks
        if line is None or line.entry.answer:
            self.show_message("It was responded to already." if line is not None else _NO_ENTRY, True)
        elif line.part is Part.LATER:
            self._mark(partial(marks.clear, line.entry.id, session.now()))
        else:
            begin_dialogs(self, self._put_off, line.entry)

    async def _put_off(self, dialogs: DialogSequence, entry: InboxEntry) -> None:
        from supportdesk.console.inbox.later_dialog import LaterDialog

        session = self.session
        about = " ".join(filter(None, (entry.ref, entry.summary or entry.text)))
        until = await dialogs.finish(LaterDialog(about, session.zone, session.now))
        if until is not None:
            self._mark(partial(session.inbox_marks.put_off, entry.id, until, session.now()))

    @work(group="mark")
    async def _mark(self, change: Callable[[], None]) -> None:
        """Apply a change to the marks; the cursor stays where it is, on the next entry."""
        key = self._list.key
        self._list.move(1)
        if self._list.key == key:
            self._list.move(-1)
        if fault := await self._client.in_thread(partial(_fault_of, change), "mark"):
            self.show_message(fault, True)
        self.redraw()

    def action_acknowledge(self) -> None:
        """Acknowledge the page, with the question that the queue asks."""
        line = self.line
        if not self.may_act():
            return
        if line is not None and line.entry.notice and line.entry.is_open:
            self._acknowledge_notice(line.entry.notice)
        elif line is None or not line.entry.ref:
            self.show_message(_NO_TICKET if line is not None else _NO_ENTRY, True)
        else:
            typed: TypeAhead = self.app.typed  # type: ignore[attr-defined]
            verbs, ref = ("acknowledge",), line.entry.ref
            start_worker(self, self._runner.run, self.session, verbs, ref, typed.hold(), group="dialog")

    @work(group="dialog")
    async def _acknowledge_notice(self, key: str) -> None:
        from supportdesk.tickets.records.commands import AcknowledgeNotice

        outcome = await self._client.submit(AcknowledgeNotice(key))
        if isinstance(outcome, Refusal):
            self.refuse(outcome)
        else:
            self.show_message("The page is acknowledged.", False)


def _fault_of(change: Callable[[], None]) -> str:
    """Change the marks; return why the change cannot be saved, or an empty text. Blocks."""
    try:
        change()
    except OSError as error:
        return f"This lasts until you quit: the inbox's file cannot be written, {error.strerror}."
    return ""


def place_of(entry: InboxEntry) -> str:
    """Return the destination in which an entry without a ticket is responded to."""
    return "shift" if entry.kind is InboxKind.SHIFT else "rota"
