"""The line below a filter: how it may go on, or what is wrong with it and where."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from textual.content import Content
from textual.events import Click
from textual.message import Message
from textual.style import Style
from textual.widget import Widget

from supportdesk.console.dialogs.dialog import key_for
from supportdesk.console.queue.filter.completion import Completion, Completions
from supportdesk.console.queue.filter.errors import FilterError
from supportdesk.console.terminal.safe_text import safe
from supportdesk.console.terminal.symbols import terminal_symbols

GAP = 2


class FilterSuggestions(Widget):
    """One line. `indent` is the column, in cells, at which the line above begins."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {f"hint--{role}" for role in ("text", "note", "marked", "fault")}

    @dataclass
    class Clicked(Message):
        """The offer at a place was clicked."""

        place: int

    def __init__(self, indent: int) -> None:
        super().__init__()
        self.completions = Completions()
        self.place: int | None = None
        self._indent = indent
        self._fault: FilterError | None = None
        self._scrolled = 0

    @property
    def marked(self) -> Completion | None:
        """The offer that would be taken."""
        return None if self.place is None else self.completions.items[self.place]

    @property
    def says(self) -> str:
        """What stands there."""
        return str(self.render()).strip()

    def offer(self, offers: Completions) -> None:
        """Shows how the line may go on; the first is marked where something has been begun."""
        self._fault = None
        self.completions = offers
        self.place = 0 if offers.begun and offers.items else None
        self.refresh()

    def fault(self, fault: FilterError, scrolled: int) -> None:
        """Shows what is wrong; the line above is scrolled by so many cells."""
        self.completions, self.place = Completions(), None
        self._fault, self._scrolled = fault, scrolled
        self.refresh()

    def step(self, by: int) -> None:
        """Marks the next offer, round the end."""
        if self.completions.items:
            start = self.place if self.place is not None else (-1 if by > 0 else 0)
            self.place = (start + by) % len(self.completions.items)
            self.refresh()

    def on_click(self, event: Click) -> None:
        """A click on an offer takes it."""
        place = event.style.meta.get("offer")
        if isinstance(place, int):
            self.post_message(self.Clicked(place))

    def render(self) -> Content:
        """The line."""
        line = self._fault_line(self._fault) if self._fault is not None else self._offer_line()
        return line.truncate(self.content_size.width, ellipsis=True)

    def _fault_line(self, fault: FilterError) -> Content:
        """The message beside carets under what it is about; where that does not fit, the message alone."""
        style = self.get_visual_style("hint--fault")
        width = self.content_size.width
        message = safe(fault.message, style)
        start = max(0, self._indent + fault.start - self._scrolled)
        carets = "^" * max(1, min(fault.end - fault.start, width - start))
        if start + len(carets) + GAP + message.cell_length <= width:
            return Content.assemble(" " * start, (carets, style), " " * GAP, message)
        if message.cell_length + GAP <= start < width:
            return Content.assemble(
                " " * (start - GAP - message.cell_length), message, " " * GAP, (carets, style)
            )
        return Content.assemble(" " * self._indent, message)

    def _offer_line(self) -> Content:
        """As many offers as fit, around the marked one, and at the right what that is."""
        if not self.completions.items:
            return Content("")
        note = self._note()
        room = self.content_size.width - self._indent - note.cell_length - GAP
        texts = [safe(offer.text.strip()) for offer in self.completions.items]
        first, after = _window([text.cell_length + GAP for text in texts], self.place or 0, room - 1)
        parts = []
        for place in range(first, after):
            style = self.get_visual_style("hint--marked" if place == self.place else "hint--text")
            style += Style.from_meta({"offer": place})
            parts += [safe(self.completions.items[place].text.strip(), style), Content(" " * GAP)]
        if after < len(texts):
            parts.append(Content.styled(terminal_symbols().ellipsis, self.get_visual_style("hint--note")))
        offered = Content.assemble(" " * self._indent, *parts)
        fill = self.content_size.width - offered.cell_length - note.cell_length - 1
        return Content.assemble(offered, " " * max(1, fill), note)

    @property
    def _takes(self) -> str:
        return key_for(self.screen, "line.take")

    def _note(self) -> Content:
        style = self.get_visual_style("hint--note")
        if self.marked is None:
            return Content.styled(
                f"-not  a,b either  {self._takes} accept" if not self.completions.begun else "", style
            )
        about = f"{self.marked.note}   " if self.marked.note else ""
        room = self.content_size.width // 2
        return Content.assemble(
            safe(about, style).truncate(room, ellipsis=True), (f"{self._takes} accept", style)
        )


def _window(widths: list[int], marked: int, room: int) -> tuple[int, int]:
    """From which to before which place things are shown so that the marked one is among them."""
    first = after = 0
    left = room
    while after < len(widths) and (widths[after] <= left or after <= marked):
        left -= widths[after]
        after += 1
        while left < 0 and first < after - 1:
            left += widths[first]
            first += 1
    return first, after
