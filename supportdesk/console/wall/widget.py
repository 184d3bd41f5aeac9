"""The widget that draws the wall: one page at a time, below the desk's name and above the names of the pages."""

from __future__ import annotations

from collections.abc import Callable
from typing import ClassVar

from rich.segment import Segment
from rich.style import Style
from textual.strip import Strip
from textual.widget import Widget

from supportdesk.console.charts.big_text import band, big_text, centred
from supportdesk.console.charts.blocks import Block, TextLine, TextRun, padded, width_of
from supportdesk.console.theme.dim import dimmed
from supportdesk.console.wall.pages import draw_page
from supportdesk.console.wall.snapshot import WallPage, WallSnapshot
from supportdesk.sla import formatting

_STYLE_NAMES = (
    *("text", "strong", "heading", "quiet", "faint", "accent", "bar", "waits", "track", "mark"),
    *("due-soon", "at-risk", "breached", "alarm", "stale"),
)
_MARGIN = 2


class WallView(Widget):
    """Draws a page of the wall, or a message before the desk is open."""

    ALLOW_SELECT = False
    COMPONENT_CLASSES: ClassVar[set[str]] = {f"wall--{style_name}" for style_name in _STYLE_NAMES}

    def __init__(self, desk: str) -> None:
        super().__init__()
        self.desk = desk
        """What the desk is called at the top."""
        self._lines: Block = []
        self._draw: Callable[[], Block] = list
        self._dim = False

    def show(self, which: WallPage, snapshot: WallSnapshot, warning: str = "", *, dim: bool = False) -> None:
        """Show a page below a `warning` in large letters, if there is one, and `dim` while it may be out of date."""
        self._dim = dim
        self._draw = lambda: self._page_lines(which, snapshot, warning)
        self.on_resize()

    def show_message(self, text: str) -> None:
        """Show a message in the middle of the screen."""
        self._dim = False
        self._draw = lambda: [
            *([[]] * (self.size.height // 2)),
            *centred([[TextRun(text, "strong")]], self.size.width),
        ]
        self.on_resize()

    def on_resize(self) -> None:
        """Draw again for the new size."""
        self._lines = self._draw()
        self.refresh()

    def _page_lines(self, which: WallPage, snapshot: WallSnapshot, said: str) -> Block:
        width, height = self.size.width - 2 * _MARGIN, self.size.height - 3
        warning = self._warning(said, snapshot.plain)
        body = draw_page(which, snapshot, width, height - len(warning))
        clock = formatting.date_time(snapshot.now, snapshot.zone)
        top = [TextRun("supportdesk  ", "strong"), TextRun(self.desk, "quiet")]
        room = max(0, width - width_of(top) - len(clock))
        head: TextLine = [*top, TextRun(" " * room), TextRun(clock, "text")]
        blank: Block = [[]] * (height - len(warning) - len(body))
        return [*self._inset([head, []]), *warning, *self._inset([*body, *blank, self._foot(which)])]

    def _warning(self, text: str, plain: bool) -> Block:
        if not text:
            return []
        width = self.size.width
        return [*band(big_text(text, "stale", width - 2 * _MARGIN, 4, plain=plain), width, "stale"), []]

    def _foot(self, which: WallPage) -> TextLine:
        return [TextRun(f" {each} ", "heading" if each is which else "faint") for each in WallPage]

    def _inset(self, block: Block) -> Block:
        return [[TextRun(" " * _MARGIN), *line] for line in block]

    def render_line(self, y: int) -> Strip:
        text = self._named_style("text")
        line = self._lines[y] if y < len(self._lines) else []
        drawn = [Segment(piece.text, self._style(piece)) for piece in padded(line, self.size.width)]
        return Strip(drawn).adjust_cell_length(self.size.width, text)

    def _style(self, piece: TextRun) -> Style:
        style = self._named_style(piece.style_name)
        if piece.under:
            style += Style(bgcolor=self._named_style(piece.under).color)
        return (
            dimmed(style, self._named_style("text")) if self._dim and piece.style_name != "stale" else style
        )

    def _named_style(self, style_name: str) -> Style:
        base = self.get_component_rich_style("wall--text")
        return (
            base
            if style_name == "text"
            else base + self.get_component_rich_style(f"wall--{style_name}", partial=True)
        )
