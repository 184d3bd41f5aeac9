"""The rules of the clocks that bear on business time, each named by its number."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from supportdesk.sla.calendar import BusinessCalendar, CalendarError
from supportdesk.sla.wall_clock import wall_clock

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri")
WEEK = (*WEEKDAYS, "sat", "sun")
OFFICE_HOURS = {day: [("08:00", "18:00")] for day in WEEKDAYS}
NIGHTS = {day: [("22:00", "06:00")] for day in WEEK}
OFFICE = BusinessCalendar("Europe/London", OFFICE_HOURS)


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def hours(amount: float) -> timedelta:
    return timedelta(hours=amount)


def test_rule_01_an_amount_that_runs_out_at_closing_time_is_due_at_closing_time() -> None:
    assert OFFICE.add(utc("2026-11-27T17:00"), hours(1)) == utc("2026-11-27T18:00")
    assert OFFICE.add(utc("2026-11-27T18:00"), hours(10)) == utc("2026-11-30T18:00")


def test_rule_01_no_more_time_has_gone_at_seven_in_the_evening_than_at_closing_time() -> None:
    start = utc("2026-11-24T15:00")
    assert (
        OFFICE.between(start, utc("2026-11-24T19:00"))
        == OFFICE.between(start, utc("2026-11-24T18:00"))
        == hours(3)
    )


@pytest.mark.parametrize(
    ("asked", "due"),
    [
        ("2026-11-24T09:42:07", "2026-11-24T09:42:07"),
        ("2026-11-24T08:00", "2026-11-24T08:00"),
        ("2026-11-24T18:00", "2026-11-25T08:00"),
        ("2026-11-28T03:00", "2026-11-30T08:00"),
    ],
)
def test_rule_02_no_amount_at_all_is_the_next_open_second(asked: str, due: str) -> None:
    assert OFFICE.add(utc(asked), timedelta(0)) == utc(due)


def test_rule_11_business_hours_follow_the_wall_clock() -> None:
    assert OFFICE.add(utc("2026-03-27T17:00"), hours(3)) == utc("2026-03-30T09:00")
    assert OFFICE.add(utc("2026-10-23T16:00"), hours(3)) == utc("2026-10-26T10:00")


def test_rule_11_round_the_clock_counts_real_seconds_over_a_clock_change() -> None:
    always = BusinessCalendar.always()
    assert always.between(utc("2026-03-28T12:00"), utc("2026-03-29T12:00")) == hours(24)
    local = BusinessCalendar("Europe/London", {day: [("00:00", "24:00")] for day in WEEK})
    midnight = datetime(2026, 3, 29, tzinfo=ZoneInfo("Europe/London"))
    assert local.between(midnight, midnight + timedelta(days=1)) == hours(23)


@pytest.mark.parametrize(
    ("timezone", "evening", "length"),
    [
        ("Europe/London", date(2026, 3, 28), 7),
        ("Europe/London", date(2026, 10, 24), 9),
        ("America/New_York", date(2026, 3, 7), 7),
        ("America/New_York", date(2026, 10, 31), 9),
        ("Australia/Lord_Howe", date(2026, 4, 4), 8.5),
        ("Australia/Lord_Howe", date(2026, 10, 3), 7.5),
        ("Africa/Casablanca", date(2026, 2, 14), 9),
        ("Africa/Casablanca", date(2026, 3, 21), 7),
        ("Asia/Kolkata", date(2026, 3, 28), 8),
    ],
)
def test_rule_11_a_night_over_a_clock_change_has_the_seconds_that_pass(
    timezone: str, evening: date, length: float
) -> None:
    nights = BusinessCalendar(timezone, NIGHTS)
    begins = datetime(evening.year, evening.month, evening.day, 22, tzinfo=ZoneInfo(timezone))
    opening, *rest = nights.spans(begins, begins + hours(14))
    assert rest == []
    assert opening.opens == begins
    assert opening.closes - opening.opens == hours(length)
    assert nights.add(begins, hours(length)) == opening.closes


@pytest.mark.parametrize(
    ("timezone", "spans", "said"),
    [
        ("Europe/London", [("01:30", "09:00")], "begin at 01:30 .* 1990-03-25 that time is skipped"),
        ("Europe/London", [("01:00", "09:00")], "begin at 01:00 .* is skipped"),
        ("Europe/London", [("00:30", "01:30")], "end at 01:30 .* is skipped"),
        ("Europe/London", [("00:30", "01:00")], "end at 01:00 .* 1990-10-28 that time comes twice"),
        ("Australia/Lord_Howe", [("02:15", "09:00")], "begin at 02:15 .* is skipped"),
        ("Australia/Lord_Howe", [("01:45", "09:00")], "begin at 01:45 .* comes twice"),
        ("America/Sao_Paulo", [("00:00", "09:00")], "begin at 00:00 .* is skipped"),
    ],
)
def test_rule_11_a_span_that_begins_or_ends_in_a_skipped_or_doubled_hour_is_refused(
    timezone: str, spans: list[tuple[str, str]], said: str
) -> None:
    with pytest.raises(CalendarError, match=said):
        BusinessCalendar(timezone, {"sun": spans})


@pytest.mark.parametrize(
    ("timezone", "day", "spans", "open_hours"),
    [
        ("Europe/London", "sat", [("01:30", "09:00")], 7.5),
        ("Europe/London", "sun", [("00:00", "02:00")], 2),
        ("Europe/London", "sun", [("02:00", "09:00")], 7),
        ("Europe/London", "sat", [("22:00", "06:00")], 8),
        ("Australia/Lord_Howe", "sun", [("01:00", "02:00")], 1),
    ],
)
def test_rule_11_spans_that_only_touch_or_hold_the_hour_of_the_change_are_accepted(
    timezone: str, day: str, spans: list[tuple[str, str]], open_hours: float
) -> None:
    calendar = BusinessCalendar(timezone, {day: spans})
    assert calendar.between(utc("2026-03-04T12:00"), utc("2026-03-11T12:00")) == hours(open_hours)


def test_rule_11_a_span_that_ends_as_the_clocks_are_put_forward_ends_then() -> None:
    calendar = BusinessCalendar("Australia/Lord_Howe", {"sun": [("01:00", "02:00")]})
    change = utc("2026-10-03T15:30")
    assert calendar.spans(change - hours(12), change + hours(12)) == [(change - hours(1), change)]


def test_rule_11_only_days_that_are_open_are_looked_at() -> None:
    with pytest.raises(CalendarError, match="1990-03-25"):
        BusinessCalendar("Europe/London", {"sun": [("01:30", "12:00")]})
    changes = [date(1990, 3, 25), date(1990, 10, 28)]
    with pytest.raises(CalendarError, match="1991-03-31"):
        BusinessCalendar("Europe/London", {"sun": [("01:30", "12:00")]}, closed=changes)
    once = BusinessCalendar(
        "Europe/London", {"sat": [("00:00", "12:00")]}, exceptions={date(2026, 4, 5): [("01:30", "12:00")]}
    )
    assert once.is_open(utc("2026-04-05T00:30"))
    with pytest.raises(CalendarError, match="2026-03-29"):
        BusinessCalendar("Europe/London", {}, exceptions={date(2026, 3, 29): [("01:30", "12:00")]})


def test_rule_11_a_midnight_within_a_stretch_may_be_skipped() -> None:
    shop = BusinessCalendar(
        "America/Sao_Paulo", {day: [("00:00", "24:00")] for day in WEEK}, closed=[date(2018, 12, 25)]
    )
    zone = ZoneInfo("America/Sao_Paulo")
    assert shop.between(
        datetime(2018, 11, 3, 12, tzinfo=zone), datetime(2018, 11, 4, 12, tzinfo=zone)
    ) == hours(23)


@pytest.mark.parametrize(
    ("timezone", "first", "last"),
    [
        ("Africa/Casablanca", 2012, 2026),
        ("America/Recife", 2000, 2001),
        ("Asia/Gaza", 2040, 2041),
        ("Europe/London", 1990, 1992),
        ("Europe/London", 2099, 2101),
        ("Pacific/Apia", 2011, 2013),
    ],
)
def test_rule_11_no_clock_change_is_missed_however_close_to_the_next(
    timezone: str, first: int, last: int
) -> None:
    zone = ZoneInfo(timezone)
    low, high = (int(datetime(year, 1, 1, tzinfo=UTC).timestamp()) for year in (first, last))
    halves = range(low, high, 1_800)
    shown = [datetime.fromtimestamp(at, zone).utcoffset() for at in halves]
    found = [at for at, before, after in zip(halves[1:], shown, shown[1:], strict=False) if before != after]
    assert [at for at in wall_clock(timezone).changes if low < at < high] == found
    assert found


def test_rule_11_a_day_that_the_calendar_of_a_place_skipped_counts_as_if_it_were_closed() -> None:
    apia = BusinessCalendar("Pacific/Apia", OFFICE_HOURS)
    closed = BusinessCalendar("Pacific/Apia", OFFICE_HOURS, closed=[date(2011, 12, 30)])
    start, end = utc("2011-12-28T12:00"), utc("2012-01-02T12:00")
    assert apia.between(start, end) == closed.between(start, end) == hours(30)
