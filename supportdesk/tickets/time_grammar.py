"""The shapes of typed dates and times: everything that the words can mean before the present decides between them.

A date with its year first is ISO 8601, in any width. Otherwise the day comes first. What has the shape of a date or
time and cannot be one, such as 31 February, is a fault and never another date.
"""

from __future__ import annotations

import calendar
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, timedelta, timezone
from enum import Enum

from supportdesk.sla.formatting import MONTHS, WEEKDAYS
from supportdesk.sla.opening_hours import FIRST_YEAR, LAST_YEAR
from supportdesk.tickets.durations import quoted

_NOISE = frozenset({"at", "on", "of", "the"})
_DAYS_AWAY = {"today": 0, "yesterday": -1, "tomorrow": 1}
_CENTURY_TURNS = 90
"""Years of two digits are from 1990 to 2089."""

_WEEKDAY = r"(?P<weekday>mon|tue|wed|thu|fri|sat|sun)(?:day|s|sday|nesday|r|rs|rsday|urday)?"
_MONTH = (
    r"(?P<month>jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?"
    r"|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\.?"
)
_DAY = r"(?P<day>\d{1,2})(?:st|nd|rd|th)?"
_SEP = r"[-/. ]?"

_WITH_WEEKDAY = re.compile(rf"{_WEEKDAY}[. ]+(?P<rest>.*\d.*)")
_ONLY_WEEKDAY = re.compile(rf"(?:(?P<which>last|next|this) )?{_WEEKDAY}\.?")
_YEAR_FIRST = re.compile(r"(?P<year>\d{4})(?P<sep>[-/. ])(?P<month>\d{1,2})(?P=sep)(?P<day>\d{1,2})")
_DAY_FIRST = re.compile(r"(?P<day>\d{1,2})(?P<sep>[-/. ])(?P<month>\d{1,2})(?P=sep)(?P<year>\d{4}|\d{2})")
_NO_YEAR = re.compile(r"(?P<day>\d{1,2})(?P<sep>[-/.])(?P<month>\d{1,2})\.?")
_EIGHT_DIGITS = re.compile(r"\d{8}")
_WEEK = re.compile(r"(?P<year>\d{4})-?w(?P<week>\d{2})-?(?P<day>\d)")
_ORDINAL = re.compile(r"(?P<year>\d{4})-(?P<day>\d{3})")
_NAMED = (
    re.compile(rf"{_DAY}{_SEP}{_MONTH}(?:[-/. ]+(?P<year>\d{{4}}|\d{{2}}))?"),
    re.compile(rf"{_DAY}{_SEP}{_MONTH}(?P<year>\d{{4}})"),
    re.compile(rf"{_MONTH}{_SEP}{_DAY}(?:[-/. ]+(?P<year>\d{{4}}))?"),
    re.compile(rf"(?P<year>\d{{4}}){_SEP}{_MONTH}{_SEP}{_DAY}"),
)
_ONLY_MONTH = re.compile(rf"{_MONTH}{_SEP}(?P<year>\d{{4}})|\d{{1,2}}[-/.]\d{{4}}|\d{{4}}[-/.]\d{{1,2}}")

