"""What a calendar refuses, when it is loaded and when it is asked, and what it says then."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

import pytest

from supportdesk.sla.calendar import BusinessCalendar, CalendarError
from supportdesk.sla.holidays import expand_holidays, known_years

OFFICE_HOURS = {day: [("08:00", "18:00")] for day in ("mon", "tue", "wed", "thu", "fri")}
OFFICE = BusinessCalendar("Europe/London", OFFICE_HOURS)
HOUR = timedelta(hours=1)


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


# When it is loaded.


@pytest.mark.parametrize("hours", [{}, {"mon": []}, {"mon": [], "sun": ()}])
def test_rule_14_a_calendar_without_an_open_second_is_refused(
    hours: dict[str, list[tuple[str, str]]],
) -> None:
    with pytest.raises(CalendarError, match="never open; give at least one span"):
        BusinessCalendar("UTC", hours)


def test_rule_14_a_calendar_whose_every_open_day_is_closed_is_refused() -> None:
    mondays = [date(1990, 1, 1) + timedelta(weeks=number) for number in range(5_800)]
    with pytest.raises(CalendarError, match="never open"):
        BusinessCalendar("UTC", {"mon": [("08:00", "18:00")]}, closed=mondays)


@pytest.mark.parametrize(
    ("hours", "said"),
    [
        ({"mon": [("08:00", "12:00"), ("11:59", "18:00")]}, "mon: two spans overlap at 11:59"),
        ({"mon": [("08:00", "18:00"), ("08:00", "18:00")]}, "mon: two spans overlap at 08:00"),
        ({"mon": [("22:00", "06:00"), ("23:00", "23:30")]}, "mon: two spans overlap at 23:00"),
        ({"mon": [("22:00", "06:00")], "tue": [("05:00", "09:00")]}, "mon and tue: spans overlap at 05:00"),
        ({"sun": [("22:00", "06:00")], "mon": [("05:59", "09:00")]}, "sun and mon: spans overlap at 05:59"),
    ],
)
def test_rule_14_overlapping_spans_are_refused(hours: dict[str, list[tuple[str, str]]], said: str) -> None:
    with pytest.raises(CalendarError, match=said):
        BusinessCalendar("UTC", hours)


@pytest.mark.parametrize(
    ("weekday", "said"),
    [
        ("fri", "night that begins on 2026-11-27 overlaps the hours of 2026-11-28"),
        ("sun", "night that begins on 2026-11-28 overlaps the hours of 2026-11-29"),
    ],
)
def test_rule_14_an_exception_that_overlaps_a_neighbouring_day_is_refused(weekday: str, said: str) -> None:
    hours = {"fri": [("22:00", "06:00")]} if weekday == "fri" else {"sun": [("03:00", "09:00")]}
    with pytest.raises(CalendarError, match=said):
        BusinessCalendar(
            "UTC", hours, exceptions={date(2026, 11, 28): [("05:00", "08:00"), ("20:00", "04:00")]}
        )


def test_spans_that_meet_over_midnight_do_not_overlap() -> None:
    meeting = BusinessCalendar("UTC", {"mon": [("22:00", "06:00")], "tue": [("06:00", "09:00")]})
    assert meeting.between(utc("2026-11-23T00:00"), utc("2026-11-25T00:00")) == timedelta(hours=11)


@pytest.mark.parametrize(
    ("span", "said"),
    [
        (("8:00", "18:00"), "'8:00' is not a time of day; write 08:00"),
        (("08:00", "18:60"), "'18:60' is not a time of day"),
        (("08:00", "24:01"), "'24:01' is not a time of day"),
        (("24:00", "06:00"), "empty or ambiguous"),
        (("08:00", "08:00"), "a whole day is 00:00-24:00"),
        (("08:00",), "is not a span"),
        ("08:00-18:00", "is not a span"),
    ],
)
def test_a_time_that_cannot_be_meant_is_refused_with_its_place(span: tuple[str, ...], said: str) -> None:
    with pytest.raises(CalendarError, match=f"^tue: .*{said}"):
        BusinessCalendar("UTC", {"tue": [span]})


def test_a_word_where_a_list_of_spans_belongs_is_refused() -> None:
    with pytest.raises(CalendarError, match="is not a list of spans"):
        BusinessCalendar("UTC", {"mon": "08:00"})


@pytest.mark.parametrize(
    ("build", "said"),
    [
        (
            lambda: BusinessCalendar("UTC", {"monday": [("08:00", "18:00")]}),
            "'monday' is not a day of the week; write",
        ),
        (
            lambda: BusinessCalendar("Europe/Lundon", OFFICE_HOURS),
            "'Europe/Lundon' is not a time zone; write",
        ),
        (lambda: BusinessCalendar("Europe", OFFICE_HOURS), "'Europe' is not a time zone"),
        (lambda: BusinessCalendar("", OFFICE_HOURS), "'' is not a time zone"),
        (
            lambda: BusinessCalendar("UTC", OFFICE_HOURS, holidays=("XX", "")),
            "holidays of 'XX' are not known",
        ),
        (
            lambda: BusinessCalendar("UTC", OFFICE_HOURS, holidays=("GB", "XYZ")),
            "known are: ENG, NIR, SCT, WLS",
        ),
        (lambda: BusinessCalendar("UTC", OFFICE_HOURS, holidays="GB"), r'write \("GB",\)'),
        (lambda: BusinessCalendar("UTC", OFFICE_HOURS, holidays=("GB", "ENG", "X")), "neither a country"),
        (
            lambda: BusinessCalendar("UTC", OFFICE_HOURS, closed=[utc("2026-01-01")]),
            "closed: .* is not a date",
        ),
        (
            lambda: BusinessCalendar("UTC", OFFICE_HOURS, exceptions={date(2026, 1, 1): [("8", "9")]}),
            "exceptions, 2026-01-01: '8' is not a time of day",
        ),
        (
            lambda: BusinessCalendar("UTC", OFFICE_HOURS, holidays_until=date(1980, 1, 1)),
            "1980-01-01 is before 1990",
        ),
    ],
)
def test_what_cannot_be_meant_is_refused_with_what_to_write(build: Callable[[], object], said: str) -> None:
    with pytest.raises(CalendarError, match=said):
        build()


# When it is asked.


def test_a_naive_datetime_is_refused_by_every_question() -> None:
    naive = datetime(2026, 11, 24, 9)  # noqa: DTZ001
    aware = utc("2026-11-24T09:00")
    questions: list[Callable[[], object]] = [
        lambda: OFFICE.add(naive, HOUR),
        lambda: OFFICE.between(naive, aware),
        lambda: OFFICE.between(aware, naive),
        lambda: OFFICE.next_open(naive),
        lambda: OFFICE.is_open(naive),
        lambda: OFFICE.spans(naive, aware),
        lambda: OFFICE.spans(aware, naive),
    ]
    for question in questions:
        with pytest.raises(CalendarError, match="2026-11-24 09:00:00 has no time zone; give aware"):
            question()


def test_what_is_no_datetime_is_a_type_error() -> None:
    with pytest.raises(TypeError, match="'2026-11-24' is not a datetime"):
        OFFICE.is_open("2026-11-24")  # type: ignore[arg-type]


def test_a_negative_amount_is_refused() -> None:
    with pytest.raises(CalendarError, match="cannot be negative"):
        OFFICE.add(utc("2026-11-24T09:00"), -HOUR)
    with pytest.raises(CalendarError, match="cannot be negative"):
        OFFICE.add_seconds(1_795_500_000, -1)


def test_an_end_before_its_start_is_refused() -> None:
    start, end = utc("2026-11-24T09:00"), utc("2026-11-24T08:59:59")
    with pytest.raises(CalendarError, match="08:59:59 UTC is before 2026-11-24 09:00:00 UTC"):
        OFFICE.between(start, end)
    with pytest.raises(CalendarError, match="is before"):
        OFFICE.spans(start, end)
    with pytest.raises(CalendarError, match="is before"):
        OFFICE.seconds_between(1_795_500_000, 1_795_499_999)


@pytest.mark.parametrize("calendar", [OFFICE, BusinessCalendar.always()])
def test_instants_outside_1990_to_2100_are_refused(calendar: BusinessCalendar) -> None:
    with pytest.raises(CalendarError, match=r"1989-12-31 .* is before 1990"):
        calendar.is_open(utc("1989-12-31T12:00"))
    with pytest.raises(CalendarError, match=r"2101-01-01 .* is past the end of 2100"):
        calendar.is_open(utc("2101-01-01T12:00"))
    with pytest.raises(CalendarError, match="not that much open time between 2100-12-31"):
        calendar.add(utc("2100-12-31T12:00"), timedelta(days=1))
    with pytest.raises(CalendarError, match="not that much open time"):
        calendar.add(utc("2026-01-01T12:00"), timedelta.max)


def test_a_calendar_that_opens_once_says_when_no_opening_is_left() -> None:
    once = BusinessCalendar("UTC", {}, exceptions={date(2026, 5, 1): [("08:00", "18:00")]})
    assert once.add(utc("2020-01-01T00:00"), 10 * HOUR) == utc("2026-05-01T18:00")
    for question in (
        once.next_open,
        lambda at: once.add(at, HOUR),
        lambda at: once.next_close_at(int(at.timestamp())),
    ):
        with pytest.raises(CalendarError, match="not that much open time"):
            question(utc("2026-05-01T18:00"))


# How far the holidays are known.


def test_past_the_last_year_of_the_given_holidays_there_is_no_answer() -> None:
    stored = BusinessCalendar(
        "Europe/London", OFFICE_HOURS, holidays=[date(2025, 12, 25), date(2026, 12, 25)]
    )
    assert stored.known_until == date(2026, 12, 31)
    assert stored.add(utc("2026-12-31T17:00"), HOUR) == utc("2026-12-31T18:00")
    with pytest.raises(CalendarError, match=r"known until 2026-12-31.*install the policy again to extend"):
        stored.add(utc("2026-12-31T17:00"), 2 * HOUR)
    for question in (
        stored.is_open,
        stored.next_open,
        lambda at: stored.between(utc("2026-01-01T00:00"), at),
    ):
        with pytest.raises(CalendarError, match="known until 2026-12-31"):
            question(utc("2027-01-01T00:00:01"))


def test_the_last_known_day_can_be_given_with_the_dates() -> None:
    stored = BusinessCalendar(
        "Europe/London", OFFICE_HOURS, holidays=[date(2026, 12, 25)], holidays_until=date(2027, 6, 30)
    )
    assert stored.add(utc("2027-06-30T16:00"), HOUR) == utc("2027-06-30T17:00")
    with pytest.raises(CalendarError, match="known until 2027-06-30"):
        stored.is_open(utc("2027-07-01T12:00"))


def test_dates_that_are_complete_for_ever_are_good_until_2100() -> None:
    stored = BusinessCalendar("UTC", OFFICE_HOURS, holidays=[date(2026, 12, 25)], holidays_until=date.max)
    assert stored.is_open(utc("2100-12-31T12:00"))
    with pytest.raises(CalendarError, match="past the end of 2100"):
        stored.is_open(utc("2101-01-01T12:00"))


def test_a_stretch_cut_by_the_last_known_day_has_no_known_closing() -> None:
    nights = BusinessCalendar(
        "UTC", {"thu": [("22:00", "06:00")]}, holidays_until=date(2026, 12, 31), holidays=[]
    )
    with pytest.raises(CalendarError, match="known until 2026-12-31"):
        nights.next_close_at(int(utc("2026-12-31T23:00").timestamp()))
    assert nights.add(utc("2026-12-31T22:00"), 2 * HOUR) == utc("2027-01-01T00:00")
    with pytest.raises(CalendarError, match="known until 2026-12-31"):
        nights.add(utc("2026-12-31T22:00"), 3 * HOUR)


def test_a_calendar_without_holidays_has_nothing_to_know() -> None:
    assert OFFICE.known_until is None
    assert OFFICE.is_open(utc("2100-12-31T12:00"))


def test_a_calendar_by_country_is_extended_as_far_as_the_library_knows() -> None:
    assert BusinessCalendar("Europe/London", OFFICE_HOURS, holidays=("GB", "ENG")).known_until == date(
        2100, 12, 31
    )
    assert not BusinessCalendar("Europe/London", OFFICE_HOURS, holidays=("GB", "ENG")).is_open(
        utc("2100-12-28T12:00")
    )


def test_a_calendar_by_country_may_end_earlier_and_never_later() -> None:
    for until, known in ((date(2030, 12, 31), date(2030, 12, 31)), (date(2150, 12, 31), date(2100, 12, 31))):
        calendar = BusinessCalendar("UTC", OFFICE_HOURS, holidays=("GB", "ENG"), holidays_until=until)
        assert calendar.known_until == known


def test_stored_dates_give_the_calendar_that_the_country_gave() -> None:
    dates = expand_holidays("GB", "ENG", 1990, 2100)
    by_dates = BusinessCalendar(
        "Europe/London", OFFICE_HOURS, holidays=dates, holidays_until=date(2100, 12, 31)
    )
    assert by_dates == BusinessCalendar("Europe/London", OFFICE_HOURS, holidays=("GB", "ENG"))


def test_expanded_holidays_have_their_names_and_only_the_years_asked_for() -> None:
    found = expand_holidays("gb", "ENG", 2022, 2023)
    assert found[date(2022, 9, 19)] == "State Funeral of Queen Elizabeth II"
    assert found[date(2022, 12, 27)] == "Christmas Day (observed)"
    assert {day.year for day in found} == {2022, 2023}
    assert len(found) == 22


def test_subdivisions_have_their_own_holidays() -> None:
    scotland, england = (set(expand_holidays("GB", part, 2026, 2026)) for part in ("SCT", "ENG"))
    assert date(2026, 11, 30) in scotland - england


@pytest.mark.filterwarnings("ignore:Requested Holidays are available only")
def test_the_end_of_the_librarys_tables_is_found_where_it_says_nothing() -> None:
    assert known_years("GB", "ENG") == (1990, 2100)
    assert known_years("DE", None) == (1991, 2100)
    assert known_years("JP", None)[1] == 2099
    assert 2035 <= known_years("IN", None)[1] < 2100


@pytest.mark.filterwarnings("ignore:Requested Holidays are available only")
def test_years_of_which_not_all_holidays_are_known_are_refused() -> None:
    with pytest.raises(
        CalendarError, match=r"holidays of IN are known from 1990 to .*update the holidays package"
    ):
        expand_holidays("IN", None, 2026, 2100)
    with pytest.raises(CalendarError, match="holidays of DE are known from 1991 to 2100, not from 1990"):
        expand_holidays("DE", "", 1990, 2000)
