"""Dates, times and durations, as people and programs write them."""

from __future__ import annotations

from datetime import UTC, date, datetime
from itertools import product

from supportdesk.sla.formatting import amount
from supportdesk.tickets.direction import Direction
from supportdesk.tickets.durations import parse_duration, read_span
from supportdesk.tickets.time_input import (
    describe_day,
    describe_instant,
    parse_day,
    parse_instant,
    parse_month,
    parse_time_of_day,
)
from supportdesk.tickets.timestamps import parse_timestamp
from supportdesk.tickets.typed_text import TimeInputError, plain_words, quoted
from tests.fuzz.target import assert_helps, assert_plain, text_target

NOWS = (datetime(2026, 11, 24, 9, 42, tzinfo=UTC), datetime(2026, 3, 29, 0, 59, 59, tzinfo=UTC))
ZONES = ("Europe/London", "America/St_Johns")


@text_target("durations")
def durations(text: str) -> None:
    """A duration is a number of seconds, and is the same when it is shown and typed again."""
    for unit in ("", "m", "d"):
        try:
            seconds = parse_duration(text, unit=unit)
        except TimeInputError as error:
            assert_plain(str(error))
            assert_helps(str(error), "type", "Type", "can be typed", "nothing is typed", "digit other than")
            continue
        assert seconds >= 0
        if seconds < 999_999 * 3_600:
            assert parse_duration(amount(seconds)) == seconds


@text_target("words")
def words(text: str) -> None:
    """The plain words of a typed time are plain, and a quotation of it is short."""
    assert_plain(quoted(text))
    assert len(quoted(text)) <= 34
    try:
        plain = plain_words(text)
    except TimeInputError as error:
        assert_plain(str(error))
        return
    assert plain_words(plain) == plain
    try:
        read_span(plain)
    except TimeInputError as error:
        assert_helps(str(error), "type", "can be typed")


@text_target("instants")
def instants(text: str) -> None:
    """An instant is in UTC and whole seconds, and is the same when it is shown in ISO 8601 and typed again."""
    for now, zone, direction in product(NOWS, ZONES, Direction):
        try:
            at = parse_instant(text, zone=zone, now=now, direction=direction)
        except TimeInputError as error:
            assert_plain(str(error))
            assert_helps(str(error), "type")
            continue
        assert at.tzinfo is UTC
        assert at.microsecond == 0
        assert parse_instant(f"{at:%Y-%m-%dT%H:%M:%SZ}", zone=zone, now=now) == at
        assert_plain(describe_instant(at, zone, now))


@text_target("days")
def days(text: str) -> None:
    """A day, month or time of day is the same when it is shown and typed again."""
    for now, zone, direction in product(NOWS, ZONES, Direction):
        try:
            day = parse_day(text, zone=zone, now=now, direction=direction)
        except TimeInputError as error:
            assert_plain(str(error))
            assert_helps(str(error), "type")
            continue
        for shown in (day.isoformat(), describe_day(day)):
            assert parse_day(shown, zone=zone, now=now) == day
    try:
        month: date | None = parse_month(text)
    except TimeInputError as error:
        assert_helps(str(error), "type", "nothing is typed", "digit other than")
        month = None
    assert month is None or parse_month(f"{month:%Y-%m}") == month
    try:
        time = parse_time_of_day(text)
    except TimeInputError as error:
        assert_helps(str(error), "type", "nothing is typed", "digit other than")
        return
    assert parse_time_of_day(time) == time


@text_target("timestamps")
def timestamps(text: str) -> None:
    """A time that a program wrote is read in the order of its file, or refused."""
    for order in ("ymd", "dmy", "mdy"):
        try:
            at = parse_timestamp(text, order)
        except TimeInputError as error:
            assert_plain(str(error))
            continue
        assert at.microsecond == 0
        assert parse_timestamp(f"{at.isoformat(' ')}", "ymd") == at
