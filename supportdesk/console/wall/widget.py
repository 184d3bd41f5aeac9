"""The wall on the screen: one face at a time, the name of the desk above it, and which face it is below."""

from __future__ import annotations

from collections.abc import Callable
from typing import ClassVar

from rich.segment import Segment
from rich.style import Style
from textual.strip import Strip
from textual.widget import Widget

from supportdesk.console.charts.big_text import band, big_text, centred
from supportdesk.console.charts.blocks import Block, Line, TextRun, padded, width_of
from supportdesk.console.theme.dim import dimmed
from supportdesk.console.wall.pages import page
from supportdesk.console.wall.snapshot import WallPage, WallSnapshot
from supportdesk.sla import formatting

_ROLES = (
    *("text", "strong", "heading", "quiet", "faint", "accent", "bar", "waits", "track", "mark"),
    *("due-soon", "at-risk", "breached", "alarm", "stale"),
)
_MARGIN = 2


class WallView(Widget):
    """Draws what it is told to; `stale` is what is wrong while the desk is out of reach, else empty."""

    ALLOW_SELECT = False
    COMPONENT_CLASSES: ClassVar[set[str]] = {f"wall--{role}" for role in _ROLES}

    def __init__(self, desk: str) -> None:
        super().__init__()
        self._desk = desk
        self._lines: Block = []
        self._draw: Callable[[], Block] = list
        self._dim = False

    def show(self, which: WallPage, sight: WallSnapshot, stale: str = "") -> None:
        """Shows a face; a stale one is dimmed under a band that says so."""
        self._dim = bool(stale)
        self._draw = lambda: self._drawn(which, sight, stale)
        self.on_resize()

    def say(self, text: str) -> None:
        """Says what there is to say before there is a desk."""
        self._dim = False
        self._draw = lambda: [
            *([[]] * (self.size.height // 2)),
            *centred([[TextRun(text, "strong")]], self.size.width),
        ]
        self.on_resize()

    def on_resize(self) -> None:
        """Draws for the room there is."""
        self._lines = self._draw()
        self.refresh()

    def _drawn(self, which: WallPage, sight: WallSnapshot, stale: str) -> Block:
        width, height = self.size.width - 2 * _MARGIN, self.size.height - 3
        warning = self._warning(stale, sight.plain)
        body = page(which, sight, width, height - len(warning))
        clock = formatting.date_time(sight.now, sight.zone)
        top = [TextRun("supportdesk  ", "strong"), TextRun(self._desk, "quiet")]
        room = max(0, width - width_of(top) - len(clock))
        head: Line = [*top, TextRun(" " * room), TextRun(clock, "text")]
        blank: Block = [[]] * (height - len(warning) - len(body))
        return [*self._inset([head, []]), *warning, *self._inset([*body, *blank, self._foot(which)])]

    def _warning(self, stale: str, plain: bool) -> Block:
        if not stale:
            return []
        width = self.size.width
        return [*band(big_text(stale, "stale", width - 2 * _MARGIN, 4, plain=plain), width, "stale"), []]

    def _foot(self, which: WallPage) -> Line:
        return [TextRun(f" {each} ", "heading" if each is which else "faint") for each in WallPage]

    def _inset(self, block: Block) -> Block:
        return [[TextRun(" " * _MARGIN), *line] for line in block]

    def render_line(self, y: int) -> Strip:
        """One line."""
        text = self._look("text")
        line = self._lines[y] if y < len(self._lines) else []
        drawn = [Segment(piece.text, self._style(piece)) for piece in padded(line, self.size.width)]
        return Strip(drawn).adjust_cell_length(self.size.width, text)

    def _style(self, piece: TextRun) -> Style:
        style = self._look(piece.role)
        if piece.under:
            style += Style(bgcolor=self._look(piece.under).color)
        return dimmed(style, self._look("text")) if self._dim and piece.role != "stale" else style

    def _look(self, role: str) -> Style:
        ground = self.get_component_rich_style("wall--text")
        return (
            ground
            if role == "text"
            else ground + self.get_component_rich_style(f"wall--{role}", partial=True)
        )
