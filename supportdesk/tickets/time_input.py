"""Reads dates and times that people type, for every surface: `9:15`, `20 min ago`, `fri 16:00`, `24 Nov`, `2026-1-2
9:15`.

Nothing is guessed: a text that can be read in two ways is refused with both readings, and any other text with what is
wrong. Surfaces show how a text was read with `describe_instant` and `describe_day`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime, time, timedelta, timezone, tzinfo
from zoneinfo import ZoneInfo

from supportdesk.sla.formatting import MONTHS, WEEKDAYS, exact_time, full_day, spoken
from supportdesk.sla.opening_hours import FIRST_YEAR, LAST_YEAR
from supportdesk.tickets.day_grammar import (
    CalendarDay,
    Day,
    DayOfWeek,
    DaysAway,
    ImpossibleTimeError,
    parse_month_and_year,
)
from supportdesk.tickets.direction import Direction
from supportdesk.tickets.durations import TypedDuration, read_span
from supportdesk.tickets.time_grammar import Reading, find_readings
from supportdesk.tickets.time_of_day import TimeForm, TimeOfDay, parse_offset
from supportdesk.tickets.typed_text import AmbiguousTimeError, TimeInputError, plain_words, quoted

_DAY = 86_400
_HOUR = 3_600
_MINUTE = 60
_WEEK = 7
_NEAR = timedelta(days=120)
_FAR_AHEAD = timedelta(days=300)
_JUST_PASSED = timedelta(days=65)
"""A day and month that passed so lately, and come again only so far ahead, may be meant either way."""
_YEAR = timedelta(days=366)
_LEAP_YEARS = 8
_FAR_READINGS = 3

_RELATIVE = re.compile(r"(?P<before>in |[-+] ?)?(?P<span>.+?)(?P<ago> ago| from now)?")

_MILITARY = re.compile(r"(0\d{2}|[01]\d[0-5]\d|2[0-3][0-5]\d)\s*(?:h|hrs?|hours?)\.?")
"""`0915 hrs`, a time of day to some people."""
_DECIMAL = re.compile(r"\d{1,2}\.\d")


_EXAMPLES = {
    Direction.PAST: "type 9:15, 20 min ago, yesterday 17:40 or 24 Nov 9:15",
    Direction.FUTURE: "type 2 h, mon 8:00, tomorrow 17:40 or 24 Nov 9:15",
    Direction.EITHER: "type 9:15, in 2 h, tomorrow 17:40 or 24 Nov 9:15",
}
DAY_EXAMPLES = "type tomorrow, 24 Nov or 24 Nov 2026"


def parse_instant(
    text: str, *, zone: str, now: datetime, direction: Direction = Direction.EITHER
) -> datetime:
    """Return the typed instant, in UTC and whole seconds, read as wall time of `zone` at `now`.

    An incomplete time is read in its `direction`: `2 h`, `9:15`, `fri`, `24 Dec`. A date alone is its first second.
    Raises TimeInputError for a text that is not a time, was skipped by the change to summer time, or can be read in two
    ways.
    """
    examples = _EXAMPLES[direction]
    try:
        words, now = plain_words(text), now.replace(microsecond=0)
        if words == "now":
            return now.astimezone(UTC)
        spans = _read_spans(words, direction)
        if spans is not None:
            return _only_instant(text, [_add_span(now, span, sign, zone) for span, sign in spans], zone)
        found, faults = find_readings(words, now.astimezone(ZoneInfo(zone)).year)
        _refuse_bare_number(text, words, found, examples)
        instants = [at for each in found for at in _read_instants(each, zone, now, direction)]
        if not instants:
            raise TimeInputError(
                f"{quoted(text)}: {faults[0]}" if faults else f"{quoted(text)} is not a date or time"
            )
        return _only_instant(text, instants, zone)
    except AmbiguousTimeError:
        raise
    except TimeInputError as error:
        raise TimeInputError(f"{error}; {examples}") from None
    except (ImpossibleTimeError, OverflowError) as error:
        why = str(error) if isinstance(error, ImpossibleTimeError) else "outside every calendar"
        raise TimeInputError(f"{quoted(text)}: {why}; {examples}") from error


def parse_day(text: str, *, zone: str, now: datetime, direction: Direction = Direction.EITHER) -> date:
    """Return the typed day, by the calendar of `zone`. Raises TimeInputError, also for a time of day."""
    try:
        words, today = plain_words(text), now.astimezone(ZoneInfo(zone)).date()
        spans = _read_spans(words, direction)
        if spans is not None:
            if any(span.seconds for span, _ in spans):
                raise TimeInputError(f"{quoted(text)} is not a number of whole days")
            return _only_day(text, [today + timedelta(days=sign * span.days) for span, sign in spans])
        found, faults = find_readings(words, today.year)
        days = [
            day
            for each in found
            if each.day and not each.time
            for day in _find_dates(each.day, today, direction)
        ]
        if days:
            return _only_day(text, days)
        if found:
            raise TimeInputError(f"{quoted(text)} names a time, and a day is asked for")
        raise TimeInputError(f"{quoted(text)}: {faults[0]}" if faults else f"{quoted(text)} is not a date")
    except AmbiguousTimeError:
        raise
    except TimeInputError as error:
        raise TimeInputError(f"{error}; {DAY_EXAMPLES}") from None
    except (ImpossibleTimeError, OverflowError) as error:
        why = str(error) if isinstance(error, ImpossibleTimeError) else "outside every calendar"
        raise TimeInputError(f"{quoted(text)}: {why}; {DAY_EXAMPLES}") from error


def parse_month(text: str) -> date:
    """Return the first day of the typed month: `2026-11`, `11/2026`, `Nov 2026`.

    Raises TimeInputError.
    """
    try:
        found = parse_month_and_year(plain_words(text))
    except ImpossibleTimeError as fault:
        raise TimeInputError(f"{quoted(text)}: {fault}; type 2026-11 or Nov 2026") from fault
    if found is None:
        raise TimeInputError(f"{quoted(text)} is not a month; type 2026-11 or Nov 2026")
    return date(*found, 1)


def parse_time_of_day(text: str) -> str:
    """Return a time of day as `HH:MM`; `24:00` ends a day. Raises TimeInputError."""
    words = plain_words(text)
    if words in ("24:00", "24"):
        return "24:00"
    found, faults = find_readings(words, FIRST_YEAR)
    times = [each.time for each in found if each.day is None and each.time is not None]
    if len(times) != 1 or times[0].second or times[0].zone:
        why = f": {faults[0]}" if faults and not times else " is not a time of day"
        raise TimeInputError(f"{quoted(text)}{why}; type 9:30")
    return f"{times[0].hour:02}:{times[0].minute:02}"


def describe_instant(at: datetime, zone: str, now: datetime) -> str:
    """Return how an instant was read: `Tue 24 Nov 2026 09:15 GMT, 27 minutes ago`."""
    seconds = int((now - at).total_seconds())
    away = abs(seconds)
    if away < _MINUTE:
        return f"{exact_time(at, zone)}, now"
    length = _describe_length(away)
    return f"{exact_time(at, zone)}, {f'{length} ago' if seconds > 0 else f'in {length}'}"


def _describe_length(seconds: int) -> str:
    """Return how long ago or ahead, no more exact than is useful: `1 day 18 hours`, `12 days`, `10 years 11 months`."""
    days, rest = divmod(seconds, _DAY)
    if days == 0:
        return spoken(seconds // _MINUTE * _MINUTE)
    if days < _WEEK:
        return _two_units(days, "day", rest // _HOUR, "hour")
    if days < _YEAR.days:
        return _count(days, "day")
    years, rest = divmod(days, _YEAR.days - 1)
    return _two_units(years, "year", min(rest // 30, 11), "month")


def _two_units(whole: int, unit: str, part: int, smaller: str) -> str:
    return f"{_count(whole, unit)} {_count(part, smaller)}" if part else _count(whole, unit)


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"


def describe_day(day: date) -> str:
    """Return a day with its weekday and year: `Tue 24 Nov 2026`."""
    return full_day(day)


def _read_spans(words: str, direction: Direction) -> list[tuple[TypedDuration, int]] | None:
    """Return what a duration can mean, with -1 for before now and 1 for after it; None for any other text."""
    found = _RELATIVE.fullmatch(words)
    span = read_span(found["span"]) if found else None
    if found is None or span is None:
        return None
    before, ago = (found["before"] or "").strip(), (found["ago"] or "").strip()
    if before and ago:
        return None
    military = _MILITARY.fullmatch(found["span"])
    if military is not None:
        hours, clock = int(military[1]), f"{military[1][-4:-2]:0>2}:{military[1][-2:]}"
        raise AmbiguousTimeError(
            f"{quoted(words)} can be read as {clock} or as {hours:,} hours; type {clock}, or the days"
        )
    if before == "-" or ago == "ago":
        return [(span, -1)]
    if before or ago:
        return [(span, 1)]
    return [(span, sign) for sign in (-1, 1) if direction is not _AGAINST[sign]]


_AGAINST = {-1: Direction.FUTURE, 1: Direction.PAST}


def _add_span(now: datetime, span: TypedDuration, sign: int, zone: str) -> datetime:
    """Return the instant that is `span` before or after now: days by the calendar, the rest by the clock."""
    local = now.astimezone(ZoneInfo(zone))
    # Adding to a wall time loses which of two repeated hours it is in.
    shifted = (local + timedelta(days=sign * span.days)).replace(fold=local.fold)
    at = shifted.astimezone(UTC) + timedelta(seconds=sign * span.seconds)
    if not FIRST_YEAR <= at.year <= LAST_YEAR:
        raise ImpossibleTimeError(f"the year {at.year} is outside {FIRST_YEAR} to {LAST_YEAR}")
    return at


def _refuse_bare_number(text: str, words: str, found: Sequence[Reading], examples: str) -> None:
    """Raise AmbiguousTimeError for a number alone that may be a time, but also a day, a year or a duration."""
    for each in found:
        if isinstance(each.day, CalendarDay) and each.time is None and _DECIMAL.fullmatch(words):
            day = f"{each.day.day} {MONTHS[each.day.month - 1]}"
            raise AmbiguousTimeError(
                f"{quoted(text)} can be read as {day} or as a length of time; type {day}, or {words} h"
            )
        if each.day is None and each.time is not None:
            shown = f"{each.time.hour:02}:{each.time.minute:02}"
            if each.time.form is TimeForm.HOUR:
                raise AmbiguousTimeError(
                    f"{quoted(text)} can be read as {shown} or as a day of the month; {examples}"
                )
            if each.time.may_be_year:
                raise AmbiguousTimeError(f"{quoted(text)} can be read as {shown} or as a year; {examples}")


def _read_instants(reading: Reading, zone: str, now: datetime, direction: Direction) -> list[datetime]:
    """Return every instant that a reading can mean."""
    clock = reading.time or TimeOfDay(0)
    # The zone's own name decides between the two hours of a repeated one only where it was typed.
    local_now = now.astimezone(_find_zone(clock, zone, now) if clock.zone else ZoneInfo(zone)).replace(
        tzinfo=None
    )
    wall = time(clock.hour, clock.minute, clock.second)
    if reading.day is None:
        days: list[date] = [_nearest_day(wall, local_now, direction)]
    else:
        at = wall if reading.time is not None else None
        days = _find_dates(reading.day, local_now.date(), direction, at, local_now.time())
    located = [
        each for day in days for each in _instants_of_wall_time(datetime.combine(day, wall), clock, zone)
    ]
    if direction is Direction.PAST and len(days) == 1:
        return [at for at in located if at <= now] or located
    if direction is Direction.FUTURE and len(days) == 1:
        return [at for at in located if at >= now] or located
    return located


def _nearest_day(wall: time, here: datetime, direction: Direction) -> date:
    """Return the day of a time of day alone."""
    if direction is Direction.PAST and wall > here.time():
        return here.date() - timedelta(days=1)
    if direction is Direction.FUTURE and wall < here.time():
        return here.date() + timedelta(days=1)
    return here.date()


def _find_dates(
    day: Day,
    today: date,
    direction: Direction,
    at: time | None = None,
    present: time | None = None,
) -> list[date]:
    """Return the dates that a day can mean.

    With a time `at`, a day of today is before or after the `present` time, as `direction` says.
    """
    if isinstance(day, DaysAway):
        return [today + timedelta(days=day.days)]
    if isinstance(day, DayOfWeek):
        return _find_weekdays(day, today, direction, at, present)
    if day.year is not None:
        return [date(day.year, day.month, day.day)]
    years = range(today.year - _LEAP_YEARS, today.year + _LEAP_YEARS + 1)
    known = [date(year, day.month, day.day) for year in years if _is_day(year, day)]
    if day.weekday is not None:
        # With its weekday, a nearby date is meant, not one of six years ago.
        known = [each for each in known if each.weekday() == day.weekday and abs(each - today) <= _YEAR]
        if not known:
            named = f"{WEEKDAYS[day.weekday]} {day.day} {MONTHS[day.month - 1]}"
            raise ImpossibleTimeError(f"no {named} is within a year of today; type the year")
    is_past = at is not None and present is not None and at > present
    before = max((each for each in known if each < today or (each == today and not is_past)), default=None)
    after = min((each for each in known if each >= today), default=None)
    if direction is Direction.PAST:
        return [each for each in (before or after,) if each]
    if direction is Direction.FUTURE:
        if before and after and after - today > _FAR_AHEAD and today - before <= _JUST_PASSED:
            return [before, after]
        return [each for each in (after or before,) if each]
    sides = sorted({each for each in (before, after) if each}, key=lambda each: abs(each - today))
    return sides[:1] if sides and abs(sides[0] - today) <= _NEAR else sides


def _find_weekdays(
    day: DayOfWeek, today: date, direction: Direction, at: time | None, present: time | None
) -> list[date]:
    ahead = (day.number - today.weekday()) % 7
    before, after = today - timedelta(days=(7 - ahead) % 7 or 7), today + timedelta(days=ahead or 7)
    if day.which == "last":
        return [before]
    if day.which == "next":
        # To some people the next such day, to others that of the next week.
        monday = today - timedelta(days=today.weekday())
        return sorted({after, monday + timedelta(days=7 + day.number)})
    if day.which == "this":
        return [today - timedelta(days=today.weekday()) + timedelta(days=day.number)]
    sides = {Direction.PAST: [before], Direction.FUTURE: [after], Direction.EITHER: [before, after]}[
        direction
    ]
    if ahead:
        return sides
    if at is None or present is None or direction is Direction.EITHER:
        return [today, *sides]
    is_on_its_side = at <= present if direction is Direction.PAST else at >= present
    return [today] if is_on_its_side else sides


def _is_day(year: int, day: CalendarDay) -> bool:
    try:
        date(year, day.month, day.day)
    except ValueError:
        return False
    return True


def _instants_of_wall_time(wall: datetime, clock: TimeOfDay, zone: str) -> list[datetime]:
    """Return the instants at which the wall clock shows a time: two if it is repeated. Raises TimeInputError if it is
    skipped.
    """
    if clock.zone:
        return [wall.replace(tzinfo=_find_zone(clock, zone, wall.replace(tzinfo=UTC))).astimezone(UTC)]
    zone_info = ZoneInfo(zone)
    first, second = (wall.replace(tzinfo=zone_info, fold=fold).astimezone(UTC) for fold in (0, 1))
    if first.astimezone(zone_info).replace(tzinfo=None) != wall:
        raise TimeInputError(
            f"{wall:%H:%M} was skipped on {full_day(wall)}: the clocks go forward, and it is"
            f" {exact_time(first, zone)} instead"
        )
    return [first] if first == second else [first, second]


def _find_zone(clock: TimeOfDay, zone: str, near: datetime) -> tzinfo:
    """Return the typed offset, or that of the zone under its short name in the year around `near`."""
    offset = parse_offset(clock.zone)
    if offset is not None:
        return offset
    zone_info = ZoneInfo(zone)
    for days in (0, 91, 182, 273):
        shown = (near + timedelta(days=days)).astimezone(zone_info)
        away = shown.utcoffset()
        if (shown.tzname() or "").lower() == clock.zone and away is not None:
            return timezone(away)
    raise ImpossibleTimeError(
        f"the zone {clock.zone.upper()} is not known here: leave it out, or type an offset such as +01:00"
    )


def _only_instant(text: str, instants: Iterable[datetime], zone: str) -> datetime:
    """Return the only instant that a text can mean. Raises AmbiguousTimeError with the readings for several."""
    meant = sorted(set(instants))
    for each in meant:
        if not FIRST_YEAR <= each.astimezone(ZoneInfo(zone)).year <= LAST_YEAR:
            raise ImpossibleTimeError(f"the year {each.year} is outside {FIRST_YEAR} to {LAST_YEAR}")
    if len(meant) > 1:
        shown = " or ".join(exact_time(each, zone) for each in meant[:_FAR_READINGS])
        raise AmbiguousTimeError(f"{quoted(text)} can be read as {shown}; type the one that you mean")
    return meant[0]


def _only_day(text: str, days: Iterable[date]) -> date:
    """Return the only day that a text can mean. Raises AmbiguousTimeError with the readings for several."""
    meant = sorted(set(days))
    for each in meant:
        if not FIRST_YEAR <= each.year <= LAST_YEAR:
            raise ImpossibleTimeError(f"the year {each.year} is outside {FIRST_YEAR} to {LAST_YEAR}")
    if len(meant) > 1:
        shown = " or ".join(map(full_day, meant[:_FAR_READINGS]))
        raise AmbiguousTimeError(f"{quoted(text)} can be read as {shown}; type the one that you mean")
    return meant[0]
