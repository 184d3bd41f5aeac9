"""The verbs: what the console can do to a ticket, a script can do too."""

from pathlib import Path

import click
import pytest

from supportdesk.cli.default_policy import DEFAULT_POLICY
from supportdesk.cli.root import SECTIONS, root
from supportdesk.resources import data_path
from supportdesk.tickets.command import TicketCommand
from supportdesk.tickets.command_places import COMMAND_PLACES
from supportdesk.tickets.decide import COMMANDS
from supportdesk.tickets.reference import make
from tests.cli.prompt import Prompt

FIXED = (
    "claim", "assign", "reply", "note", "wait", "resume", "severity", "workaround", "fix", "article", "escalate",
    "resolve", "reopen", "close", "acknowledge", "handback", "contacted", "link", "duplicate",
)  # fmt: skip
UNKNOWN = make(10_000)
"""The reference of no ticket here."""


def test_every_command_about_a_ticket_has_its_verb() -> None:
    verbs_of_the_desk = {verb for verb, command in COMMANDS.items() if issubclass(command, TicketCommand)}
    assert verbs_of_the_desk < set(root.list_commands(click.Context(root)))
    assert set(FIXED) <= verbs_of_the_desk


def test_every_command_is_where_the_command_line_looks_for_it() -> None:
    defined = {
        verb: f"{command.__module__}:{command.__name__}"
        for verb, command in COMMANDS.items()
        if issubclass(command, TicketCommand)
    }
    assert defined == COMMAND_PLACES


@pytest.mark.parametrize("verb", FIXED)
def test_a_command_shows_its_arguments(ann: Prompt, verb: str) -> None:
    told = " ".join(ann.done(verb, "--help").split())
    assert COMMANDS[verb].help_text() in told
    assert all(f"--{argument.name}" in told for argument in COMMANDS[verb].arguments())


def test_claim_takes_a_ticket(ann: Prompt) -> None:
    ref = ann.log()
    assert ann.done("claim", ref).splitlines() == [
        f"{ref}  ann  acknowledged the request",
        f"{ref}  ann  claimed it",
    ]
    assert ann.ticket(ref)["owner"] == "ann"


def test_claim_is_refused_for_a_ticket_that_somebody_has(ann: Prompt) -> None:
    ref = ann.log()
    ann.by("sam").done("claim", ref)
    assert ann.refused("claim", ref) == (
        f"Error: {ref}: Sam Okoro claimed it 0 s ago; ask them to hand it back, "
        "or assign it to yourself (supportdesk assign)\n"
    )


def test_acknowledge_ends_triage_once(ann: Prompt) -> None:
    ref = ann.log()
    ann.done("acknowledge", ref)
    assert ann.ticket(ref)["stage"] == "assignment"
    assert "already" in ann.refused("acknowledge", ref)


def test_assign_takes_names_or_keys(ann: Prompt) -> None:
    ref = ann.log()
    ann.done("assign", ref, "--owner", "Sam Okoro", "--note", "knows the rules")
    assert (ann.ticket(ref)["owner"], ann.ticket(ref)["team"]) == ("sam", "user-support")
    ann.done("assign", ref, "--team", "Technical Support")
    assert (ann.ticket(ref)["owner"], ann.ticket(ref)["team"]) == (None, "technical-support")


@pytest.mark.parametrize("how", [("assign", "--owner"), ("handover", "--note", "Half done.", "--to")])
def test_a_ticket_that_is_given_to_somebody_who_is_away_says_so(ann: Prompt, how: tuple[str, ...]) -> None:
    ref = ann.log()
    ann.done("rota", "absence", "sam", "--to", "2026-11-30T08:00", "--deputy", "priya")
    verb, *options = how
    answer = ann(verb, ref, *options, "sam")
    assert answer.code == 0
    assert answer.err == "Sam Okoro is absent to Mon 30 Nov, deputy Priya Nair.\n"
    assert ann.ticket(ref)["owner"] == "sam"


