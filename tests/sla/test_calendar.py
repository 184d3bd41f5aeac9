"""Business time by example: what a desk's hours, holidays and clock changes do to an amount of open time."""

from __future__ import annotations

import pickle
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from supportdesk.sla.calendar import BusinessCalendar, Opening

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri")
WEEK = (*WEEKDAYS, "sat", "sun")
OFFICE_HOURS = {day: [("08:00", "18:00")] for day in WEEKDAYS}
NIGHTS = {day: [("22:00", "06:00")] for day in WEEK}
OFFICE = BusinessCalendar("Europe/London", OFFICE_HOURS)
ENGLAND = BusinessCalendar("Europe/London", OFFICE_HOURS, holidays=("GB", "ENG"))


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def hours(amount: float) -> timedelta:
    return timedelta(hours=amount)


def epoch(text: str) -> int:
    return int(utc(text).timestamp())


# What runs out when.


def test_an_amount_is_spent_in_office_hours_only() -> None:
    assert OFFICE.add(utc("2026-11-24T16:30"), hours(3)) == utc("2026-11-25T09:30")


def test_twenty_four_business_hours_are_two_days_and_four_hours() -> None:
    assert OFFICE.add(utc("2026-11-24T09:42"), hours(24)) == utc("2026-11-26T13:42")


def test_a_weekend_is_no_business_time() -> None:
    assert OFFICE.between(utc("2026-11-27T17:00"), utc("2026-11-30T09:00")) == hours(2)


def test_christmas_and_the_substitute_for_boxing_day_are_left_out() -> None:
    assert ENGLAND.add(utc("2026-12-24T15:00"), hours(24)) == utc("2026-12-31T09:00")


def test_a_one_off_bank_holiday_is_left_out() -> None:
    assert not ENGLAND.is_open(utc("2022-09-19T12:00"))
    assert OFFICE.is_open(utc("2022-09-19T12:00"))


def test_an_amount_from_a_closed_instant_is_counted_from_the_next_opening() -> None:
    assert OFFICE.add(utc("2026-11-28T12:00"), hours(1)) == utc("2026-11-30T09:00")


def test_several_spans_a_day_leave_the_lunch_hour_out() -> None:
    split = BusinessCalendar("UTC", {"mon": [("13:00", "17:00"), ("08:00", "12:00")]})
    assert split.add(utc("2026-11-23T11:00"), hours(2)) == utc("2026-11-23T14:00")
    assert not split.is_open(utc("2026-11-23T12:30"))


def test_spans_that_touch_are_one_stretch() -> None:
    joined = BusinessCalendar(
        "UTC", {"mon": [("08:00", "12:00"), ("12:00", "24:00")], "tue": [("00:00", "03:00")]}
    )
    assert joined.spans(utc("2026-11-23T00:00"), utc("2026-11-25T00:00")) == [
        (utc("2026-11-23T08:00"), utc("2026-11-24T03:00"))
    ]


def test_a_night_span_continues_past_midnight_and_past_the_end_of_the_week() -> None:
    sunday = BusinessCalendar("UTC", {"sun": [("22:00", "06:00")]})
    assert sunday.is_open(utc("2026-11-23T05:59"))
    assert sunday.between(utc("2026-11-22T00:00"), utc("2026-11-24T00:00")) == hours(8)


def test_a_span_may_end_at_midnight_in_either_writing() -> None:
    late = BusinessCalendar("UTC", {"mon": [("20:00", "24:00")]})
    assert late == BusinessCalendar("UTC", {"mon": [("20:00", "00:00")]})
    assert late.next_close_at(epoch("2026-11-23T21:00")) == epoch("2026-11-24T00:00")


def test_any_year_from_1990_to_2100_is_answered() -> None:
    assert ENGLAND.next_open(utc("1990-01-01T00:00")) == utc("1990-01-02T08:00")
    assert ENGLAND.add(utc("2100-12-31T17:00"), hours(1)) == utc("2100-12-31T18:00")
    assert OFFICE.between(utc("1990-01-01T00:00"), utc("2100-12-31T23:00")) == sum(
        (
            hours(10)
            for number in range(date(1990, 1, 1).toordinal(), date(2101, 1, 1).toordinal())
            if date.fromordinal(number).weekday() < 5
        ),
        timedelta(),
    )


# What the desk is at an instant.


def test_an_opening_instant_is_open_and_a_closing_instant_is_not() -> None:
    assert OFFICE.is_open(utc("2026-11-24T08:00"))
    assert OFFICE.is_open(utc("2026-11-24T17:59:59"))
    assert not OFFICE.is_open(utc("2026-11-24T18:00"))


