"""The months and weeks that figures are counted for, in one time zone."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import msgspec

from supportdesk.sla.clocks import epoch
from supportdesk.sla.formatting import MONTHS

WEEKS = 8
"""How many weeks of arrivals and resolutions are shown, including the present one."""
_WEEK = timedelta(weeks=1)


class Period(msgspec.Struct, frozen=True):
    """A period from `start` to before `end`, both UTC epoch seconds; `first` is its first day in the zone."""

    first: date
    start: int
    end: int

    def __contains__(self, at: int) -> bool:
        return self.start <= at < self.end


def month_at(at: datetime, zone: str) -> Period:
    """Return the month of an instant."""
    first = at.astimezone(ZoneInfo(zone)).date().replace(day=1)
    return month(first, zone)


def month(first: date, zone: str) -> Period:
    """Return the month that begins on `first`."""
    after = (first + timedelta(days=31)).replace(day=1)
    return Period(first, _midnight(first, zone), _midnight(after, zone))


def weeks_up_to(at: datetime, zone: str) -> tuple[Period, ...]:
    """Return the last `WEEKS` weeks, from Monday to Sunday, with the week of `at` last."""
    today = at.astimezone(ZoneInfo(zone)).date()
    monday = today - timedelta(days=today.weekday())
    mondays = [monday - (WEEKS - 1 - number) * _WEEK for number in range(WEEKS)]
    return tuple(Period(each, _midnight(each, zone), _midnight(each + _WEEK, zone)) for each in mondays)


def month_name(period: Period) -> str:
    """Return the name of a month: `November 2026`."""
    return f"{MONTHS[period.first.month - 1]} {period.first.year}"


def _midnight(day: date, zone: str) -> int:
    return epoch(datetime.combine(day, time(), ZoneInfo(zone)))
