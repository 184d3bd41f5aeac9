"""On-call hours: what each person was on call in a month, for pay and for fairness. Read from the one timeline."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import msgspec

from supportdesk.reports.periods import Period
from supportdesk.sla.clocks import instant
from supportdesk.sla.policy import Policy
from supportdesk.store.read_models import PageSent
from supportdesk.tickets.documents import Line
from supportdesk.tickets.rota.data import RotaData
from supportdesk.tickets.rota.night import NIGHT, is_night
from supportdesk.tickets.rota.timeline import timeline

ASLEEP_AGAIN = timedelta(minutes=30)
"""After a page at night, another one within this time wakes nobody a second time."""
_DAY = timedelta(days=1)


class OnCallHours(msgspec.Struct, frozen=True):
    """What a person was on call in a month, in seconds: on each line, at night and on bank holidays.

    `night` and `holiday` are parts of the seconds on both lines. `pages` counts the pages sent to the person, on
    call or not, and `woken` how often one woke them.
    """

    person: str
    first: int = 0
    second: int = 0
    night: int = 0
    holiday: int = 0
    pages: int = 0
    woken: int = 0

    @property
    def on_call(self) -> int:
        """The seconds on call, on both lines together."""
        return self.first + self.second


def compute_on_call_hours(
    reference_data: RotaData,
    month: Period,
    zone: str,
    *,
    holidays: Collection[date],
    pages: Iterable[PageSent],
    until: datetime | None = None,
) -> tuple[OnCallHours, ...]:
    """Return the hours of everybody who was on call or paged in a month, by username.

    `until` ends a month that is not over yet. Nights and `holidays` are those of the wall clock of `zone`. Of `pages`,
    those of `ASLEEP_AGAIN` before the month say who is awake at its beginning.
    """
    start, end = instant(month.start), instant(month.end)
    end = min(end, until) if until is not None else end
    seconds: defaultdict[str, defaultdict[str, int]] = defaultdict(lambda: defaultdict(int))
    nights, free = list(_nights(start, end, zone)), list(_days(start, end, zone, holidays))
    for shift in timeline(reference_data, start, end):
        theirs, since, to = seconds[shift.person], max(shift.start, start), min(shift.end, end)
        theirs[Line(shift.line).value] += _seconds(since, to)
        theirs["night"] += sum(_overlap(since, to, *night) for night in nights)
        theirs["holiday"] += sum(_overlap(since, to, *day) for day in free)
    by_person: defaultdict[str, list[datetime]] = defaultdict(list)
    for page in pages:
        if start - ASLEEP_AGAIN <= page.at < end:
            by_person[page.person].append(page.at)
    counted = {person for person, sent in by_person.items() if max(sent) >= start}
    return tuple(
        OnCallHours(
            person,
            **seconds[person],
            pages=sum(at >= start for at in by_person[person]),
            woken=_times_woken(by_person[person], start, zone),
        )
        for person in sorted({*seconds, *counted})
    )


def bank_holidays(policy: Policy) -> frozenset[date]:
    """Return the dates that are a holiday in any of a policy's calendars."""
    return frozenset(day for calendar in policy.calendars for day in calendar.holidays)


def _times_woken(pages: Iterable[datetime], start: datetime, zone: str) -> int:
    """Return how often pages woke somebody from `start` on."""
    woken, last = 0, None
    for at in sorted(pages):
        if at >= start and is_night(at, zone) and (last is None or at - last > ASLEEP_AGAIN):
            woken += 1
        last = at
    return woken


def _nights(start: datetime, end: datetime, zone: str) -> Iterator[tuple[datetime, datetime]]:
    """Yield the nights that have a part between two instants."""
    for day in _dates(start, end, zone):
        yield _wall(day, NIGHT[0], zone), _wall(day + _DAY, NIGHT[1], zone)


def _days(
    start: datetime, end: datetime, zone: str, wanted: Collection[date]
) -> Iterator[tuple[datetime, datetime]]:
    """Yield those of the wanted days that have a part between two instants, from midnight to midnight."""
    for day in _dates(start, end, zone):
        if day in wanted:
            yield _wall(day, time(), zone), _wall(day + _DAY, time(), zone)


def _dates(start: datetime, end: datetime, zone: str) -> Iterator[date]:
    """Yield the dates from the one before `start` to that of `end`."""
    day = start.astimezone(ZoneInfo(zone)).date() - _DAY
    while day <= end.astimezone(ZoneInfo(zone)).date():
        yield day
        day += _DAY


def _wall(day: date, clock: time, zone: str) -> datetime:
    return datetime.combine(day, clock, ZoneInfo(zone))


def _overlap(start: datetime, end: datetime, since: datetime, to: datetime) -> int:
    return max(0, _seconds(max(start, since), min(end, to)))


def _seconds(start: datetime, end: datetime) -> int:
    # Of two datetimes of one zone, Python subtracts the wall clocks.
    return int(end.timestamp() - start.timestamp())
