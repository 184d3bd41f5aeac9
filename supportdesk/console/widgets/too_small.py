"""The message that covers a screen in a terminal that is too small."""

from __future__ import annotations

from rich.cells import cell_len
from rich.segment import Segment
from textual.geometry import Size
from textual.strip import Strip
from textual.widget import Widget

MIN_SIZE = Size(60, 16)
"""The smallest size in which a ticket's row and page show what the operator needs."""


class TooSmall(Widget):
    """Covers its screen and says what size is needed; the screen decides when it is displayed."""

    ALLOW_SELECT = False

    @staticmethod
    def applies_to(size: Size) -> bool:
        """Return whether a screen of this size is too small."""
        return size.width < MIN_SIZE.width or size.height < MIN_SIZE.height

    def render_line(self, y: int) -> Strip:
        width, height = self.size
        lines = (
            "supportdesk needs more room:",
            f"{MIN_SIZE.width} columns and {MIN_SIZE.height} lines.",
            f"This terminal has {self.screen.size.width} and {self.screen.size.height}.",
        )
        line = y - max(0, (height - len(lines)) // 2)
        text = lines[line] if 0 <= line < len(lines) else ""
        pad = max(0, (width - cell_len(text)) // 2)
        return Strip([Segment(" " * pad + text, self.rich_style)]).adjust_cell_length(width, self.rich_style)
