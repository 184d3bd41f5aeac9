"""The first frame: the program's name and that the desk is being opened, drawn without looks, widgets or a database."""

from __future__ import annotations

from typing import ClassVar

from rich.segment import Segment
from textual.binding import Binding, BindingType
from textual.screen import Screen
from textual.strip import Strip


class SplashScreen(Screen[None]):
    """Stands where the queue will: the name at the top, what goes on at the bottom."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("q,f10", "app.quit", "Quit", show=False)]
    ENABLE_COMMAND_PALETTE = False

    def render_line(self, y: int) -> Strip:
        """The name on the first line, the rest on the last."""
        told = {0: " supportdesk", self.size.height - 1: " Opening the desk …"}.get(y, "")
        return Strip([Segment(told, self.rich_style)]).adjust_cell_length(self.size.width, self.rich_style)
