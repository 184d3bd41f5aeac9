"""A field for several choices at once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.events import Click, Key
from textual.geometry import Size
from textual.message import Message
from textual.widget import Widget

from supportdesk.console.forms.field import Field
from supportdesk.console.terminal.safe_text import safe
from supportdesk.console.terminal.symbols import terminal_symbols
from supportdesk.console.widgets.choices import Choice


class MultiChoiceList(Widget, can_focus=True):
    """One line per choice; the arrows move, the space bar selects or clears."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {"choices--chosen", "choices--name"}
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up", "step(-1)", "Previous", show=False),
        Binding("down", "step(1)", "Next", show=False),
    ]

    @dataclass
    class Toggled(Message):
        """A choice was selected or cleared."""

    def __init__(self, choices: Sequence[Choice], chosen: Sequence[str]) -> None:
        super().__init__()
        self._choices = tuple(choices)
        self._place = 0
        self.chosen = frozenset(chosen)

    def get_content_height(self, _container: Size, _viewport: Size, width: int) -> int:
        """Return one line per choice."""
        return len(self._choices)

    def render(self) -> Content:
        """Return the choices, with a mark at the current one while the list has the focus."""
        return Content("\n").join(self._line(place, each) for place, each in enumerate(self._choices))

    def _line(self, place: int, choice: Choice) -> Content:
        signs = terminal_symbols()
        here = self.has_focus and place == self._place
        style = self.get_visual_style("choices--chosen" if here else "choices--name")
        # Brackets, unlike the round marks of a single choice, say that several may be chosen.
        sign = "[x]" if choice.key in self.chosen else "[ ]"
        pointer = signs.marked if here else " "
        return Content.assemble((f"{pointer}{sign} ", style), safe(choice.name, style))

    def action_step(self, by: int) -> None:
        """Move `by` places, wrapping at the end."""
        if self._choices:
            self._place = (self._place + by) % len(self._choices)
            self.refresh()

    def on_key(self, event: Key) -> None:
        """Toggle with the space bar, before the form treats the space as text."""
        if event.key == "space":
            event.stop()
            self.toggle_choice()

    def toggle_choice(self) -> None:
        """Select or clear the current choice."""
        if self._choices:
            self.chosen ^= {self._choices[self._place].key}
            self.refresh()
            self.post_message(self.Toggled())

    def on_click(self, event: Click) -> None:
        """Select or clear the choice that was clicked."""
        line = event.y - self.gutter.top
        if 0 <= line < len(self._choices):
            self._place = line
            self.toggle_choice()


class MultiChoiceField(Field):
    """Any number of choices; the value is their keys in the order of the list."""

    def __init__(
        self,
        name: str,
        hint: str,
        choices: Sequence[Choice],
        *,
        value: Sequence[str] = (),
        label: str = "",
    ) -> None:
        super().__init__(name, f"{hint}; space selects", label=label)
        self._order = [choice.key for choice in choices]
        self._list = MultiChoiceList(choices, value)

    def controls(self) -> ComposeResult:
        """Yield the list of choices."""
        yield self._list

    @property
    def chosen(self) -> tuple[str, ...]:
        """The keys of the choices, in the order of the list."""
        return tuple(key for key in self._order if key in self._list.chosen)

    @property
    def value(self) -> tuple[str, ...]:
        """The keys of the choices, in the order of the list."""
        return self.chosen

    @property
    def raw_value(self) -> list[str]:
        """The keys of the choices, as a list."""
        return list(self.chosen)

    def restore(self, raw_value: list[str]) -> None:
        """Restore the choices by their keys."""
        self._list.chosen = frozenset(raw_value)
        self._list.refresh()

    @on(MultiChoiceList.Toggled)
    def _toggled(self, event: MultiChoiceList.Toggled) -> None:
        event.stop()
        self.post_message(self.Changed(self))
