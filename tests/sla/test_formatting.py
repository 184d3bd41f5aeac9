"""Times and durations in words."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from supportdesk.sla import formatting

LONDON = "Europe/London"
TUESDAY = datetime(2026, 11, 24, 9, 42, tzinfo=UTC)
SUMMER = datetime(2026, 7, 1, 8, 0, 7, tzinfo=UTC)


@pytest.mark.parametrize(
    ("seconds", "expected"),
    [
        (0, "0:00:00"),
        (492, "0:08:12"),
        (-751, "-0:12:31"),
        (3599, "0:59:59"),
        (3600, "1:00"),
        (6479, "1:47"),
        (51_600, "14:20"),
        (-3661, "-1:01"),
        (360_000, "100:00"),
    ],
)
def test_rule_15_a_timer_shows_minutes_and_under_an_hour_seconds(seconds: int, expected: str) -> None:
    assert formatting.duration(seconds) == expected


@given(st.integers(-10_000_000, 10_000_000))
def test_a_timer_never_claims_more_than_there_is(seconds: int) -> None:
    text = formatting.duration(seconds)
    parts = [int(part) for part in text.lstrip("-").split(":")]
    shown = sum(part * unit for part, unit in zip(parts, (3600, 60, 1), strict=False))
    assert shown <= abs(seconds) < shown + (60 if len(parts) == 2 else 1)
    assert text.startswith("-") == (seconds < 0)


@pytest.mark.parametrize(
    ("seconds", "exact", "short", "spoken"),
    [
        (0, "0:00:00", "0 s", "0 seconds"),
        (1, "0:00:01", "1 s", "1 second"),
        (3600, "1:00:00", "1 h", "1 hour"),
        (5400, "1:30:00", "1 h 30 min", "1 hour 30 minutes"),
        (86_400, "24:00:00", "24 h", "24 hours"),
        (90_061, "25:01:01", "25 h 1 min 1 s", "25 hours 1 minute 1 second"),
        (-60, "-0:01:00", "1 min", "1 minute"),
    ],
)
def test_a_duration_is_exact_short_or_spoken(seconds: int, exact: str, short: str, spoken: str) -> None:
    assert formatting.exact_duration(seconds) == exact
    assert formatting.amount(seconds) == short
    assert formatting.spoken(seconds) == spoken


def test_rule_15_an_instant_is_always_shown_with_the_short_name_of_its_zone() -> None:
    assert formatting.clock_time(TUESDAY, LONDON) == "09:42 GMT"
    assert formatting.clock_time(SUMMER, LONDON) == "09:00 BST"
    assert formatting.weekday_time(TUESDAY, LONDON) == "Tue 09:42 GMT"
    assert formatting.date_time(TUESDAY, LONDON) == "Tue 24 Nov 09:42 GMT"
    assert formatting.full_time(TUESDAY, LONDON) == "Tue 24 Nov 2026 09:42 GMT"
    assert formatting.clock_time(TUESDAY, "Asia/Dubai") == "13:42 UTC+04"
    assert formatting.bare_time(TUESDAY, "America/New_York") == "04:42"


def test_seconds_are_shown_where_there_are_some() -> None:
    assert formatting.exact_time(SUMMER, LONDON) == "Wed 1 Jul 2026 09:00:07 BST"
    assert formatting.exact_time(TUESDAY, LONDON) == "Tue 24 Nov 2026 09:42 GMT"


@pytest.mark.parametrize(
    ("ahead", "expected"),
    [
        (timedelta(hours=1), "10:42 GMT"),
        (timedelta(hours=-9), "00:42 GMT"),
        (timedelta(days=1), "Wed 09:42 GMT"),
        (timedelta(days=6), "Mon 09:42 GMT"),
        (timedelta(days=7), "1 Dec 09:42 GMT"),
        (timedelta(days=-1), "23 Nov 09:42 GMT"),
        (timedelta(days=60), "23 Jan 2027 09:42 GMT"),
    ],
)
def test_a_near_instant_is_as_short_as_it_is_clear(ahead: timedelta, expected: str) -> None:
    assert formatting.near_time(TUESDAY + ahead, LONDON, TUESDAY) == expected


def test_a_day_has_its_year_where_that_is_another() -> None:
    assert formatting.near_day(date(2026, 12, 9), date(2026, 11, 24)) == "9 Dec"
    assert formatting.near_day(date(2027, 1, 9), date(2026, 11, 24)) == "9 Jan 2027"
    assert formatting.full_day(date(2026, 12, 9)) == "Wed 9 Dec 2026"


@pytest.mark.parametrize(
    ("days", "said"),
    [
        (0, "09:42 today"),
        (1, "09:42 tomorrow"),
        (2, "09:42 on Thursday"),
        (6, "09:42 on Monday"),
        (7, "09:42 on 1 December"),
        (-1, "09:42 on 23 November"),
    ],
)
def test_a_time_is_said_by_its_day(days: int, said: str) -> None:
    assert formatting.said_time(TUESDAY + timedelta(days=days), LONDON, TUESDAY) == said


@pytest.mark.parametrize("text", ["it is closed", "It is closed.", "it is closed."])
def test_a_sentence_begins_with_a_capital_and_ends_with_one_full_stop(text: str) -> None:
    assert formatting.sentence(text) == "It is closed."


@pytest.mark.parametrize(
    ("seconds", "text"), [(59, "59 s"), (60, "1 min"), (119, "1 min"), (3_661, "1 h 1 min")]
)
def test_a_brief_amount_has_seconds_only_below_a_minute(seconds: int, text: str) -> None:
    assert formatting.brief_amount(seconds) == text
