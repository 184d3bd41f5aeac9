"""What a terminal shows that is too small for a desk."""

from __future__ import annotations

from rich.cells import cell_len
from rich.segment import Segment
from textual.geometry import Size
from textual.strip import Strip
from textual.widget import Widget

LEAST = Size(60, 16)
"""Below this, a ticket's row or its page would not show what the operator needs."""


class TooSmall(Widget):
    """Covers the screen and says what size is needed; shown by its screen."""

    ALLOW_SELECT = False

    @staticmethod
    def applies_to(size: Size) -> bool:
        """Whether a screen of this size is too small."""
        return size.width < LEAST.width or size.height < LEAST.height

    def render_line(self, y: int) -> Strip:
        """A line of the message, in the middle."""
        width, height = self.size
        told = (
            "supportdesk needs more room:",
            f"{LEAST.width} columns and {LEAST.height} lines.",
            f"This terminal has {self.screen.size.width} and {self.screen.size.height}.",
        )
        line = y - max(0, (height - len(told)) // 2)
        text = told[line] if 0 <= line < len(told) else ""
        pad = max(0, (width - cell_len(text)) // 2)
        return Strip([Segment(" " * pad + text, self.rich_style)]).adjust_cell_length(width, self.rich_style)
