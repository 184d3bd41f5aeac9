"""A field of a form: its label, what is typed or chosen in it, and a line that says how that is understood."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from textual import on
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.events import DescendantBlur, DescendantFocus
from textual.message import Message
from textual.widget import Widget
from textual.widgets import Static

from supportdesk.console.terminal.safe_text import safe
from supportdesk.console.terminal.symbols import terminal_symbols


class Field(Horizontal):
    """Base of all fields. `hint` says what is wanted: it is what the note says while there is nothing else to say."""

    @dataclass
    class Changed(Message):
        """Something else is typed or chosen now."""

        field: Field

        @property
        def control(self) -> Field:
            """The field, for `@on`."""
            return self.field

    def __init__(self, name: str, hint: str, *, label: str = "", required: bool = False) -> None:
        super().__init__(id=name, classes="field")
        self.hint = hint
        self.label = label or name.replace("_", " ").capitalize()
        self.required = required
        self.stored_as = name
        """The name under which drafts hold what is typed here."""
        self._said = (safe(hint), False)

    def compose(self) -> ComposeResult:
        """The label, and beside it the control over its note."""
        yield Static(safe(self.label), classes="field-label")
        with Vertical(classes="field-body"):
            yield from self.controls()
            yield Static(safe(self.hint), classes="field-note")

    @on(DescendantFocus)
    def _light_up(self) -> None:
        self.add_class("active")
        # Its note, too, is in sight then.
        self.call_after_refresh(self.scroll_into_view)

    @on(DescendantBlur)
    def _calm_down(self) -> None:
        self.remove_class("active")
        self.finish()

    def controls(self) -> ComposeResult:
        """The widgets in which one types or chooses."""
        raise NotImplementedError

    @property
    def value(self) -> Any:
        """What the command is given; only asked where there is no `problem`."""
        raise NotImplementedError

    @property
    def in_words(self) -> str:
        """What stands in it, as people read it; empty where that is nothing, or no words."""
        return self.value if isinstance(self.value, str) else ""

    @property
    def problem(self) -> str | None:
        """What keeps the value from being sent, in words that say what to do; None where nothing does."""
        return None

    @property
    def raw_value(self) -> Any:
        """What would be lost with the form: a plain value from which `restore` brings it back."""
        raise NotImplementedError

    def restore(self, raw_value: Any) -> None:
        """Brings back what was typed. Raises TypeError or ValueError for what could not be typed here."""
        raise NotImplementedError

    @property
    def is_typed_in(self) -> bool:
        """Whether letters are text here, and choose nothing."""
        return False

    @property
    def is_blank(self) -> bool:
        """Whether nothing is typed here; a field in which nobody types is always blank."""
        return True

    def take_letters(self, taken: bool) -> None:
        """Has letters choose, or has them left to the form, in a field in which they can choose."""

    @property
    def holds_text(self) -> bool:
        """Whether it holds free text, which `insert` adds to."""
        return False

    def insert(self, text: str) -> None:
        """Puts a text where the cursor is, in a field that holds free text."""
        raise NotImplementedError

    def set_note(self, note: Content | str, *, wrong: bool = False) -> None:
        """Says something below the control; an empty text brings the help back."""
        said = note if isinstance(note, Content) else safe(note or self.hint)
        if wrong and self.app.no_color:
            said = Content.assemble(f"{terminal_symbols().breached} ", said)
        # An update lays the whole dialog out anew: not for each letter that somebody types.
        if (said, wrong) == self._said:
            return
        self._said = (said, wrong)
        for line in self.query(".field-note").results(Static):
            line.set_class(wrong, "wrong")
            line.set_class(bool(note) and note != self.hint, "told")
            line.update(said)
        if self.has_class("active"):
            self.call_after_refresh(self.scroll_into_view)

    def show_problem(self) -> None:
        """Says its problem, if it has one."""
        if self.problem is not None:
            self.set_note(self.problem, wrong=True)

    def scroll_into_view(self) -> None:
        """Scrolls what is around it so that it is seen, with its note."""
        self.scroll_visible(animate=False)

    def take_focus(self) -> None:
        """Puts the cursor where one types, at once: the next key already goes there."""
        first = next((widget for widget in self.query(Widget) if widget.focusable), None)
        if first is not None:
            self.screen.set_focus(first)

    async def settle(self) -> None:
        """Until what is typed is understood; asked for before Enter and before the cursor leaves."""

    def accept(self) -> bool:
        """Takes what Enter takes here; whether there was anything to take."""
        return False

    def finish(self) -> None:
        """Takes what stands when the cursor goes elsewhere, or says what is wrong with it."""
