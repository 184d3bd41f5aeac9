"""Fields for typed input: a line, a key, a text, a time, a day, a ticket's reference."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import date, datetime
from typing import Any, ClassVar

from textual import on, work
from textual.app import ComposeResult
from textual.message import Message
from textual.widgets import Input, TextArea

from supportdesk.console.forms.field import Field
from supportdesk.console.widgets.line_input import LineInput
from supportdesk.desk_api import DeskUnavailableError
from supportdesk.tickets import reference
from supportdesk.tickets.command import LINE_LIMIT, TEXT_LIMIT
from supportdesk.tickets.durations import TimeInputError
from supportdesk.tickets.record_fields import find_key_fault
from supportdesk.tickets.time_input import (
    Direction,
    describe_day,
    describe_instant,
    parse_day,
    parse_instant,
)

_SHORTEST_REFERENCE = len("CD4F7KA")


class TextInputField(Field):
    """Base of the typed fields. `limit` is the number of characters that are saved."""

    limit: int

    @property
    def text(self) -> str:
        """The text, without surrounding blanks."""
        raise NotImplementedError

    @property
    def is_typed_in(self) -> bool:
        """Always true: letters are text."""
        return True

    @property
    def holds_text(self) -> bool:
        """Always."""
        return True

    @property
    def is_blank(self) -> bool:
        """Whether nothing is typed."""
        return not self.text

    @property
    def problem(self) -> str | None:
        """That the text is missing, in a required field."""
        return f"needed: {self.hint}" if self.required and not self.text else None

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
        self._begin = value
        self._input = LineInput(compact=True, select_on_focus=False)
        self._input.cursor_blink = False
        self.limit = limit

    def controls(self) -> ComposeResult:
        """The line."""
        self._input.value = self._begin
        yield self._input

    @property
    def text(self) -> str:
        """The text, without surrounding blanks."""
        return self._input.value.strip()

    @property
    def value(self) -> str | date | None:
        """The line; a datetime or date in the fields for those."""
        return self.text

    @property
    def raw_value(self) -> Any:
        """The line as typed."""
        return self._input.value

    def insert(self, text: str) -> None:
        """Insert text at the cursor."""
        self._input.insert_text_at_cursor(text)

    def offer(self) -> None:
        """Select the whole line, so that the next key replaces it."""
        self._input.action_select_all()

    def restore(self, raw_value: str) -> None:
        """Restore the line."""
        self._input.value = _text(raw_value)

    def finish(self) -> None:
        """Show what is wrong with the line."""
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
        """That the line is missing or invalid."""
        if not self.text or self.text == self._begin.strip():
            return super().problem
        return self._check(self.text)

    def note(self) -> str:
        """Return nothing while it is typed: an incomplete value is always invalid."""
        return ""


class KeyField(LineField):
    """A line for the key of a new record; an invalid key is reported at once."""

    @property
    def problem(self) -> str | None:
        """That the key is missing or invalid."""
        return find_key_fault(self.text) if self.text else super().problem

    def note(self) -> str:
        """What is wrong with it."""
        return (self.problem or super().note()) if self.text else ""


class TimeField(LineField):
    """Base of the fields parsed by `time_input`; the note shows the interpretation at once.

    Relative input is resolved when it is typed, not when it is sent, also when it is restored from a draft.
    """

    kind: ClassVar[type[date]] = datetime
    _read: tuple[str, datetime | date] | None = None

    def __init__(
        self,
        name: str,
        hint: str,
        *,
        zone: str,
        now: Callable[[], datetime],
        value: str = "",
        label: str = "",
        required: bool = False,
    ) -> None:
        super().__init__(name, hint, value=value, label=label, required=required)
        self._zone = zone
        self._now = now

    @property
    def problem(self) -> str | None:
        """That the time is missing or cannot be parsed."""
        if not self.text:
            return super().problem
        try:
            self.parsed()
        except TimeInputError as error:
            return str(error)
        return None

    def note(self) -> str:
        """Return the interpretation, or the problem."""
        return (self.problem or self.interpretation()) if self.text else ""

    @property
    def raw_value(self) -> str | tuple[str, datetime | date]:
        """The line as typed, with the parsed value if there is one."""
        if not self.text or self.problem is not None:
            return self._input.value
        return self._input.value, self.parsed()

    def restore(self, raw_value: str | tuple[str, datetime | date]) -> None:
        """Restore the line with its parsed value."""
        if isinstance(raw_value, str):
            super().restore(raw_value)
            return
        text, meant = raw_value
        if type(meant) is not self.kind or (isinstance(meant, datetime) and meant.tzinfo is None):
            raise TypeError(f"{meant!r} is not a value of this field")
        super().restore(text)
        self._read = self.text, meant

    def parsed(self) -> datetime | date:
        """Return the parsed value. Raises TimeInputError."""
        if self._read is None or self._read[0] != self.text:
            self._read = self.text, self.parse()
        return self._read[1]

    def parse(self) -> datetime | date:
        """Parse the text against the present time. Raises TimeInputError."""
        raise NotImplementedError

    def interpretation(self) -> str:
        """Return the parsed value in words."""
        raise NotImplementedError


class InstantField(TimeField):
    """A date and time; `direction` is whether it lies in the past or in the future."""

    direction = Direction.PAST

    @property
    def value(self) -> datetime | None:
        """The instant in UTC; None for an empty field."""
        return self.parsed() if self.text else None

    def parsed(self) -> datetime:
        """Return the instant in UTC. Raises TimeInputError."""
        at = super().parsed()
        assert isinstance(at, datetime)
        return at

    def parse(self) -> datetime:
        """Parse the text as an instant in UTC. Raises TimeInputError."""
        return parse_instant(self.text, zone=self._zone, now=self._now(), direction=self.direction)

    def interpretation(self) -> str:
        """Return the instant in words, with its distance from now."""
        return describe_instant(self.parsed(), self._zone, self._now())


class FutureInstantField(InstantField):
    """A time in the future unless its date is typed."""

    direction = Direction.FUTURE


class DayField(TimeField):
    """A day in the future unless its year is typed."""

    kind = date

    @property
    def value(self) -> date | None:
        """The day in the desk's time zone; None for an empty field."""
        return self.parsed() if self.text else None

    def parse(self) -> date:
        """Parse the text as a day. Raises TimeInputError."""
        return parse_day(self.text, zone=self._zone, now=self._now(), direction=Direction.FUTURE)

    def interpretation(self) -> str:
        """Return the day in words, with its year."""
        return describe_day(self.parsed())


