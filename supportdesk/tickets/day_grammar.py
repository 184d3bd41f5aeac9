"""The shapes of typed days and months: ISO dates, `24/11/2026`, `24 Nov`, `last fri`, `tomorrow`.

A date with its year first is ISO 8601, in any width. Otherwise the day comes first. What has the shape of a date and
cannot be one, such as 31 February, is a fault and never another date.
"""

from __future__ import annotations

import calendar
import re
from collections.abc import Callable, Iterator
from datetime import date

import msgspec

from supportdesk.sla.formatting import MONTHS, WEEKDAYS
from supportdesk.sla.opening_hours import FIRST_YEAR, LAST_YEAR
from supportdesk.tickets.typed_text import quoted

_DAYS_AWAY = {"today": 0, "yesterday": -1, "tomorrow": 1}
_CENTURY_TURNS = 90
"""Years of two digits are from 1990 to 2089."""

WEEKDAY = r"(?P<weekday>mon|tue|wed|thu|fri|sat|sun)(?:day|s|sday|nesday|r|rs|rsday|urday)?"
MONTH = (
    r"(?P<month>jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?"
    r"|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\.?"
)
_DAY = r"(?P<day>\d{1,2})(?:st|nd|rd|th)?"
_SEP = r"[-/. ]?"

_WITH_WEEKDAY = re.compile(rf"{WEEKDAY}[. ]+(?P<rest>.*\d.*)")
_ONLY_WEEKDAY = re.compile(rf"(?:(?P<which>last|next|this) )?{WEEKDAY}\.?")
_YEAR_FIRST = re.compile(r"(?P<year>\d{4})(?P<sep>[-/. ])(?P<month>\d{1,2})(?P=sep)(?P<day>\d{1,2})")
_DAY_FIRST = re.compile(r"(?P<day>\d{1,2})(?P<sep>[-/. ])(?P<month>\d{1,2})(?P=sep)(?P<year>\d{4}|\d{2})")
_NO_YEAR = re.compile(r"(?P<day>\d{1,2})(?P<sep>[-/.])(?P<month>\d{1,2})\.?")
_EIGHT_DIGITS = re.compile(r"\d{8}")
_WEEK = re.compile(r"(?P<year>\d{4})-?w(?P<week>\d{2})-?(?P<day>\d)")
_ORDINAL = re.compile(r"(?P<year>\d{4})-(?P<day>\d{3})")
_NAMED = (
    re.compile(rf"{_DAY}{_SEP}{MONTH}(?:[-/. ]+(?P<year>\d{{4}}|\d{{2}}))?"),
    re.compile(rf"{_DAY}{_SEP}{MONTH}(?P<year>\d{{4}})"),
    re.compile(rf"{MONTH}{_SEP}{_DAY}(?:[-/. ]+(?P<year>\d{{4}}))?"),
    re.compile(rf"(?P<year>\d{{4}}){_SEP}{MONTH}{_SEP}{_DAY}"),
)
_ONLY_MONTH = re.compile(rf"{MONTH}{_SEP}(?P<year>\d{{4}})|\d{{1,2}}[-/.]\d{{4}}|\d{{4}}[-/.]\d{{1,2}}")


class ImpossibleTimeError(ValueError):
    """Something has the shape of a date or time and cannot be one; the message says why."""


class CalendarDay(msgspec.Struct, frozen=True):
    """A day of the calendar; `year` is None where none was typed, `weekday` counts from Monday, 0."""

    year: int | None
    month: int
    day: int
    weekday: int | None = None


class DayOfWeek(msgspec.Struct, frozen=True):
    """A weekday, Monday 0; `which` is `last`, `next`, `this` or empty."""

    number: int
    which: str


class DaysAway(msgspec.Struct, frozen=True):
    """A number of days from today; negative for the past."""

    days: int


Day = CalendarDay | DayOfWeek | DaysAway


def parse_days(words: str, this_year: int) -> Iterator[Day]:
    """Yield all days that plain words can mean; `this_year` decides about years of two digits. Raises FaultError."""
    if words in _DAYS_AWAY:
        yield DaysAway(_DAYS_AWAY[words])
        return
    only = _ONLY_WEEKDAY.fullmatch(words)
    if only is not None:
        yield DayOfWeek(_weekday(only["weekday"]), only["which"] or "")
        return
    named = _WITH_WEEKDAY.fullmatch(words)
    weekday = _weekday(named["weekday"]) if named else None
    words = re.sub(r"\s*([-/.])\s*", r"\1", named["rest"] if named else words)
    for shape in _SHAPES:
        yield from shape(words, this_year, weekday)


def _iso(words: str, this_year: int, weekday: int | None) -> Iterator[CalendarDay]:
    found = _YEAR_FIRST.fullmatch(words)
    if found is not None:
        yield check_day(found["year"], found["month"], found["day"], weekday)
    found = _WEEK.fullmatch(words)
    if found is not None:
        try:
            day = date.fromisocalendar(int(found["year"]), int(found["week"]), int(found["day"]))
        except ValueError:
            raise ImpossibleTimeError(f"there is no day {words.upper()}") from None
        yield check_day(day.year, day.month, day.day, weekday)
    found = _ORDINAL.fullmatch(words)
    if found is not None:
        first, ordinal = date(_year(found["year"]), 1, 1), int(found["day"])
        if not 1 <= ordinal <= 365 + calendar.isleap(first.year):
            raise ImpossibleTimeError(f"{first.year} has no day {ordinal}")
        day = date.fromordinal(first.toordinal() + ordinal - 1)
        yield check_day(day.year, day.month, day.day, weekday)


