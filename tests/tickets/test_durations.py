"""Lengths of time that people type."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from supportdesk.sla.formatting import amount, duration, spoken
from supportdesk.tickets.durations import parse_duration
from supportdesk.tickets.typed_text import TimeInputError


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("2 h", 7_200),
        ("45m", 2_700),
        ("20 Minutes", 1_200),
        ("1h30", 5_400),
        ("1h, 30 min and 5 s", 5_405),
        ("1.5 h", 5_400),
        ("1,5h", 5_400),
        ("3 wks", 1_814_400),
        ("2 days", 172_800),
        ("1:30", 5_400),
        ("0:08:12", 492),
    ],
)
def test_a_duration_is_understood(text: str, seconds: int) -> None:
    assert parse_duration(text) == seconds


def test_a_bare_number_has_the_unit_of_its_field_or_is_asked_about() -> None:
    assert parse_duration("45", unit="s") == 45
    with pytest.raises(TimeInputError, match=r"no unit: hours or minutes\?"):
        parse_duration("45")


@pytest.mark.parametrize(
    "text",
    ["", "soon", "2 months", "1 y", "1,500 min", "1h 1h", "1h75", "0.123 s", "-2 h", "٢ h", "9" * 5_000],
)
def test_what_is_no_duration_is_refused(text: str) -> None:
    with pytest.raises(TimeInputError):
        parse_duration(text)


@given(st.integers(0, 10_000_000))
def test_every_duration_as_it_is_shown_can_be_typed(seconds: int) -> None:
    assert parse_duration(amount(seconds)) == parse_duration(spoken(seconds)) == seconds
    if seconds < 3_600:
        assert parse_duration(duration(seconds)) == seconds