class TicketField(LineField):
    """A ticket's reference: a typing error is reported at once, and the note shows the ticket once it is found.

    `look_up` returns the note for a reference; it blocks, and raises LookupError for an unknown one.
    """

    def __init__(
        self,
        name: str,
        hint: str,
        *,
        look_up: Callable[[str], str],
        value: str = "",
        label: str = "",
        required: bool = False,
    ) -> None:
        super().__init__(name, hint, value=value, label=label, required=required)
        self._look_up = look_up

    @property
    def value(self) -> str:
        """The reference in its written form; empty for none."""
        return reference.parse(self.text) if self.text else ""

    @property
    def problem(self) -> str | None:
        """That the reference is missing or invalid."""
        if not self.text:
            return super().problem
        try:
            reference.parse(self.text)
        except reference.BadReferenceError as error:
            return str(error)
        return None

    @on(Input.Changed)
    def _look(self) -> None:
        if self.text and self.problem is None:
            self._show_ticket(self.value)

    def note(self) -> str:
        """Return what is wrong with the reference, once it is long enough."""
        return (self.problem or "") if len(self.text) >= _SHORTEST_REFERENCE else ""

    @work(group="look up", exclusive=True)
    async def _show_ticket(self, ref: str) -> None:
        try:
            interpretation = await asyncio.to_thread(self._look_up, ref)
        except LookupError:
            self.set_note(f"no ticket has the reference {ref}", wrong=True)
            return
        except DeskUnavailableError as error:
            self.set_note(str(error), wrong=True)
            return
        if self.problem is None and self.value == ref:
            self.set_note(interpretation)


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
        """The text."""
        yield self._area

    @property
    def text(self) -> str:
        """The text, without surrounding blanks."""
        return self._area.text.strip()

    @property
    def value(self) -> str:
        """The text."""
        return self.text

    def insert(self, text: str) -> None:
        """Insert text at the cursor."""
        self._area.insert(text)

    @property
    def raw_value(self) -> str:
        """The text as typed."""
        return self._area.text

    def restore(self, raw_value: str) -> None:
        """Restore the text, with the cursor at its end."""
        self._area.text = _text(raw_value)
        self._area.move_cursor(self._area.document.end)


def _text(raw_value: object) -> str:
    """Return a text from a draft. Raises TypeError, as a draft's file may hold anything."""
    if not isinstance(raw_value, str):
        raise TypeError(f"{type(raw_value).__name__} is not a text")
    return raw_value
