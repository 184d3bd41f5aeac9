"""Instants, days, references and words, as somebody types them."""

from datetime import UTC, datetime, timedelta
from typing import Any

import click
import pytest

from supportdesk.cli.errors import BadRequestError
from supportdesk.cli.param_types import ChoiceParam, InstantParam, ReferenceParam, SecondsParam, utc
from supportdesk.tickets.direction import Direction
from supportdesk.tickets.reference import make

LONDON = "Europe/London"
NOW = datetime(2026, 11, 24, 9, 42, tzinfo=UTC)


def read(kind: click.ParamType[Any], typed: str) -> Any:
    return kind.convert(typed, None, None)


def at(typed: str, direction: Direction = Direction.EITHER) -> datetime:
    found: datetime = read(InstantParam(direction), typed).resolve_in_zone(LONDON, NOW)
    return found


def test_an_instant_without_an_offset_is_what_the_clocks_of_the_zone_show() -> None:
    assert at("2026-07-01T08:00") == datetime(2026, 7, 1, 7, tzinfo=UTC)


@pytest.mark.parametrize("typed", ["2026-07-01T08:00Z", "2026-07-01T10:00+02:00", "20260701T080000Z"])
def test_an_instant_with_an_offset_is_taken_as_it_is(typed: str) -> None:
    assert utc(at(typed)) == "2026-07-01T08:00:00Z"


def test_it_is_reported_beside_the_answer_how_an_instant_is_understood(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert at("2 h", Direction.PAST) == NOW - timedelta(hours=2)
    told = capsys.readouterr()
    assert told.err == '"2 h" is understood as Tue 24 Nov 2026 07:42 GMT, 2 hours ago.\n'
    assert told.out == ""


@pytest.mark.parametrize("typed", ["", "soon", "2026-13-01T00:00", "1989-12-31T23:59Z", "9999-01-01T00:00"])
def test_what_is_no_instant_of_a_desk_is_refused(typed: str) -> None:
    with pytest.raises(BadRequestError):
        at(typed)


def test_a_time_that_the_clocks_skip_is_refused() -> None:
    with pytest.raises(BadRequestError, match="01:30 was skipped on Sun 29 Mar 2026"):
        at("2026-03-29T01:30")


def test_a_time_that_the_clocks_show_twice_is_refused_with_both_meanings() -> None:
    with pytest.raises(BadRequestError, match=r"01:30 BST or Sun 25 Oct 2026 01:30 GMT"):
        at("2026-10-25T01:30")


@pytest.mark.parametrize(("typed", "seconds"), [("45", 45), ("45 s", 45), ("2 min", 120), ("1:00", 3_600)])
def test_a_length_of_time_is_in_seconds_where_no_unit_is_typed(typed: str, seconds: int) -> None:
    assert read(SecondsParam(3, 3_600), typed) == seconds


@pytest.mark.parametrize("typed", ["2", "2 h", "soon", ""])
def test_a_length_of_time_outside_its_bounds_is_refused(typed: str) -> None:
    with pytest.raises(click.BadParameter):
        read(SecondsParam(3, 3_600), typed)


def test_a_reference_may_be_typed_in_any_case_and_without_dashes() -> None:
    ref = make(7)
    assert read(ReferenceParam(), ref.lower().replace("-", "")) == ref


def test_a_reference_with_a_slip_in_it_is_refused() -> None:
    with pytest.raises(click.BadParameter, match="check character"):
        read(ReferenceParam(), make(7)[:-1] + ("X" if make(7)[-1] != "X" else "Y"))


@pytest.mark.parametrize("typed", ["third party", "third-party", "Third-Party"])
def test_words_may_be_typed_with_dashes(typed: str) -> None:
    assert read(ChoiceParam(("customer", "third party", "")), typed) == "third party"


@pytest.mark.parametrize("typed", ["", "nobody"])
def test_another_word_is_refused_with_those_that_there_are(typed: str) -> None:
    with pytest.raises(click.BadParameter, match="customer, third-party"):
        read(ChoiceParam(("customer", "third party", "")), typed)
