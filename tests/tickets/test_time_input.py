"""A typed date or time is understood, or the refusal says what is wrong and what can be typed."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from supportdesk.sla.formatting import exact_time
from supportdesk.tickets.direction import Direction
from supportdesk.tickets.time_input import (
    describe_day,
    describe_instant,
    parse_day,
    parse_instant,
)
from supportdesk.tickets.typed_text import AmbiguousTimeError, TimeInputError

LONDON = "Europe/London"
NOW = datetime(2026, 11, 24, 9, 42, 30, tzinfo=UTC)
"""A Tuesday, in winter."""


def instant(text: str, direction: Direction = Direction.EITHER, now: datetime = NOW) -> str:
    """How a text is understood, in UTC."""
    return f"{parse_instant(text, zone=LONDON, now=now, direction=direction):%Y-%m-%d %H:%M:%S}"


def past(text: str, now: datetime = NOW) -> str:
    return instant(text, Direction.PAST, now)


def future(text: str, now: datetime = NOW) -> str:
    return instant(text, Direction.FUTURE, now)


def day(text: str, direction: Direction = Direction.FUTURE) -> str:
    return parse_day(text, zone=LONDON, now=NOW, direction=direction).isoformat()


@pytest.mark.parametrize(
    "text", ["9:15", "09:15", "915", "0915", "9.15", "9:15 am", "9.15AM", " 9:15  GMT ", "9:15:00", "at 9:15"]
)
def test_a_time_alone_is_today(text: str) -> None:
    assert past(text) == "2026-11-24 09:15:00"


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("now", "2026-11-24 09:42:30"),
        ("9am", "2026-11-24 09:00:00"),
        ("12am", "2026-11-24 00:00:00"),
        ("yesterday noon", "2026-11-23 12:00:00"),
        ("yesterday 17:40", "2026-11-23 17:40:00"),
        ("17:40 yesterday", "2026-11-23 17:40:00"),
        ("9:15 today", "2026-11-24 09:15:00"),
        ("0915 today", "2026-11-24 09:15:00"),
        ("3 pm fri", "2026-11-20 15:00:00"),
        ("9:15 Mon", "2026-11-23 09:15:00"),
        ("9:15 utc+1", "2026-11-24 08:15:00"),
        ("2026-11-24 04:15-05:00", "2026-11-24 09:15:00"),
        ("today 8", "2026-11-24 08:00:00"),
        ("fri 16:00", "2026-11-20 16:00:00"),
        ("Friday 1600", "2026-11-20 16:00:00"),
        ("4 pm on Friday", "2026-11-20 16:00:00"),
        ("tue 9:00", "2026-11-24 09:00:00"),
        ("last tue 9:00", "2026-11-17 09:00:00"),
        ("24 Nov 9:15", "2026-11-24 09:15:00"),
        ("24. Nov. 9:15", "2026-11-24 09:15:00"),
        ("24-Nov-2026 9.15", "2026-11-24 09:15:00"),
        ("Nov 24, 2026 9:15", "2026-11-24 09:15:00"),
        ("24th of November 9:15", "2026-11-24 09:15:00"),
        ("24 nov 2026", "2026-11-24 00:00:00"),
        ("3/4/2026 10:00", "2026-04-03 09:00:00"),
        ("3.4.2026 10:00", "2026-04-03 09:00:00"),
        ("24112026", "2026-11-24 00:00:00"),
        ("24/11/26", "2026-11-24 00:00:00"),
        ("2026-11-12", "2026-11-12 00:00:00"),
        ("2026-11-12 9:15", "2026-11-12 09:15:00"),
        ("2026-1-2 9:15", "2026-01-02 09:15:00"),
        ("2026/1/2", "2026-01-02 00:00:00"),
        ("2026.1.2", "2026-01-02 00:00:00"),
        ("20261112", "2026-11-12 00:00:00"),
        ("20260701T080000Z", "2026-07-01 08:00:00"),
        ("2026-W47-2", "2026-11-17 00:00:00"),
        ("2026-306", "2026-11-02 00:00:00"),
        ("2026-07-12T10:00", "2026-07-12 09:00:00"),
        ("2026-11-24T09:15Z", "2026-11-24 09:15:00"),
        ("2026-11-24t09:15:07.25+02:00", "2026-11-24 07:15:07"),
        ("2026-11-24T09:15:07,25+02:00", "2026-11-24 07:15:07"),
        ("24 Nov 2026 9:15 +02:00", "2026-11-24 07:15:00"),
        ("24 Nov 9:15 UTC+2", "2026-11-24 07:15:00"),
        ("24\u00a0Nov\u202f9:15", "2026-11-24 09:15:00"),
        ("\u202a2026\u201311\u201312 9:15\u202c", "2026-11-12 09:15:00"),
    ],
)
def test_a_time_is_understood_as_people_mean_it(text: str, meant: str) -> None:
    assert past(text) == meant


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("2 h", 7_200),
        ("45m", 2_700),
        ("20 minutes", 1_200),
        ("1h30", 5_400),
        ("9h15", 33_300),
        ("90 min", 5_400),
        ("1h30m", 5_400),
        ("1 h 47 min", 6_420),
        ("1.5 hours", 5_400),
        ("2 days", 172_800),
        ("1 day 2 hrs", 93_600),
        ("an hour", 3_600),
    ],
)
def test_a_duration_is_in_the_past_or_the_future_as_the_field_asks(text: str, seconds: int) -> None:
    length = timedelta(seconds=seconds)
    assert past(text) == f"{NOW - length:%Y-%m-%d %H:%M:%S}" == instant(f"{text} ago") == instant(f"-{text}")
    assert future(text) == f"{NOW + length:%Y-%m-%d %H:%M:%S}" == instant(f"in {text}")


def test_a_duration_in_a_field_without_a_direction_is_refused_with_both_readings() -> None:
    with pytest.raises(TimeInputError, match=r"Tue 24 Nov 2026 07:42:30 GMT or Tue 24 Nov 2026 11:42:30 GMT"):
        instant("2 h")


@pytest.mark.parametrize(
    ("text", "meant"),
    [("20 min ago", "01:25:00"), ("1 h", "00:45:00"), ("2 h ago", "23:45:00"), ("0 min", "01:45:00")],
)
def test_a_duration_in_a_repeated_hour_is_counted_by_the_clock(text: str, meant: str) -> None:
    in_the_second_half_past_one = datetime(2026, 10, 25, 1, 45, tzinfo=UTC)
    assert past(text, in_the_second_half_past_one).endswith(meant)


def test_days_are_counted_on_the_wall_across_a_change_of_the_clocks() -> None:
    assert past("2 days", datetime(2026, 10, 26, 9, tzinfo=UTC)) == "2026-10-24 08:00:00"


@pytest.mark.parametrize(
    ("text", "before", "after"),
    [
        ("17:40", "2026-11-23 17:40:00", "2026-11-24 17:40:00"),
        ("9:15", "2026-11-24 09:15:00", "2026-11-25 09:15:00"),
        ("tue 23:00", "2026-11-17 23:00:00", "2026-11-24 23:00:00"),
        ("tue 9:00", "2026-11-24 09:00:00", "2026-12-01 09:00:00"),
        ("24 dec 9:15", "2025-12-24 09:15:00", "2026-12-24 09:15:00"),
        ("11/12", "2025-12-11 00:00:00", "2026-12-11 00:00:00"),
        ("29 feb", "2024-02-29 00:00:00", "2028-02-29 00:00:00"),
        ("mon 23 nov", "2026-11-23 00:00:00", "2026-11-23 00:00:00"),
        ("mon 30 nov", "2026-11-30 00:00:00", "2026-11-30 00:00:00"),
    ],
)
def test_what_leaves_room_is_the_nearest_on_the_side_that_the_field_asks_for(
    text: str, before: str, after: str
) -> None:
    assert past(text) == before
    assert future(text) == after


def test_without_a_direction_a_time_is_the_one_of_today_and_a_day_the_nearest() -> None:
    assert instant("17:40") == "2026-11-24 17:40:00"
    assert instant("tomorrow 8:00") == "2026-11-25 08:00:00"
    assert instant("20 Nov") == "2026-11-20 00:00:00"
    assert instant("3 Jan") == "2027-01-03 00:00:00"


def test_a_complete_date_stays_what_it_is_whatever_the_direction() -> None:
    assert past("24 Nov 2026 10:00") == "2026-11-24 10:00:00"
    assert future("2 Jan 2020") == "2020-01-02 00:00:00"


@pytest.mark.parametrize(
    ("text", "first", "second"),
    [
        ("10/11/12", "12 Nov 2010", "10 Nov 2012"),
        ("25/11/26", "26 Nov 2025", "25 Nov 2026"),
        ("26-11-24", "26 Nov 2024", "24 Nov 2026"),
        ("9.11", "9 Nov", "09:11"),
        ("24 nov 16", "24 Nov 2016", "24 Nov 2025 16:00"),
        ("tue", "17 Nov 2026", "24 Nov 2026"),
        ("next fri", "27 Nov 2026", "4 Dec 2026"),
        ("10.11 12.10", "12 Oct 2026 10:11", "10 Nov 2026 12:10"),
        ("25 Oct 2026 1:30", "25 Oct 2026 01:30 BST", "25 Oct 2026 01:30 GMT"),
        ("2030", "20:30", "a year"),
        ("9", "09:00", "a day of the month"),
        ("1.5", "1 May", "a length of time"),
        ("9:15-10:00", "a second time", "an offset"),
        ("fri 9:15\u201310:15", "a second time", "an offset"),
        ("0915 hrs", "09:15", "915 hours"),
        ("1430h", "14:30", "1,430 hours"),
    ],
)
def test_what_can_be_read_in_two_ways_is_refused_with_both(text: str, first: str, second: str) -> None:
    with pytest.raises(TimeInputError, match=rf"can be read as .*{first}.* or .*{second}"):
        past(text)


@pytest.mark.parametrize("text", ["fri 16:00", "24 may"])
def test_a_day_that_may_lie_on_either_side_is_refused_where_neither_is_meant_more(text: str) -> None:
    with pytest.raises(TimeInputError, match="can be read as"):
        instant(text)


def test_one_of_two_readings_is_chosen_by_typing_it_as_it_was_shown() -> None:
    assert past("Sun 25 Oct 2026 01:30 BST") == "2026-10-25 00:30:00"
    assert past("Sun 25 Oct 2026 01:30 GMT") == "2026-10-25 01:30:00"


def test_in_a_repeated_hour_the_time_that_has_been_is_meant_in_the_past() -> None:
    assert past("1:10", datetime(2026, 10, 25, 0, 30, tzinfo=UTC)) == "2026-10-25 00:10:00"


def test_a_wall_time_in_summer_is_an_hour_earlier_in_utc() -> None:
    summer = datetime(2026, 7, 1, 12, tzinfo=UTC)
    assert past("9:15", summer) == past("9:15 BST", summer) == "2026-07-01 08:15:00"


def test_a_typed_zone_is_meant_although_the_desk_keeps_another_time_then() -> None:
    summer = datetime(2026, 7, 1, 12, tzinfo=UTC)
    assert past("9:15 GMT", summer) == past("9:15Z", summer) == "2026-07-01 09:15:00"


def test_a_wall_time_that_was_skipped_is_refused_with_the_one_that_came_instead() -> None:
    with pytest.raises(TimeInputError, match=r"skipped.*go forward.*02:30 BST"):
        past("29 Mar 2026 1:30")


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "nothing is typed"),
        ("soon", '"soon" is not a date or time'),
        ("99:99", "there is no hour 99"),
        ("25:00", "there is no hour 25"),
        ("9:75", "there is no minute 75"),
        ("9:5", '"9:5": minutes have two digits'),
        ("13pm", "there is no 13 pm"),
        ("24 Nov 1066", "the year 1066 is outside 1990 to 2100"),
        ("9999-01-01", "the year 9999 is outside"),
        ("31 feb", "February has 28 or 29 days"),
        ("2026-02-30", "February 2026 has 28 days"),
        ("2026-13-01", "there is no month 13"),
        ("11/24/2026", "there is no month 24; the day comes first: 24 Nov 2026"),
        ("Mon 24 Nov 2026", "24 November 2026 is a Tuesday, not a Monday"),
        ("Nov 2026", "which day"),
        ("sun 24 nov", "no Sunday 24 November is within a year of today; type the year"),
        ("midnight", "begins one day and ends another"),
        ("9:15 CET", "the zone CET is not known here"),
        ("9:15 +99:00", "there is no offset"),
        ("2026-11-24 9:15-10:15", "there is no offset -10:15"),
        ("2026-11", '"2026-11" is a month; which day'),
        ("2 months ago", "has no fixed length"),
        ("1h 1h ago", "same unit twice"),
        ("\uff12\uff14 Nov", "a digit other than 0 to 9"),
        ("\u0662\u0664 Nov", "a digit other than 0 to 9"),
        ("999999 weeks ago", "outside"),
        ("1" * 5_000, "too long"),
        ("\x1b[0m", "is not a date or time"),
    ],
)
def test_what_is_no_time_is_refused_with_what_is_wrong_and_examples(text: str, why: str) -> None:
    with pytest.raises(TimeInputError, match=rf"{why}.*yesterday 17:40"):
        past(text)


def test_what_is_understood_is_shown_in_full_with_its_distance() -> None:
    at = NOW - timedelta(hours=2)
    assert describe_instant(at, LONDON, NOW) == "Tue 24 Nov 2026 07:42:30 GMT, 2 hours ago"
    assert describe_instant(NOW + timedelta(days=3), LONDON, NOW).endswith(", in 3 days")
    assert describe_instant(NOW, LONDON, NOW).endswith(", now")
    assert describe_day(date(2026, 12, 24)) == "Thu 24 Dec 2026"


@given(
    st.integers(int(datetime(1990, 1, 2, tzinfo=UTC).timestamp()), 4_133_800_000).map(
        lambda seconds: datetime.fromtimestamp(seconds, UTC)
    ),
    st.sampled_from([LONDON, "Europe/Berlin", "America/New_York", "Asia/Kathmandu", "Australia/Lord_Howe"]),
)
def test_every_time_as_it_is_shown_can_be_typed(at: datetime, zone: str) -> None:
    for direction in Direction:
        assert parse_instant(exact_time(at, zone), zone=zone, now=NOW, direction=direction) == at


@given(
    st.text(max_size=70) | st.from_regex(r"[0-9a-z:./ +-]{1,20}", fullmatch=True),
    st.sampled_from(Direction),
)
def test_any_text_is_an_aware_instant_or_refused(text: str, direction: Direction) -> None:
    try:
        found = parse_instant(text, zone=LONDON, now=NOW, direction=direction)
    except TimeInputError:
        return
    assert found.utcoffset() == timedelta(0)
    assert found.microsecond == 0


@pytest.mark.parametrize(
    ("ago", "said"),
    [
        (timedelta(hours=42, minutes=37), "1 day 18 hours ago"),
        (timedelta(days=12), "12 days ago"),
        (timedelta(days=3982), "10 years 11 months ago"),
    ],
)
def test_a_long_time_is_described_no_more_exactly_than_is_useful(ago: timedelta, said: str) -> None:
    assert describe_instant(NOW - ago, LONDON, NOW).endswith(f", {said}")


@pytest.mark.parametrize("text", ["in 99999999999999 h", "1000000 days ago", "12345678m"])
def test_a_time_too_far_away_is_refused_as_too_long(text: str) -> None:
    with pytest.raises(TimeInputError, match="is too long a time; at most 999,999 of a unit"):
        instant(text)


@pytest.mark.parametrize("text", ["22 nov 8:00", "22/11 8:00"])
def test_a_day_that_has_just_passed_is_not_taken_for_the_one_of_next_year(text: str) -> None:
    both = "can be read as Sun 22 Nov 2026 08:00 GMT or Mon 22 Nov 2027 08:00 GMT"
    with pytest.raises(AmbiguousTimeError, match=both):
        future(text)
    with pytest.raises(AmbiguousTimeError, match="can be read as Sun 22 Nov 2026 or Mon 22 Nov 2027"):
        day("22 nov")
    assert past(text) == "2026-11-22 08:00:00"
    assert future("22 Nov 2027 8:00") == "2027-11-22 08:00:00"
    assert future("3 sep 8:00") == "2027-09-03 07:00:00"
