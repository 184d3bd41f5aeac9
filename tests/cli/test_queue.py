"""`supportdesk queue`."""

from datetime import timedelta

from tests.cli.conftest import TUESDAY
from tests.cli.prompt import Prompt

STATES = {"ok", "due soon", "at risk", "breached", "paused", "met", "missed", "open", "promised", "void"}


def test_its_json_is_a_list_of_tickets_in_the_documented_shape(ann: Prompt) -> None:
    ref = ann.log("high")
    [ticket] = ann("queue", "--json").json
    assert ticket == {
        "ref": ref,
        "severity": "high",
        "stage": "triage",
        "summary": "Approval fails",
        "organisation": "Acme Ltd",
        "owner": None,
        "channel": "phone",
        "received_at": "2026-11-24T09:42:00Z",
        "response": {
            "due": "2026-11-24T12:42:00Z",
            "state": "ok",
            "left_seconds": 10_800,
            "met_at": None,
        },
        "resolution": {
            "due": "2026-11-26T13:42:00Z",
            "state": "ok",
            "left_seconds": 86_400,
            "paused": False,
            "met_at": None,
        },
        "contact": "Jo Park",
        "team": "user-support",
        "owner_name": None,
        "waiting": None,
        "out_of_policy": False,
        "page_open": False,
        "paged": None,
        "also_paged": [],
        "paged_since": None,
        "nobody_paged": False,
        "mail_undelivered": False,
        "policy": "1",
    }


def test_its_states_are_the_words_of_the_rules_and_follow_the_clock(ann: Prompt) -> None:
    ann.log("high")
    seen = []
    for minutes in (0, 135, 162, 180, 181):
        [ticket] = ann.at(TUESDAY + timedelta(minutes=minutes))("queue", "--json").json
        seen.append((ticket["response"]["state"], ticket["response"]["left_seconds"]))
    assert seen == [
        ("ok", 10_800),
        ("due soon", 2_700),
        ("at risk", 1_080),
        ("at risk", 0),
        ("breached", -60),
    ]


def test_an_answer_stops_the_response_clock_with_what_was_left(ann: Prompt) -> None:
    ref = ann.log("high")
    ann.at(TUESDAY + timedelta(hours=1)).done("reply", ref, "--text", "We see it")
    [ticket] = ann.at(TUESDAY + timedelta(hours=5))("queue", "--json").json
    assert ticket["response"] == {
        "due": "2026-11-24T12:42:00Z",
        "state": "met",
        "left_seconds": 7_200,
        "met_at": "2026-11-24T10:42:00Z",
    }
    assert ticket["owner"] == "ann"


def test_a_promise_without_a_time_is_open_and_then_promised(ann: Prompt) -> None:
    ref = ann.log("medium")
    assert ann.ticket(ref)["resolution"]["state"] == "open"
    assert ann.ticket(ref)["resolution"]["left_seconds"] is None
    ann.done("fix", ref, "--release", "7.4")
    assert ann.ticket(ref)["resolution"]["state"] == "promised"
    assert ann.ticket(ref)["resolution"]["due"] == "2026-12-09T23:59:59Z"


def test_every_state_is_one_of_those_that_are_documented(ann: Prompt) -> None:
    for severity in ("critical", "high", "medium", "low", "change"):
        ann.log(severity)
    for hours in (0, 3, 40, 400):
        ann.at(TUESDAY + timedelta(hours=hours))
        for ticket in ann("queue", "--json").json:
            assert {ticket["response"]["state"], ticket["resolution"]["state"]} <= STATES


def test_a_terminal_shows_it_by_severity_and_urgency_in_columns(ann: Prompt) -> None:
    late = ann.at(TUESDAY - timedelta(hours=30)).log("high", summary="Export stops")
    medium = ann.at(TUESDAY).log("medium", summary="Search is slow")
    high = ann.log("high")
    critical = ann.log("critical", channel="hotline", summary="Checkout hangs")
    ann.by("priya").done("claim", critical)
    ann.by("sam").done("reply", high, "--text", "Which rule?")
    ann.by("sam").done("wait", high)
    assert ann.done("queue").splitlines() == [
        "4 tickets, Tue 24 Nov 2026 09:42 GMT",
        "",
        "STATE      LEFT  CLOCK    REFERENCE  CUSTOMER  SUMMARY         OWNER",
        "",
        "CRITICAL  1",
        f"on track   1:00  respond  {critical}  Acme Ltd  Checkout hangs  Priya Nair",
        "",
        "HIGH  2",
        f"breached  -8:42  respond  {late}  Acme Ltd  Export stops    –",
        f"on hold   24:00  resolve  {high}  Acme Ltd  Approval fails  Sam Okoro",
        "",
        "MEDIUM  1",
        f"on track  24:00  respond  {medium}  Acme Ltd  Search is slow  –",
    ]


