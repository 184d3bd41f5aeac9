"""The bar that shows an incoming call above the current screen, which makes room for it."""

from __future__ import annotations

from rich.cells import cell_len
from textual.content import Content
from textual.events import Click
from textual.message import Message

from supportdesk.console.terminal.safe_text import safe
from supportdesk.console.terminal.symbols import terminal_symbols
from supportdesk.console.widgets.screen_bar import ScreenBar

_GAP = "   "


class IncomingCallBar(ScreenBar, can_focus=False):
    """The caller and the key that answers: the first line of every screen while a call is ringing."""

    ALLOW_SELECT = False

    class Answered(Message):
        """The bar was clicked."""

    def __init__(self) -> None:
        super().__init__()
        self._who = ""
        self._keys = ""

    def show_caller(self, who: str, keys: str) -> None:
        """Show the caller, cut to the width of the bar, and the keys that answer."""
        self._who, self._keys = who, keys
        self.refresh()

    def render(self) -> Content:
        room = self.size.width - cell_len(self._keys) - len(_GAP) - 2
        who = safe(f"{terminal_symbols().call} {self._who}").truncate(max(0, room), ellipsis=True)
        rest = max(0, self.size.width - 2 - who.cell_length - cell_len(self._keys))
        return Content.assemble(" ", who, " " * rest, self._keys, " ")

    def on_click(self, event: Click) -> None:
        """Answer the call on a click."""
        event.stop()
        self.post_message(self.Answered())
