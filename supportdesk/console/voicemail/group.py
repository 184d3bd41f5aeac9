"""The group of voicemails and missed calls above the queue, with a cursor of its own."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from rich.segment import Segment
from rich.style import Style
from textual.content import Content
from textual.events import Click
from textual.geometry import Size
from textual.message import Message
from textual.strip import Strip
from textual.widget import Widget

from supportdesk.console.dialogs.key_hints import key_for
from supportdesk.console.keys.focus import focus_at_once
from supportdesk.console.keys.key import Scope
from supportdesk.console.keys.keymap import bindings
from supportdesk.console.theme.dim import dimmed

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from textual.binding import BindingType

    from supportdesk.console.voicemail.reader import WaitingList
    from supportdesk.tickets.incoming_message import IncomingMessage

FEW, MANY = 2, 5
"""How many rows there are at most on a low screen, and on any other."""
_HIGH = 30
"""The height of a screen, in lines, from which it is not low."""
_REFRESH = 20.0
"""Seconds after which the ages are drawn again."""


class VoicemailGroup(Widget, can_focus=True):
    """Draws what waits, as many rows as fit around the cursor, which stays on its voicemail; no line without any.

    The heading is the first line, and the last one says how many rows are not shown.
    """

    ALLOW_SELECT = False
    BINDINGS: ClassVar[list[BindingType]] = bindings(Scope.VOICEMAIL)

    class Opened(Message):
        """The operator opens the voicemail with this key."""

        def __init__(self, key: str) -> None:
            super().__init__()
            self.key = key

    class Left(Message):
        """The cursor left the group: below its last row, or because nothing waits any more."""

    class Refused(Message):
        """The operator would mark a row as if it were a ticket."""

    def __init__(self) -> None:
        super().__init__()
        self._waiting: WaitingList | None = None
        self._now: Callable[[], datetime] | None = None
        self._place = self._top = 0
        self._stale = False

    @property
    def stale(self) -> bool:
        """Whether the group is dimmed, because it may be out of date."""
        return self._stale

    @stale.setter
    def stale(self, stale: bool) -> None:
        if stale is not self._stale:
            self._stale = stale
            self.refresh()

    @property
    def message(self) -> IncomingMessage | None:
        """The voicemail under the cursor; None where none waits."""
        return self._messages[self._place] if self._messages else None

    @property
    def _messages(self) -> tuple[IncomingMessage, ...]:
        return self._waiting.messages if self._waiting is not None else ()

    def on_mount(self) -> None:
        """Begin to draw the ages again as time passes."""
        self.set_interval(_REFRESH, self.refresh)

    def show(self, waiting: WaitingList, now: Callable[[], datetime]) -> None:
        """Show what waits; the cursor stays on its voicemail, or at its place if that is settled."""
        before = self.message
        self._waiting, self._now = waiting, now
        keys = [each.key for each in waiting.messages]
        if before is not None and before.key in keys:
            self._place = keys.index(before.key)
        self._place = max(0, min(self._place, len(keys) - 1))
        if not keys and self.has_focus:
            self.post_message(self.Left())
        self.refresh(layout=True)

    def enter(self) -> bool:
        """Take the focus, with the cursor on the last row; return False where nothing waits."""
        if not self._messages:
            return False
        self._place = len(self._messages) - 1
        return self.focus_again()

    def focus_again(self) -> bool:
        """Take the focus, with the cursor where it was; return False where nothing waits."""
        if not self._messages:
            return False
        focus_at_once(self)
        self.refresh()
        return True

    def action_move(self, by: int) -> None:
        """Move the cursor by so many rows; below the last one it leaves the group."""
        if self._place + by >= len(self._messages):
            self.post_message(self.Left())
        else:
            self._place = max(0, self._place + by)
            self.refresh()

    def action_end(self, by: int) -> None:
        """Move the cursor to the first row (-1) or the last one (1)."""
        self._place = max(0, len(self._messages) - 1) if by > 0 else 0
        self.refresh()

    def action_open(self) -> None:
        """Open the voicemail under the cursor."""
        if self.message is not None:
            self.post_message(self.Opened(self.message.key))

    @property
    def refusal(self) -> str:
        """Why no command on tickets works on a voicemail, and which key opens it."""
        return f"This is a voicemail, not a ticket: {key_for(self.screen, 'voicemail.open')} listens to it."

    def action_refuse(self) -> None:
        """Say that a voicemail cannot be marked."""
        self.post_message(self.Refused())

    def on_click(self, event: Click) -> None:
        """Move the cursor to the clicked row; a double click opens it."""
        place = self._top + event.y - 1
        if 0 < event.y <= self._room and place < len(self._messages):
            self._place = place
            self.refresh()
            if event.chain > 1:
                self.action_open()

    # Drawing.

    @property
    def _room(self) -> int:
        """How many rows are drawn: no row is hidden by the line that would say so."""
        most, count = (MANY if self.app.size.height >= _HIGH else FEW), len(self._messages)
        return count if count == most + 1 and self._waiting_count == count else min(count, most)

    @property
    def _waiting_count(self) -> int:
        return self._waiting.count if self._waiting is not None else 0

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        """Return the number of lines: none where nothing waits."""
        if not self._messages:
            return 0
        return 1 + self._room + (self._hidden > 0)

    @property
    def _hidden(self) -> int:
        """How many voicemails are not shown."""
        return max(0, self._waiting_count - self._room)

    def render_line(self, y: int) -> Strip:
        """Return a line, dimmed while it may be out of date."""
        line = super().render_line(y)
        return Strip([_dim(each) for each in line], line.cell_length) if self._stale else line

    def render(self) -> Content:
        """Return the heading, the rows around the cursor, and how many others there are."""
        waiting, now = self._waiting, self._now
        if waiting is None or now is None or not waiting.messages:
            return Content()
        # Imported when first needed: on most desks nothing waits when the console starts.
        from supportdesk.console.voicemail.painter import GroupLook, draw_heading, draw_rest, draw_row

        room, look = self._room, GroupLook(self.content_size.width, now(), self.has_focus)
        self._top = max(min(self._top, self._place, len(waiting.messages) - room), self._place - room + 1)
        rows = range(self._top, self._top + room)
        lines = [draw_row(waiting, each, look, cursor=each == self._place) for each in rows]
        rest = [draw_rest(self._top, self._hidden - self._top)] if self._hidden else []
        return Content("\n").join([draw_heading(waiting), *lines, *rest])


def _dim(segment: Segment) -> Segment:
    style = segment.style or Style.null()
    return Segment(segment.text, dimmed(style, style), segment.control)
