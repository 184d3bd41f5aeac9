"""`supportdesk shift`: what is handed over, and its acceptance."""

from tests.cli.prompt import Prompt


def test_without_a_note_it_shows_what_would_be_handed_over(ann: Prompt) -> None:
    ref = ann.log("critical", channel="hotline")
    shown = ann.done("shift", "handover")
    assert shown.splitlines()[0] == "Office hours from Tue 24 Nov 08:00 GMT to Tue 24 Nov 18:00 GMT."
    assert f"Open Critical: 1\n  {ref}  Acme Ltd: " in shown
    assert "Pages of the shift: 1\n" in shown
    assert f"{ref}  Priya Nair  not acknowledged" in shown
    assert "Due in the next shift, until Wed 25 Nov 18:00 GMT: " in shown
    assert ann("shift", "handover", "--json").json["handover"] is None


def test_a_note_hands_the_shift_over_and_the_colleague_accepts_it(ann: Prompt) -> None:
    priya = ann.by("priya")
    shown = ann.done("shift", "handover", "--note", "One Critical is open.", "--to", "priya")
    assert shown.endswith(
        "Handover 1 of ann, given Tue 24 Nov 09:42 GMT: waits for Priya Nair.\n  One Critical is open.\n"
    )
    assert priya.done("shift", "accept") == (
        "Handover 1 of ann, given Tue 24 Nov 09:42 GMT: accepted by Priya Nair Tue 24 Nov 09:42 GMT.\n"
        "  One Critical is open.\n"
    )
    assert "No handover waits for you" in priya.refused("shift", "accept")
    given = ann("shift", "handover", "--json").json["handover"]
    assert (given["note"], given["accepted_by"]) == ("One Critical is open.", "priya")


def test_the_person_on_call_next_is_asked_unless_another_is_named(ann: Prompt) -> None:
    ann.done("rota", "set", "priya", "sam", "--from", "2026-11-24T10:00")
    later = ann.by("priya")
    later.clock.set(later.clock.now().replace(hour=11))
    given = later("shift", "handover", "--note", "Quiet.", "--json").json
    assert given["shift"]["line"] == "first"
    assert given["handover"]["to"] == "sam"


def test_of_several_handovers_one_is_named(ann: Prompt) -> None:
    ann.done("shift", "handover", "--note", "Quiet.")
    ann.by("sam").done("shift", "handover", "--note", "Busy.")
    refusal = ann.by("priya").refused("shift", "accept")
    assert "give the number of one" in refusal
    assert "Handover 2 of Sam Okoro" in refusal
    ann.by("priya").done("shift", "accept", "2")
    assert "withdrawn" in ann.done("shift", "withdraw", "1")


def test_a_colleague_without_a_note_is_refused(ann: Prompt) -> None:
    assert "give --note as well" in ann.refused("shift", "handover", "--to", "sam")
