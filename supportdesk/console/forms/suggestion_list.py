"""The results of a search, and the line above them that is searched for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.content import Content
from textual.events import Click
from textual.geometry import Size
from textual.message import Message
from textual.widget import Widget

from supportdesk.console.search.candidate import Candidate
from supportdesk.console.terminal.safe_text import safe
from supportdesk.console.terminal.symbols import terminal_symbols
from supportdesk.console.widgets.line_input import LineInput

_ROWS = 6
_GAP = 3


class SuggestionList(Widget):
    """The results below a search line, with a mark on the one that Enter picks."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {"matches--marked", "matches--name", "matches--note"}

    @dataclass
    class Clicked(Message):
        """A result was clicked."""

        candidate: Candidate

    def __init__(self) -> None:
        super().__init__()
        self.found: tuple[Candidate, ...] = ()
        self.place: int | None = None

    @property
    def marked(self) -> Candidate | None:
        """The result that Enter picks; None for none."""
        return None if self.place is None or not self.found else self.found[self.place]

    def offer(self, found: Sequence[Candidate], *, mark: bool) -> None:
        """Show results; with `mark`, mark the first one."""
        higher = min(len(found), _ROWS) != min(len(self.found), _ROWS)
        self.found = tuple(found)
        self.place = 0 if mark and found else None
        self.refresh(layout=higher)

    def step(self, by: int) -> None:
        """Move the mark `by` places, wrapping at the end."""
        if self.found:
            start = self.place if self.place is not None else (-1 if by > 0 else 0)
            self.place = (start + by) % len(self.found)
            self.refresh()

    def unmark(self) -> None:
        """Remove the mark, so that Enter picks nothing."""
        if self.place is not None:
            self.place = None
            self.refresh()

    @property
    def _first(self) -> int:
        """The index of the first visible result."""
        return max(0, min((self.place or 0) - _ROWS // 2, len(self.found) - _ROWS))

    def on_click(self, event: Click) -> None:
        """Report the result that was clicked."""
        for candidate in self.found[self._first + event.y - self.gutter.top :][:1]:
            self.post_message(self.Clicked(candidate))

    def get_content_height(self, _container: Size, _viewport: Size, width: int) -> int:
        """Return one line per result, at most `_ROWS`."""
        return min(len(self.found), _ROWS)

    def render(self) -> Content:
        """Return the results around the marked one, one per line."""
        first = self._first
        seen = self.found[first : first + _ROWS]
        column = max((safe(each.name).cell_length for each in seen), default=0)
        column = min(column, self.content_size.width * 3 // 5)
        lines = [
            self._line(each, column, marked=place == self.place) for place, each in enumerate(seen, first)
        ]
        return Content("\n").join(lines)

    def _line(self, candidate: Candidate, column: int, *, marked: bool) -> Content:
        width = self.content_size.width
        style = self.get_visual_style("matches--marked" if marked else "matches--name")
        beside = style if marked else self.get_visual_style("matches--note")
        name = safe(candidate.name, style).truncate(column, ellipsis=True)
        note = safe(candidate.details, beside).truncate(max(0, width - column - _GAP - 2), ellipsis=True)
        sign = "+" if candidate.new else terminal_symbols().marked if marked else " "
        gap = " " * (column - name.cell_length + _GAP)
        rest = " " * max(0, width - 2 - column - _GAP - note.cell_length)
        return Content.assemble((f"{sign} ", style), name, (gap, style), note, (rest, style))


class SearchInput(LineInput):
    """A line whose up and down arrows move the mark through the results below it."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up", "step(-1)", "Previous match", show=False),
        Binding("down", "step(1)", "Next match", show=False),
    ]

    def __init__(self, suggestions: SuggestionList, *, id: str | None = None) -> None:  # noqa: A002 - Textual's name
        super().__init__(compact=True, select_on_focus=False, id=id)
        self.cursor_blink = False
        self._suggestions = suggestions

    def action_step(self, by: int) -> None:
        """Move the mark to the next result (1) or the previous one (-1)."""
        self._suggestions.step(by)
