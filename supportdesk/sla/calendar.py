"""Business time: when a desk is open, how much open time is between two instants, and when an amount runs out.

Opening hours follow the wall clock of the calendar's time zone, and real seconds are counted within them: a night shift
in which the clocks go forward is an hour shorter. Instants are whole seconds; fractions are dropped.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from typing import NamedTuple, NoReturn
from zoneinfo import ZoneInfo

from supportdesk.sla.holidays import expand_holidays, known_years
from supportdesk.sla.opening_hours import (
    DAY,
    FIRST_YEAR,
    LAST_YEAR,
    WEEKDAYS,
    CalendarError,
    DayRule,
    day_number,
    read_hours,
)
from supportdesk.sla.opening_table import NEVER, NOTHING, OpeningTable, build_table, table_without_end
from supportdesk.sla.wall_clock import load_zone, midnight, wall_clock

__all__ = ["BusinessCalendar", "CalendarError", "Opening"]

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_instant = datetime.fromtimestamp
_YEAR = 366 * DAY
_MARGIN = 5 * DAY
"""More than the days before and after a table whose hours can reach into it."""


class Opening(NamedTuple):
    """An open span in UTC: open from `opens` until just before `closes`."""

    opens: datetime
    closes: datetime


class BusinessCalendar:
    """The open time of a desk from 1990 to 2100, as an immutable value.

    Most questions have two forms: with aware datetimes, answered in UTC, and with whole UTC epoch seconds. A naive
    datetime, a negative amount, an end before its start and an instant outside the years of the calendar raise
    CalendarError.

    A span is open from its first second until just before its closing. An amount that runs out at closing time is due
    at that closing time; a zero amount, asked at a closed instant, is due at the next opening.
    """

    __slots__ = ("_first", "_horizon", "_hours", "_limit", "_table", "_timezone", "_zone")

    def __init__(
        self,
        timezone: str,
        hours: Mapping[str, Iterable[Sequence[str]]],
        holidays: Iterable[date] | Sequence[str] = (),
        closed: Iterable[date] = (),
        exceptions: Mapping[date, Iterable[Sequence[str]]] | None = None,
        *,
        holidays_until: date | None = None,
        refuse_unclear: bool = True,
    ) -> None:
        """Read the hours. Raises CalendarError for impossible hours, or if the calendar would never open.

        `hours` maps `mon` .. `sun` to spans such as `("08:00", "18:00")`; a span that ends before its beginning
        continues into the next day, and `24:00` is midnight. `holidays` are dates, or a country and subdivision,
        `("GB", "ENG")`, that is expanded here (slow, for tools and tests). `exceptions` replace the hours of a date.
        `opening_hours` documents which of them decides a date.

        `holidays_until` is the last day for which the given dates are complete, by default the last day of the last
        date's year; past it, every question raises CalendarError.

        Hours that begin or end at a time that is skipped or repeated as the clocks change are refused too, unless
        `refuse_unclear` is false: all changes from 1990 to 2100 are looked at for it, which takes longer than the rest.
        """
        dates, known_until = _read_holidays(holidays, holidays_until)
        self._timezone = timezone
        self._zone = load_zone(timezone)
        self._hours = read_hours(hours, dates, closed, exceptions or {})
        self._limit = known_until
        self._first = midnight(date(FIRST_YEAR, 1, 1), self._zone)
        last = date(LAST_YEAR, 12, 31)
        last = last if known_until is None else min(last, known_until)
        self._horizon = midnight(last + timedelta(days=1), self._zone)
        self._table = NOTHING
        if self._horizon <= self._first:
            raise CalendarError(f"holidays_until: {known_until} is before {FIRST_YEAR}; give a later date")
        if self._hours.never_close:
            self._table = table_without_end(self._first, self._horizon)
        elif refuse_unclear:
            wall_clock(timezone).refuse_unclear(self._hours)

    @staticmethod
    def always() -> BusinessCalendar:
        """Return the calendar that is open round the clock."""
        return _always()

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self._timezone!r}, {len(self._hours.special)} special dates)"

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, BusinessCalendar):
            return NotImplemented
        return (self._timezone, self._hours, self._limit) == (other._timezone, other._hours, other._limit)

    def __hash__(self) -> int:
        return hash((self._timezone, self._hours.weekly, frozenset(self._hours.special.items()), self._limit))

    @property
    def timezone(self) -> str:
        """The name of the zone whose wall clock the hours follow."""
        return self._timezone

    @property
    def zone(self) -> ZoneInfo:
        """The zone whose wall clock the hours follow."""
        return self._zone

    @property
    def known_until(self) -> date | None:
        """The last day for which holidays are known; None where the calendar has no holidays."""
        return self._limit

    def local(self, at: int) -> datetime:
        """Return UTC epoch seconds as a datetime in the calendar's zone."""
        return _instant(at, self._zone)

    def rule_on(self, day: date) -> DayRule:
        """Return what decides a date's hours: `exception`, `closed`, `holiday`, or the weekday's `hours`."""
        return self._hours.rules.get(day_number(day), "hours")

    # With datetimes. The two most frequent ones repeat the look-up: a call would cost as much again.

    def add(self, start: datetime, amount: timedelta) -> datetime:
        """Return the instant at which `amount` of open time from `start` on has run out."""
        try:
            since = start - _EPOCH
        except TypeError:
            _refuse_naive(start)
        at = since.days * 86_400 + since.seconds
        seconds = amount.days * 86_400 + amount.seconds
        table = self._table
        if table.low <= at <= table.high and seconds > 0:
            opens, closes, before, _, origin, place = table.by_time[(at - table.low) >> table.time_bits]
            while closes <= at:
                opens, closes, before, _, origin, place = table.stretches[place + 1]
            wanted = seconds + (at - origin if at > opens else before)
            if wanted <= table.total:
                _, _, _, total, origin, place = table.by_total[wanted >> table.total_bits]
                while total < wanted:
                    _, _, _, total, origin, place = table.stretches[place + 1]
                return _instant(wanted + origin, UTC)
        return _instant(self._add(at, seconds), UTC)

    def between(self, start: datetime, end: datetime) -> timedelta:
        """Return the open time from `start` to `end`."""
        try:
            since, until = start - _EPOCH, end - _EPOCH
        except TypeError:
            _refuse_naive(start, end)
        low, high = since.days * 86_400 + since.seconds, until.days * 86_400 + until.seconds
        table = self._table
        if not table.low <= low <= high <= table.high:
            table = self._table_covering(low, high)
        opens, closes, before, _, origin, place = table.by_time[(low - table.low) >> table.time_bits]
        while closes <= low:
            opens, closes, before, _, origin, place = table.stretches[place + 1]
        gone = low - origin if low > opens else before
        opens, closes, before, _, origin, place = table.by_time[(high - table.low) >> table.time_bits]
        while closes <= high:
            opens, closes, before, _, origin, place = table.stretches[place + 1]
        return timedelta(0, (high - origin if high > opens else before) - gone)

    def next_open(self, at: datetime) -> datetime:
        """Return `at` itself if it is open, else the next opening."""
        return _instant(self.next_open_at(_seconds(at)), UTC)

    def is_open(self, at: datetime) -> bool:
        """Return whether `at` is in an open span; its closing instant is not."""
        return self.open_at(_seconds(at))

    def spans(self, start: datetime, end: datetime) -> list[Opening]:
        """Return the open spans between `start` and `end`, clipped to them, in order."""
        low, high = _seconds(start), _seconds(end)
        table = self._table_covering(low, high)
        found = []
        stretch = table.after(low)
        while max(stretch[0], low) < high:
            opens, closes = max(stretch[0], low), min(stretch[1], high)
            found.append(Opening(_instant(opens, UTC), _instant(closes, UTC)))
            stretch = table.stretches[stretch[5] + 1]
        return found

    # With whole UTC epoch seconds.

    def add_seconds(self, start: int, amount: int) -> int:
        """Return the instant at which `amount` open seconds from `start` on have run out."""
        table = self._table
        if table.low <= start <= table.high and amount > 0:
            opens, closes, before, _, origin, place = table.by_time[(start - table.low) >> table.time_bits]
            while closes <= start:
                opens, closes, before, _, origin, place = table.stretches[place + 1]
            wanted = amount + (start - origin if start > opens else before)
            if wanted <= table.total:
                _, _, _, total, origin, place = table.by_total[wanted >> table.total_bits]
                while total < wanted:
                    _, _, _, total, origin, place = table.stretches[place + 1]
                return wanted + origin
        return self._add(start, amount)

    def seconds_between(self, start: int, end: int) -> int:
        """Return the open seconds from `start` to `end`."""
        table = self._table
        if not table.low <= start <= end <= table.high:
            table = self._table_covering(start, end)
        opens, closes, before, _, origin, place = table.by_time[(start - table.low) >> table.time_bits]
        while closes <= start:
            opens, closes, before, _, origin, place = table.stretches[place + 1]
        gone = start - origin if start > opens else before
        opens, closes, before, _, origin, place = table.by_time[(end - table.low) >> table.time_bits]
        while closes <= end:
            opens, closes, before, _, origin, place = table.stretches[place + 1]
        return (end - origin if end > opens else before) - gone

    def open_at(self, at: int) -> bool:
        """Return whether `at` is in an open span."""
        return self._table_covering(at, at + 1).after(at)[0] <= at

    def next_open_at(self, at: int) -> int:
        """Return `at` itself if it is open, else the next opening."""
        table = self._table_covering(at, at + 1)
        while (opens := table.after(at)[0]) == NEVER:
            table = self._extended_table(table, at)
        return max(at, opens)

    def next_close_at(self, at: int) -> int | None:
        """Return the first closing after `at`; None if the calendar is open from then to the end of 2100."""
        table = self._table_covering(at, at + 1)
        while (closes := table.after(at)[1]) >= table.high:
            if closes == self._horizon and self._limit is None:
                return None
            table = self._extended_table(table, at)
        return closes

    def _add(self, start: int, amount: int) -> int:
        if amount < 0:
            raise CalendarError(
                f"{amount} s: an amount of business time cannot be negative; use between for the past"
            )
        if amount == 0:
            return self.next_open_at(start)
        table = self._table_covering(start, start)
        while (total := table.total_at(start) + amount) > table.total:
            table = self._extended_table(table, start)
        return table.instant(total)

    def _table_covering(self, start: int, end: int) -> OpeningTable:
        """Return the table from `start` to `end` or more, built or extended if necessary."""
        table = self._table
        if table.low <= start <= end <= table.high:
            return table
        if end < start:
            raise CalendarError(
                f"{_written(end)} is before {_written(start)}; give the earlier instant first"
            )
        if start < self._first:
            raise CalendarError(f"{_written(start)} is before {FIRST_YEAR}, where this calendar begins")
        if end > self._horizon:
            self._refuse_beyond(end)
        if table is NOTHING:
            low, high = start - _YEAR, end + 2 * _YEAR
        else:
            # Doubling keeps the total cost of extending a table proportional to its length.
            length = table.high - table.low
            low = table.low if start >= table.low else min(start, table.low - length)
            high = table.high if end <= table.high else max(end, table.high + length)
        low, high = max(low, self._first), min(high, self._horizon)
        wall = wall_clock(self._timezone, low - _MARGIN, high + _MARGIN)
        # Two threads may build at once; both tables are right, and the assignment is atomic.
        self._table = table = build_table(self._hours, wall, low, high)
        return table

    def _extended_table(self, table: OpeningTable, asked: int) -> OpeningTable:
        if table.high < self._horizon:
            return self._table_covering(min(asked, table.low), table.high + 1)
        if self._limit is not None:
            self._refuse_beyond(table.high)
        raise CalendarError(
            f"there is not that much open time between {_written(asked)} and the end of {LAST_YEAR}; use a smaller "
            "amount, or give the calendar more hours"
        )

    def _refuse_beyond(self, at: int) -> NoReturn:
        if self._limit is None or self._limit >= date(LAST_YEAR, 12, 31):
            raise CalendarError(f"{_written(at)} is past the end of {LAST_YEAR}, where this calendar ends")
        raise CalendarError(
            f"the holidays of this calendar are known until {self._limit}, which does not reach far enough (asked: "
            f"{_written(at)}); install the policy again to extend them"
        )


