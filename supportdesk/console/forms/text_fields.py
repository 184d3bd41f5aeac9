"""Fields for typed text: a line, a checked line, the key of a record, a text of several lines."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Callable
from datetime import date
from typing import Any

from textual import on
from textual.app import ComposeResult
from textual.message import Message
from textual.widgets import Input, TextArea

from supportdesk.console.forms.field import TypedField
from supportdesk.console.widgets.line_input import LineInput
from supportdesk.tickets.command import LINE_LIMIT, TEXT_LIMIT
from supportdesk.tickets.record_fields import find_key_fault


class TextInputField(TypedField):
    """Base of the fields for free text. `limit` is the number of characters that are saved."""

    limit: int

    @abstractmethod
    def insert(self, text: str) -> None:
        """Insert text at the cursor."""

    @property
    def problem(self) -> str | None:
        """What is missing from a required field; None if nothing is."""
        return f"required: {self.hint}" if self.required and not self.text else None

    def note(self) -> str:
        """Return how the input is interpreted, or that it is too long; empty to show the hint."""
        over = len(self.text) - self.limit
        return f"{over:,} characters too long: only the first {self.limit:,} are saved" if over > 0 else ""

    @on(Input.Changed)
    @on(TextArea.Changed)
    def _changed(self, event: Message) -> None:
        event.stop()
        note = self.note()
        self.set_note(note, wrong=bool(note) and self.problem is not None)
        self.post_message(self.Changed(self))


class LineField(TextInputField):
    """One line of text."""

    def __init__(
        self,
        name: str,
        hint: str,
        *,
        value: str = "",
        label: str = "",
        required: bool = False,
        limit: int = LINE_LIMIT,
    ) -> None:
        super().__init__(name, hint, label=label, required=required)
        self._initial = value
        self._input = LineInput(compact=True, select_on_focus=False)
        self._input.cursor_blink = False
        self.limit = limit

    def controls(self) -> ComposeResult:
        """Yield the line, with its initial text."""
        self._input.value = self._initial
        yield self._input

    @property
    def text(self) -> str:
        """The text, without surrounding blanks."""
        return self._input.value.strip()

    @property
    def value(self) -> str | date | None:
        """The text, or what a subclass makes of it: a datetime, a date, or None."""
        return self.text

    @property
    def raw_value(self) -> Any:
        """The line as typed."""
        return self._input.value

    def insert(self, text: str) -> None:
        """Insert text at the cursor."""
        self._input.insert_text_at_cursor(text)

    def select_text(self) -> None:
        """Select the whole line, so that the next key replaces it."""
        self._input.action_select_all()

    def restore(self, raw_value: str) -> None:
        """Restore the line as typed. Raises TypeError for anything but a text."""
        self._input.value = _text(raw_value)

    def finish(self) -> None:
        """Show the line's problem, unless the line is empty."""
        if self.text:
            self.show_problem()


class CheckedField(LineField):
    """A line that is checked when it is left; `check` returns why a text is invalid, None if it is valid.

    The initial value is not checked: it may be older than the check.
    """

    def __init__(
        self,
        name: str,
        hint: str,
        check: Callable[[str], str | None],
        *,
        value: str = "",
        label: str = "",
        required: bool = False,
    ) -> None:
        super().__init__(name, hint, value=value, label=label, required=required)
        self._check = check

    @property
    def problem(self) -> str | None:
        """Why the line is missing or invalid; None if it is neither."""
        if not self.text or self.text == self._initial.strip():
            return super().problem
        return self._check(self.text)

    def note(self) -> str:
        """Return nothing while it is typed: an incomplete value is always invalid."""
        return ""


class ParsedField(CheckedField):
    """A line whose value is made of its text by `parse`, which raises ValueError with the reason why it cannot be."""

    def __init__(
        self, name: str, hint: str, parse: Callable[[str], Any], *, value: str = "", required: bool = False
    ) -> None:
        def check(text: str) -> str | None:
            try:
                parse(text)
            except ValueError as error:
                return str(error)
            return None

        super().__init__(name, hint, check, value=value, required=required)
        self._parse = parse

    @property
    def value(self) -> Any:
        """What the text means."""
        return self._parse(self.text)


class KeyField(LineField):
    """A line for the key of a new record; an invalid key is reported at once."""

    @property
    def problem(self) -> str | None:
        """Why the key is missing or invalid; None if it is neither."""
        noun = f"{'an' if self.label.startswith('A') else 'a'} {self.label.lower()}"
        return find_key_fault(self.text, noun) if self.text else super().problem

    def note(self) -> str:
        """Return what is wrong with the key; empty to show the hint."""
        return (self.problem or super().note()) if self.text else ""


class TextField(TextInputField):
    """A text of several lines; Tab leaves it."""

    def __init__(
        self,
        name: str,
        hint: str,
        *,
        value: str = "",
        label: str = "",
        required: bool = False,
        limit: int = TEXT_LIMIT,
    ) -> None:
        super().__init__(name, hint, label=label, required=required)
        self._area = TextArea(
            value,
            compact=True,
            soft_wrap=True,
            tab_behavior="focus",
            highlight_cursor_line=False,
        )
        self._area.cursor_blink = False
        self.limit = limit

    def controls(self) -> ComposeResult:
        """Yield the text area."""
        yield self._area

    @property
    def text(self) -> str:
        """The text, without surrounding blanks."""
        return self._area.text.strip()

    @property
    def value(self) -> str:
        """The text, without surrounding blanks."""
        return self.text

    def insert(self, text: str) -> None:
        """Insert text at the cursor."""
        self._area.insert(text)

    @property
    def raw_value(self) -> str:
        """The text as typed."""
        return self._area.text

    def restore(self, raw_value: str) -> None:
        """Restore the text as typed, with the cursor at its end. Raises TypeError for anything but a text."""
        self._area.text = _text(raw_value)
        self._area.move_cursor(self._area.document.end)


def _text(raw_value: object) -> str:
    """Return a text from a draft. Raises TypeError, as a draft's file may hold anything."""
    if not isinstance(raw_value, str):
        raise TypeError(f"{type(raw_value).__name__} is not a text")
    return raw_value
