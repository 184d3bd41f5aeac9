"""What holds for every calendar, instant and amount, and agreement with a walk that looks at each minute."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from supportdesk.sla.calendar import BusinessCalendar, CalendarError

Hours = dict[str, list[tuple[str, str]]]

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri")
WEEK = (*WEEKDAYS, "sat", "sun")
OFFICE: Hours = {day: [("08:00", "18:00")] for day in WEEKDAYS}
NIGHTS: Hours = {day: [("22:00", "06:00")] for day in WEEK}
SPLIT: Hours = {day: [("07:30", "12:00"), ("13:00", "19:45")] for day in ("mon", "wed", "sun")}
SHIFTS: Hours = {
    "fri": [("18:00", "24:00")],
    "sat": [("00:00", "24:00")],
    "sun": [("00:00", "07:00"), ("23:30", "05:00")],
}
ROUND_THE_CLOCK: Hours = {day: [("00:00", "24:00")] for day in WEEK}

ZONES = {
    "Europe/London": [datetime(2026, 3, 29, 1, tzinfo=UTC), datetime(2026, 10, 25, 1, tzinfo=UTC)],
    "America/New_York": [datetime(2026, 3, 8, 7, tzinfo=UTC), datetime(2026, 11, 1, 6, tzinfo=UTC)],
    "Australia/Lord_Howe": [datetime(2026, 4, 4, 15, tzinfo=UTC), datetime(2026, 10, 3, 15, 30, tzinfo=UTC)],
    "Africa/Casablanca": [datetime(2026, 2, 15, 2, tzinfo=UTC), datetime(2026, 3, 22, 2, tzinfo=UTC)],
    "America/Sao_Paulo": [datetime(2018, 11, 4, 3, tzinfo=UTC), datetime(2018, 2, 18, 2, tzinfo=UTC)],
    "Asia/Kolkata": [datetime(2026, 12, 25, tzinfo=UTC)],
}
"""Zones, and instants in them around which a walk is worth taking: changes of the clocks."""

LIMITS = datetime(1990, 1, 2, tzinfo=UTC), datetime(2050, 1, 1, tzinfo=UTC)
LARGEST = 600 * 3_600
"""Seconds that even a desk of a quarter of an hour a week has before 2100, from any instant within the limits."""


class Desk:
    """A calendar together with what it was made of, for a walk that knows neither tables nor sums."""

    def __init__(
        self,
        timezone: str,
        hours: Hours,
        closed: frozenset[date] = frozenset(),
        exceptions: dict[date, list[tuple[str, str]]] | None = None,
    ) -> None:
        self.timezone = timezone
        self.zone = ZoneInfo(timezone)
        self.hours, self.closed, self.exceptions = hours, closed, exceptions or {}
        self.calendar = BusinessCalendar(timezone, hours, closed=closed, exceptions=self.exceptions)

    def __repr__(self) -> str:
        return f"Desk({self.timezone!r}, {self.hours}, {set(self.closed)}, {self.exceptions})"

    def open_minutes_of(self, day: date) -> list[tuple[int, int]]:
        spans = self.hours.get(WEEK[day.weekday()], [])
        spans = self.exceptions.get(day, [] if day in self.closed else spans)
        return [
            (begin, end if end > begin else end + 1440)
            for begin, end in (map(minute, span) for span in spans)
        ]

    def is_open(self, at: datetime) -> bool:
        shown = at.astimezone(self.zone)
        now = shown.hour * 60 + shown.minute
        today, yesterday = shown.date(), shown.date() - timedelta(days=1)
        return any(begin <= now < end for begin, end in self.open_minutes_of(today)) or any(
            begin <= now + 1440 < end for begin, end in self.open_minutes_of(yesterday)
        )


def minute(text: str) -> int:
    return int(text[:2]) * 60 + int(text[3:])


def written(minutes: int) -> str:
    return f"{minutes // 60:02}:{minutes % 60:02}"


@st.composite
def weekly_hours(draw: st.DrawFn) -> Hours:
    """Hours of any shape without an overlap: cuts of the week, every other piece of at most a day open."""
    cuts = sorted(draw(st.sets(st.integers(0, 7 * 96 - 1), min_size=2, max_size=16)))
    hours: Hours = {}
    for begin, end in zip(cuts[::2], cuts[1::2], strict=False):
        length = min(end - begin, 95)
        day, quarter = divmod(begin, 96)
        until = (quarter + length) * 15
        text = written(until if until <= 1440 else until - 1440)
        hours.setdefault(WEEK[day], []).append((written(quarter * 15), text))
    return hours


@st.composite
def desks(draw: st.DrawFn) -> Desk:
    timezone = draw(st.sampled_from(sorted(ZONES)))
    hours = draw(st.sampled_from([OFFICE, NIGHTS, SPLIT, SHIFTS, ROUND_THE_CLOCK]) | weekly_hours())
    near = draw(st.sampled_from(ZONES[timezone])).date()
    days = st.integers(-5, 5).map(lambda number: near + timedelta(days=number))
    closed = draw(st.frozensets(days, max_size=3))
    exceptions = draw(
        st.dictionaries(days, st.sampled_from([[], [("09:00", "11:30")], [("20:00", "03:15")]]), max_size=2)
    )
    try:
        return Desk(timezone, hours, closed, exceptions)
    except CalendarError as refused:
        assert "unclear" in str(refused) or "overlap" in str(refused)  # noqa: PT017
        assume(False)
        raise


def instants(low: datetime = LIMITS[0], high: datetime = LIMITS[1]) -> st.SearchStrategy[datetime]:
    seconds = st.integers(int(low.timestamp()), int(high.timestamp()))
    return seconds.map(lambda at: datetime.fromtimestamp(at, UTC))


AMOUNTS = st.integers(0, LARGEST).map(lambda seconds: timedelta(seconds=seconds))


@given(desks(), instants(), AMOUNTS)
def test_between_gives_back_what_add_took(desk: Desk, start: datetime, amount: timedelta) -> None:
    calendar = desk.calendar
    assert calendar.between(start, calendar.add(start, amount)) == amount


@given(desks(), instants(), AMOUNTS, AMOUNTS)
def test_a_larger_amount_never_runs_out_earlier(
    desk: Desk, start: datetime, one: timedelta, two: timedelta
) -> None:
    small, large = sorted((one, two))
    assert start <= desk.calendar.add(start, max(small, timedelta(seconds=1)))
    if small:
        assert desk.calendar.add(start, small) <= desk.calendar.add(start, large)


@given(desks(), instants(), instants(), AMOUNTS)
def test_a_later_start_never_runs_out_earlier(
    desk: Desk, one: datetime, two: datetime, amount: timedelta
) -> None:
    early, late = sorted((one, two))
    assert desk.calendar.add(early, amount) <= desk.calendar.add(late, amount)


@given(desks(), instants(), instants(), instants())
def test_two_parts_of_a_time_are_as_long_as_the_whole(
    desk: Desk, one: datetime, two: datetime, three: datetime
) -> None:
    start, middle, end = sorted((one, two, three))
    calendar = desk.calendar
    assert calendar.between(start, middle) + calendar.between(middle, end) == calendar.between(start, end)


@given(desks(), instants(), AMOUNTS)
def test_what_is_due_is_due_at_the_first_instant_that_is_late_enough(
    desk: Desk, start: datetime, amount: timedelta
) -> None:
    assume(amount)
    due = desk.calendar.add(start, amount)
    assert desk.calendar.between(start, due - timedelta(seconds=1)) < amount


@given(desks(), instants())
def test_no_amount_is_the_next_open_second(desk: Desk, at: datetime) -> None:
    calendar = desk.calendar
    opens = calendar.add(at, timedelta(0))
    assert opens == calendar.next_open(at)
    assert calendar.is_open(opens)
    assert calendar.between(at, opens) == timedelta(0)
    assert calendar.is_open(at) == (opens == at)


@given(desks(), instants(), st.integers(0, 86_400 * 60))
def test_the_open_stretches_add_up_to_the_open_time_and_never_meet(
    desk: Desk, start: datetime, length: int
) -> None:
    end = start + timedelta(seconds=length)
    spans = desk.calendar.spans(start, end)
    assert sum((closes - opens for opens, closes in spans), timedelta()) == desk.calendar.between(start, end)
    edges = [start, *(edge for span in spans for edge in span), end]
    assert edges == sorted(edges)
    assert all(closes < opens for (_, closes), (opens, _) in pairwise(spans))


@given(desks(), instants(), st.integers(1, LARGEST))
def test_integers_and_datetimes_agree(desk: Desk, start: datetime, seconds: int) -> None:
    calendar, at = desk.calendar, int(start.timestamp())
    due = calendar.add_seconds(at, seconds)
    assert due == calendar.add(start, timedelta(seconds=seconds)).timestamp()
    assert calendar.seconds_between(at, due) == seconds
    assert calendar.open_at(at) == calendar.is_open(start)
    closes = calendar.next_close_at(at)
    assert closes is None or (closes > at and calendar.open_at(closes - 1) and not calendar.open_at(closes))


@given(desks(), st.data())
def test_a_walk_by_the_minute_around_a_clock_change_finds_the_same(desk: Desk, data: st.DataObject) -> None:
    change = data.draw(st.sampled_from(ZONES[desk.timezone]))
    start = change - timedelta(minutes=data.draw(st.integers(0, 3 * 1440)))
    length = data.draw(st.integers(0, 5 * 1440))
    walked = 0
    for number in range(length):
        at = start + timedelta(minutes=number)
        now_open = desk.is_open(at)
        if number % 7 == 0:
            assert desk.calendar.is_open(at) == now_open, at
        walked += now_open
    assert desk.calendar.between(start, start + timedelta(minutes=length)) == timedelta(minutes=walked)


@given(desks(), st.data())
def test_a_walk_by_the_minute_runs_out_where_add_says(desk: Desk, data: st.DataObject) -> None:
    change = data.draw(st.sampled_from(ZONES[desk.timezone]))
    start = change - timedelta(minutes=data.draw(st.integers(0, 2 * 1440)))
    left = data.draw(st.integers(1, 30 * 60))
    at = start
    due = desk.calendar.add(start, timedelta(minutes=left))
    while left and at < start + timedelta(days=5):
        left -= desk.is_open(at)
        at += timedelta(minutes=1)
    if left:
        assert due > at
    else:
        assert due == at


@pytest.mark.parametrize("timezone", sorted(ZONES))
def test_a_walk_by_the_minute_through_a_night_desks_year_finds_the_same(timezone: str) -> None:
    desk = Desk(timezone, NIGHTS, frozenset({date(2018, 7, 4)}))
    at, end = datetime(2018, 1, 1, tzinfo=UTC), datetime(2019, 1, 1, tzinfo=UTC)
    step, walked, start = timedelta(minutes=30), 0, at
    while at < end:
        walked += desk.is_open(at)
        at += step
    assert desk.calendar.between(start, end) == walked * step


@given(instants(), AMOUNTS)
def test_round_the_clock_is_plain_addition(start: datetime, amount: timedelta) -> None:
    always = BusinessCalendar.always()
    assert always.add(start, amount) == start + amount
    assert always.between(start, start + amount) == amount