@lru_cache(maxsize=1)
def _always() -> BusinessCalendar:
    return BusinessCalendar("UTC", {day: [("00:00", "24:00")] for day in WEEKDAYS})


def _read_holidays(
    holidays: Iterable[date] | Sequence[str], until: date | None
) -> tuple[list[date], date | None]:
    """Return the dates, and the last day for which they are complete."""
    if isinstance(holidays, str):
        raise CalendarError(f'holidays: write ("{holidays}",) for a country, or dates')
    given: list[date | str] = list(holidays)
    words = [each for each in given if isinstance(each, str)]
    if words:
        if len(words) != len(given) or len(words) > 2:
            raise CalendarError(f"holidays: {given!r} is neither a country and subdivision nor dates")
        country, subdivision = words[0], words[1] if len(words) == 2 else None
        first, last = known_years(country, subdivision)
        known = date(last, 12, 31)
        return list(expand_holidays(country, subdivision, first, last)), min(until, known) if until else known
    dates = [each for each in given if not isinstance(each, str)]
    if dates and until is None:
        until = date(max(dates).year, 12, 31)
    return dates, until


def _seconds(at: datetime) -> int:
    try:
        since = at - _EPOCH
    except TypeError:
        _refuse_naive(at)
    return since.days * 86_400 + since.seconds


def _refuse_naive(*instants: datetime) -> NoReturn:
    for at in instants:
        if not isinstance(at, datetime):
            raise TypeError(f"{at!r} is not a datetime")
        if at.utcoffset() is None:
            break
    raise CalendarError(f"{at} has no time zone; give aware datetimes")


def _written(at: int) -> str:
    return (_EPOCH + timedelta(seconds=at)).strftime("%Y-%m-%d %H:%M:%S UTC")