_HALF = r"(?P<half>[ap])\.?m\.?"
_NO_ZONE = rf"(?!(?:today|{_WEEKDAY}|{_MONTH})(?![a-z]))".replace("?P<weekday>", "?:").replace(
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


class FaultError(ValueError):
    """Something has the shape of a date or time and cannot be one; the message says why."""


@dataclass(frozen=True, slots=True)
class CalendarDay:
    """A day of the calendar; `year` is None where none was typed, `weekday` counts from Monday, 0."""

    year: int | None
    month: int
    day: int
    weekday: int | None = None


@dataclass(frozen=True, slots=True)
class DayOfWeek:
    """A weekday, Monday 0; `which` is `last`, `next`, `this` or empty."""

    number: int
    which: str


@dataclass(frozen=True, slots=True)
class DaysAway:
    """So many days from today."""

    days: int


class Form(Enum):
    """How a time was typed."""

    CLOCK = "9:15"
    HOUR = "9"
    COMPACT = "0915"
    SECONDS = "091500"


@dataclass(frozen=True, slots=True)
class TimeOfDay:
    """A time on the wall in the zone that was typed, if one was. `form` tells what it can be mistaken for."""

    hour: int
    minute: int = 0
    second: int = 0
    zone: str = ""
    form: Form = Form.CLOCK

    @property
    def may_be_year(self) -> bool:
        """Whether `2030` may be half past eight or the year."""
        return self.form is Form.COMPACT and FIRST_YEAR <= self.hour * 100 + self.minute <= LAST_YEAR


@dataclass(frozen=True, slots=True)
class Reading:
    """One thing that a text can mean; one of the two is given."""

    day: CalendarDay | DayOfWeek | DaysAway | None
    time: TimeOfDay | None


def readings(words: str, this_year: int) -> tuple[list[Reading], list[str]]:
    """Return all that plain words can mean, each once, and the faults of what they nearly mean."""
    tokens = [word for word in _separated(words).split() if word not in _NOISE]
    found: dict[Reading, None] = {}
    faults: dict[str, None] = {}
    for day_words, time_words in _splits(tokens):
        try:
            days = list(_days(day_words, this_year)) if day_words else [None]
            time = time_of(time_words) if time_words else None
        except FaultError as fault:
            faults[str(fault)] = None
            continue
        if time_words and time is None:
            continue
        for day in days:
            misfit = _misfit(day, time)
            if misfit is None:
                found[Reading(day, time)] = None
            elif misfit:
                faults[misfit] = None
    return list(found), list(faults)


def _separated(words: str) -> str:
    """The words with a blank where ISO has its T, and where a comma stands that is none of a fraction."""
    words = re.sub(r"(?<=\d)t(?=\d)", " ", words)
    return re.sub(r",(?!\d)|(?<!:\d\d),", " ", words)


def _splits(tokens: list[str]) -> Iterator[tuple[str, str]]:
    """The words as a day, as a time, and as both in either order."""
    if not tokens:
        return
    yield " ".join(tokens), ""
    yield "", " ".join(tokens)
    for at in range(1, len(tokens)):
        before, after = " ".join(tokens[:at]), " ".join(tokens[at:])
        yield before, after
        yield after, before


def _misfit(day: CalendarDay | DayOfWeek | DaysAway | None, time: TimeOfDay | None) -> str | None:
    """Why the two cannot stand together, empty where nobody means that; None where they can."""
    if time is None:
        return None
    if time.zone.startswith("-") and not (isinstance(day, CalendarDay) and day.year is not None):
        return f"{time.zone[1:]} can be read as a second time or as an offset; type one time, or a whole date before it"
    if time.form is Form.CLOCK:
        return None
    if day is None:
        return "" if time.form is Form.SECONDS else None
    if isinstance(day, DayOfWeek) and time.form is Form.HOUR:
        return f"{time.hour} can be read as {time.hour:02}:00 or as a day of the month"
    # `24 Nov 2026` names a year and not 20:26.
    return "" if isinstance(day, CalendarDay) and day.year is None and time.may_be_year else None


def _days(words: str, this_year: int) -> Iterator[CalendarDay | DayOfWeek | DaysAway]:
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
        yield checked_day(found["year"], found["month"], found["day"], weekday)
    found = _WEEK.fullmatch(words)
    if found is not None:
        try:
            day = date.fromisocalendar(int(found["year"]), int(found["week"]), int(found["day"]))
        except ValueError:
            raise FaultError(f"there is no day {words.upper()}") from None
        yield checked_day(day.year, day.month, day.day, weekday)
    found = _ORDINAL.fullmatch(words)
    if found is not None:
        first, ordinal = date(_year(found["year"]), 1, 1), int(found["day"])
        if not 1 <= ordinal <= 365 + calendar.isleap(first.year):
            raise FaultError(f"{first.year} has no day {ordinal}")
        day = date.fromordinal(first.toordinal() + ordinal - 1)
        yield checked_day(day.year, day.month, day.day, weekday)


def _eight_digits(words: str, this_year: int, weekday: int | None) -> Iterator[CalendarDay]:
    if _EIGHT_DIGITS.fullmatch(words) is None:
        return
    faults = []
    for year, month, day in (
        (words[:4], words[4:6], words[6:]),
        (words[4:], words[2:4], words[:2]),
    ):
        try:
            yield checked_day(year, month, day, weekday)
        except FaultError as fault:
            faults.append(fault)
    if len(faults) == 2:
        raise faults[0]


def _day_first(words: str, this_year: int, weekday: int | None) -> Iterator[CalendarDay]:
    found = _DAY_FIRST.fullmatch(words)
    if found is None:
        return
    year, month, day = found["year"], found["month"], found["day"]
    meant = checked_day(_full_year(year), month, day, weekday, day_first=True)
    yield meant
    if len(year) == 4 or len(day) == 1:
        return
    try:
        other = checked_day(_full_year(day), month, year, weekday)
    except FaultError:
        return
    assert meant.year is not None
    assert other.year is not None
    # 24/11/26 in 2026 is this year's; 10/11/12 and 25/11/26 may just as well have their year first.
    if abs(meant.year - this_year) > 1 or abs(other.year - this_year) <= 1:
        yield other


def _without_year(words: str, this_year: int, weekday: int | None) -> Iterator[CalendarDay]:
    found = _NO_YEAR.fullmatch(words)
    if found is not None:
        yield checked_day(None, found["month"], found["day"], weekday, day_first=True)


def _named(words: str, this_year: int, weekday: int | None) -> Iterator[CalendarDay]:
    for shape in _NAMED:
        found = shape.fullmatch(words)
        if found is not None:
            year = found["year"]
            yield checked_day(
                _full_year(year) if year else None, _month(found["month"]), found["day"], weekday
            )
            return
    if _ONLY_MONTH.fullmatch(words):
        raise FaultError(f"{quoted(words)} is a month; which day?")


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
    re.compile(rf"{_MONTH}{_SEP}(?P<year>\d{{4}})"),
    re.compile(rf"(?P<year>\d{{4}}){_SEP}{_MONTH}"),
)


