"""Telling time backwards: when it was so many open hours ago, so that a clock stands where it should stand now."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from supportdesk.sla.calendar import BusinessCalendar

_REACH = timedelta(days=90)


class Hours:
    """A calendar, seen from one moment, which is `now`."""

    def __init__(self, calendar: BusinessCalendar, now: datetime) -> None:
        self.calendar = calendar
        self.now = now

    @property
    def timezone(self) -> str:
        """The zone whose wall clock the calendar follows."""
        return self.calendar.timezone

    @property
    def today(self) -> date:
        """The present day, as that wall clock has it."""
        return self.now.astimezone(self.calendar.zone).date()

    def ago(self, hours: float, before: datetime | None = None) -> datetime:
        """The latest moment from which so many open hours lie before `now`, or before another moment."""
        until = before or self.now
        left = timedelta(seconds=round(hours * 3600))
        if not left:
            return until
        for opening in reversed(self.calendar.spans(until - _REACH, until)):
            length = opening.closes - opening.opens
            if left <= length:
                return opening.closes - left
            left -= length
        raise ValueError(f"{hours} open hours ago is further back than {_REACH.days} days")

    def after(self, start: datetime, hours: float) -> datetime:
        """The moment at which so many open hours from `start` on have run out, no later than now."""
        return min(self.calendar.add(start, timedelta(seconds=round(hours * 3600))), self.now)

    def working_day(self, day: date) -> date:
        """The first day from `day` on that has opening hours."""
        while not self._spans(day):
            day += timedelta(days=1)
        return day

    def working_day_before(self, day: date) -> date:
        """The last day before `day` that has opening hours."""
        day -= timedelta(days=1)
        while not self._spans(day):
            day -= timedelta(days=1)
        return day

    def opening_of(self, day: date) -> datetime:
        """When a working day begins."""
        return self._spans(day)[0][0]

    def monday_morning(self, weeks_ago: int) -> datetime:
        """Eight o'clock of the Monday so many weeks before this week's, by the wall clock."""
        monday = self.today - timedelta(days=self.today.weekday(), weeks=weeks_ago)
        return datetime.combine(monday, time(8), self.calendar.zone)

    def _spans(self, day: date) -> list[tuple[datetime, datetime]]:
        begin = datetime.combine(day, time(), self.calendar.zone)
        end = datetime.combine(day + timedelta(days=1), time(), self.calendar.zone)
        return [(each.opens, each.closes) for each in self.calendar.spans(begin, end)]
