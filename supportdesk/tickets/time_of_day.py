"""The shapes of a typed time of day: `9:15`, `9.15 pm`, `0915`, `09:15 +01:00`, `noon`."""

from __future__ import annotations

import re
from datetime import UTC, timedelta, timezone
from enum import Enum

import msgspec

from supportdesk.sla.opening_hours import FIRST_YEAR, LAST_YEAR
from supportdesk.tickets.day_grammar import MONTH, WEEKDAY, ImpossibleTimeError

_HALF = r"(?P<half>[ap])\.?m\.?"
_NO_ZONE = rf"(?!(?:today|{WEEKDAY}|{MONTH})(?![a-z]))".replace("?P<weekday>", "?:").replace(
    "?P<month>", "?:"
)
_ZONE = (
    rf"(?:\s*(?P<zone>{_NO_ZONE}[a-z]{{1,5}}(?:\s?[+-]\d{{1,2}}(?::?\d{{2}})?)?|[+-]\d{{2}}(?::?\d{{2}})?))"
)
_CLOCK = re.compile(
    r"(?P<hour>\d{1,2})(?P<sep>[:.])(?P<minute>\d{1,2})(?:(?P=sep)(?P<second>\d{2})(?:[.,]\d{1,9})?)?"
    rf"(?:\s*{_HALF}(?![a-z]))?{_ZONE}?"
)
_HOUR = re.compile(rf"(?P<hour>\d{{1,2}})(?:\s*{_HALF}(?![a-z]){_ZONE}?)?")
_COMPACT = re.compile(rf"(?P<hour>\d{{1,2}})(?P<minute>\d{{2}})(?P<second>\d{{2}})?{_ZONE}?")
_OFFSET = re.compile(r"(?:utc|gmt)?(?P<sign>[+-])(?P<hours>\d{1,2}):?(?P<minutes>\d{2})?")
_OFFSETS, _OFFSET_MINUTES = (-12, 14), (0, 30, 45)
"""Hours and minutes by which zones are away from UTC."""

_FIXED = {"noon": 12, "midday": 12}


class TimeForm(Enum):
    """How a time was typed."""

    CLOCK = "9:15"
    HOUR = "9"
    COMPACT = "0915"
    SECONDS = "091500"


class TimeOfDay(msgspec.Struct, frozen=True):
    """A wall-clock time in the zone that was typed, empty if none was. `form` is how it was typed."""

    hour: int
    minute: int = 0
    second: int = 0
    zone: str = ""
    form: TimeForm = TimeForm.CLOCK

    @property
    def may_be_year(self) -> bool:
        """Whether `2030` may be half past eight or the year."""
        return self.form is TimeForm.COMPACT and FIRST_YEAR <= self.hour * 100 + self.minute <= LAST_YEAR


def parse_time(words: str) -> TimeOfDay | None:
    """Return the time of day that plain words are; None for other shapes. Raises FaultError."""
    if words in _FIXED:
        return TimeOfDay(_FIXED[words])
    if words == "midnight":
        raise ImpossibleTimeError(
            "midnight begins one day and ends another: type 00:00 with the day that it begins"
        )
    found = _CLOCK.fullmatch(words)
    if found is not None:
        if len(found["minute"]) == 1:
            raise ImpossibleTimeError("minutes have two digits")
        return _at(found, found["minute"], found["second"], found["half"], TimeForm.CLOCK)
    found = _HOUR.fullmatch(words)
    if found is not None:
        return _at(found, "0", None, found["half"], TimeForm.CLOCK if found["half"] else TimeForm.HOUR)
    found = _COMPACT.fullmatch(words)
    if found is not None:
        form = TimeForm.SECONDS if found["second"] else TimeForm.COMPACT
        return _at(found, found["minute"], found["second"], None, form)
    return None


def _at(found: re.Match[str], minute: str, second: str | None, half: str | None, form: TimeForm) -> TimeOfDay:
    hours, minutes, seconds = int(found["hour"]), int(minute), int(second or 0)
    if half:
        if not 1 <= hours <= 12:
            raise ImpossibleTimeError(f"there is no {hours} {half}m")
        hours = hours % 12 + (12 if half == "p" else 0)
    if hours > 23:
        raise ImpossibleTimeError(f"there is no hour {hours}: hours run from 0 to 23")
    if minutes > 59 or seconds > 59:
        unit, count = ("minute", minutes) if minutes > 59 else ("second", seconds)
        raise ImpossibleTimeError(f"there is no {unit} {count}: {unit}s run from 0 to 59")
    return TimeOfDay(hours, minutes, seconds, (found["zone"] or "").replace(" ", ""), form)


def parse_offset(zone: str) -> timezone | None:
    """Return the offset of a typed zone, such as `z`, `gmt` or `+01:00`; None for a name. Raises FaultError."""
    if zone in ("z", "utc", "gmt"):
        return UTC
    found = _OFFSET.fullmatch(zone)
    if found is None:
        return None
    hours, minutes = int(found["hours"]), int(found["minutes"] or 0)
    least, most = _OFFSETS
    if minutes not in _OFFSET_MINUTES or not least <= (hours if found["sign"] == "+" else -hours) <= most:
        raise ImpossibleTimeError(f"there is no offset {zone}")
    length = timedelta(hours=hours, minutes=minutes)
    return timezone(-length if found["sign"] == "-" else length)