def month_of(words: str) -> tuple[int, int] | None:
    """Return year and month of `2026-1`, `1/2026`, `jan 2026`; None for other shapes. Raises FaultError."""
    for shape in _MONTH_NUMBERED:
        found = shape.fullmatch(words)
        if found is not None:
            return _year(found["year"]), checked_day(found["year"], found["month"], 1, None).month
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
        raise FaultError(f"the year {int(year)} is outside {FIRST_YEAR} to {LAST_YEAR}")
    return int(year)


def checked_day(
    year: str | int | None, month: str | int, day: str | int, weekday: int | None, *, day_first: bool = False
) -> CalendarDay:
    """Return the day, if the calendar has it; `day_first` tells whoever typed the month first. Raises FaultError."""
    in_year = _year(year) if year is not None else None
    month, day = int(month), int(day)
    if not 1 <= month <= 12:
        first = "" if in_year is None else f" {in_year}"
        swapped = (
            f"; the day comes first: {month} {MONTHS[day - 1][:3]}{first}"
            if day_first and 1 <= day <= 12
            else ""
        )
        raise FaultError(f"there is no month {month}{swapped}")
    days = calendar.monthrange(in_year or 2000, month)[1]
    if not 1 <= day <= days:
        name = MONTHS[month - 1] + (f" {in_year}" if in_year and month == 2 else "")
        raise FaultError(f"{name} has {days} days" if day else "there is no day 0")
    if in_year is not None and weekday is not None and date(in_year, month, day).weekday() != weekday:
        actual = WEEKDAYS[date(in_year, month, day).weekday()]
        raise FaultError(f"{day} {MONTHS[month - 1]} {in_year} is a {actual}, not a {WEEKDAYS[weekday]}")
    return CalendarDay(in_year, month, day, weekday)


def time_of(words: str) -> TimeOfDay | None:
    """Return the time of day that plain words are; None for other shapes. Raises FaultError."""
    if words in _FIXED:
        return TimeOfDay(_FIXED[words])
    if words == "midnight":
        raise FaultError("midnight begins one day and ends another: type 00:00 with the day that it begins")
    found = _CLOCK.fullmatch(words)
    if found is not None:
        if len(found["minute"]) == 1:
            raise FaultError("minutes have two digits")
        return _at(found, found["minute"], found["second"], found["half"], Form.CLOCK)
    found = _HOUR.fullmatch(words)
    if found is not None:
        return _at(found, "0", None, found["half"], Form.CLOCK if found["half"] else Form.HOUR)
    found = _COMPACT.fullmatch(words)
    if found is not None:
        form = Form.SECONDS if found["second"] else Form.COMPACT
        return _at(found, found["minute"], found["second"], None, form)
    return None


def _at(found: re.Match[str], minute: str, second: str | None, half: str | None, form: Form) -> TimeOfDay:
    hours, minutes, seconds = int(found["hour"]), int(minute), int(second or 0)
    if half:
        if not 1 <= hours <= 12:
            raise FaultError(f"there is no {hours} {half}m")
        hours = hours % 12 + (12 if half == "p" else 0)
    if hours > 23:
        raise FaultError(f"there is no hour {hours}: hours run from 0 to 23")
    if minutes > 59 or seconds > 59:
        unit, count = ("minute", minutes) if minutes > 59 else ("second", seconds)
        raise FaultError(f"there is no {unit} {count}: {unit}s run from 0 to 59")
    return TimeOfDay(hours, minutes, seconds, (found["zone"] or "").replace(" ", ""), form)


def offset_of(zone: str) -> timezone | None:
    """Return the offset that a typed zone is, such as `z`, `gmt` or `+01:00`; None for a name. Raises FaultError."""
    if zone in ("z", "utc", "gmt"):
        return UTC
    found = _OFFSET.fullmatch(zone)
    if found is None:
        return None
    hours, minutes = int(found["hours"]), int(found["minutes"] or 0)
    least, most = _OFFSETS
    if minutes not in _OFFSET_MINUTES or not least <= (hours if found["sign"] == "+" else -hours) <= most:
        raise FaultError(f"there is no offset {zone}")
    length = timedelta(hours=hours, minutes=minutes)
    return timezone(-length if found["sign"] == "-" else length)
