"""Everything that a typed day and time of day can mean, before the present decides between the readings.

Durations, such as `2 h` or `20 min ago`, are not among them: `time_input` reads those first, with `durations`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

import msgspec

from supportdesk.tickets.day_grammar import CalendarDay, Day, DayOfWeek, ImpossibleTimeError, parse_days
from supportdesk.tickets.time_of_day import TimeForm, TimeOfDay, parse_time

_NOISE = frozenset({"at", "on", "of", "the"})


class Reading(msgspec.Struct, frozen=True):
    """One meaning of a text: a day, a time of day, or both."""

    day: Day | None
    time: TimeOfDay | None


def find_readings(words: str, this_year: int) -> tuple[list[Reading], list[str]]:
    """Return all meanings of plain words, each once, and the faults of those that no calendar or clock has."""
    tokens = [word for word in _separate_words(words).split() if word not in _NOISE]
    found: dict[Reading, None] = {}
    faults: dict[str, None] = {}
    for day_words, time_words in _split_day_and_time(tokens):
        try:
            days = list(parse_days(day_words, this_year)) if day_words else [None]
            time = parse_time(time_words) if time_words else None
        except ImpossibleTimeError as fault:
            faults[str(fault)] = None
            continue
        if time_words and time is None:
            continue
        for day in days:
            conflict = _find_conflict(day, time)
            if conflict is None:
                found[Reading(day, time)] = None
            elif conflict:
                faults[conflict] = None
    return list(found), list(faults)


def _separate_words(words: str) -> str:
    """Return the words with blanks for the T of ISO 8601, and for commas that are not in a fraction of a second."""
    words = re.sub(r"(?<=\d)t(?=\d)", " ", words)
    return re.sub(r",(?!\d)|(?<!:\d\d),", " ", words)


def _split_day_and_time(tokens: list[str]) -> Iterator[tuple[str, str]]:
    """Yield the words of a day and those of a time: all in one of them, or both in either order."""
    if not tokens:
        return
    yield " ".join(tokens), ""
    yield "", " ".join(tokens)
    for at in range(1, len(tokens)):
        before, after = " ".join(tokens[:at]), " ".join(tokens[at:])
        yield before, after
        yield after, before


def _find_conflict(day: Day | None, time: TimeOfDay | None) -> str | None:
    """Return why a day and a time do not fit together, empty where nobody means that; None where they do."""
    if time is None:
        return None
    if time.zone.startswith("-") and not (isinstance(day, CalendarDay) and day.year is not None):
        return f"{time.zone[1:]} can be read as a second time or as an offset; type one time, or a whole date before it"
    if time.form is TimeForm.CLOCK:
        return None
    if day is None:
        return "" if time.form is TimeForm.SECONDS else None
    if isinstance(day, DayOfWeek) and time.form is TimeForm.HOUR:
        return f"{time.hour} can be read as {time.hour:02}:00 or as a day of the month"
    # `24 Nov 2026` names a year and not 20:26.
    return "" if isinstance(day, CalendarDay) and day.year is None and time.may_be_year else None
