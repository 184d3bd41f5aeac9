"""Fields for a time or a day, as the operator types it: `9:15`, `20 min ago`, `fri 16:00`."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Callable
from datetime import date, datetime
from typing import ClassVar

from supportdesk.console.forms.text_fields import LineField
from supportdesk.tickets.direction import Direction
from supportdesk.tickets.time_input import (
    describe_day,
    describe_instant,
    parse_day,
    parse_instant,
)
from supportdesk.tickets.typed_text import TimeInputError


class TimeField(LineField):
    """Base of the fields parsed by `time_input`; the note shows the interpretation at once.

    Relative input is resolved when it is typed, not when it is sent, also when it is restored from a draft.
    """

    parsed_type: ClassVar[type[date]] = datetime
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
        """Why the time is missing or cannot be parsed; None if it is neither."""
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
        """Restore the line with its parsed value. Raises TypeError for a value of another field."""
        if isinstance(raw_value, str):
            super().restore(raw_value)
            return
        text, meant = raw_value
        if type(meant) is not self.parsed_type or (isinstance(meant, datetime) and meant.tzinfo is None):
            raise TypeError(f"{meant!r} is not a value of this field")
        super().restore(text)
        self._read = self.text, meant

    def parsed(self) -> datetime | date:
        """Return the parsed value. Raises TimeInputError."""
        if self._read is None or self._read[0] != self.text:
            self._read = self.text, self.parse()
        return self._read[1]

    @abstractmethod
    def parse(self) -> datetime | date:
        """Parse the text against the present time. Raises TimeInputError."""

    @abstractmethod
    def interpretation(self) -> str:
        """Return the parsed value in words."""


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


class ArrivalField(InstantField):
    """When a request arrived: never in the future."""

    @property
    def problem(self) -> str | None:
        """Why the time is missing, cannot be parsed, or has not come yet; None if it is valid."""
        problem = super().problem
        if problem is None and self.text and self.parsed() > self._now():
            return "it cannot have arrived in the future; check the time and its zone"
        return problem


class FutureInstantField(InstantField):
    """A time in the future unless its date is typed."""

    direction = Direction.FUTURE


class DayField(TimeField):
    """A day in the future unless its year is typed."""

    parsed_type = date

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
