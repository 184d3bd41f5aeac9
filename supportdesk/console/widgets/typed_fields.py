"""Fields in which one types: a line, a text, a time, a day, a ticket's reference."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import date, datetime

from textual import on, work
from textual.app import ComposeResult
from textual.content import Content
from textual.widgets import Input, TextArea

from supportdesk.console.typed_time import NotUnderstoodError, understand
from supportdesk.console.widgets.field import Field
from supportdesk.door import DeskUnavailableError
from supportdesk.sla.words import full_time, spoken
from supportdesk.tickets.command import LINE_LIMIT, TEXT_LIMIT

_MINUTE = 60
_DAY = 86_400


class LineField(Field):
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
    def problem(self) -> str | None:
        """Only that it is missing."""
        return f"needed: {self.asks}" if self.required and not self.text else None

    @property
    def typed(self) -> str:
        """The line as it was typed."""
        return self._input.value

    def restore(self, typed: str) -> None:
        """Brings the line back."""
        self._input.value = typed

    def note(self) -> Content | str:
        """How what is typed is understood; empty where there is nothing to say."""
        over = len(self.text) - self.limit
        return f"{over:,} characters too long: the desk keeps the first {self.limit:,}" if over > 0 else ""

    @on(Input.Changed)
    def _changed(self, event: Input.Changed) -> None:
        event.stop()
        self.say(self.note())
        self.post_message(self.Changed(self))


class InstantField(LineField):
    """A time as people type it; the note says at once how it is understood. Empty means `empty`."""

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
        empty: str = "",
    ) -> None:
        super().__init__(name, asks, value=value, label=label, required=required)
        self._zone = zone
        self._now = now
        self._empty = empty

    @property
    def value(self) -> datetime | None:
        """The instant in UTC; None while nothing is typed."""
        return self._understood() if self.text else None

    @property
    def problem(self) -> str | None:
        """That it is missing, or no time."""
        if not self.text:
            return super().problem
        try:
            self._understood()
        except NotUnderstoodError as error:
            return str(error)
        return None

    def note(self) -> Content | str:
        """The instant in full, and how long ago that is."""
        if not self.text:
            return self._empty
        try:
            at = self._understood()
        except NotUnderstoodError as error:
            return str(error)
        return f"{full_time(at, self._zone)}, {_distance(at, self._now())}"

    def _understood(self) -> datetime:
        now = self._now()
        return understand(self.text, zone=self._zone, now=now, not_after=now)


def _distance(at: datetime, now: datetime) -> str:
    seconds = int((now - at).total_seconds())
    away = abs(seconds)
    if away < _MINUTE:
        return "now"
    length = f"{away // _DAY} days" if away >= 2 * _DAY else spoken(away // _MINUTE * _MINUTE)
    return f"{length} ago" if seconds > 0 else f"in {length}"


class DayField(InstantField):
    """A day as people type it."""

    @property
    def value(self) -> date | None:  # type: ignore[override]
        """The day in the policy's time zone; None while nothing is typed."""
        from zoneinfo import ZoneInfo

        return self._understood().astimezone(ZoneInfo(self._zone)).date() if self.text else None

    def _understood(self) -> datetime:
        return understand(self.text, zone=self._zone, now=self._now())


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
        from supportdesk.tickets.reference import parse

        return parse(self.text) if self.text else ""

    @property
    def problem(self) -> str | None:
        """That it is missing, or no reference."""
        from supportdesk.tickets.reference import BadReferenceError

        if not self.text:
            return super().problem
        try:
            return None if self.value else ""
        except BadReferenceError as error:
            return str(error)

    @on(Input.Changed)
    def _look(self) -> None:
        if self.text and self.problem is None:
            self._tell(self.value)

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


class TextField(Field):
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
    def value(self) -> str:
        """The text without blank lines around it."""
        return self._area.text.strip()

    @property
    def problem(self) -> str | None:
        """Only that it is missing."""
        return f"needed: {self.asks}" if self.required and not self.value else None

    @property
    def typed(self) -> str:
        """The text as it was typed."""
        return self._area.text

    def restore(self, typed: str) -> None:
        """Brings the text back, with the cursor at its end."""
        self._area.text = typed
        self._area.move_cursor(self._area.document.end)

    @on(TextArea.Changed)
    def _changed(self, event: TextArea.Changed) -> None:
        event.stop()
        over = len(self.value) - self.limit
        self.say(f"{over:,} characters too long: the desk keeps the first {self.limit:,}" if over > 0 else "")
        self.post_message(self.Changed(self))
