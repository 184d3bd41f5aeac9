"""A list of lines of text with a cursor on one of them; lines without a key are headings."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import msgspec
from textual.content import Content
from textual.events import Click
from textual.message import Message
from textual.widget import Widget

from supportdesk.console.terminal.symbols import terminal_symbols

MARK = 2
"""Cells for the cursor's mark."""
_CURSOR = "on $cursor-ground"


class ListLine(msgspec.Struct, frozen=True):
    """A line of text; `key` identifies what it shows, and is empty for a heading."""

    text: Content
    key: str = ""


class LineList(Widget):
    """Draws as many lines as fit, around the cursor, which stays on its key when the lines change."""

    ALLOW_SELECT = False

    @dataclass
    class Opened(Message):
        """The line with this key was clicked twice."""

        key: str

    @dataclass
    class Moved(Message):
        """The cursor moved to the line with this key."""

        key: str

    def __init__(self, *, classes: str = "") -> None:
        super().__init__(classes=classes)
        self._lines: Sequence[ListLine] = ()
        self._place = 0
        self._top = 0

    @property
    def key(self) -> str:
        """The key of the line under the cursor; empty where the list has none."""
        return self._lines[self._place].key if self._place < len(self._lines) else ""

    @property
    def place(self) -> int:
        """The index of the line under the cursor."""
        return self._place

    def show(self, lines: Sequence[ListLine]) -> None:
        """Show lines; the cursor stays on its key, or at its place if that is gone."""
        key = self.key
        self._lines = lines
        place = next((number for number, line in enumerate(lines) if key and line.key == key), self._place)
        self._set_place(self._nearest(place))

    def move(self, by: int) -> None:
        """Move the cursor by so many lines with a key."""
        places = [number for number, line in enumerate(self._lines) if line.key]
        if places:
            at = places.index(self._place) if self._place in places else 0
            self._set_place(places[max(0, min(at + by, len(places) - 1))])

    def page(self, by: int) -> None:
        """Move the cursor by a page: down for 1, up for -1."""
        self.move(by * max(1, self.size.height - 1))

    def move_to_end(self, by: int) -> None:
        """Move the cursor to the first line (-1) or the last one (1)."""
        self.move(by * len(self._lines))

    def on_click(self, event: Click) -> None:
        """Move the cursor to the clicked line; a double click opens it."""
        place = self._top + event.y - self.gutter.top
        if 0 <= place < len(self._lines) and self._lines[place].key:
            self._set_place(place)
            if event.chain > 1:
                self.post_message(self.Opened(self.key))

    def on_resize(self) -> None:
        """Keep the cursor in sight."""
        self._set_place(self._place)

    def _nearest(self, place: int) -> int:
        """Return the place of the line with a key that is nearest to a place, downwards first; 0 without one."""
        places = [number for number, line in enumerate(self._lines) if line.key]
        below = (number for number in places if number >= place)
        return next(below, places[-1] if places else 0)

    def _set_place(self, place: int) -> None:
        before, self._place = self.key, place
        height = max(1, self.content_size.height)
        # The heading above the first line of a part stays in sight with it.
        wanted = place - 1 if place and not self._lines[place - 1].key else place
        self._top = min(self._top, wanted)
        self._top = max(0, self._top, place - height + 1)
        self._top = max(0, min(self._top, len(self._lines) - height))
        if self.key != before:
            self.post_message(self.Moved(self.key))
        self.refresh()

    def render(self) -> Content:
        """Return the lines that fit, with the cursor."""
        size = self.content_size
        shown = self._lines[self._top : self._top + size.height]
        return Content("\n").join(
            self._draw(line, size.width, marked=number == self._place)
            for number, line in enumerate(shown, self._top)
        )

    def _draw(self, line: ListLine, width: int, *, marked: bool) -> Content:
        if not line.key:
            return line.text.truncate(width, ellipsis=True)
        mark = (terminal_symbols().cursor if marked else " ").ljust(MARK)
        text = line.text.truncate(max(0, width - MARK), ellipsis=True)
        drawn = Content.assemble((mark, "$accent"), text)
        if not marked:
            return drawn
        rest = " " * max(0, width - drawn.cell_length)
        return Content.assemble(drawn, rest).stylize(_CURSOR)
