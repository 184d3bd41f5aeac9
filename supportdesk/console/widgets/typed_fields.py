"""Fields in which one types: a line, a key, a text, a time, a day, a ticket's reference."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import date, datetime
from zoneinfo import ZoneInfo

from textual import on, work
from textual.app import ComposeResult
from textual.message import Message
from textual.widgets import Input, TextArea

from supportdesk.console.typed_time import NotUnderstoodError, understand
from supportdesk.console.widgets.field import Field
from supportdesk.door import DeskUnavailableError
from supportdesk.sla.words import MONTHS, WEEKDAYS, full_time, spoken
from supportdesk.tickets import reference
from supportdesk.tickets.command import LINE_LIMIT, TEXT_LIMIT
from supportdesk.tickets.details import fault_of_key

_SHORTEST_REFERENCE = len("CD4F7KA")
_MINUTE = 60
_DAY = 86_400


class TypedField(Field):
    """Base of all fields here. `limit` is how many characters the desk keeps."""

    limit: int

    @property
    def text(self) -> str:
        """What is typed, without blanks around it."""
        raise NotImplementedError

    @property
    def problem(self) -> str | None:
        """Only that it is missing."""
        return f"needed: {self.asks}" if self.required and not self.text else None

    def note(self) -> str:
        """How what is typed is understood; empty where there is nothing to say."""
        over = len(self.text) - self.limit
        return f"{over:,} characters too long: the desk keeps the first {self.limit:,}" if over > 0 else ""

    @on(Input.Changed)
    @on(TextArea.Changed)
    def _changed(self, event: Message) -> None:
        event.stop()
        note = self.note()
        self.say(note, wrong=bool(note) and self.problem is not None)
        self.post_message(self.Changed(self))


class LineField(TypedField):
    """One line of text."""

    def __init__(
        self,
        name: str,
        asks: str,
        *,
        value: str = "",
        label: str = "",
        required: bool = False,
        limit: int = LINE_LIMIT,
    ) -> None:
        super().__init__(name, asks, label=label, required=required)
        self._begin = value
        self._input = Input(compact=True, select_on_focus=False)
        self._input.cursor_blink = False
        self.limit = limit

    def controls(self) -> ComposeResult:
        """The line."""
        self._input.value = self._begin
        yield self._input

    @property
    def text(self) -> str:
        """What is typed, without blanks around it."""
        return self._input.value.strip()

    @property
    def value(self) -> str | date | None:
        """The line; a time or a day in the fields of that kind."""
        return self.text

    @property
    def typed(self) -> str:
        """The line as it was typed."""
        return self._input.value

    def offer(self) -> None:
        """Marks all of it: what is typed next takes its place."""
        self._input.action_select_all()

    def restore(self, typed: str) -> None:
        """Brings the line back."""
        self._input.value = _text(typed)

    def leave(self) -> None:
        """Says what is wrong with what is typed."""
        if self.text:
            self.complain()


class KeyField(LineField):
    """A line for the key of a new record; what cannot be one is said at once."""

    @property
    def problem(self) -> str | None:
        """That it is missing, or can be no key."""
        return fault_of_key(self.text) if self.text else super().problem

    def note(self) -> str:
        """What is wrong with it."""
        return (self.problem or super().note()) if self.text else ""


class TimeField(LineField):
    """Base of the fields for what `typed_time` understands; the note says at once how it is understood."""

    def __init__(
        self,
        name: str,
        asks: str,
        *,
        zone: str,
        now: Callable[[], datetime],
        value: str = "",
        label: str = "",
        required: bool = False,
    ) -> None:
        super().__init__(name, asks, value=value, label=label, required=required)
        self._zone = zone
        self._now = now

    @property
    def problem(self) -> str | None:
        """That it is missing, or no time."""
        if not self.text:
            return super().problem
        try:
            self.understood()
        except NotUnderstoodError as error:
            return str(error)
        return None

    def note(self) -> str:
        """What is understood, or what can be typed."""
        return (self.problem or self.told()) if self.text else ""

    def understood(self) -> datetime:
        """The instant that is meant. Raises NotUnderstoodError."""
        raise NotImplementedError

    def told(self) -> str:
        """What is understood, in full."""
        raise NotImplementedError


class InstantField(TimeField):
    """A time that has been, as people type it."""

    @property
    def value(self) -> datetime | None:
        """The instant in UTC; None while nothing is typed."""
        return self.understood() if self.text else None

    def understood(self) -> datetime:
        """The latest instant that the words can mean and that is not to come."""
        now = self._now()
        return understand(self.text, zone=self._zone, now=now, not_after=now)

    def told(self) -> str:
        """The instant, and how long ago that is."""
        at = self.understood()
        return f"{full_time(at, self._zone)}, {_distance(at, self._now())}"


class MomentField(InstantField):
    """A time that may be still to come."""

    def understood(self) -> datetime:
        """The instant that the words mean at their plainest."""
        return understand(self.text, zone=self._zone, now=self._now())


def _distance(at: datetime, now: datetime) -> str:
    seconds = int((now - at).total_seconds())
    away = abs(seconds)
    if away < _MINUTE:
        return "now"
    length = f"{away // _DAY} days" if away >= 2 * _DAY else spoken(away // _MINUTE * _MINUTE)
    return f"{length} ago" if seconds > 0 else f"in {length}"


class DayField(TimeField):
    """A day, as people type it."""

    @property
    def value(self) -> date | None:
        """The day in the time zone of what is typed; None while nothing is typed."""
        return self.understood().astimezone(ZoneInfo(self._zone)).date() if self.text else None

    def understood(self) -> datetime:
        """Its midnight, or a time of that day."""
        return understand(self.text, zone=self._zone, now=self._now())

    def told(self) -> str:
        """The day with its year."""
        day = self.value
        assert day is not None
        return f"{WEEKDAYS[day.weekday()]} {day.day} {MONTHS[day.month - 1]} {day.year}"


class TicketField(LineField):
    """A ticket's reference: a slip is said at once, and which ticket it is as soon as it is found.

    `look_up` gives what to say of the ticket with a reference; it blocks, and raises LookupError for an unknown one.
    """

    def __init__(
        self,
        name: str,
        asks: str,
        *,
        look_up: Callable[[str], str],
        value: str = "",
        label: str = "",
        required: bool = False,
    ) -> None:
        super().__init__(name, asks, value=value, label=label, required=required)
        self._look_up = look_up

    @property
    def value(self) -> str:
        """The reference as it is written."""
        return reference.parse(self.text) if self.text else ""

    @property
    def problem(self) -> str | None:
        """That it is missing, or no reference."""
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
            self._tell(self.value)

    def note(self) -> str:
        """What is wrong with it, as soon as it is long enough to be one."""
        return (self.problem or "") if len(self.text) >= _SHORTEST_REFERENCE else ""

    @work(group="look up", exclusive=True)
    async def _tell(self, ref: str) -> None:
        try:
            told = await asyncio.to_thread(self._look_up, ref)
        except LookupError:
            self.say(f"no ticket has the reference {ref}", wrong=True)
            return
        except DeskUnavailableError as error:
            self.say(str(error), wrong=True)
            return
        if self.problem is None and self.value == ref:
            self.say(told)


class TextField(TypedField):
    """A text of many lines; Tab leaves it."""

    def __init__(
        self,
        name: str,
        asks: str,
        *,
        value: str = "",
        label: str = "",
        required: bool = False,
        limit: int = TEXT_LIMIT,
    ) -> None:
        super().__init__(name, asks, label=label, required=required)
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
        """The text without blank lines around it."""
        return self._area.text.strip()

    @property
    def value(self) -> str:
        """The text."""
        return self.text

    @property
    def typed(self) -> str:
        """The text as it was typed."""
        return self._area.text

    def restore(self, typed: str) -> None:
        """Brings the text back, with the cursor at its end."""
        self._area.text = _text(typed)
        self._area.move_cursor(self._area.document.end)


def _text(typed: object) -> str:
    """What was typed, which may come from a file."""
    if not isinstance(typed, str):
        raise TypeError(f"{type(typed).__name__} is no text")
    return typed
