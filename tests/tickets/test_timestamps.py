"""Dates and times of files, in one order of day, month and year."""

from datetime import UTC, datetime

import pytest

from supportdesk.tickets.timestamps import parse_timestamp
from supportdesk.tickets.typed_text import TimeInputError


@pytest.mark.parametrize(
    ("text", "order"),
    [
        ("2016-02-09 13:05:07", "ymd"),
        ("2016/2/9 1:05:07 pm", "ymd"),
        ("2016-02-09T13:05:07.25", "ymd"),
        ("09-02-2016 13:05:07", "dmy"),
        ("9.2.2016 13:05:07", "dmy"),
        ("02/09/2016 01:05:07 PM", "mdy"),
    ],
)
def test_a_time_is_read_in_the_order_of_its_file(text: str, order: str) -> None:
    assert parse_timestamp(text, order).isoformat() == "2016-02-09T13:05:07"


@pytest.mark.parametrize("text", ["2016-02-09 13:05Z", "2016-02-09 14:05+01:00", "2016-02-09 13:05 UTC"])
def test_a_time_with_an_offset_is_an_instant(text: str) -> None:
    assert parse_timestamp(text, "ymd") == datetime(2016, 2, 9, 13, 5, tzinfo=UTC)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "2016-02-09",
        "2016-02-30 13:05",
        "2016-02-09 25:05",
        "2016-02-09 1305",
        "16-02-09 13:05",
        "2016-02-09 13:05 CET",
        "13:05 2016-02-09",
        "2016-02-09 13:05\0",
        "٢٠١٦-02-09 13:05",
    ],
)
def test_what_is_no_complete_time_is_refused(text: str) -> None:
    with pytest.raises(TimeInputError):
        parse_timestamp(text, "ymd")
