"""Parses dates and times in a filter: `>2026-11-20`, `<="24 nov 9:15"`, `yesterday`, in the operator's time zone."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from typing import TypeVar
from zoneinfo import ZoneInfo

from supportdesk.console.queue.filter.errors import BadValueError
from supportdesk.console.queue.filter.predicates import Between, Instant
from supportdesk.console.queue.filter.values import Value
from supportdesk.console.queue.filter.vocabulary import Vocabulary
from supportdesk.sla.clocks import epoch
from supportdesk.tickets.direction import Direction
from supportdesk.tickets.durations import read_span
from supportdesk.tickets.time_input import (
    DAY_EXAMPLES,
    describe_day,
    describe_instant,
    parse_day,
    parse_instant,
)
from supportdesk.tickets.typed_text import AmbiguousTimeError, TimeInputError

DateOrTime = TypeVar("DateOrTime", date, datetime)

_COMPARED = re.compile(r"(<=|>=|<|>|=|)(.*)", re.DOTALL)
_CANONICAL = re.compile(r"(<=|>=|<|>|)(\d{4}-\d\d-\d\d)(?:t(\d\d:\d\d:\d\d)z)?")
_BARE_NUMBER = re.compile(r"\d{1,2}", re.ASCII)
_MINUTE = 60
_NEAR = timedelta(days=120)
"""How far ahead a date without a year may be, before the one that has passed is meant."""

_EXAMPLES = {
    Direction.PAST: 'type yesterday, 20/11 or "20 Nov 2026"',
    Direction.FUTURE: 'type tomorrow, 24/11 or "24 Nov 2026"',
}
"""Dates that can be typed in a filter, where a date of several words needs quotes."""

_PREPOSITIONS = {"": "on", "<": "before", "<=": "until", ">": "after", ">=": "from"}


def canonical_date(value: Value, vocabulary: Vocabulary, direction: str) -> Value:
    """Return a date or a time as an absolute value, which means the same later. Raises BadValueError.

    An incomplete date is the nearest one in the past or the future, as `direction` says; of `future`, it is the past
    one where that is near and the next is far: overdue tickets are due on it.
    """
    if _CANONICAL.fullmatch(value.text):
        _bounds(value, vocabulary)
        return value
    found = _COMPARED.fullmatch(value.text)
    assert found is not None, "the comparison may be missing"
    compared, text = found[1].replace("=", "") if found[1] == "=" else found[1], found[2]
    zone, now, where = vocabulary.zone, vocabulary.now(), Direction(direction)
    if _BARE_NUMBER.fullmatch(text):
        raise BadValueError(f"{text} is not a whole date; {_EXAMPLES[where]}")
    try:
        if read_span(text) is not None:
            raise BadValueError(f"{text} is a duration; for a date type 2026-11-20, yesterday or 20/11/2026")
        try:
            return Value(f"{compared}{_day(text, zone, now, where).isoformat()}")
        except TimeInputError as no_day:
            at = _instant(text, no_day, zone, now, where)
            return Value(f"{compared}{at.astimezone(UTC):%Y-%m-%dt%H:%M:%Sz}")
    except TimeInputError as error:
        raise BadValueError(str(error).replace(DAY_EXAMPLES, _EXAMPLES[where])) from None


def _day(text: str, zone: str, now: datetime, direction: Direction) -> date:
    today = now.astimezone(ZoneInfo(zone)).date()

    def read(side: Direction) -> date:
        return parse_day(text, zone=zone, now=now, direction=side)

    return _nearer(read, direction, lambda day: day - today)


def _instant(text: str, no_day: TimeInputError, zone: str, now: datetime, direction: Direction) -> datetime:
    def read(side: Direction) -> datetime:
        return parse_instant(text, zone=zone, now=now, direction=side)

    try:
        return _nearer(read, direction, lambda at: at - now)
    except TimeInputError:
        raise no_day from None


def _nearer(
    read: Callable[[Direction], DateOrTime], direction: Direction, ahead: Callable[[DateOrTime], timedelta]
) -> DateOrTime:
    """Return the reading in a direction; of the future, the past one where that is near and the next is far."""
    try:
        found = read(direction)
        if direction is Direction.PAST or ahead(found) <= _NEAR:
            return found
    except AmbiguousTimeError:
        passed = read(Direction.PAST)
        if direction is Direction.FUTURE and -ahead(passed) <= _NEAR:
            return passed
        raise
    passed = read(Direction.PAST)
    return passed if -ahead(passed) <= _NEAR else found


def between(instant: Instant, value: Value, vocabulary: Vocabulary) -> Between:
    """Return the condition that an instant lies in the range of a canonical value."""
    compared, first, end = _bounds(value, vocabulary)
    return Between(
        instant,
        {"<": None, "<=": None, ">": end}.get(compared, first),
        {"<": first, ">": None, ">=": None}.get(compared, end),
    )


def describe_date(value: Value, vocabulary: Vocabulary) -> str:
    """Return a canonical value in words: `after Fri 20 Nov 2026`."""
    found = _CANONICAL.fullmatch(value.text)
    assert found is not None, "a canonical value"
    if found[3] is None:
        return f"{_PREPOSITIONS[found[1]]} {describe_day(date.fromisoformat(found[2]))}"
    at = datetime.fromisoformat(f"{found[2]}T{found[3]}+00:00")
    return f"{_PREPOSITIONS[found[1]]} {describe_instant(at, vocabulary.zone, vocabulary.now())}"


def _bounds(value: Value, vocabulary: Vocabulary) -> tuple[str, int, int]:
    """Return the comparison, and the day or minute as epoch seconds: its first, and the first after it."""
    found = _CANONICAL.fullmatch(value.text)
    assert found is not None, "a canonical value"
    try:
        if found[3] is not None:
            at = datetime.fromisoformat(f"{found[2]}T{found[3]}+00:00")
            return found[1], epoch(at), epoch(at) + (1 if at.second else _MINUTE)
        day = date.fromisoformat(found[2])
        zone = ZoneInfo(vocabulary.zone)
        first, after = (datetime.combine(each, time(), zone) for each in (day, day + timedelta(days=1)))
        return found[1], epoch(first), epoch(after)
    except (ValueError, OverflowError) as error:
        raise BadValueError(f"{found[2]} is not a date; type 2026-11-20, yesterday or 20/11/2026") from error
