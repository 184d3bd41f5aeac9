"""Instants, days, references and words, as somebody types them."""

from datetime import UTC, date, datetime
from typing import Any

import click
import pytest

from supportdesk.cli.faults import BadRequestError
from supportdesk.cli.kinds import Day, Instant, Reference, Word, in_zone, utc
from supportdesk.tickets.reference import make

LONDON = "Europe/London"


def read(kind: click.ParamType[Any], typed: str) -> Any:
    return kind.convert(typed, None, None)


def test_an_instant_without_an_offset_is_what_the_clocks_of_the_zone_show() -> None:
    assert in_zone(read(Instant(), "2026-07-01T08:00"), LONDON) == datetime(2026, 7, 1, 7, tzinfo=UTC)


@pytest.mark.parametrize("typed", ["2026-07-01T08:00Z", "2026-07-01T10:00+02:00", "20260701T080000Z"])
def test_an_instant_with_an_offset_is_taken_as_it_is(typed: str) -> None:
    assert utc(in_zone(read(Instant(), typed), LONDON)) == "2026-07-01T08:00:00Z"


def test_an_instant_is_in_whole_seconds() -> None:
    assert read(Instant(), "2026-07-01T08:00:00.999").microsecond == 0


@pytest.mark.parametrize(
    "typed", ["", "yesterday", "2026-13-01T00:00", "1:00", "1989-12-31T23:59Z", "9999-01-01T00:00"]
)
def test_what_is_no_instant_of_a_desk_is_refused(typed: str) -> None:
    with pytest.raises(click.BadParameter):
        read(Instant(), typed)


def test_a_time_that_the_clocks_skip_is_refused() -> None:
    with pytest.raises(BadRequestError, match="skip 2026-03-29 01:30"):
        in_zone(read(Instant(), "2026-03-29T01:30"), LONDON)


def test_a_time_that_the_clocks_show_twice_is_refused_with_both_meanings() -> None:
    with pytest.raises(BadRequestError, match=r"twice.*00:30Z or 01:30Z"):
        in_zone(read(Instant(), "2026-10-25T01:30"), LONDON)


def test_a_day_is_an_iso_date() -> None:
    assert read(Day(), "2026-12-24") == date(2026, 12, 24)
    with pytest.raises(click.BadParameter, match="2026-12-24"):
        read(Day(), "24.12.")


def test_a_reference_may_be_typed_in_any_case_and_without_dashes() -> None:
    ref = make(7)
    assert read(Reference(), ref.lower().replace("-", "")) == ref


def test_a_reference_with_a_slip_in_it_is_refused() -> None:
    with pytest.raises(click.BadParameter, match="check character"):
        read(Reference(), make(7)[:-1] + ("X" if make(7)[-1] != "X" else "Y"))


@pytest.mark.parametrize("typed", ["third party", "third-party", "Third-Party"])
def test_words_may_be_typed_with_dashes(typed: str) -> None:
    assert read(Word(("customer", "third party", "")), typed) == "third party"


@pytest.mark.parametrize("typed", ["", "nobody"])
def test_another_word_is_refused_with_those_that_there_are(typed: str) -> None:
    with pytest.raises(click.BadParameter, match="customer, third-party"):
        read(Word(("customer", "third party", "")), typed)
