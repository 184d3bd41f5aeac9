"""A widget that offers a few choices: in one line where they fit, otherwise in a list with a note for each."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import ClassVar

import msgspec
from rich.cells import cell_len
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.events import Click, Key
from textual.geometry import Size
from textual.message import Message
from textual.reactive import reactive
from textual.widget import Widget

from supportdesk.console.terminal.safe_text import safe
from supportdesk.console.terminal.symbols import terminal_symbols
from supportdesk.tickets.folding import fold

_GAP = 3
_MARK = 2


class Choice(msgspec.Struct, frozen=True):
    """Something to choose: `note` is shown beside its name; `refused` is the reason why it cannot be chosen.

    A `heading` is shown on a line above it, for the choices from this one on.

    If any choice has a `letter`, the letters are shown before the names and choose; otherwise the first letter of a
    name does. Beside digits, the first letters choose too.
    """

    key: str
    name: str
    note: str = ""
    letter: str = ""
    refused: str = ""
    heading: str = ""


class Choices(Widget, can_focus=True):
    """Chooses by the arrow keys, by letters or by a click; Enter is left to the form."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {
        "choices--chosen",
        "choices--letter",
        "choices--name",
        "choices--note",
        "choices--refused",
    }
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up,left", "step(-1)", "Previous", show=False),
        Binding("down,right", "step(1)", "Next", show=False),
        Binding("space", "step_by_space", "Next", show=False),
        Binding("home", "first", "First", show=False),
        Binding("end", "last", "Last", show=False),
    ]

    chosen: reactive[int | None] = reactive(None)
    """The index of the chosen one; None while nothing is chosen."""
    takes_letters: reactive[bool] = reactive(True)
    """Whether letters and the space bar choose; if not, they go to a text field of the form."""

    @dataclass
    class Chosen(Message):
        """The operator chose another one."""

        choices: Choices
        choice: Choice

        @property
        def control(self) -> Choices:
            """The widget, for `@on`."""
            return self.choices

    def __init__(self, choices: Sequence[Choice], chosen: str | None = None) -> None:
        super().__init__()
        self._choices = tuple(choices)
        self.set_reactive(Choices.chosen, self._place(chosen))

    @property
    def choice(self) -> Choice | None:
        """The choice made; None while nothing is chosen."""
        return None if self.chosen is None else self._choices[self.chosen]

    def choose(self, key: str | None) -> None:
        """Choose by key, without posting `Chosen`; None chooses nothing."""
        self.chosen = self._place(key)

    def _place(self, key: str | None) -> int | None:
        places = (place for place, choice in enumerate(self._choices) if choice.key == key)
        return next(places, None)

    def action_step(self, by: int) -> None:
        """Choose the next one that is not refused, wrapping round: forwards for 1, backwards for -1."""
        start = self.chosen if self.chosen is not None else (-1 if by > 0 else 0)
        count = len(self._choices)
        self._choose_first((start + by * step) % count for step in range(1, count + 1))

    def action_first(self) -> None:
        """Choose the first one that is not refused."""
        self._choose_first(range(len(self._choices)))

    def action_last(self) -> None:
        """Choose the last one that is not refused."""
        self._choose_first(reversed(range(len(self._choices))))

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Disable the space bar while letters go to a text field."""
        return action != "step_by_space" or self.takes_letters

    def action_step_by_space(self) -> None:
        """Choose the next one that is not refused."""
        self.action_step(1)

    def on_key(self, event: Key) -> None:
        """Choose the next one of the letter that was typed."""
        if event.character and event.character.isalnum() and self.choose_by_letter(event.character):
            event.stop()

    def choose_by_letter(self, letter: str) -> bool:
        """Choose the next one of a letter. Returns False if there is none, or letters do not choose."""
        if not self.takes_letters:
            return False
        start, count = -1 if self.chosen is None else self.chosen, len(self._choices)
        places = ((start + step) % count for step in range(1, count + 1))
        return self._choose_first(place for place in places if fold(letter) in self._letters(place))

    def _letters(self, place: int) -> set[str]:
        """Return what chooses a choice: its letter, or the first one of its name; both where it has a digit."""
        choice = self._choices[place]
        first = fold(choice.name)[:1]
        if choice.letter.isdecimal():
            return {choice.letter, first}
        return {fold(choice.letter)[:1]} if any(each.letter for each in self._choices) else {first}

    def on_click(self, event: Click) -> None:
        """Choose the one that was clicked."""
        x, y = event.x - self.gutter.left, event.y - self.gutter.top
        rows = self._rows
        places = [place for place in rows[y : y + 1] if place is not None] if y >= 0 else []
        if self._across:
            ends = [sum(self._widths[: place + 1]) + _GAP * place for place in range(len(self._choices))]
            places = [place for place, end in enumerate(ends) if x < end][:1]
        self._choose_first(places)

    def _choose_first(self, places: Iterable[int]) -> bool:
        for place in places:
            if not self._choices[place].refused:
                self.chosen = place
                self.post_message(self.Chosen(self, self._choices[place]))
                return True
        return False

    @property
    def _across(self) -> bool:
        """Whether the choices are in one line."""
        return self._is_plain and self._fits(self.content_size.width)

    @property
    def _is_plain(self) -> bool:
        """Whether the choices have nothing but their names."""
        return not any(each.note or each.refused or each.letter or each.heading for each in self._choices)

    @property
    def _rows(self) -> list[int | None]:
        """The choice on each line of the list, by its index; None for a heading."""
        rows: list[int | None] = []
        for place, choice in enumerate(self._choices):
            rows += [None, place] if choice.heading else [place]
        return rows

    @property
    def _widths(self) -> list[int]:
        return [_MARK + cell_len(choice.name) for choice in self._choices]

    def _fits(self, width: int) -> bool:
        return sum(self._widths) + _GAP * (len(self._choices) - 1) <= width

    def get_content_height(self, _container: Size, _viewport: Size, width: int) -> int:
        """Return the height in lines: one, or one for each choice."""
        return 1 if self._is_plain and self._fits(width) else len(self._rows)

    def render(self) -> Content:
        places = range(len(self._choices))
        if self._across:
            return Content(" " * _GAP).join(self._named(place) for place in places)
        return Content("\n").join(line for place in places for line in self._lines(place))

    def _named(self, place: int) -> Content:
        choice, chosen, symbols = self._choices[place], place == self.chosen, terminal_symbols()
        style = self.get_visual_style(
            "choices--refused" if choice.refused else "choices--chosen" if chosen else "choices--name"
        )
        return Content.assemble(
            (f"{symbols.chosen if chosen else symbols.other} ", style), safe(choice.name, style)
        )

    def _lines(self, place: int) -> list[Content]:
        """Return the line of a choice, below its heading if it has one."""
        heading = self._choices[place].heading
        style = self.get_visual_style("choices--note")
        return [*([safe(heading, style)] if heading else []), self._line(place)]

    def _line(self, place: int) -> Content:
        choice = self._choices[place]
        parts = [self._named(place)]
        used = max(self._widths)
        parts.append(Content(" " * (used - self._widths[place])))
        if any(each.letter for each in self._choices):
            key = self.get_visual_style("choices--letter")
            letter = choice.letter[:1] if self.takes_letters else ""
            parts.insert(0, Content.assemble((letter or " ", key), " "))
            used += 2
        style = self.get_visual_style("choices--refused" if choice.refused else "choices--note")
        room = max(0, self.content_size.width - used - _GAP)
        note = safe(choice.refused or choice.note, style).truncate(room, ellipsis=True)
        return Content.assemble(*parts, " " * _GAP, note)
