"""Business time relative to now, so that a demo ticket's clock shows a chosen value at present."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from functools import lru_cache

from supportdesk.sla.calendar import BusinessCalendar, Opening

_REACH = timedelta(days=90)


@lru_cache(maxsize=16)
def _list_spans_before(calendar: BusinessCalendar, until: datetime) -> list[Opening]:
    """Return the open spans within reach of an instant, which is nearly always the same."""
    return calendar.spans(until - _REACH, until)


class RelativeCalendar:
    """A calendar relative to `now`."""

    def __init__(self, calendar: BusinessCalendar, now: datetime) -> None:
        self.calendar = calendar
        self.now = now

    @property
    def timezone(self) -> str:
        """The calendar's time zone."""
        return self.calendar.timezone

    @property
    def today(self) -> date:
        """The present day in that zone."""
        return self.now.astimezone(self.calendar.zone).date()

    def ago(self, hours: float, before: datetime | None = None) -> datetime:
        """Return the latest instant with `hours` open hours until `now`, or until `before`."""
        until = before or self.now
        left = timedelta(seconds=round(hours * 3600))
        if not left:
            return until
        for opening in reversed(_list_spans_before(self.calendar, until)):
            length = opening.closes - opening.opens
            if left <= length:
                return opening.closes - left
            left -= length
        raise ValueError(f"{hours} open hours ago is further back than {_REACH.days} days")

    def after(self, start: datetime, hours: float) -> datetime:
        """Return the instant `hours` open hours after `start`, at most now."""
        return min(self.calendar.add(start, timedelta(seconds=round(hours * 3600))), self.now)

    def working_day(self, day: date) -> date:
        """Return the first day from `day` on with opening hours."""
        while not self._spans(day):
            day += timedelta(days=1)
        return day

    def working_day_before(self, day: date) -> date:
        """Return the last day before `day` with opening hours."""
        day -= timedelta(days=1)
        while not self._spans(day):
            day -= timedelta(days=1)
        return day

    def opening_of(self, day: date) -> datetime:
        """Return when a working day opens."""
        return self._spans(day)[0][0]

    def weeks_since(self, at: datetime) -> int:
        """Return how many weeks before this week's Monday the week of `at` began."""
        day, today = at.astimezone(self.calendar.zone).date(), self.today
        first, monday = (each - timedelta(days=each.weekday()) for each in (day, today))
        return (monday - first).days // 7

    def monday_morning(self, weeks_ago: int) -> datetime:
        """Return 08:00 local time on the Monday `weeks_ago` weeks before this week's."""
        monday = self.today - timedelta(days=self.today.weekday(), weeks=weeks_ago)
        return datetime.combine(monday, time(8), self.calendar.zone)

    def _spans(self, day: date) -> list[tuple[datetime, datetime]]:
        begin = datetime.combine(day, time(), self.calendar.zone)
        end = datetime.combine(day + timedelta(days=1), time(), self.calendar.zone)
        return [(each.opens, each.closes) for each in self.calendar.spans(begin, end)]
