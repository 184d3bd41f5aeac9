"""A machine whose clock is wrong, at the command line."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from supportdesk.clock import FixedClock
from tests.cli.conftest import TUESDAY
from tests.cli.prompt import Prompt, call

pytestmark = pytest.mark.usefixtures("durable")

REQUEST = ("--severity", "high", "--channel", "phone", "--organisation", "Acme Ltd", "--contact", "Jo Park")


def at(ann: Prompt, later: timedelta, *arguments: str) -> tuple[int, str]:
    answer = call("--db", ann.address, "--as", "ann", *arguments, clock=FixedClock(TUESDAY + later))
    return answer.code, answer.out + answer.err


def test_a_date_in_doubt_is_confirmed_once(ann: Prompt) -> None:
    ref = ann.done("log", *REQUEST, "--summary", "Export stops").split()[0]
    year = timedelta(days=365)
    code, said = at(ann, year, "note", ref, "--text", "After a year.")
    assert code == 2
    assert (
        "clock says 24 Nov 2027 09:42 GMT, and nothing has happened here since 24 Nov 2026 09:42 GMT" in said
    )
    assert "--confirm-date" in said
    assert at(ann, year, "--confirm-date", "note", ref, "--text", "After a year.")[0] == 0
    assert at(ann, year, "note", ref, "--text", "And another.")[0] == 0


def test_the_far_future_is_refused_even_if_somebody_confirms_it(ann: Prompt) -> None:
    ref = ann.done("log", *REQUEST, "--summary", "Export stops").split()[0]
    code, said = at(ann, timedelta(days=365 * 174), "--confirm-date", "note", ref, "--text", "From 2200.")
    assert code == 2
    assert "the calendars cover the years 1990 to 2100; set the clock right" in said


def test_doctor_names_what_a_wrong_clock_dated_and_it_can_be_set_right(ann: Prompt) -> None:
    ref = ann.done("log", *REQUEST, "--summary", "Export stops").split()[0]
    far = timedelta(days=365 * 20)
    assert at(ann, far, "--confirm-date", "note", ref, "--text", "From 2046.")[0] == 0
    code, said = at(ann, timedelta(hours=1), "doctor")
    assert code == 1
    assert f"1 ticket dated in the future by a wrong clock: {ref}." in said
    last = f"{TUESDAY + far:%d %b %Y %H:%M}"
    assert f"This machine's clock says 24 Nov 2026 10:42 GMT, and the last event is of {last} GMT" in said
    assert "supportdesk correct-time REF" in said
    for reading in (
        ("queue",),
        ("show", ref),
        ("explain", ref),
        ("queue", "--json"),
        ("show", ref, "--json"),
    ):
        assert at(ann, timedelta(hours=1), *reading)[0] == 0, reading
    assert at(ann, timedelta(hours=1), "correct-time", ref, "--reason", "The battery was empty.")[0] == 0
    _, said = at(ann, timedelta(hours=1), "doctor")
    assert "wrong clock" not in said
    assert at(ann, timedelta(hours=2), "note", ref, "--text", "Work goes on.")[0] == 0
    assert at(ann, timedelta(hours=2), "verify")[0] == 0


LATE = datetime(2100, 6, 1, 9, 42, tzinfo=UTC)
EVERY_YEAR = [
    datetime(1, 1, 1, tzinfo=UTC),
    datetime(1970, 1, 1, tzinfo=UTC),
    datetime(1990, 1, 1, tzinfo=UTC),
    datetime(2100, 12, 31, 23, 59, tzinfo=UTC),
    datetime(2200, 1, 1, tzinfo=UTC),
    datetime(9999, 12, 31, 23, 59, 59, tzinfo=UTC),
]


@pytest.mark.slow
@pytest.mark.parametrize("now", EVERY_YEAR, ids=lambda now: f"{now:%Y}")
def test_a_desk_is_read_whatever_the_clock_says_and_the_clock_is_to_be_set_right(
    ann: Prompt, tmp_path: Path, now: datetime
) -> None:
    # Late in the calendars' years, so that `explain` does not print a line for each day of seventy years.
    ann.clock.set(LATE if now > TUESDAY else TUESDAY)
    ref = ann.done("--confirm-date", "log", *REQUEST, "--summary", "Export stops").split()[0]
    later = now - TUESDAY
    for line in (
        ["queue"],
        ["queue", "--json"],
        ["show", ref],
        ["show", ref, "--json"],
        ["explain", ref],
        ["report", "attainment"],
        ["rota", "show"],
        ["release", "list"],
        ["staff", "list"],
        ["verify"],
        ["backup", str(tmp_path / "copy.db")],
    ):
        code, said = at(ann, later, *line)
        assert code == 0, (line, said)
    for line in (["note", ref, "--text", "x"], ["undo"], ["undo", ref]):
        assert at(ann, later, *line)[0] == 2, line
    code, said = at(ann, later, "doctor")
    outside = not 1990 <= now.year <= 2100
    assert code == 1 or not outside
    assert ("the calendars cover the years 1990 to 2100; set the clock right" in said) == outside
