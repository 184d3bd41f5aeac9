"""A widget with text in large letters: a reference to read back, a caller's name."""

from __future__ import annotations

from textual.content import Content
from textual.geometry import Size
from textual.widget import Widget

from supportdesk.console.terminal.big_font import LINES, half_block_lines, has_glyphs
from supportdesk.console.terminal.safe_text import safe
from supportdesk.console.terminal.symbols import PLAIN, terminal_symbols


class BigText(Widget):
    """Shows a text in letters of half blocks, with `gap` cells between two letters.

    It is shown as plain text if it does not fit, has characters without a glyph, or the terminal has no half blocks.
    """

    def __init__(self, text: str, gap: int = 2) -> None:
        super().__init__()
        self._gap = gap
        self._write(text)

    def _write(self, text: str) -> None:
        self._text = text
        self._lines = half_block_lines(text, self._gap) if has_glyphs(text) else []

    def write(self, text: str) -> None:
        """Replace the text, in large letters where they fit."""
        self._write(text)
        self.refresh(layout=True)

    def _fits(self, width: int) -> bool:
        return terminal_symbols() is not PLAIN and bool(self._lines) and max(map(len, self._lines)) <= width

    def get_content_height(self, _container: Size, _viewport: Size, width: int) -> int:
        """Return the height in lines: four for large letters, otherwise one."""
        return LINES if self._fits(width) else 1

    def render(self) -> Content:
        if self._fits(self.content_size.width):
            return Content("\n".join(self._lines))
        return safe(self._text).truncate(self.content_size.width, ellipsis=True)