def test_the_next_opening_of_an_open_instant_is_itself() -> None:
    assert OFFICE.next_open(utc("2026-11-24T09:00")) == utc("2026-11-24T09:00")
    assert OFFICE.next_open(utc("2026-11-24T18:00")) == utc("2026-11-25T08:00")


def test_the_next_closing_is_that_of_the_stretch_to_come_when_closed() -> None:
    assert OFFICE.next_close_at(epoch("2026-11-24T09:00")) == epoch("2026-11-24T18:00")
    assert OFFICE.next_close_at(epoch("2026-11-24T18:00")) == epoch("2026-11-25T18:00")


def test_a_calendar_that_stays_open_has_no_next_closing() -> None:
    assert BusinessCalendar.always().next_close_at(epoch("2026-11-24T09:00")) is None
    once = BusinessCalendar("UTC", {day: [("00:00", "24:00")] for day in WEEK}, closed=[date(2030, 5, 1)])
    assert once.next_close_at(epoch("2026-11-24T09:00")) == epoch("2030-05-01T00:00")
    assert once.next_close_at(epoch("2030-05-02T09:00")) is None


def test_spans_are_clipped_to_what_was_asked() -> None:
    assert OFFICE.spans(utc("2026-11-24T17:00"), utc("2026-11-26T09:00")) == [
        Opening(utc("2026-11-24T17:00"), utc("2026-11-24T18:00")),
        Opening(utc("2026-11-25T08:00"), utc("2026-11-25T18:00")),
        Opening(utc("2026-11-26T08:00"), utc("2026-11-26T09:00")),
    ]
    assert OFFICE.spans(utc("2026-11-24T18:00"), utc("2026-11-25T08:00")) == []
    assert OFFICE.spans(utc("2026-11-24T09:00"), utc("2026-11-24T09:00")) == []


def test_answers_are_in_utc_whatever_the_zone_of_the_question() -> None:
    asked = datetime(2026, 7, 1, 13, 0, tzinfo=ZoneInfo("Asia/Tokyo"))
    assert OFFICE.add(asked, hours(1)).isoformat() == "2026-07-01T08:00:00+00:00"
    assert OFFICE.next_open(asked).isoformat() == "2026-07-01T07:00:00+00:00"


def test_fractions_of_a_second_are_dropped() -> None:
    start = utc("2026-11-24T09:00") + timedelta(microseconds=999_999)
    assert OFFICE.add(start, timedelta(seconds=1, microseconds=999_999)) == utc("2026-11-24T09:00:01")
    assert OFFICE.between(start, utc("2026-11-24T09:00:01")) == timedelta(seconds=1)


def test_the_integer_form_says_the_same_as_the_datetime_form() -> None:
    start, end = utc("2026-11-24T16:30"), utc("2026-12-24T12:00")
    at, until = int(start.timestamp()), int(end.timestamp())
    assert ENGLAND.add_seconds(at, 86_400) == ENGLAND.add(start, hours(24)).timestamp()
    assert ENGLAND.seconds_between(at, until) == ENGLAND.between(start, end).total_seconds()
    assert ENGLAND.next_open_at(at + 7_200) == ENGLAND.next_open(start + hours(2)).timestamp()
    assert [ENGLAND.open_at(at), ENGLAND.open_at(at + 7_200)] == [True, False]


def test_an_instant_is_shown_in_the_calendars_zone() -> None:
    assert OFFICE.local(epoch("2026-07-01T07:00")).isoformat() == "2026-07-01T08:00:00+01:00"


# Which rule decides a date.


def test_an_exception_replaces_the_hours_of_its_day_and_opens_a_holiday() -> None:
    christmas = date(2026, 12, 25)
    calendar = BusinessCalendar(
        "Europe/London",
        OFFICE_HOURS,
        holidays=[christmas],
        closed=[christmas],
        exceptions={christmas: [("10:00", "12:00")], date(2026, 12, 24): []},
    )
    assert calendar.spans(utc("2026-12-23T17:00"), utc("2026-12-26T00:00")) == [
        (utc("2026-12-23T17:00"), utc("2026-12-23T18:00")),
        (utc("2026-12-25T10:00"), utc("2026-12-25T12:00")),
    ]


