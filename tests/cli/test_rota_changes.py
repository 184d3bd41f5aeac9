"""Rotations of several lengths, lines and layers, overrides, swaps and absences on the command line."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from msgspec.structs import replace

from supportdesk.heartbeat import STOPPED, Heartbeat
from supportdesk.store.location import find_heartbeat
from tests.cli.prompt import Prompt

PRIYA_NOW = "Priya Nair is on call until Mon 30 Nov 2026 08:00 GMT on +44 7700 900104.\n"


def shifts(ann: Prompt, *options: str) -> list[tuple[str, str, str, str]]:
    """The shifts as JSON shows them: person, start, reason, instead of whom."""
    found = ann("rota", "show", "--json", *options).json["shifts"]
    return [(each["person"], each["start"][:16], each["reason"], each["instead_of"] or "") for each in found]


def test_a_rotation_of_hours_on_the_second_line_that_ends(ann: Prompt) -> None:
    printed = ann.done(
        *("rota", "set", "sam", "priya", "--from", "2026-11-25T08:00", "--every", "12 h"),
        *("--line", "second", "--until", "2026-12-20T08:00"),
    )
    assert printed == (
        f"{PRIYA_NOW}Second line: nobody until Wed 25 Nov 2026 08:00 GMT.\n"
        "From Wed 25 Nov 2026 08:00 GMT on the second line in turn for 12 hours each: "
        "Sam Okoro, Priya Nair, until Sun 20 Dec 2026 08:00 GMT.\n"
    )
    assert ann.done("rota", "show", "--at", "2026-11-25T21:00") == (
        "First line: Priya Nair until Mon 30 Nov 2026 08:00 GMT.\n"
        "Second line: Priya Nair until Thu 26 Nov 2026 08:00 GMT.\n"
    )


@pytest.mark.parametrize("length", ["30 min", "1 day 2 h", "soon", "0 days"])
def test_a_turn_is_a_whole_number_of_hours_days_or_weeks(ann: Prompt, length: str) -> None:
    refusal = ann.refused("rota", "set", "sam", "--from", "2026-11-25T08:00", "--every", length)
    assert "is not a number of hours, days or weeks, such as 12 h or 1 week" in refusal


def test_members_join_and_leave_on_a_day(ann: Prompt) -> None:
    ann.done(
        *("rota", "set", "priya", "sam", "--from", "2026-11-25T08:00", "--every", "1 week"),
        *("--joins", "sam=2026-12-03", "--leaves", "priya=2026-12-11"),
    )
    assert shifts(ann, "--from", "2026-11-25", "--weeks", "4") == [
        ("priya", "2026-11-23T08:00", "rotation", ""),
        ("priya", "2026-11-25T08:00", "rotation", ""),
        ("priya", "2026-12-02T08:00", "rotation", ""),
        ("sam", "2026-12-09T08:00", "rotation", ""),
        ("sam", "2026-12-16T08:00", "rotation", ""),
    ]
    refusal = ann.refused("rota", "set", "priya", "--from", "2026-11-26T08:00", "--joins", "sam")
    assert "'sam' is not a name and a day, such as priya=2026-12-01" in refusal
    not_there = ("rota", "set", "priya", "--from", "2026-11-26T08:00", "--joins", "sam=2026-12-03")
    assert "Sam Okoro joins or leaves, but is not a member" in ann.refused(*not_there)


def test_an_override_begins_at_once_and_is_ended(ann: Prompt) -> None:
    printed = ann.done("rota", "override", "Sam Okoro", "--to", "2026-11-24T18:00", "--reason", "dentist")
    when = "from Tue 24 Nov 2026 09:42 GMT to Tue 24 Nov 2026 18:00 GMT"
    override = f"Override 1: Sam Okoro is on call {when}: dentist.\n"
    assert printed == override
    assert ann.done("rota", "show") == f"Sam Okoro is on call until Tue 24 Nov 2026 18:00 GMT.\n{override}"
    critical = ann.log("critical", channel="hotline")
    assert ann.ticket(critical)["paged"] == "sam"
    assert ann.done("rota", "override", "--end", "1") == "Override 1 is cancelled.\n"
    assert ann.done("rota", "show") == PRIYA_NOW
    assert ann("verify").code == 0


def test_who_may_override_and_what_is_missing(ann: Prompt) -> None:
    refusal = ann.by("sam").refused("rota", "override", "priya", "--to", "2026-11-25T18:00")
    assert refusal == (
        "Error: only Priya Nair or an administrator or a supervisor (Maya Brandt or ann) may do this; ask them\n"
    )
    assert "Give a username and --to" in ann.refused("rota", "override", "priya")
    assert "not both" in ann.refused("rota", "override", "priya", "--end", "1")
    assert "Give a username and --to" in ann.refused("rota", "absence")
    assert "there is no absence 4" in ann.refused("rota", "absence", "--end", "4")


def test_an_absence_with_and_without_a_deputy(ann: Prompt) -> None:
    away = ("rota", "absence", "priya", "--from", "2026-11-26T08:00", "--to", "2026-11-27T08:00")
    assert ann.refused(*away) == (
        "Error: nobody would be on call from Thu 26 Nov 2026 08:00 GMT to Fri 27 Nov 2026 08:00 GMT;"
        " confirm it if that is meant: add --despite-gap\n"
    )
    assert ann.done(*away, "--deputy", "sam", "--reason", "leave") == (
        "Absence 1: Priya Nair is away from Thu 26 Nov 2026 08:00 GMT to Fri 27 Nov 2026 08:00 GMT (leave);"
        " Sam Okoro deputises.\n"
    )
    assert ("sam", "2026-11-26T08:00", "deputy", "priya") in shifts(ann)
    assert ann.done("rota", "show", "--at", "2026-11-26T09:00") == (
        "First line: Sam Okoro until Fri 27 Nov 2026 08:00 GMT (deputy for Priya Nair).\n"
    )
    assert "nobody would be left to deputise" in ann.refused(
        *("rota", "absence", "sam", "--from", "2026-11-26T08:00", "--to", "2026-11-27T08:00"),
        *("--deputy", "priya", "--despite-gap"),
    )
    assert ann.done("rota", "absence", "--end", "1") == "Absence 1 is cancelled.\n"


def test_gaps_are_listed_with_an_exit_code_and_by_doctor(ann: Prompt) -> None:
    assert ann.done("rota", "gaps") == "There is no gap until Tue 8 Dec 2026 09:42 GMT.\n"
    away = ("rota", "absence", "priya", "--from", "2026-11-26T08:00", "--to", "2026-11-27T08:00")
    ann.done(*away, "--despite-gap")
    sentence = (
        "Nobody is on call from Thu 26 Nov 2026 08:00 GMT to Fri 27 Nov 2026 08:00 GMT,"
        " as Priya Nair is away without a deputy"
    )
    found = ann("rota", "gaps")
    assert (found.code, found.out) == (1, f"{sentence}.\n")
    assert ann("rota", "gaps", "--json").json == [
        {
            "line": "first",
            "start": "2026-11-26T08:00:00Z",
            "end": "2026-11-27T08:00:00Z",
            "cause": "away",
            "person": "priya",
        }
    ]
    assert sentence in ann("doctor").out
    assert "nobody" in ann.done("rota", "show", "--weeks", "1")


def test_doctor_names_a_gap_of_the_second_line_and_somebody_without_an_address(ann: Prompt) -> None:
    ann.done("rota", "set", "sam", "--from", "2026-11-26T08:00", "--line", "second")
    assert "Nobody is on call on the second line from Tue 24 Nov 2026 09:42 GMT" in ann("doctor").out
    ann.done("staff", "change", "priya", "--telephone", "", "--confirm")
    assert (
        "Priya Nair is on call from Tue 24 Nov 2026 09:42 GMT to Mon 30 Nov 2026 08:00 GMT,"
        " but has neither a telephone number nor an email address"
    ) in ann("doctor").out


def test_somebody_who_is_reached_by_no_method_of_the_watchers_is_a_gap(ann: Prompt) -> None:
    assert ann.done("rota", "gaps").startswith("There is no gap")
    now = datetime.now(UTC)
    beat = Heartbeat("desk1", 7, "a" * 32, now, now, methods=("call", "sms"))
    find_heartbeat(ann.address).write(beat)
    lack = "has no address for call or sms, by which pages are sent here"
    assert lack in ann("rota", "gaps").out
    assert lack in ann("doctor").out
    assert f"Sam Okoro {lack}" in ann.refused("rota", "set", "sam", "--from", "2026-11-26T08:00")
    ann.done("staff", "change", "priya", "--address", "sms +44 7700 900123")
    assert ann.done("rota", "gaps").startswith("There is no gap")
    find_heartbeat(ann.address).write(replace(beat, state=STOPPED))
    ann.done("rota", "set", "sam", "--from", "2026-11-26T08:00")


def test_a_swap_goes_from_offer_to_approval(ann: Prompt) -> None:
    ann.done("rota", "set", "priya", "sam", "--from", "2026-11-25T08:00", "--every", "1 day")
    offered = ann.by("priya").done("rota", "swap", "offer", "--at", "2026-11-27T09:00", "--to", "sam")
    shift = "Priya Nair, Fri 27 Nov 2026 08:00 GMT to Sat 28 Nov 2026 08:00 GMT"
    assert offered == f"Swap 1 is offered: {shift}; offered to Sam Okoro.\n"
    assert offered in ann.done("rota", "show")
    accepted = ann.by("sam").done("rota", "swap", "accept", "1", "--in-return", "2026-11-28T09:00")
    returned = "taken by Sam Okoro in return for Sat 28 Nov 2026 08:00 GMT to Sun 29 Nov 2026 08:00 GMT"
    assert accepted == f"Swap 1 is accepted: {shift}; {returned}.\n"
    assert "only an administrator or a supervisor" in ann.by("sam").refused("rota", "swap", "approve", "1")
    assert ann.done("rota", "swap", "approve", "1") == f"Swap 1 is approved: {shift}; {returned}.\n"
    assert shifts(ann)[3:5] == [
        ("sam", "2026-11-27T08:00", "swap", "priya"),
        ("priya", "2026-11-28T08:00", "swap", "sam"),
    ]
    assert "swap, instead of Priya Nair" in ann.done("rota", "show", "--from", "2026-11-27", "--weeks", "1")
    ann.done("rota", "swap", "offer", "--at", "2026-11-29T09:00", "--for", "priya")
    assert "Swap 2 is declined" in ann.done("rota", "swap", "close", "2")
    assert ann.done("rota", "swap", "list").count("\n") == 2


def test_no_swap_is_listed_where_there_is_none(ann: Prompt) -> None:
    assert ann.done("rota", "swap", "list") == "No shift was offered.\n"


def test_a_change_to_the_rota_is_undone(ann: Prompt) -> None:
    ann.done("rota", "override", "sam", "--to", "2026-11-24T18:00")
    assert ann.done("undo").startswith("Undone: added override 1")
    assert ann.done("rota", "show") == PRIYA_NOW
