"""The first frame: the program's name and a status line, drawn without styles, widgets or a database."""

from __future__ import annotations

from typing import ClassVar

from rich.segment import Segment
from textual.binding import Binding, BindingType
from textual.screen import Screen
from textual.strip import Strip


class SplashScreen(Screen[None]):
    """Shown until the queue is: the program's name at the top, the status at the bottom."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("q,f10", "app.quit", "Quit", show=False)]
    ENABLE_COMMAND_PALETTE = False

    def render_line(self, y: int) -> Strip:
        """Return the name for the first line, the status for the last, and an empty strip otherwise."""
        text = {0: " supportdesk", self.size.height - 1: " Opening the desk …"}.get(y, "")
        return Strip([Segment(text, self.rich_style)]).adjust_cell_length(self.size.width, self.rich_style)