def test_assign_is_refused_for_people_and_teams_that_are_not_known(ann: Prompt) -> None:
    ref = ann.log()
    assert 'no member of staff "tim". Choose one of' in ann.refused("assign", ref, "--owner", "tim")
    assert "user-support (User Support)" in ann.refused("assign", ref, "--team", "sales")
    assert "Say who gets it: give --owner NAME" in ann.refused("assign", ref)


def test_handback_gives_a_ticket_back(ann: Prompt) -> None:
    ref = ann.log()
    ann.done("claim", ref)
    ann.done("handback", ref, "--reason", "off to lunch")
    assert ann.ticket(ref)["owner"] is None
    assert "it is unassigned" in ann.refused("handback", ref, "--reason", "again")


def test_reply_answers_the_customer(ann: Prompt) -> None:
    ref = ann.log()
    told = ann.done("reply", ref, "--text", "We look into it", "--by", "telephone")
    assert f"{ref}  ann  to customer by telephone: We look into it" in told
    assert ann.ticket(ref)["response"]["state"] == "met"


def test_wait_pauses_the_clock_and_resume_lets_it_continue(ann: Prompt) -> None:
    ref = ann.log()
    ann.done("reply", ref, "--text", "Which period?")
    ann.done("wait", ref, "--reason", "the period")
    paused = ann.ticket(ref)
    assert (paused["resolution"]["state"], paused["resolution"]["paused"]) == ("paused", True)
    assert (paused["resolution"]["due"], paused["waiting"]) == (None, "customer")
    ann.done("resume", ref, "--reason", "March")
    assert ann.ticket(ref)["resolution"]["state"] == "ok"


def test_wait_until_a_day_says_how_it_was_understood_and_shows_the_day(ann: Prompt) -> None:
    ref = ann.log()
    ann.done("reply", ref, "--text", "Which period?")
    told = ann("wait", ref, "--until", "4 dec")
    assert (told.code, told.err) == (0, '"4 dec" is understood as Fri 4 Dec 2026.\n')
    assert "on hold for the customer until Fri 4 Dec 2026" in told.out
    assert ann.ticket(ref)["waits"][0]["until"] == "2026-12-04"
    assert "On hold for      customer, until Fri 4 Dec 2026; the clock resumes Tue 1 Dec 2026" in ann.done(
        "show", ref
    )
    assert "Mon 23 Nov 2026 has begun; give a later day" in ann.refused("wait", ref, "--until", "2026-11-23")


def test_a_resolved_ticket_shows_when_it_closes_by_itself(ann: Prompt) -> None:
    ref = ann.log()
    assert "Closes" not in ann.done("show", ref)
    ann.done("resolve", ref, "--text", "Restarted the export.")
    assert "Closes           by itself 1 Dec 09:42 GMT unless the customer replies" in ann.done("show", ref)
    told = ann.done("explain", ref, "--escalations")
    assert "closes by itself unless the customer replies" in told


def test_wait_and_resume_are_refused_where_nobody_asked_and_nothing_waits(ann: Prompt) -> None:
    ref = ann.log()
    assert "reply with a question first" in ann.refused("wait", ref, "--on", "customer")
    assert "not one of customer, third-party, release" in ann.refused("wait", ref, "--on", "godot")
    assert "this ticket is not on hold; put it on hold (supportdesk wait)" in ann.refused("resume", ref)


def test_a_word_of_two_may_be_typed_with_a_dash(ann: Prompt) -> None:
    ref = ann.log()
    ann.done("wait", ref, "--on", "third-party")
    assert ann.ticket(ref)["waiting"] == "third party"


@pytest.mark.parametrize("typed", ["Jo Park", "acme-ltd.jo-park", "020 7946 0018", "jo.park@acme.example"])
def test_the_caller_is_given_by_name_key_number_or_address(ann: Prompt, typed: str) -> None:
    ref = ann.log()
    assert "Jo Park" in ann.done("called", ref, "--text", "It is urgent", "--contact", typed)


