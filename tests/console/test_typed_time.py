"""What people type for a time is understood, or they are told what can be typed."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from supportdesk.console.typed_time import NotUnderstoodError, understand

LONDON = "Europe/London"
NOW = datetime(2026, 11, 24, 9, 42, 30, tzinfo=UTC)
"""A Tuesday, in winter."""


def past(text: str, now: datetime = NOW) -> str:
    """How a text is understood where it must be past, in UTC."""
    return f"{understand(text, zone=LONDON, now=now, not_after=now):%Y-%m-%d %H:%M:%S}"


@pytest.mark.parametrize("text", ["9:15", "09:15", "915", "0915", "9.15", "9h15", "9:15 am", " 9:15  GMT "])
def test_a_time_alone_is_today(text: str) -> None:
    assert past(text) == "2026-11-24 09:15:00"


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("now", "2026-11-24 09:42:30"),
        ("20 min ago", "2026-11-24 09:22:30"),
        ("-20m", "2026-11-24 09:22:30"),
        ("1h30m ago", "2026-11-24 08:12:30"),
        ("2 hours ago", "2026-11-24 07:42:30"),
        ("1 day 2 hrs ago", "2026-11-23 07:42:30"),
        ("yesterday 17:40", "2026-11-23 17:40:00"),
        ("today 8", "2026-11-24 08:00:00"),
        ("fri 16:00", "2026-11-20 16:00:00"),
        ("Friday 1600", "2026-11-20 16:00:00"),
        ("tue 9:00", "2026-11-24 09:00:00"),
        ("24 Nov 9:15", "2026-11-24 09:15:00"),
        ("24 nov 2026", "2026-11-24 00:00:00"),
        ("3/4/2026 10:00", "2026-04-03 09:00:00"),
        ("2026-11-12", "2026-11-12 00:00:00"),
        ("2026-11-12 10:00", "2026-11-12 10:00:00"),
        ("2026-07-12T10:00", "2026-07-12 09:00:00"),
        ("2026-11-24T09:15Z", "2026-11-24 09:15:00"),
        ("2026-11-24T09:15+02:00", "2026-11-24 07:15:00"),
        ("24 Nov 2026 9:15 +02:00", "2026-11-24 07:15:00"),
    ],
)
def test_a_time_is_understood_as_people_mean_it(text: str, meant: str) -> None:
    assert past(text) == meant


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("17:40", "2026-11-23 17:40:00"),
        ("tue 23:00", "2026-11-17 23:00:00"),
        ("24 dec 9:15", "2025-12-24 09:15:00"),
    ],
)
def test_words_that_leave_room_mean_the_last_time_before_now_where_it_must_be_past(
    text: str, meant: str
) -> None:
    assert past(text) == meant


def test_without_that_bound_a_time_is_the_one_of_today() -> None:
    assert understand("17:40", zone=LONDON, now=NOW) == NOW.replace(hour=17, minute=40, second=0)
    assert understand("tomorrow 8:00", zone=LONDON, now=NOW).day == 25


def test_a_time_that_leaves_no_room_stays_in_the_future_for_the_desk_to_refuse() -> None:
    assert past("24 Nov 2026 10:00") == "2026-11-24 10:00:00"


def test_a_wall_time_in_summer_is_an_hour_earlier_in_utc() -> None:
    summer = datetime(2026, 7, 1, 12, tzinfo=UTC)
    assert past("9:15", summer) == past("9:15 BST", summer) == "2026-07-01 08:15:00"


def test_a_wall_time_that_was_skipped_is_refused_with_the_one_that_came_instead() -> None:
    with pytest.raises(NotUnderstoodError, match=r"went forward.*02:30 BST"):
        past("29 Mar 2026 1:30")


def test_of_a_wall_time_that_came_twice_the_first_is_meant() -> None:
    assert past("25 Oct 2026 1:30") == "2026-10-25 00:30:00"


@pytest.mark.parametrize("text", ["", "soon", "99:99", "24 Nov 1066", "1" * 5_000, "\x1b[0m", "31 feb"])
def test_what_is_no_time_is_refused_with_examples(text: str) -> None:
    with pytest.raises(NotUnderstoodError, match="yesterday 17:40"):
        past(text)


def test_where_a_time_may_be_still_to_come_the_examples_are_of_that_kind() -> None:
    with pytest.raises(NotUnderstoodError, match="tomorrow 17:40"):
        understand("soon", zone=LONDON, now=NOW)


def test_a_bare_number_may_be_an_hour_or_a_day_and_is_asked_about() -> None:
    with pytest.raises(NotUnderstoodError, match="hour or a day"):
        past("9")


def test_an_unknown_zone_is_refused_and_not_taken_for_ours() -> None:
    with pytest.raises(NotUnderstoodError, match="CET is not known"):
        past("9:15 CET")


@given(st.text(max_size=70) | st.from_regex(r"[0-9a-z:./ -]{1,20}", fullmatch=True))
def test_any_text_is_an_aware_instant_or_refused(text: str) -> None:
    try:
        found = understand(text, zone=LONDON, now=NOW, not_after=NOW)
    except NotUnderstoodError:
        return
    assert found.utcoffset() == timedelta(0)
    assert found.microsecond == 0
