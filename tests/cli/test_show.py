"""`supportdesk show` and `supportdesk explain`."""

from datetime import timedelta

import pytest

from supportdesk.tickets.reference import make
from tests.cli.conftest import TUESDAY
from tests.cli.prompt import Prompt

UNKNOWN = make(10_000)


def test_show_prints_what_a_ticket_is_the_state_of_its_targets_and_what_happened(ann: Prompt) -> None:
    ref = ann.log("high", "--description", "Since this morning.\nFor all.")
    ann.at(TUESDAY + timedelta(hours=1)).done("reply", ref, "--text", "Which rule?\nAll of them?")
    assert ann.done("show", ref).splitlines() == [
        f"{ref}  High  resolution",
        "Approval fails",
        "",
        "Response         met in 1:00 of 3:00, due Tue 24 Nov 2026 12:42 GMT",
        "Resolution       on track, 23:00 left, due Thu 26 Nov 2026 13:42 GMT",
        "Customer         Acme Ltd, Jo Park, super user, +44 20 7946 0018, jo.park@acme.example",
        "Account manager  Rosa Lindt",
        "Received         Tue 24 Nov 2026 09:42 GMT, Telephone support",
        "Team             User Support",
        "Owner            ann",
        "",
        "    Since this morning.",
        "    For all.",
        "",
        "Tue 24 Nov 2026 09:42 GMT  ann  logged it as High, by Telephone support",
        "Tue 24 Nov 2026 10:42 GMT  ann  acknowledged the request",
        "Tue 24 Nov 2026 10:42 GMT  ann  claimed it",
        "Tue 24 Nov 2026 10:42 GMT  ann  to customer: Which rule?",
        "    All of them?",
        "Tue 24 Nov 2026 10:42 GMT  ann  response met",
    ]


def test_names_and_what_they_did_stand_apart_so_that_nobody_is_named_twice_over(ann: Prompt) -> None:
    ref = ann.by("priya").log("critical", channel="hotline")
    lines = ann.done("show", ref).splitlines()
    assert (
        "Tue 24 Nov 2026 09:42 GMT  Priya Nair  paged Priya Nair on +44 7700 900104: Critical logged" in lines
    )


def test_a_promise_that_is_met_by_steps_says_which_are_still_missing(ann: Prompt) -> None:
    ref = ann.log("medium")
    assert "Still missing    a workaround and a fix date" in ann.done("show", ref)
    ann.done("workaround", ref, "--text", "Print from the order")
    assert "Still missing    a fix date" in ann.done("show", ref)
    ann.done("fix", ref, "--release", "7.4")
    assert "Needs" not in ann.done("show", ref)


def test_its_json_adds_the_timeline_and_the_rest_to_what_the_queue_gives(ann: Prompt) -> None:
    ref = ann.log("high", "--description", "Since this morning.")
    [row] = ann("queue", "--json").json
    whole = ann("show", ref, "--json").json
    assert row.items() <= whole.items()
    assert set(whole) - set(row) == {
        "description", "accepted", "logged_at", "changed_at", "out_of_policy_reasons", "waits", "rung", "escalations",
        "workaround", "fix", "articles", "links", "reopens", "resolved_how", "closed_as", "source", "customer",
        "timeline",
    }  # fmt: skip
    [logged] = whole["timeline"]
    assert logged.pop("seq") > 0
    assert logged == {
        "at": "2026-11-24T09:42:00Z",
        "actor": "ann",
        "name": "ann",
        "event": "logged",
        "sentence": "logged it as High, by Telephone support",
    }
    assert whole["customer"] == {
        "organisation": "acme-ltd",
        "contact": "acme-ltd.jo-park",
        "telephone": "+44 20 7946 0018",
        "email": "jo.park@acme.example",
        "super_user": True,
        "registered": True,
        "account_manager": "rosa",
    }


def test_a_closed_ticket_is_shown_too(ann: Prompt) -> None:
    ref = ann.log()
    ann.done("close", ref, "--reason", "withdrawn", "--text", "Found it")
    shown = ann.done("show", ref)
    assert shown.startswith(f"{ref}  High  closed\n")
    assert "response no longer applies\n" in shown
    assert "Response         no longer applies, due" in shown
    assert ann.ticket(ref)["resolution"]["state"] == "void"


def test_out_of_hours_a_clock_says_until_when_it_is_stopped(ann: Prompt) -> None:
    ref = ann.at(TUESDAY + timedelta(hours=10)).log("medium", channel="portal")
    assert (
        "on track, 24:00 left, due Fri 27 Nov 2026 12:00 GMT, out of hours until Wed 25 Nov 2026 08:00 GMT"
        in ann.done("show", ref)
    )


@pytest.mark.parametrize("command", ["show", "explain"])
def test_a_reference_that_no_ticket_has_or_that_is_none_is_refused(ann: Prompt, command: str) -> None:
    assert f"there is no ticket {UNKNOWN}" in ann.refused(command, UNKNOWN)
    assert "is not a reference" in ann.refused(command, "CD-1")


def test_explain_shows_how_both_figures_came_about(ann: Prompt) -> None:
    ref = ann.at(TUESDAY - timedelta(hours=20)).log("high")
    told = ann.at(TUESDAY).done("explain", ref)
    assert told.startswith("Response of a High")
    assert "Resolution of a High" in told
    assert told == ann.done("explain", ref, "--clock", "response") + "\n" + ann.done(
        "explain", ref, "--clock", "resolution"
    )


def test_explain_knows_two_clocks(ann: Prompt) -> None:
    assert "not one of response, resolution" in ann.refused("explain", ann.log(), "--clock", "alarm")