def test_somebody_who_comes_near_a_contact_is_refused_with_the_nearest(ann: Prompt) -> None:
    ref = ann.log()
    told = ann.refused("called", ref, "--text", "It is urgent", "--contact", "Jo")
    assert 'Acme Ltd has no contact "Jo". Closest: acme-ltd.jo-park (Jo Park' in told


def test_severity_changes_with_a_reason(ann: Prompt) -> None:
    ref = ann.log("high")
    told = ann.done(
        "severity", ref, "--severity", "Critical", "--reason", "all are down", "--because", "wrong-at-triage"
    )
    assert "Now         Ring Priya Nair on +44 7700 900104: no pager is connected.\n" in told
    assert "Say         We will respond by 10:42 today" in told
    assert ann.ticket(ref)["severity"] == "critical"
    assert "--reason" in ann.refused("severity", ref, "--severity", "high")
    assert 'no severity "urgent"' in ann.refused("severity", ref, "--severity", "urgent", "--reason", "x")


def test_a_medium_is_resolved_by_a_workaround_and_a_fix_date(ann: Prompt) -> None:
    ref = ann.log("medium")
    ann.done("reply", ref, "--text", "We see it")
    assert (
        "Still missing: a workaround (supportdesk workaround) and a fix date (supportdesk fix)"
        in ann.refused("resolve", ref, "--text", "done")
    )
    ann.done("workaround", ref, "--text", "Print from the order")
    ann.done("fix", ref, "--release", "7.4")
    assert ann.ticket(ref)["fix"] == {"release": "7.4", "day": "2026-12-09", "shipped_at": None}
    ann.done("resolve", ref, "--text", "Use the workaround until 7.4")
    assert ann.ticket(ref)["stage"] == "resolved"


def test_workaround_and_fix_are_refused_without_words_and_for_releases_that_are_not_known(
    ann: Prompt,
) -> None:
    ref = ann.log("medium")
    assert "say what the workaround is" in ann.refused("workaround", ref, stdin="")
    assert 'no release "9.9". Choose one of 7.4' in ann.refused("fix", ref, "--release", "9.9")


def test_article_links_what_answers(ann: Prompt) -> None:
    ref = ann.log("low", channel="portal")
    ann.done("article", ref, "--article", "kb-12")
    assert ann.ticket(ref)["articles"] == [{"key": "KB-12", "title": "Why an export stops half-way"}]
    assert "already linked" in ann.refused("article", ref, "--article", "why an export stops half-way")
    assert 'no article "KB-99"' in ann.refused("article", ref, "--article", "KB-99")


def test_contacted_records_the_account_managers_contact(ann: Prompt) -> None:
    ref = ann.log("change", channel="email")
    ann.by("rosa").done("contacted", ref, "--text", "A workshop in January")
    assert "Rosa Lindt discussed" in ann.ticket(ref)["timeline"][-2]["sentence"]
    assert "only a" in ann.by("sam").refused("contacted", ref, "--text", "I did")


def test_escalate_goes_to_the_next_line_or_up_the_ladder(ann: Prompt) -> None:
    ref = ann.log()
    assert "Now " not in ann.done("escalate", ref, "--reason", "needs the database")
    assert ann.ticket(ref)["team"] == "technical-support"
    told = ann.done("escalate", ref, "--way", "hierarchical", "--reason", "the customer is angry")
    assert "escalated to Support Manager (Maya Brandt): the customer is angry" in told
    assert (
        "Now         Contact Maya Brandt yourself: no pager is connected, and no number is recorded.\n"
        in told
    )
    assert ann.ticket(ref)["rung"] == 1


def test_escalate_is_refused_without_a_reason_or_a_rung_above(ann: Prompt) -> None:
    ref = ann.log()
    assert "--reason" in ann.refused("escalate", ref)
    up = ("escalate", ref, "--way", "hierarchical", "--reason", "stuck")
    ann.done(*up)
    assert "nobody holds a rung above" in ann.refused(*up)


