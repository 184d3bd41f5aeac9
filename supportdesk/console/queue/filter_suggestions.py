"""The line below a filter: suggestions, or what is wrong with the filter and where."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from textual.content import Content
from textual.events import Click
from textual.message import Message
from textual.style import Style
from textual.widget import Widget

from supportdesk.console.dialogs.key_hints import key_for
from supportdesk.console.queue.filter.completion import Completion, Completions
from supportdesk.console.queue.filter.errors import FilterError
from supportdesk.console.terminal.safe_text import safe
from supportdesk.console.terminal.symbols import terminal_symbols

GAP = 2


class FilterSuggestions(Widget):
    """Shows suggestions or an error on one line. `indent` is the column, in cells, at which the text above begins."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {
        f"hint--{style_name}" for style_name in ("text", "note", "marked", "fault")
    }

    @dataclass(eq=False, repr=False)
    class Clicked(Message):
        """The suggestion at this index was clicked."""

        place: int

    def __init__(self, indent: int) -> None:
        super().__init__()
        self.completions = Completions()
        self.place: int | None = None
        self._indent = indent
        self._error: FilterError | None = None
        self._scrolled = 0

    @property
    def marked(self) -> Completion | None:
        """The suggestion that would be accepted; None for none."""
        return None if self.place is None else self.completions.items[self.place]

    @property
    def text(self) -> str:
        """The text of the line, without surrounding blanks."""
        return str(self.render()).strip()

    def show(self, completions: Completions) -> None:
        """Show suggestions; the first is marked where its beginning has been typed."""
        self._error = None
        self.completions = completions
        self.place = 0 if completions.begun and completions.items else None
        self.refresh()

    def show_error(self, error: FilterError, scrolled: int) -> None:
        """Show what is wrong; `scrolled` is the number of cells by which the line above is scrolled."""
        self.completions, self.place = Completions(), None
        self._error, self._scrolled = error, scrolled
        self.refresh()

    def step(self, by: int) -> None:
        """Move the mark `by` places, wrapping at the end."""
        if self.completions.items:
            start = self.place if self.place is not None else (-1 if by > 0 else 0)
            self.place = (start + by) % len(self.completions.items)
            self.refresh()

    def on_click(self, event: Click) -> None:
        """Post `Clicked` for the suggestion that was clicked."""
        place = event.style.meta.get("offer")
        if isinstance(place, int):
            self.post_message(self.Clicked(place))

    def render(self) -> Content:
        """Return the line, cut to the width."""
        line = self._error_line(self._error) if self._error is not None else self._suggestion_line()
        return line.truncate(self.content_size.width, ellipsis=True)

    def _error_line(self, error: FilterError) -> Content:
        """Return the message beside carets below the faulty part; where that does not fit, the message alone."""
        style = self.get_visual_style("hint--fault")
        width = self.content_size.width
        message = safe(error.message, style)
        start = max(0, self._indent + error.start - self._scrolled)
        carets = "^" * max(1, min(error.end - error.start, width - start))
        if start + len(carets) + GAP + message.cell_length <= width:
            return Content.assemble(" " * start, (carets, style), " " * GAP, message)
        if message.cell_length + GAP <= start < width:
            return Content.assemble(
                " " * (start - GAP - message.cell_length), message, " " * GAP, (carets, style)
            )
        return Content.assemble(" " * self._indent, message)

    def _suggestion_line(self) -> Content:
        """Return as many suggestions as fit, around the marked one, and at the right what that one means."""
        if not self.completions.items:
            return Content("")
        note = self._note()
        room = self.content_size.width - self._indent - note.cell_length - GAP
        texts = [safe(each.text.strip()) for each in self.completions.items]
        first, after = _window([text.cell_length + GAP for text in texts], self.place or 0, room - 1)
        parts = []
        for place in range(first, after):
            style = self.get_visual_style("hint--marked" if place == self.place else "hint--text")
            style += Style.from_meta({"offer": place})
            parts += [safe(self.completions.items[place].text.strip(), style), Content(" " * GAP)]
        if after < len(texts):
            parts.append(Content.styled(terminal_symbols().ellipsis, self.get_visual_style("hint--note")))
        suggestions = Content.assemble(" " * self._indent, *parts)
        fill = self.content_size.width - suggestions.cell_length - note.cell_length - 1
        return Content.assemble(suggestions, " " * max(1, fill), note)

    @property
    def _accept_key(self) -> str:
        return key_for(self.screen, "line.take")

    def _note(self) -> Content:
        style = self.get_visual_style("hint--note")
        if self.marked is None:
            return Content.styled(
                f"-not  a,b either  {self._accept_key} accept" if not self.completions.begun else "", style
            )
        about = f"{self.marked.note}   " if self.marked.note else ""
        room = self.content_size.width // 2
        return Content.assemble(
            safe(about, style).truncate(room, ellipsis=True), (f"{self._accept_key} accept", style)
        )


def _window(widths: list[int], marked: int, room: int) -> tuple[int, int]:
    """Return the first index to show and the one after the last, so that the marked one is among them; in cells."""
    first = after = 0
    left = room
    while after < len(widths) and (widths[after] <= left or after <= marked):
        left -= widths[after]
        after += 1
        while left < 0 and first < after - 1:
            left += widths[first]
            first += 1
    return first, after
