"""The base of all fields: a label, a control, and a note that shows how the input is interpreted."""

from __future__ import annotations

from abc import abstractmethod
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
    """Base of all fields. `hint` describes the input; the note shows it while there is nothing else to show."""

    @dataclass
    class Changed(Message):
        """The input has changed."""

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
        """The name of this field in drafts."""
        self._shown_note = (safe(hint), False)

    def compose(self) -> ComposeResult:
        """Yield the label, and beside it the control above its note."""
        yield Static(safe(self.label), classes="field-label")
        with Vertical(classes="field-body"):
            yield from self.controls()
            yield Static(safe(self.hint), classes="field-note")

    @on(DescendantFocus)
    def _mark_active(self) -> None:
        self.add_class("active")
        # By then, its note is laid out and can be scrolled into view, too.
        self.call_after_refresh(self.scroll_into_view)

    @on(DescendantBlur)
    def _complete(self) -> None:
        self.remove_class("active")
        self.finish()

    @abstractmethod
    def controls(self) -> ComposeResult:
        """Yield the widgets for the input."""

    @property
    @abstractmethod
    def value(self) -> Any:
        """The value for the command; valid only while `problem` is None."""

    @property
    def in_words(self) -> str:
        """The value as text for people; empty where there is none."""
        return self.value if isinstance(self.value, str) else ""

    @property
    def problem(self) -> str | None:
        """Why the value cannot be sent, and what to do; None if it can."""
        return None

    @property
    @abstractmethod
    def raw_value(self) -> Any:
        """The input as a plain value for drafts, from which `restore` restores it."""

    @abstractmethod
    def restore(self, raw_value: Any) -> None:
        """Restore the input. Raises TypeError or ValueError for a value that this field cannot hold."""

    @property
    def is_typed_in(self) -> bool:
        """Whether letters are text here and choose nothing."""
        return False

    @property
    def is_blank(self) -> bool:
        """Whether no text is typed; always true for a field without text."""
        return True

    def take_letters(self, taken: bool) -> None:
        """Let letters choose, or leave them to the form, in a field where letters can choose."""

    def set_note(self, note: Content | str, *, wrong: bool = False) -> None:
        """Show a note below the control; an empty text shows the hint again."""
        shown = note if isinstance(note, Content) else safe(note or self.hint)
        if wrong and self.app.no_color:
            shown = Content.assemble(f"{terminal_symbols().refused} ", shown)
        # An update lays out the whole dialog again, which is too slow for each letter typed.
        if (shown, wrong) == self._shown_note:
            return
        self._shown_note = (shown, wrong)
        for line in self.query(".field-note").results(Static):
            line.set_class(wrong, "wrong")
            line.set_class(bool(note) and note != self.hint, "told")
            line.update(shown)
        if self.has_class("active"):
            self.call_after_refresh(self.scroll_into_view)

    def show_problem(self) -> None:
        """Show the problem in the note, if there is one."""
        if self.problem is not None:
            self.set_note(self.problem, wrong=True)

    def scroll_into_view(self) -> None:
        """Scroll the field and its note into view."""
        self.scroll_visible(animate=False)

    def take_focus(self) -> None:
        """Focus the control at once, so that the next key already goes there."""
        first = next((widget for widget in self.query(Widget) if widget.focusable), None)
        if first is not None:
            self.screen.set_focus(first)

    async def settle(self) -> None:
        """Wait until the input has been looked up; called before Enter and before the focus leaves."""

    def accept(self) -> bool:
        """Accept what Enter would choose here; return whether there was anything to choose."""
        return False

    def finish(self) -> None:
        """Accept the input as the focus leaves, or show what is wrong with it."""


class TypedField(Field):
    """Base of the fields into which text is typed."""

    @property
    @abstractmethod
    def text(self) -> str:
        """The text, without surrounding blanks."""

    @property
    def is_typed_in(self) -> bool:
        """Whether letters are text here: they always are."""
        return True

    @property
    def is_blank(self) -> bool:
        """Whether no text is typed."""
        return not self.text
