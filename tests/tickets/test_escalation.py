"""Up the lines and up the ladder."""

from datetime import timedelta

import msgspec
import pytest

from supportdesk.sla.clocks import ClockKind
from supportdesk.tickets import ladder
from supportdesk.tickets.events import Paged
from supportdesk.tickets.process.assignment import Assign, Claim
from supportdesk.tickets.process.escalation import HIERARCHICAL, Escalate
from supportdesk.tickets.process.severity import ChangeSeverity
from supportdesk.tickets.process.time import CorrectTime
from supportdesk.tickets.process.triage import Acknowledge
from supportdesk.tickets.process.undo import Undo
from supportdesk.tickets.ticket import Stage
from tests.tickets.scenario import MONDAY_NINE, RECORDS, claritum, logged


def test_a_functional_escalation_goes_to_the_next_line_and_leaves_no_owner() -> None:
    scenario = logged()
    scenario.do(Claim(scenario.now.ref))
    ticket = scenario.do(Escalate(scenario.now.ref, "needs the logs"))
    assert (ticket.team, ticket.owner, ticket.stage) == ("technical-support", None, Stage.ASSIGNMENT)
    assert ticket.escalations == 1


def test_the_last_line_cannot_be_escalated_functionally() -> None:
    scenario = logged()
    scenario.do(Assign(scenario.now.ref, team="development"))
    assert "the last line" in scenario.refused(Escalate(scenario.now.ref, "stuck"))


def test_a_functional_escalation_may_name_a_higher_line_but_not_a_lower_one() -> None:
    scenario = logged()
    assert scenario.do(Escalate(scenario.now.ref, "a bug", to="development")).team == "development"
    assert "no line 'user-support' above" in scenario.refused(
        Escalate(scenario.now.ref, "x", to="user-support")
    )


def test_a_hierarchical_escalation_names_who_holds_the_rung_and_pages_them() -> None:
    scenario = logged()
    ticket = scenario.do(Escalate(scenario.now.ref, "the customer is angry", way="hierarchical"))
    assert (ticket.rung, ticket.page.person if ticket.page else None) == (1, "sue")
    assert "Support Manager (Sue): the customer is angry" in scenario.events[-2].sentence()


def test_an_empty_rung_is_skipped() -> None:
    scenario = logged()
    scenario.do(Escalate(scenario.now.ref, "one", way="hierarchical"))
    assert scenario.do(Escalate(scenario.now.ref, "two", way="hierarchical")).rung == 3


def test_nobody_above_is_refused_and_says_where_it_is() -> None:
    scenario = logged()
    for _ in range(2):
        scenario.do(Escalate(scenario.now.ref, "up", way="hierarchical"))
    assert "it has reached Director" in scenario.refused(Escalate(scenario.now.ref, "up", way="hierarchical"))


def test_a_rung_may_be_named_if_it_is_above() -> None:
    scenario = logged()
    assert scenario.do(Escalate(scenario.now.ref, "x", way="hierarchical", to="director")).rung == 3
    assert "nobody" in scenario.refused(
        Escalate(scenario.now.ref, "x", way="hierarchical", to="support-manager")
    )
    assert "no rung" in scenario.refused(Escalate(scenario.now.ref, "x", way="hierarchical", to="king"))


def test_an_escalation_needs_a_reason() -> None:
    scenario = logged()
    assert "say why" in scenario.refused(Escalate(scenario.now.ref, ""))


@pytest.mark.parametrize("way", ["functional", "hierarchical"])
def test_an_escalation_gives_no_time(way: str) -> None:
    scenario = logged().later(hours=1)
    before = [scenario.clock_status(kind) for kind in ClockKind]
    scenario.do(Escalate(scenario.now.ref, "help", way=way))
    assert [scenario.clock_status(kind) for kind in ClockKind] == before


def test_a_critical_that_goes_to_technical_support_pages_again() -> None:
    scenario = logged("critical")
    scenario.do(Acknowledge(scenario.now.ref), by="dora")
    scenario.do(Assign(scenario.now.ref, team="user-support"), by="dora")
    assert scenario.do(Escalate(scenario.now.ref, "it is theirs")).page_open


def test_the_ladder_shows_where_a_ticket_is_and_who_is_next() -> None:
    scenario = logged()
    staff = RECORDS.staff.values()
    team = ladder.find_next_line(claritum(), scenario.now)
    step = ladder.find_next_rung(claritum(), scenario.now, staff)
    assert team is not None
    assert step is not None
    assert (team.key, step.rung.key, step.person.username) == ("technical-support", "support-manager", "sue")
    assert ladder.find_reached_rung(claritum(), scenario.now) is None
    scenario.do(Escalate(scenario.now.ref, "up", way="hierarchical"))
    here = ladder.find_reached_rung(claritum(), scenario.now)
    assert here is not None
    assert here.name == "Support Manager"


