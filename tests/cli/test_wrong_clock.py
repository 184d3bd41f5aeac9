"""A machine whose clock is wrong, at the command line."""

from __future__ import annotations

from datetime import timedelta

from supportdesk.clock import SetClock
from tests.cli.calling import Prompt, call
from tests.cli.conftest import TUESDAY

REQUEST = ("--severity", "high", "--channel", "phone", "--organisation", "Acme Ltd", "--contact", "Jo Park")


def at(ann: Prompt, later: timedelta, *arguments: str) -> tuple[int, str]:
    answer = call("--db", ann.address, "--as", "ann", *arguments, clock=SetClock(TUESDAY + later))
    return answer.code, answer.out + answer.err


def test_a_date_in_doubt_is_confirmed_once(ann: Prompt) -> None:
    ref = ann.done("log", *REQUEST, "--summary", "Export stops").split()[0]
    year = timedelta(days=365)
    code, said = at(ann, year, "note", ref, "--text", "After a year.")
    assert code == 2
    assert "nothing has happened here since" in said
    assert "--confirm-date" in said
    assert at(ann, year, "--confirm-date", "note", ref, "--text", "After a year.")[0] == 0
    assert at(ann, year, "note", ref, "--text", "And another.")[0] == 0


def test_the_far_future_is_refused_whoever_confirms_it(ann: Prompt) -> None:
    ref = ann.done("log", *REQUEST, "--summary", "Export stops").split()[0]
    code, said = at(ann, timedelta(days=365 * 174), "--confirm-date", "note", ref, "--text", "From 2200.")
    assert code == 2
    assert "the calendars know the years 1990 to 2100; set the clock right" in said


def test_doctor_names_what_a_wrong_clock_dated_and_it_can_be_set_right(ann: Prompt) -> None:
    ref = ann.done("log", *REQUEST, "--summary", "Export stops").split()[0]
    far = timedelta(days=365 * 20)
    assert at(ann, far, "--confirm-date", "note", ref, "--text", "From 2046.")[0] == 0
    code, said = at(ann, timedelta(hours=1), "doctor")
    assert code == 1
    assert f"1 ticket changed in the future by a wrong clock: {ref}." in said
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