def test_what_decided_a_date_can_be_asked() -> None:
    calendar = BusinessCalendar(
        "UTC",
        OFFICE_HOURS,
        holidays=[date(2026, 5, 1), date(2026, 5, 2), date(2026, 5, 3)],
        closed=[date(2026, 5, 2), date(2026, 5, 3)],
        exceptions={date(2026, 5, 3): [("10:00", "12:00")]},
    )
    decided = [calendar.rule_on(date(2026, 5, day)) for day in (1, 2, 3, 4)]
    assert decided == ["holiday", "closed", "exception", "hours"]


def test_a_closed_date_leaves_the_night_begun_before_it_and_takes_its_own() -> None:
    nights = BusinessCalendar("UTC", NIGHTS, closed=[date(2026, 12, 25)])
    assert nights.spans(utc("2026-12-24T12:00"), utc("2026-12-27T00:00")) == [
        (utc("2026-12-24T22:00"), utc("2026-12-25T06:00")),
        (utc("2026-12-26T22:00"), utc("2026-12-27T00:00")),
    ]


# How it behaves as a value.


def test_calendars_of_the_same_hours_are_equal_whatever_they_were_asked() -> None:
    one, two = BusinessCalendar("UTC", OFFICE_HOURS), BusinessCalendar("UTC", OFFICE_HOURS)
    one.add(utc("2026-11-24T09:00"), hours(1))
    assert one == two
    assert hash(one) == hash(two)
    assert one != BusinessCalendar("Europe/London", OFFICE_HOURS)
    assert one != BusinessCalendar("UTC", OFFICE_HOURS, closed=[date(2026, 1, 1)])


def test_a_calendar_survives_pickling() -> None:
    copy = pickle.loads(pickle.dumps(ENGLAND))
    assert copy == ENGLAND
    assert copy.add(utc("2026-12-24T15:00"), hours(24)) == utc("2026-12-31T09:00")


def test_answers_do_not_depend_on_the_order_of_the_questions() -> None:
    starts = [utc(f"{year}-06-17T12:34:56") for year in (2050, 1991, 2099, 2026, 1990, 2100)]
    asked = BusinessCalendar("Europe/London", OFFICE_HOURS)
    answers = [asked.add(start, hours(1_000)) for start in starts[:-1]]
    fresh = [
        BusinessCalendar("Europe/London", OFFICE_HOURS).add(start, hours(1_000)) for start in starts[:-1]
    ]
    assert answers == fresh


@pytest.mark.parametrize("offset", range(-2, 5))
def test_an_amount_may_run_out_just_past_the_years_that_were_looked_at(offset: int) -> None:
    asked, whole = (BusinessCalendar("Europe/London", OFFICE_HOURS) for _ in range(2))
    start = utc("2026-11-23T10:00")
    asked.is_open(start)
    edge = whole.between(start, start + timedelta(days=2 * 366)) + timedelta(seconds=offset)
    assert asked.add(start, edge) == whole.add(start, edge)
    assert whole.is_open(whole.add(start, edge))


@pytest.mark.parametrize("timezone", ["Pacific/Tongatapu", "Europe/London", "Pacific/Pago_Pago"])
def test_a_night_begun_before_the_years_that_are_looked_at_is_whole(timezone: str) -> None:
    for hour in range(0, 24, 3):
        nights = BusinessCalendar(timezone, NIGHTS)
        asked = datetime(2026, 11, 24, hour, tzinfo=UTC)
        nights.is_open(asked)
        earliest = asked - timedelta(days=366)
        assert nights.is_open(earliest) == (not 6 <= earliest.astimezone(nights.zone).hour < 22)


@pytest.mark.slow
def test_threads_that_ask_at_once_get_the_same_answers() -> None:
    shared = BusinessCalendar("Europe/London", OFFICE_HOURS)
    starts = [utc(f"{1990 + (number * 37) % 110}-06-17T12:00") for number in range(110)]
    with ThreadPoolExecutor(8) as threads:
        answers = list(threads.map(lambda start: shared.add(start, hours(30)), starts))
    alone = BusinessCalendar("Europe/London", OFFICE_HOURS)
    assert answers == [alone.add(start, hours(30)) for start in starts]


def test_business_time_from_stored_dates_does_not_import_the_holidays_library() -> None:
    program = (
        "import sys, datetime as d; from supportdesk.sla.calendar import BusinessCalendar as C\n"
        "c = C('Europe/London', {'mon': [('08:00', '18:00')]}, holidays=[d.date(2026, 12, 25)])\n"
        "c.add(d.datetime(2026, 11, 24, tzinfo=d.UTC), d.timedelta(hours=3))\n"
        "sys.exit('holidays' in sys.modules or 'dateutil' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0
