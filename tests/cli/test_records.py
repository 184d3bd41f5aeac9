"""Saving releases and articles, undoing changes to records, and listing records."""

from datetime import timedelta

import pytest

from tests.cli.conftest import TUESDAY
from tests.cli.prompt import Prompt

LISTED = ("staff", "organisation", "release", "policy")


def test_a_release_that_moves_moves_the_promises_in_it(ann: Prompt) -> None:
    ref = ann.log("medium")
    ann.done("fix", ref, "--release", "7.4")
    ann.done("release", "move", "7.4", "--day", "2026-12-16")
    assert ann.ticket(ref)["resolution"]["due"] == "2026-12-16T23:59:59Z"
    assert (
        ann.ticket(ref)["timeline"][-1]["sentence"] == "fix date of 7.4 moved from 9 Dec 2026 to 16 Dec 2026"
    )


def test_a_release_that_ships_keeps_the_promises_in_it_and_stays_as_it_is(ann: Prompt) -> None:
    ref = ann.log("medium")
    ann.done("fix", ref, "--release", "7.4")
    ann.at(TUESDAY + timedelta(days=8)).done("release", "ship", "7.4", "--at", "2026-12-02T08:00")
    assert ann.ticket(ref)["fix"]["shipped_at"] is not None
    assert ann.ticket(ref)["resolution"]["state"] == "met"
    assert "the fix shipped in 7.4 on 2 Dec 2026 08:00 GMT" in ann.done("show", ref)
    assert "shipped on 2 Dec 2026" in ann.refused("release", "move", "7.4", "--day", "2027-01-01")
    assert "shipped Wed 2 Dec 2026" in ann.done("release", "list")


def test_rule_05_a_release_shipped_before_its_fix_was_promised_meets_it_when_it_was(ann: Prompt) -> None:
    ref = ann.log("medium")
    promised = TUESDAY + timedelta(hours=2)
    ann.at(promised).done("fix", ref, "--release", "7.4")
    ann.at(TUESDAY + timedelta(hours=3)).done("release", "ship", "7.4", "--at", "2026-10-01T08:00")
    explained = ann.done("explain", ref)
    assert "Met Tue 24 Nov 2026 11:42 GMT, after 2 hours" in explained


def test_a_ticket_whose_fix_has_shipped_needs_no_workaround(ann: Prompt) -> None:
    ref = ann.log("medium")
    ann.done("fix", ref, "--release", "7.4")
    assert "Still missing    a workaround" in ann.done("show", ref)
    ann.at(TUESDAY + timedelta(days=1)).done("release", "ship", "7.4")
    assert "Still missing" not in ann.done("show", ref)
    ann.done("resolve", ref, "--text", "It is in 7.4")
    assert ann.ticket(ref)["timeline"][-1]["sentence"].startswith("resolved (fix delivered)")


def test_the_last_change_to_a_record_is_undone_and_what_moved_with_it_moves_back(ann: Prompt) -> None:
    ref = ann.log("medium")
    ann.done("fix", ref, "--release", "7.4")
    ann.done("release", "move", "7.4", "--day", "2026-12-16")
    assert ann.done("undo") == (
        "Undone: changed release 7.4: date from 9 Dec 2026 to 16 Dec 2026."
        " It had changed 1 ticket, which records the undo.\n"
    )
    assert ann.ticket(ref)["fix"]["day"] == "2026-12-09"
    assert "fix date of 7.4 moved from 16 Dec 2026 to 9 Dec 2026" in ann.done("show", ref)
    sam = ann.by("sam")
    assert "You have changed no record in the last ten minutes." in sam.refused("undo")


def test_a_change_to_a_record_that_cannot_be_undone_is_refused_with_the_reason(ann: Prompt) -> None:
    ann.done("release", "add", "9.1", "--day", "2027-03-03")
    ref = ann.log("medium")
    ann.done("fix", ref, "--release", "9.1")
    assert f"release 9.1 is in use already: by {ref}" in ann.refused("undo")
    assert "Without REF it undoes your last change to a record" in ann.done("undo", "--help")


def test_rule_05_a_release_that_has_not_shipped_is_not_planned_for_a_day_in_the_past(ann: Prompt) -> None:
    told = "29 Dec 2025 is in the past and 7.4 has not shipped"
    assert told in ann.refused("release", "move", "7.4", "--day", "2025-12-29")
    refusal = ann.refused("release", "add", "9.1", "--day", "2025-12-29")
    assert "29 Dec 2025 is in the past" in refusal
    assert "plan it for today and then record when it shipped (supportdesk release ship)" in refusal
    assert "9.1" not in ann.done("release", "list")


def test_a_release_is_refused_twice_or_unknown_or_without_a_day(ann: Prompt) -> None:
    assert "The release 7.4 already exists" in ann.refused("release", "add", "7.4", "--day", "2027-01-01")
    assert "The release 7.4 already exists" in ann.refused(
        "release", "add", "\uff17.4", "--day", "2027-01-01"
    )
    assert 'no release "9"' in ann.refused("release", "ship", "9")
    assert '"soon" is not a date' in ann.refused("release", "add", "7.5", "--day", "soon")
    assert "February 2027 has 28 days" in ann.refused("release", "add", "7.5", "--day", "2027-02-30")


@pytest.mark.parametrize("typed", ["2026-12-4", "4 Dec", "4/12/2026", "fri 4 dec"])
def test_the_day_of_a_release_is_read_as_people_type_it_and_reported(ann: Prompt, typed: str) -> None:
    answer = ann("release", "add", "7.9", "--day", typed)
    assert answer.out == "7.9 is planned for Fri 4 Dec 2026.\n"
    assert answer.err == f'"{typed}" is understood as Fri 4 Dec 2026.\n'


def test_an_article_is_written_and_found(ann: Prompt) -> None:
    title = ("--title", "Printing a logo in full resolution")
    ann.done("knowledge", "add", "KB-31", *title, "--text", "-", stdin="Use a vector file.\n")
    assert ann("knowledge", "find", "logo", "--json").json[0] == {"key": "KB-31", "title": title[1]}
    assert title[1] in ann.done("knowledge", "find", "printing", "logo")
    assert "The article KB-31 already exists" in ann.refused("knowledge", "add", "kb-31", *title)


@pytest.mark.parametrize("group", LISTED)
def test_lists_are_shown_in_columns_and_as_json(ann: Prompt, group: str) -> None:
    assert len(ann(group, "list", "--json").json) + 1 == len(ann.done(group, "list").splitlines())


def test_lists_show_names_and_say_where_there_is_nothing(ann: Prompt) -> None:
    ann.done("organisation", "add", "Globex plc", "--account-manager", "rosa")
    listed = ann.done("organisation", "list")
    assert "rosa" not in listed.split()
    assert "Technical Support" in ann.done("staff", "list")
    assert ann.done("knowledge", "find", "zzz") == "No article matches.\n"
    assert ann.done("contact", "list", "Globex plc").startswith("Globex plc has no contact yet")
    assert ann.done("day", "list") == "No day was closed or given other hours.\n"


def test_a_release_is_shown_with_its_weekday(ann: Prompt) -> None:
    assert ann.done("release", "add", "9.9", "--day", "2026-12-08") == "9.9 is planned for Tue 8 Dec 2026.\n"
    assert "STATUS" in ann.done("release", "list")
