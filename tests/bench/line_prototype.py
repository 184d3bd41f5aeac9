"""The least that a screen of ticking timers costs: one widget that draws lines, with nothing around it.

`python -m tests.bench.line_prototype` draws as many lines as the console's queue shows tickets in a terminal of 160x50.
At the left of each is a timer that changes each second; the rest of a line is made once.
"""

from __future__ import annotations

import time

from rich.segment import Segment
from rich.style import Style
from textual.app import App, ComposeResult
from textual.geometry import Region
from textual.scroll_view import ScrollView
from textual.strip import Strip

from supportdesk.console.queue.columns import LEFT

TIMERS = 44
"""How many lines there are; below them the screen is empty."""

TIMER = Style.parse("bold red")
BODY = [
    Segment("  CD-4C0A-3  ", Style.parse("cyan")),
    Segment("Northwind Traders   ", Style.parse("white")),
    Segment("export stops login slow invoice total".ljust(80), Style.parse("white")),
    Segment("Ann Lee", Style.parse("bright_black")),
]


class Lines(ScrollView):
    """Draws a line for each row of the terminal, and its timer again when it ticks."""

    def __init__(self) -> None:
        super().__init__()
        self._now = int(time.time())
        self._body = Strip(BODY)

    def on_mount(self) -> None:
        """Tick at each full second."""
        self.set_timer(1 - time.time() % 1, lambda: self.set_interval(1, self.tick))

    def tick(self) -> None:
        """Draw the timers."""
        self._now += 1
        self.refresh(Region(0, 0, LEFT, TIMERS))

    def render_line(self, y: int) -> Strip:
        """Return a line: its timer, of up to half an hour, and the rest."""
        if y >= TIMERS:
            return Strip.blank(self.size.width)
        left = (self._now + 37 * y) % 1_800
        timer = Strip(
            [Segment(f"breached -0:{left // 60:02}:{left % 60:02}"[:LEFT].ljust(LEFT), TIMER)], LEFT
        )
        return Strip.join([timer, self._body]).adjust_cell_length(self.size.width)


class Prototype(App[None]):
    """Shows nothing but lines."""

    CSS = "Lines { height: 1fr; }"

    def compose(self) -> ComposeResult:
        """Yield the lines."""
        yield Lines()


if __name__ == "__main__":
    Prototype().run()
