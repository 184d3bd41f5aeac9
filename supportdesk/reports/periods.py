"""The stretches of the calendar that figures are counted for, by the wall clock of one time zone."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import msgspec

from supportdesk.sla.clocks import epoch
from supportdesk.sla.formatting import MONTHS

WEEKS = 8
"""How many weeks arrivals and resolutions are shown for, the present one among them."""
_WEEK = timedelta(weeks=1)


class Period(msgspec.Struct, frozen=True):
    """From `start` up to, not including, `end`, both UTC epoch seconds; `first` is its first day on the wall."""

    first: date
    start: int
    end: int

    def __contains__(self, at: int) -> bool:
        return self.start <= at < self.end


def month_at(at: datetime, zone: str) -> Period:
    """The month that an instant lies in."""
    first = at.astimezone(ZoneInfo(zone)).date().replace(day=1)
    return month(first, zone)


def month(first: date, zone: str) -> Period:
    """The month that begins on a day."""
    after = (first + timedelta(days=31)).replace(day=1)
    return Period(first, _midnight(first, zone), _midnight(after, zone))


def weeks_up_to(at: datetime, zone: str) -> tuple[Period, ...]:
    """The last weeks, from Monday to Sunday, the one that `at` lies in last."""
    today = at.astimezone(ZoneInfo(zone)).date()
    monday = today - timedelta(days=today.weekday())
    mondays = [monday - (WEEKS - 1 - number) * _WEEK for number in range(WEEKS)]
    return tuple(Period(each, _midnight(each, zone), _midnight(each + _WEEK, zone)) for each in mondays)


def month_name(period: Period) -> str:
    """`November 2026`."""
    return f"{MONTHS[period.first.month - 1]} {period.first.year}"


def _midnight(day: date, zone: str) -> int:
    return epoch(datetime.combine(day, time(), ZoneInfo(zone)))
