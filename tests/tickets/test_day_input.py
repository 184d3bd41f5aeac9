"""Days, months and times of day as people type them."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from supportdesk.tickets.time_input import (
    parse_day,
    parse_month,
    parse_time_of_day,
)
from supportdesk.tickets.typed_text import TimeInputError
from tests.tickets.test_time_input import LONDON, NOW, day


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("tomorrow", "2026-11-25"),
        ("fri", "2026-11-27"),
        ("24 Dec", "2026-12-24"),
        ("24.12.", "2026-12-24"),
        ("24/12", "2026-12-24"),
        ("2026-12-4", "2026-12-04"),
        ("Thursday 24 December 2026", "2026-12-24"),
        ("2 days", "2026-11-26"),
        ("2 weeks", "2026-12-08"),
    ],
)
def test_a_day_is_understood_as_people_mean_it(text: str, meant: str) -> None:
    assert day(text) == meant


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("tomorrow 17:40", "names a time"),
        ("1112", "names a time"),
        ("2 h", "not a number of whole days"),
        ("tue", "Tue 24 Nov 2026 or Tue 1 Dec 2026"),
        ("30/2/2026", "February 2026 has 28 days"),
        ("whenever", "is not a date"),
    ],
)
def test_what_is_no_day_is_refused_with_what_is_wrong(text: str, why: str) -> None:
    with pytest.raises(TimeInputError, match=why):
        day(text)


@pytest.mark.parametrize("text", ["2026-11", "2026-11 ", "11/2026", "Nov 2026", "november 2026", "202611"])
def test_a_month_is_understood(text: str) -> None:
    assert parse_month(text) == date(2026, 11, 1)


@pytest.mark.parametrize("text", ["", "2026", "2026-13", "0000-01", "nov", "11/26", "2026-11-01"])
def test_what_is_no_month_is_refused(text: str) -> None:
    with pytest.raises(TimeInputError):
        parse_month(text)


@pytest.mark.parametrize(
    ("text", "meant"),
    [("9", "09:00"), ("9.30", "09:30"), ("5pm", "17:00"), ("0930", "09:30"), ("24:00", "24:00")],
)
def test_a_time_of_day_is_understood(text: str, meant: str) -> None:
    assert parse_time_of_day(text) == meant


@pytest.mark.parametrize("text", ["", "25:00", "9:15:07", "9:15 UTC", "tomorrow", "2 h"])
def test_what_is_no_time_of_day_is_refused(text: str) -> None:
    with pytest.raises(TimeInputError):
        parse_time_of_day(text)


@given(st.text(max_size=70) | st.from_regex(r"[0-9a-z:./ -]{1,20}", fullmatch=True))
def test_any_text_is_a_day_or_refused(text: str) -> None:
    try:
        parse_day(text, zone=LONDON, now=NOW)
        parse_month(text)
        parse_time_of_day(text)
    except TimeInputError:
        return
