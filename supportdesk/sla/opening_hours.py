"""Opening hours as they are written in a policy, and the rule that decides each date.

A date is decided by the first of these that names it: `exceptions`, `closed`, `holidays`, the weekday's `hours`. A span
belongs to the day on which it begins: closing 25 December leaves the night shift that began on the 24th unchanged, and
removes the whole of the one that would begin on the 25th.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, date, datetime
from itertools import pairwise
from typing import Literal

import msgspec

DAY = 86_400
WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
FIRST_YEAR, LAST_YEAR = 1990, 2100
_FIRST, _LAST = datetime(FIRST_YEAR, 1, 2, tzinfo=UTC), datetime(LAST_YEAR, 7, 1, tzinfo=UTC)

DayRule = Literal["exception", "closed", "holiday", "hours"]
WallSpan = tuple[int, int]
"""Seconds from the midnight that begins the day; a span across midnight ends beyond 86,400."""

_EPOCH_ORDINAL = date(1970, 1, 1).toordinal()
_TIME = re.compile(r"([01]\d|2[0-3]):([0-5]\d)|24:00")
_ROUND_THE_CLOCK = (((0, DAY),),) * 7


class CalendarError(ValueError):
    """The calendar is impossible, or cannot answer the question; the message says what to do."""


def day_number(day: date) -> int:
    """Return the number of days from 1 January 1970 to `day`."""
    return day.toordinal() - _EPOCH_ORDINAL


def day_of(number: int) -> date:
    """Return the date with this day number."""
    return date.fromordinal(number + _EPOCH_ORDINAL)


class OpeningHours(msgspec.Struct, frozen=True):
    """The hours of every date in wall time: seconds since 1970 as the wall clock shows them.

    `weekly` has the spans of Monday to Sunday; `special` has the spans of other dates, by day number, and `rules` names
    the rule that decides each of these.
    """

    weekly: tuple[tuple[WallSpan, ...], ...]
    special: dict[int, tuple[WallSpan, ...]]
    rules: dict[int, DayRule]

    @property
    def never_close(self) -> bool:
        """Whether every second of every day is open."""
        return not self.special and self.weekly == _ROUND_THE_CLOCK

    def on(self, number: int) -> tuple[WallSpan, ...]:
        """Return the spans that begin on the date with this day number."""
        spans = self.special.get(number)
        return self.weekly[(number + 3) % 7] if spans is None else spans

    def stretches(self, first: int, last: int) -> tuple[list[int], list[int]]:
        """Return openings and closings, in wall time, of all spans that begin on the days `first` to `last`.

        Spans that touch are joined: the midnight within a night shift is neither an opening nor a closing.
        """
        opens: list[int] = []
        closes: list[int] = []
        weekly, special, until = self.weekly, self.special, -1
        for number in range(first, last + 1):
            spans = special[number] if number in special else weekly[(number + 3) % 7]
            midnight = number * DAY
            for begin, end in spans:
                if midnight + begin == until:
                    closes[-1] = until = midnight + end
                else:
                    opens.append(midnight + begin)
                    closes.append(until := midnight + end)
        return opens, closes


def read_hours(
    hours: Mapping[str, Iterable[Sequence[str]]],
    holidays: Iterable[date],
    closed: Iterable[date],
    exceptions: Mapping[date, Iterable[Sequence[str]]],
) -> OpeningHours:
    """Return hours as written in a policy as `OpeningHours`. Raises CalendarError for impossible hours."""
    for name in hours:
        if name not in WEEKDAYS:
            raise CalendarError(
                f"hours: {name!r} is not a day of the week; write one of {', '.join(WEEKDAYS)}"
            )
    weekly = tuple(_day_spans(hours.get(name, ()), name) for name in WEEKDAYS)
    special: dict[int, tuple[WallSpan, ...]] = {}
    rules: dict[int, DayRule] = {}
    for day in _dates(holidays, "holidays"):
        special[day], rules[day] = (), "holiday"
    for day in _dates(closed, "closed"):
        special[day], rules[day] = (), "closed"
    for day in _dates(exceptions, "exceptions"):
        place = f"exceptions, {day_of(day)}"
        special[day], rules[day] = _day_spans(exceptions[day_of(day)], place), "exception"
    found = OpeningHours(weekly, special, rules)
    _refuse_overlaps(found)
    _refuse_empty(found)
    return found


def _dates(days: Iterable[object], place: str) -> Iterator[int]:
    for day in days:
        if not isinstance(day, date) or isinstance(day, datetime):
            raise CalendarError(f"{place}: {day!r} is not a date; write one such as 2026-12-25")
        yield day_number(day)


def _day_spans(spans: Iterable[Sequence[str]], place: str) -> tuple[WallSpan, ...]:
    """Return the spans of one day in order; those that touch are joined."""
    if isinstance(spans, str):
        raise CalendarError(f'{place}: {spans!r} is not a list of spans; write [["08:00", "18:00"]]')
    joined: list[WallSpan] = []
    for begin, end in sorted(_span(span, place) for span in spans):
        if joined and begin < joined[-1][1]:
            raise CalendarError(f"{place}: two spans overlap at {_clock(begin)}; join them or move one")
        if joined and begin == joined[-1][1]:
            joined[-1] = joined[-1][0], end
        else:
            joined.append((begin, end))
    return tuple(joined)


def _span(span: Sequence[str], place: str) -> WallSpan:
    if isinstance(span, str) or len(span) != 2:
        raise CalendarError(f'{place}: {span!r} is not a span; write ["08:00", "18:00"]')
    begin, end = (_seconds(text, place) for text in span)
    if begin in {end, DAY}:
        raise CalendarError(
            f"{place}: {span[0]}-{span[1]} is empty or ambiguous; a whole day is 00:00-24:00, and an end before the "
            "beginning is on the next day"
        )
    return begin, end if end > begin else end + DAY


def _seconds(text: object, place: str) -> int:
    if not isinstance(text, str) or not _TIME.fullmatch(text):
        raise CalendarError(f"{place}: {text!r} is not a time of day; write 08:00, from 00:00 to 24:00")
    return int(text[:2]) * 3600 + int(text[3:]) * 60


def _clock(seconds: int) -> str:
    return f"{seconds // 3600 % 24:02}:{seconds // 60 % 60:02}"


def _refuse_overlaps(hours: OpeningHours) -> None:
    """Refuse a night span that overlaps the next day's first span, in the week and around every special date."""
    if not any(spans and spans[-1][1] > DAY for spans in (*hours.weekly, *hours.special.values())):
        return
    for place, (evening, morning) in enumerate(pairwise((*hours.weekly, hours.weekly[0]))):
        if _runs_into(evening, morning):
            names = f"{WEEKDAYS[place]} and {WEEKDAYS[(place + 1) % 7]}"
            raise CalendarError(f"{names}: spans overlap at {_clock(morning[0][0])}; join them or move one")
    for number in hours.special:
        for first, second in pairwise((number - 1, number, number + 1)):
            if _runs_into(hours.on(first), hours.on(second)):
                raise CalendarError(
                    f"exceptions: the night that begins on {day_of(first)} overlaps the hours of {day_of(second)}; "
                    "end it earlier with an exception for the day on which it begins, or open later"
                )


def _runs_into(evening: tuple[WallSpan, ...], morning: tuple[WallSpan, ...]) -> bool:
    return bool(evening and morning) and evening[-1][1] - DAY > morning[0][0]


def within_years(at: datetime) -> datetime:
    """Return an aware instant, limited to the first and last instant that every calendar covers."""
    return max(_FIRST, min(at, _LAST))


def _refuse_empty(hours: OpeningHours) -> None:
    first, last = day_number(date(FIRST_YEAR, 1, 1)), day_number(date(LAST_YEAR, 12, 31))
    if not any(hours.on(number) for number in range(first, last + 1)):
        raise CalendarError("this calendar is never open; give at least one span in hours or exceptions")
