"""The lines at the foot of every screen that show the notice to respond to, with its keys."""

from __future__ import annotations

from textual.content import Content
from textual.widgets import Static

from supportdesk.console.terminal.safe_text import safe
from supportdesk.console.terminal.symbols import terminal_symbols
from supportdesk.console.widgets.screen_bar import ScreenBar

_GAP = "   "


class NoticeBar(ScreenBar, Static, can_focus=False):
    """Shows one notice on lines of its own, for which the rest of the screen makes room."""

    ALLOW_SELECT = False

    def __init__(self) -> None:
        super().__init__()
        self._text, self._keys, self._refusal = Content(), Content(), Content()

    def show(self, text: str, keys: list[tuple[str, str]], others: str = "", refusal: str = "") -> None:
        """Show a notice and its keys, each with its action; `others` says how many further notices there are.

        `refusal` is why the last key was refused, empty if it was not.
        """
        symbols = terminal_symbols()
        self._text = safe(f"{symbols.at_risk} {text}", "bold")
        hints = [Content.assemble((key, "bold"), " ", safe(does)) for key, does in keys]
        self._keys = Content("   ").join([*hints, Content(others)] if others else hints)
        self._refusal = Content("\n") + safe(f"{symbols.refused} {refusal}") if refusal else Content()
        self._draw()

    def on_resize(self) -> None:
        """Put the keys below the text where one line is too narrow for both."""
        self._draw()

    def _draw(self) -> None:
        room = self.app.size.width - 2
        fits = self._text.cell_length + len(_GAP) + self._keys.cell_length <= room
        lines = Content(_GAP if fits else "\n").join([self._text, self._keys])
        self.update(Content.assemble(lines, self._refusal))