def test_resolve_close_and_reopen_go_through_to_the_end(ann: Prompt) -> None:
    ref = ann.log()
    ann.done("resolve", ref, "--text", "A corrected file went through", "--how", "fix")
    assert ann.ticket(ref)["resolution"]["state"] == "met"
    ann.done("reopen", ref, "--reason", "it fails again")
    assert ann.ticket(ref)["reopens"] == 1
    ann.done("resolve", ref, "--text", "Now it does", "--how", "restored")
    assert "still has time to answer" in ann.refused("close", ref, "--reason", "no-answer")
    ann.done("close", ref)
    assert (ann.ticket(ref)["stage"], ann.ticket(ref)["closed_as"]) == ("closed", "confirmed")
    assert ann("queue", "--json").json == []


def test_resolve_close_and_reopen_are_refused_out_of_turn(ann: Prompt) -> None:
    ref = ann.log()
    assert "it is open already" in ann.refused("reopen", ref, "--reason", "x")
    assert "resolve" in ann.refused("close", ref)
    ann.done("resolve", ref, "--text", "done")
    assert (
        "it is resolved; reopen it first (supportdesk reopen), or close it (supportdesk close)"
        in ann.refused("resolve", ref, "--text", "again")
    )


def test_link_and_duplicate_are_shown_on_both_tickets(ann: Prompt) -> None:
    one, two, three = ann.log(), ann.log(), ann.log()
    ann.done("link", one, "--other", two.lower())
    assert ann.ticket(two)["links"] == [{"kind": "related", "ref": one}]
    ann.done("duplicate", three, "--of", one)
    assert ann.ticket(three)["closed_as"] == "duplicate"
    assert {"kind": "duplicated by", "ref": three} in ann.ticket(one)["links"]


def test_a_duplicate_of_another_customers_ticket_is_reported(ann: Prompt) -> None:
    one, two = ann.log(), ann.log()
    logged = ann(
        "log", "--severity", "high", "--organisation", "Northwind Traders", "--contact", "Ed Moss",
        "--contact-telephone", "+44 20 7946 0777", "--channel", "phone", "--summary", "Approval fails",
        "--json",
    )  # fmt: skip
    other = str(logged.json["ref"])
    assert ann("duplicate", two, "--of", one).err == ""
    assert ann("duplicate", one, "--of", other).err == (
        f"The customers differ: {one} is from Acme Ltd, {other} from Northwind Traders.\n"
    )


def test_link_and_duplicate_are_refused_for_the_ticket_itself(ann: Prompt) -> None:
    ref = ann.log()
    assert ref in ann.refused("link", ref, "--other", ref)
    assert ref in ann.refused("duplicate", ref, "--of", ref)
    assert "is not a reference" in ann.refused("link", ref, "--other", "12")


def test_of_several_references_each_is_done_or_refused_for_itself(ann: Prompt) -> None:
    one, two, three = ann.log(), ann.log(), ann.log()
    ann.done("claim", two)
    answer = ann("claim", one, two, UNKNOWN, three, one)
    assert answer.code == 2
    assert [line.split()[0] for line in answer.out.splitlines()] == [one, one, three, three]
    told = "you already own it; hand it over (supportdesk handover), or hand it back (supportdesk handback)"
    assert answer.err.splitlines() == [
        f"Error: {two}: {told}",
        f"Error: {UNKNOWN}: no ticket has this reference",
    ]


def test_a_slip_in_one_reference_stops_all(ann: Prompt) -> None:
    ref = ann.log()
    assert "the check character is wrong" in ann.refused("claim", ref, "CD-4C00-X")
    assert ann.ticket(ref)["owner"] is None


def test_a_command_needs_a_reference(ann: Prompt) -> None:
    assert "REF" in ann.refused("claim")


def test_a_reference_may_be_typed_in_any_case_and_without_dashes(ann: Prompt) -> None:
    ref = ann.log()
    ann.done("claim", ref.lower().replace("-", ""))
    assert ann.ticket(ref)["owner"] == "ann"


def test_no_verb_hides_another_command_or_is_hidden_by_one() -> None:
    others = {name for section in SECTIONS.values() for name in section} - set(COMMAND_PLACES)
    assert {"log", "call"} < others
    assert not (others - {"log"}) & set(COMMANDS)


