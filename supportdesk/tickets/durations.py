"""Reads durations that people type: `2 h`, `45m`, `20 minutes`, `1h30`, `1 h 47 min`, `1.5 h`, `2 days`, `1:30`."""

from __future__ import annotations

import re
from datetime import timedelta
from decimal import Decimal

import msgspec

from supportdesk.tickets.typed_text import TimeInputError, plain_words, quoted

SECONDS = {"w": 604_800, "d": 86_400, "h": 3_600, "m": 60, "s": 1}
"""The length of each unit in seconds, by the letter with which every spelling of it begins."""

_UNIT = r"(?P<unit>w(?:(?:ee)?ks?)?|d(?:ays?)?|h(?:(?:ou)?rs?)?|m(?:in(?:ute)?s?)?|s(?:ec(?:ond)?s?)?)(?![a-z])\.?"
_PART = re.compile(rf"(?P<count>\d{{1,6}}(?:[.,]\d{{1,2}})?|an?(?= ))\s*{_UNIT}[\s,]*(?:and\s+)?")
_LONG_PART = re.compile(rf"(?<![\d.,])\d{{7,}}(?:[.,]\d+)?\s*{_UNIT}")
_LEFT_OVER_MINUTES = re.compile(r"(\d{1,2})$")
_CLOCK = re.compile(r"(\d{1,6}):([0-5]\d)(?::([0-5]\d))?")
_UNEQUAL = re.compile(r"\d\s*(months?|mths?|mo|years?|yrs?|y)\b")
_BARE = re.compile(r"\d{1,9}")


class TypedDuration(msgspec.Struct, frozen=True):
    """A duration as typed: whole `days` of the calendar, and `seconds` by the clock."""

    days: int
    seconds: int

    @property
    def length(self) -> timedelta:
        """The duration with every day as 24 hours."""
        return timedelta(days=self.days, seconds=self.seconds)


def parse_duration(text: str, *, unit: str = "", example: str = "1 h 30 min") -> int:
    """Return a typed duration in seconds; a day has 24 hours.

    `unit` is the letter of the unit for a bare number; without one a bare number is refused. `1:30` is 1 hour 30
    minutes, as timers show it. Raises TimeInputError.
    """
    words = plain_words(text)
    found = _CLOCK.fullmatch(words)
    if found is not None:
        hours, minutes, seconds = (int(part or 0) for part in found.groups())
        return hours * 3_600 + minutes * 60 + seconds
    if _BARE.fullmatch(words):
        if not unit:
            raise TimeInputError(f"{quoted(text)} has no unit: hours or minutes? Type {example}")
        return int(words) * SECONDS[unit]
    span = read_span(words)
    if span is None:
        raise TimeInputError(f"{quoted(text)} is not a duration; type {example}")
    return int(span.length.total_seconds())


def read_span(words: str) -> TypedDuration | None:
    """Return the duration that words with units mean; None where they are not a duration.

    Raises TimeInputError for a unit without a fixed length, for a unit that is named twice, and for a count of seven
    digits or more.
    """
    if _LONG_PART.search(words):
        raise TimeInputError(f"{quoted(words)} is too long a time; at most 999,999 of a unit can be typed")
    if _UNEQUAL.search(words) and not re.search(r"[^\w\s.,]", words):
        raise TimeInputError(f"{quoted(words)} has no fixed length; type weeks or days")
    rest, counts = words, dict[str, Decimal]()
    while found := _PART.match(rest):
        letter, count = found["unit"][0], found["count"].replace(",", ".")
        if letter in counts:
            raise TimeInputError(f"{quoted(words)} names the same unit twice; type 1 h 30 min")
        counts[letter] = Decimal(1) if count in ("a", "an") else Decimal(count)
        rest = rest[found.end() :]
        minutes = _LEFT_OVER_MINUTES.fullmatch(rest)
        if letter == "h" and minutes is not None and "." not in count and int(minutes[1]) < 60:
            return _span({**counts, "m": Decimal(minutes[1])}, words)
    return _span(counts, words) if counts and not rest.strip() else None


def _span(counts: dict[str, Decimal], words: str) -> TypedDuration:
    days = counts.pop("w", Decimal(0)) * 7 + counts.pop("d", Decimal(0))
    whole = int(days)
    seconds = (days - whole) * SECONDS["d"] + sum(count * SECONDS[unit] for unit, count in counts.items())
    if seconds != int(seconds):
        raise TimeInputError(f"{quoted(words)} is not a whole number of seconds; type 1 h 30 min")
    return TypedDuration(whole, int(seconds))