def _eight_digits(words: str, this_year: int, weekday: int | None) -> Iterator[CalendarDay]:
    if _EIGHT_DIGITS.fullmatch(words) is None:
        return
    faults = []
    for year, month, day in (
        (words[:4], words[4:6], words[6:]),
        (words[4:], words[2:4], words[:2]),
    ):
        try:
            yield check_day(year, month, day, weekday)
        except ImpossibleTimeError as fault:
            faults.append(fault)
    if len(faults) == 2:
        raise faults[0]


def _day_first(words: str, this_year: int, weekday: int | None) -> Iterator[CalendarDay]:
    found = _DAY_FIRST.fullmatch(words)
    if found is None:
        return
    year, month, day = found["year"], found["month"], found["day"]
    meant = check_day(_full_year(year), month, day, weekday, day_first=True)
    yield meant
    if len(year) == 4 or len(day) == 1:
        return
    try:
        other = check_day(_full_year(day), month, year, weekday)
    except ImpossibleTimeError:
        return
    assert meant.year is not None
    assert other.year is not None
    # 24/11/26 in 2026 is this year's; 10/11/12 and 25/11/26 may just as well have their year first.
    if abs(meant.year - this_year) > 1 or abs(other.year - this_year) <= 1:
        yield other


def _without_year(words: str, this_year: int, weekday: int | None) -> Iterator[CalendarDay]:
    found = _NO_YEAR.fullmatch(words)
    if found is not None:
        yield check_day(None, found["month"], found["day"], weekday, day_first=True)


def _named(words: str, this_year: int, weekday: int | None) -> Iterator[CalendarDay]:
    for shape in _NAMED:
        found = shape.fullmatch(words)
        if found is not None:
            year = found["year"]
            yield check_day(_full_year(year) if year else None, _month(found["month"]), found["day"], weekday)
            return
    if _ONLY_MONTH.fullmatch(words):
        raise ImpossibleTimeError(f"{quoted(words)} is a month; which day?")


_SHAPES: tuple[Callable[[str, int, int | None], Iterator[CalendarDay]], ...] = (
    _iso,
    _eight_digits,
    _day_first,
    _without_year,
    _named,
)


_MONTH_NUMBERED = (
    re.compile(r"(?P<year>\d{4})[-/. ]?(?P<month>\d{1,2})"),
    re.compile(r"(?P<month>\d{1,2})[-/. ](?P<year>\d{4})"),
)
_MONTH_NAMED = (
    re.compile(rf"{MONTH}{_SEP}(?P<year>\d{{4}})"),
    re.compile(rf"(?P<year>\d{{4}}){_SEP}{MONTH}"),
)


def parse_month_and_year(words: str) -> tuple[int, int] | None:
    """Return year and month of `2026-1`, `1/2026`, `jan 2026`; None for other shapes. Raises FaultError."""
    for shape in _MONTH_NUMBERED:
        found = shape.fullmatch(words)
        if found is not None:
            return _year(found["year"]), check_day(found["year"], found["month"], 1, None).month
    for shape in _MONTH_NAMED:
        found = shape.fullmatch(words)
        if found is not None:
            return _year(found["year"]), _month(found["month"])
    return None


def _weekday(name: str) -> int:
    return next(number for number, each in enumerate(WEEKDAYS) if each.lower().startswith(name[:3]))


def _month(name: str) -> int:
    return next(number for number, each in enumerate(MONTHS, 1) if each.lower().startswith(name[:3]))


def _full_year(year: str) -> int:
    if len(year) == 4:
        return int(year)
    return int(year) + (1900 if int(year) >= _CENTURY_TURNS else 2000)


def _year(year: str | int) -> int:
    if not FIRST_YEAR <= int(year) <= LAST_YEAR:
        raise ImpossibleTimeError(f"the year {int(year)} is outside {FIRST_YEAR} to {LAST_YEAR}")
    return int(year)


def check_day(
    year: str | int | None, month: str | int, day: str | int, weekday: int | None, *, day_first: bool = False
) -> CalendarDay:
    """Return a day of the calendar. Raises FaultError.

    With `day_first` the fault says so where day and month seem to be swapped.
    """
    in_year = _year(year) if year is not None else None
    month, day = int(month), int(day)
    if not 1 <= month <= 12:
        first = "" if in_year is None else f" {in_year}"
        swapped = (
            f"; the day comes first: {month} {MONTHS[day - 1][:3]}{first}"
            if day_first and 1 <= day <= 12
            else ""
        )
        raise ImpossibleTimeError(f"there is no month {month}{swapped}")
    days = calendar.monthrange(in_year or 2000, month)[1]
    if not 1 <= day <= days:
        february = f"February {in_year} has {days} days" if in_year else "February has 28 or 29 days"
        has = february if month == 2 else f"{MONTHS[month - 1]} has {days} days"
        raise ImpossibleTimeError(has if day else "there is no day 0")
    if in_year is not None and weekday is not None and date(in_year, month, day).weekday() != weekday:
        actual = WEEKDAYS[date(in_year, month, day).weekday()]
        raise ImpossibleTimeError(
            f"{day} {MONTHS[month - 1]} {in_year} is a {actual}, not a {WEEKDAYS[weekday]}"
        )
    return CalendarDay(in_year, month, day, weekday)