def test_an_open_ticket_moves_to_another_version_of_the_policy(ann: Prompt, tmp_path: Path) -> None:
    path = tmp_path / "next.toml"
    text = data_path(DEFAULT_POLICY).read_text().replace('version = "1"', 'version = "2"')
    path.write_text(text.replace("2016-01-01T00:00:00Z", "2027-01-01T00:00:00Z"))
    ref = ann.log()
    assert "there is no policy '2'" in ann.refused("move-policy", ref, "--version", "2")
    ann.done("policy", "install", str(path), "--despite-vacancy")
    ann.done("move-policy", ref, "--version", "2")
    assert ann.ticket(ref)["policy"] == "2"


def test_rule_17_somebody_elses_page_is_acknowledged_only_by_naming_them(ann: Prompt) -> None:
    ref = ann.log("critical", channel="hotline")
    assert "Priya Nair is paged and has not acknowledged" in ann.refused("acknowledge", ref)
    told = "acknowledge for Priya Nair (supportdesk acknowledge --paged priya)"
    assert told in ann.refused("acknowledge", ref)
    assert "a Critical is worked on by Technical Support" in ann.refused("claim", ref)
    assert ann.ticket(ref)["paged"] == "priya"
    assert ann.done("acknowledge", ref, "--paged", "Priya Nair").splitlines() == [
        f"{ref}  ann  acknowledged Priya Nair's page",
        f"{ref}  ann  acknowledged the request",
    ]
    assert ann.ticket(ref)["page_open"] is False


def test_rule_03_a_reply_that_does_not_count_as_the_response_says_so_and_why(ann: Prompt) -> None:
    ref = ann.log("critical", channel="hotline")
    told = ann.done("reply", ref, "--text", "A colleague will ring you.")
    assert ", not counted as the response (Technical Support responds to a Critical): A colleague" in told


def test_rule_17_an_escalation_by_somebody_else_leaves_the_engineer_paged(ann: Prompt) -> None:
    sam, ref = ann.by("sam"), ann.log("critical", channel="hotline")
    sam.done("escalate", ref, "--reason", "They ask for her", "--way", "hierarchical")
    ticket = ann.ticket(ref)
    assert (ticket["paged"], ticket["also_paged"], ticket["page_open"]) == ("maya", ["priya"], True)
    assert ticket["paged_since"] == "2026-11-24T09:42:00Z"
    paged = "paged on Tue 24 Nov 2026 09:42 GMT, not acknowledged"
    assert f"Page             Priya Nair, {paged}; Maya Brandt, {paged}\n" in ann.done("show", ref)
    assert sam.refused("acknowledge", ref) == (
        f"Error: {ref}: Priya Nair and Maya Brandt are paged and have not acknowledged; acknowledge for Priya Nair "
        "(supportdesk acknowledge --paged priya), or acknowledge for Maya Brandt "
        "(supportdesk acknowledge --paged maya)\n"
    )
    ann.by("maya").done("acknowledge", ref)
    ticket = ann.ticket(ref)
    assert (ticket["paged"], ticket["also_paged"], ticket["page_open"]) == ("priya", [], True)
    assert "acknowledged Priya Nair's page" in sam.done("acknowledge", ref, "--paged", "priya")
    assert not ann.ticket(ref)["page_open"]
    assert ann("verify").code == 0


def test_rule_17_somebody_of_another_team_does_not_end_a_ticket_for_which_an_engineer_is_paged(
    ann: Prompt,
) -> None:
    sam, ref, other = ann.by("sam"), ann.log("critical", channel="hotline"), ann.log()
    for command in (
        ("close", ref, "--reason", "withdrawn", "--text", "It was us"),
        ("duplicate", ref, "--of", other),
    ):
        assert "Priya Nair is paged and has not acknowledged" in sam.refused(*command)
    sam.done("acknowledge", ref, "--paged", "priya")
    assert "closing it as a duplicate takes one of them" in sam.refused("duplicate", ref, "--of", other)
    sam.done("close", ref, "--reason", "withdrawn", "--text", "It was us")