def test_its_states_are_those_of_the_console(ann: Prompt) -> None:
    ref = ann.log("high")
    ann.by("sam").done("reply", ref, "--text", "Which rule?")
    assert ann.at(TUESDAY + timedelta(hours=12)).done("queue").splitlines()[-1].startswith("off hours")
    ann.by("sam").done("wait", ref, "--on", "third party")
    assert ann.done("queue").splitlines()[-1].startswith("3rd party")


def test_it_says_that_it_is_empty(ann: Prompt) -> None:
    assert ann.done("queue") == "No open tickets, Tue 24 Nov 2026 09:42 GMT\n"
    assert ann("queue", "--json").json == []


def test_it_is_the_same_for_everybody_on_the_staff_and_needs_no_name(ann: Prompt) -> None:
    ann.log()
    assert ann.by("nobody").done("queue") == ann.done("queue")


def test_an_instant_that_is_none_is_refused(ann: Prompt) -> None:
    assert '"soon" is not a date or time' in ann.refused("queue", "--as-of", "soon")


def test_it_is_reported_beside_the_queue_how_a_duration_was_understood(ann: Prompt) -> None:
    answer = ann("queue", "--as-of", "2 h")
    assert answer.out == "No open tickets, Tue 24 Nov 2026 07:42 GMT\n"
    assert answer.err == '"2 h" is understood as Tue 24 Nov 2026 07:42 GMT, 2 hours ago.\n'


def test_it_is_shown_as_it_was(ann: Prompt) -> None:
    ref = ann.log("high")
    ann.at(TUESDAY + timedelta(hours=1)).done("reply", ref, "--text", "We see it")
    ann.at(TUESDAY + timedelta(hours=2)).log("low", channel="portal")
    ann.done("close", ref, "--reason", "withdrawn", "--text", "Found it")
    [then] = ann("queue", "--json", "--as-of", "2026-11-24T09:52").json
    assert (then["ref"], then["stage"], then["owner"]) == (ref, "triage", None)
    assert (then["response"]["state"], then["response"]["left_seconds"]) == ("ok", 10_200)
    assert "Tue 24 Nov 2026 09:52 GMT" in ann.done("queue", "--as-of", "2026-11-24T09:52Z")
    [now] = ann("queue", "--json").json
    assert now["severity"] == "low"


def test_it_was_empty_before_the_first_request(ann: Prompt) -> None:
    ann.log()
    assert ann("queue", "--json", "--as-of", "2026-11-24T09:41").json == []


def test_what_is_still_to_come_cannot_be_shown(ann: Prompt) -> None:
    assert "Wed 25 Nov 2026 09:42 GMT has not happened yet" in ann.refused(
        "queue", "--as-of", "2026-11-25T09:42"
    )


def test_resolved_tickets_are_left_out_unless_all_are_asked_for(ann: Prompt) -> None:
    open_one, resolved = ann.log(), ann.log()
    ann.done("reply", resolved, "--text", "We look")
    ann.done("resolve", resolved, "--text", "Restarted", "--how", "restored")
    assert [each["ref"] for each in ann("queue", "--json").json] == [open_one]
    assert {each["ref"] for each in ann("queue", "--all", "--json").json} == {open_one, resolved}
    assert ann.done("queue").startswith("1 ticket, ")
    assert ann.done("queue", "--all").startswith("2 tickets, 1 of them resolved, ")


def test_a_time_that_has_not_come_is_refused_in_words(ann: Prompt) -> None:
    refusal = ann.refused("queue", "--as-of", "tomorrow 9:00")
    assert "Wed 25 Nov 2026 09:00 GMT has not happened yet; give an earlier time" in refusal
