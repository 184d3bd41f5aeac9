"""The rota: who is on call, and rotations that begin later (rule 18)."""

from datetime import UTC, datetime

import pytest

from tests.cli.conftest import TUESDAY
from tests.cli.prompt import Prompt

pytestmark = pytest.mark.usefixtures("durable")


def test_the_rota_says_who_is_on_call_and_pages_them(ann: Prompt) -> None:
    assert ann.done("rota", "show") == (
        "Priya Nair is on call until Mon 30 Nov 2026 08:00 GMT on +44 7700 900104.\n"
    )
    told = ann.done("rota", "set", "Sam Okoro", "priya", "--from", "2026-11-24T09:42")
    assert told == "Sam Okoro is on call until Tue 1 Dec 2026 09:42 GMT.\n"
    critical = ann.log("critical", channel="hotline")
    assert "paged Sam Okoro" in ann.ticket(critical)["timeline"][-1]["sentence"]


def test_the_rota_is_for_staff(ann: Prompt) -> None:
    assert 'no member of staff "eve"' in ann.refused("rota", "set", "eve", "--from", "2026-11-23T08:00")
    assert "--from" in ann.refused("rota", "set", "sam")


PRIYA_NOW = "Priya Nair is on call until Mon 30 Nov 2026 08:00 GMT on +44 7700 900104.\n"


def test_rule_18_a_rota_for_later_leaves_the_one_in_force_and_can_be_cancelled(ann: Prompt) -> None:
    planned = "From Mon 4 Jan 2027 08:00 GMT in turn: Sam Okoro, Priya Nair.\n"
    told = ann.done("rota", "set", "sam", "priya", "--from", "2027-01-04T08:00")
    assert told == ann.done("rota", "show") == PRIYA_NOW + planned
    assert ann.at(datetime(2027, 1, 4, 9, tzinfo=UTC)).done("rota", "show").startswith("Sam Okoro is on call")
    ann.at(TUESDAY)
    assert "no rotation is planned to start then; the planned ones start on Mon 4 Jan 2027" in ann.refused(
        "rota", "cancel", "2027-01-05T08:00"
    )
    cancelled = ann.done("rota", "cancel", "2027-01-04T08:00")
    assert cancelled == f"The rotation planned for Mon 4 Jan 2027 08:00 GMT is cancelled.\n{PRIYA_NOW}"
    refusal = ann.refused("rota", "cancel", "2027-01-04T08:00")
    assert "no rotation starts then, and none is planned; look at the rota (supportdesk rota show)" in refusal
    assert (
        ann.at(datetime(2027, 1, 4, 9, tzinfo=UTC)).done("rota", "show").startswith("Priya Nair is on call")
    )
    assert ann("verify").code == 0


def test_many_gaps_in_the_rota_are_counted_after_the_first_three(ann: Prompt) -> None:
    ann.done("rota", "set", "priya", "sam", "--from", "2026-11-24T10:00", "--every", "1 day")
    told = ann.done("staff", "change", "sam", "--gone", "--confirm")
    gaps = ann("rota", "gaps", "--weeks", "8", "--json").json
    more = f"Nobody is on call at {len(gaps) - 3} more times in the next 8 weeks, which"
    more = f"{more} `supportdesk rota gaps --weeks 8` lists"
    assert len(gaps) > 20
    assert told.count("as Sam Okoro has left") == 3
    assert f"{more}; set the rota" in told
    assert f"Advice      {more}; set the rota" in ann.done("doctor")
    assert f"{more}." in ann.done("rota", "show")