def test_a_line_or_a_rung_may_be_meant_by_its_name_as_well() -> None:
    scenario = logged()
    scenario.do(Escalate(scenario.now.ref, "a fix is needed", to="development"))
    assert scenario.now.team == "development"
    scenario = logged()
    scenario.do(Escalate(scenario.now.ref, "a fix is needed", to="Technical support"))
    assert scenario.now.team == "technical-support"
    scenario.do(Escalate(scenario.now.ref, "they insist", way="hierarchical", to="Director"))
    assert scenario.now.page is not None
    assert scenario.now.page.person == "dora"


def test_rule_17_somebody_elses_escalation_leaves_the_engineers_page_open() -> None:
    scenario = logged("critical")
    ref, engineer = scenario.now.ref, scenario.now.open_pages[0]
    both = scenario.later(minutes=2).do(Escalate(ref, "They ask for him.", HIERARCHICAL), by="ann")
    assert [page.person for page in both.open_pages] == ["dora", "sue"]
    assert both.open_pages[0] == engineer
    assert scenario.refused(Acknowledge(ref), by="ann") == (
        "Dora and Sue are paged and have not acknowledged; acknowledge for Dora, or acknowledge for Sue"
    )
    assert scenario.refused(Acknowledge(ref, paged="max"), by="ann") == (
        "the page is Dora's and Sue's, not Max's; name the person who is paged"
    )
    assert [page.person for page in scenario.do(Acknowledge(ref), by="sue").open_pages] == ["dora"]
    assert not scenario.do(Acknowledge(ref), by="dora").page_open


def test_rule_17_each_of_two_pages_is_acknowledged_for_its_own_person_and_opened_again_by_undo() -> None:
    scenario = logged("critical")
    ref = scenario.now.ref
    both = scenario.do(Escalate(ref, "They ask for him.", HIERARCHICAL), by="ann")
    assert [page.person for page in scenario.do(Acknowledge(ref, paged="dora"), by="ann").open_pages] == [
        "sue"
    ]
    assert scenario.do(Undo(ref), by="ann").open_pages == both.open_pages
    assert [page.person for page in scenario.do(Acknowledge(ref, paged="sue"), by="ann").open_pages] == [
        "dora"
    ]
    assert scenario.do(Undo(ref), by="ann").open_pages == both.open_pages


def test_rule_17_an_engineers_own_escalation_passes_their_page_on() -> None:
    scenario = logged("critical")
    passed_on = scenario.do(Escalate(scenario.now.ref, "I cannot.", HIERARCHICAL), by="dora")
    assert [page.person for page in passed_on.open_pages] == ["sue"]


def test_a_page_of_a_ledger_that_knew_one_page_alone_takes_the_place_of_the_one_before() -> None:
    scenario = logged("critical")
    scenario.apply(Paged("sue", "Sue", "", "escalated"), by="ann")
    assert [page.person for page in scenario.now.open_pages] == ["sue"]
    assert msgspec.json.encode(Paged("sue", "Sue", "", "escalated")) == (
        b'{"event":"paged","person":"sue","name":"Sue","telephone":"","why":"escalated"}'
    )


def test_rule_18_a_page_that_found_nobody_stays_behind_when_the_other_is_acknowledged() -> None:
    scenario = logged("critical")
    ref = scenario.now.ref
    scenario.do(ChangeSeverity(ref, "high", "There is a way round it."), by="ann")
    scenario.with_records(rotations=(), policies={})
    raised = scenario.do(ChangeSeverity(ref, "critical", "It is all down."), by="ann")
    assert [page.person for page in raised.open_pages] == ["dora", None]
    assert [page.person for page in scenario.do(Acknowledge(ref, paged="dora"), by="ann").open_pages] == [
        None
    ]


def test_the_time_of_every_open_page_is_corrected_after_a_wrong_clock() -> None:
    scenario = logged("critical", at=MONDAY_NINE + timedelta(weeks=56))
    ref = scenario.now.ref
    scenario.do(Escalate(ref, "They ask for him.", HIERARCHICAL), by="ann")
    scenario.at = MONDAY_NINE
    corrected = scenario.do(CorrectTime(ref, "the battery was empty"), by="dora")
    assert [(page.person, page.since) for page in corrected.open_pages] == [
        ("dora", MONDAY_NINE),
        ("sue", MONDAY_NINE),
    ]
    assert [page.person for page in scenario.do(Acknowledge(ref), by="dora").open_pages] == ["sue"]