def test_rule_18_somebody_who_has_left_is_on_call_nowhere_and_the_last_resort_is_paged(ann: Prompt) -> None:
    refusal = ann.refused("staff", "change", "priya", "--gone")
    assert "nobody would be on call from Tue 24 Nov 2026 09:42 GMT to Tue 8 Dec 2026 09:42 GMT" in refusal
    assert refusal.endswith("confirm it if they leave all the same: add --confirm\n")
    told = ann.done("staff", "change", "priya", "--gone", "--confirm")
    assert "Nobody is on call from now on, as Priya Nair has left; a page reaches nobody" in told
    assert ann.done("rota", "show") == "Nobody is on call now. A page would reach nobody.\n"
    assert 'There is no member of staff "priya"' in ann.refused(
        "rota", "set", "priya", "--from", "2026-11-23T08:00"
    )
    nobody = ann.log("critical", channel="hotline")
    assert ann.ticket(nobody)["nobody_paged"]
    assert "Page             nobody paged: Critical logged, but nobody is on call" in ann.done("show", nobody)
    assert f"{nobody}  Acme Ltd  Approval fails  nobody paged" in ann.done("queue")
    ann.done("staff", "change", "maya", "--telephone", "+44 7700 900107")
    page = "A page goes to Maya Brandt, Support Manager on +44 7700 900107"
    assert ann.done("rota", "show") == f"Nobody is on call now. {page}.\n"
    critical = ann.log("critical", channel="hotline")
    assert (ann.ticket(critical)["paged"], ann.ticket(critical)["nobody_paged"]) == ("maya", False)
    assert "Page             Maya Brandt, paged on Tue 24 Nov 2026 09:42 GMT" in ann.done("show", critical)
    assert "last resort: Maya Brandt, Support Manager" in ann.done("doctor")
    assert not ann.by("maya").ticket(nobody)["paged"]
    ann.by("maya").done("acknowledge", nobody)
    assert not ann.ticket(nobody)["nobody_paged"]
    assert ann("verify").code == 0


def test_rule_18_the_page_of_somebody_who_leaves_goes_to_the_person_on_call_then(ann: Prompt) -> None:
    ref, other = ann.log("critical", channel="hotline"), ann.log("critical", channel="hotline")
    ann.by("sam").done("acknowledge", other, "--paged", "priya")
    ann.done("staff", "change", "maya", "--telephone", "+44 7700 900107")
    ann.done("staff", "change", "priya", "--gone", "--confirm")
    assert ann.ticket(ref)["paged"] == "maya"
    assert "Page             Maya Brandt, paged on Tue 24 Nov 2026 09:42 GMT, not acknowledged\n" in ann.done(
        "show", ref
    )
    assert (ann.ticket(other)["page_open"], ann.ticket(other)["paged"]) == (False, None)
    ann.done("staff", "change", "maya", "--gone")
    assert ann.ticket(ref)["nobody_paged"]
    assert f"{ref}  Acme Ltd  Approval fails  nobody paged" in ann.done("queue")
    assert ann.done("undo").startswith("Undone: ")
    assert ann("verify").code == 0


def test_rule_18_a_rotation_that_would_never_be_in_force_is_refused(ann: Prompt) -> None:
    assert ann.refused("rota", "set", "sam", "--from", "2026-11-20T08:00") == (
        "Error: the rotation in force began later, on Mon 23 Nov 2026 08:00 GMT; "
        "let the rotation start now or later\n"
    )
    ann.done("rota", "set", "sam", "--from", "2026-11-24T09:42")
    assert ann.done("rota", "show").startswith("Sam Okoro is on call")


def test_rule_18_who_was_on_call_since_the_rotation_in_force_began_stays(ann: Prompt) -> None:
    for start in ("2026-11-23T08:00", "2026-11-24T08:00"):
        refusal = ann.refused("rota", "set", "sam", "priya", "--from", start)
        assert refusal.startswith("Error: Priya Nair was on call on ")
        assert refusal.endswith(
            "and that stays; let the rotation start now or later, "
            "or override a single shift (supportdesk rota override)\n"
        )
    # What changes nothing of the past may start in it: Sam joins the rotation after Priya.
    ann.done("rota", "set", "priya", "sam", "--from", "2026-11-23T08:00")
    assert ann.done("rota", "show", "--at", "2026-12-01T08:00") == (
        "First line: Sam Okoro until Mon 7 Dec 2026 08:00 GMT.\n"
    )


def test_the_rota_is_shown_in_the_order_of_time(ann: Prompt) -> None:
    ann.done("rota", "set", "sam", "priya", "--from", "2027-01-04T08:00")
    for day in ("2026-11-28", "2026-11-26"):
        ann.done(
            *("rota", "override", "Sam Okoro", "--from", f"{day}T08:00", "--to", f"{day}T18:00"),
            *("--reason", "dentist"),
        )
    shown = ann.done("rota", "show").splitlines()
    days = [next(day for day in ("26 Nov", "28 Nov", "4 Jan") if day in line) for line in shown[1:]]
    assert days == ["26 Nov", "28 Nov", "4 Jan"]


def test_a_start_that_has_just_passed_is_refused_with_both_readings(ann: Prompt) -> None:
    refusal = ann.refused("rota", "set", "sam", "--from", "22 Nov 8:00")
    assert "Sun 22 Nov 2026 08:00 GMT or Mon 22 Nov 2027 08:00 GMT" in refusal
