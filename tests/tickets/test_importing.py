"""Entries of another system become this desk's events, or are refused."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest

from supportdesk.sla.clocks import ClockKind, State
from supportdesk.tickets.events import Event
from supportdesk.tickets.process.conversation import Note
from supportdesk.tickets.process.importing import ImportRequest, ImportState
from supportdesk.tickets.ticket import Stage
from tests.tickets.scenario import MONDAY_NINE, Scenario, logged

REF = "CD-0000-0"


def request(**fields: Any) -> ImportRequest:
    """A High that another system recorded a quarter of an hour after it came."""
    given = {
        "source": "other:7",
        "at": MONDAY_NINE,
        "received_at": MONDAY_NINE - timedelta(minutes=15),
        "severity": "high",
        "channel": "phone",
        "organisation": "acme",
        "contact": "kim",
        "team": "user-support",
        "summary": "Export stops half-way",
        **fields,
    }
    return ImportRequest(**given)


def entry(at: datetime, stage: str = "resolution", **fields: Any) -> ImportState:
    given = {"severity": "high", "team": "user-support", "record": "In progress", **fields}
    return ImportState(REF, at=at, stage=stage, **given)


@pytest.mark.parametrize("word", ["severity", "channel", "team"])
def test_a_word_that_the_policy_does_not_have_is_refused(word: str) -> None:
    assert f"there is no {word} 'telex'" in Scenario().refused(request(**{word: "telex"}), by="sue")


@pytest.mark.parametrize("word", ["severity", "team"])
def test_a_later_word_that_the_policy_does_not_have_is_refused(word: str, scenario: Scenario) -> None:
    later = entry(scenario.at, **{word: "telex"})
    assert f"there is no {word} 'telex'" in scenario.refused(later, by="sue")


@pytest.fixture
def scenario() -> Scenario:
    """A request that was taken in."""
    taken = Scenario()
    taken.do(request(), by="sue")
    return taken


def next_entry(
    scenario: Scenario, minutes: int, stage: str = "resolution", **fields: Any
) -> list[type[Event]]:
    """Takes the next moment in; the kinds of events that it became."""
    scenario.later(minutes=minutes)
    scenario.do(entry(scenario.at, stage, **fields), by="sue")
    return [type(event) for event in scenario.events]


def names(events: list[type[Event]]) -> list[str]:
    return [event.__name__ for event in events]


def test_the_request_keeps_its_arrival_and_where_it_came_from(scenario: Scenario) -> None:
    assert scenario.now.received_at == MONDAY_NINE - timedelta(minutes=15)
    assert scenario.now.source == "other:7"
    assert scenario.now.out_of_policy == (), "the ways in of the other system were not ours"


def test_a_status_or_an_owner_proves_no_response(scenario: Scenario) -> None:
    assert names(next_entry(scenario, 5, owner="sam")) == ["Assigned", "Claimed"]
    assert scenario.now.response_verdict is None
    assert scenario.events[1].sentence() == "sam claimed it, recorded elsewhere"


def test_a_wait_on_the_customer_proves_one_and_pauses(scenario: Scenario) -> None:
    assert names(next_entry(scenario, 60, waiting="customer")) == [
        "Acknowledged",
        "ClockStopped",
        "WaitBegan",
    ]
    assert scenario.now.response_verdict is not None
    assert scenario.clock_status(ClockKind.RESOLUTION).state is State.PAUSED


def test_another_wait_proves_none_and_ends_the_one_before(scenario: Scenario) -> None:
    next_entry(scenario, 5, waiting="third party")
    assert scenario.now.response_verdict is None
    assert names(next_entry(scenario, 5, waiting="release")) == ["WaitEnded", "WaitBegan"]
    assert names(next_entry(scenario, 5)) == ["WaitEnded"]


def test_an_end_stops_both_clocks_whatever_deeds_the_policy_asks_for(scenario: Scenario) -> None:
    next_entry(scenario, 5, severity="medium")
    assert names(next_entry(scenario, 5, "closed", severity="medium")) == [
        "ClockStopped",
        "ClockStopped",
        "Resolved",
        "Closed",
    ]
    assert (scenario.now.resolved_how, scenario.now.closed_as) == ("recorded elsewhere", "recorded elsewhere")
    assert scenario.now.resolution_verdict is not None
    assert scenario.now.resolution_verdict.state is State.MET


def test_the_verdict_is_the_policys(scenario: Scenario) -> None:
    next_entry(scenario, 4 * 60, "resolved")
    assert scenario.now.response_verdict is not None
    assert scenario.now.response_verdict.state is State.MISSED


def test_what_comes_back_is_reopened(scenario: Scenario) -> None:
    next_entry(scenario, 5, "resolved")
    assert names(next_entry(scenario, 5))[0] == "Reopened"
    assert (scenario.now.reopens, scenario.now.stage) == (1, Stage.ASSIGNMENT)


def test_an_owner_who_is_gone_has_handed_it_back(scenario: Scenario) -> None:
    next_entry(scenario, 5, owner="sam")
    assert names(next_entry(scenario, 5)) == ["HandedBack"]


def test_an_owner_of_what_has_ended_is_only_noted(scenario: Scenario) -> None:
    next_entry(scenario, 5, "resolved")
    assert names(next_entry(scenario, 5, "resolved", owner="sam")) == ["Noted"]
    assert scenario.now.stage is Stage.RESOLVED


def test_nothing_that_was_recorded_goes_without_a_word(scenario: Scenario) -> None:
    next_entry(scenario, 5, "closed")
    assert names(next_entry(scenario, 5, "resolved")) == ["Noted"]
    assert scenario.now.stage is Stage.CLOSED


def test_what_is_still_to_come_is_refused(scenario: Scenario) -> None:
    tomorrow = MONDAY_NINE + timedelta(days=1)
    assert "in the future" in Scenario().refused(request(at=tomorrow), by="sue")
    assert "in the future" in scenario.refused(entry(tomorrow), by="sue")


def test_a_request_cannot_arrive_after_its_record() -> None:
    late = request(received_at=MONDAY_NINE + timedelta(minutes=1))
    assert "later than it was recorded" in Scenario().refused(late, by="sue")


def test_a_history_does_not_continue_behind_work_that_was_done_here(scenario: Scenario) -> None:
    scenario.later(minutes=10).do(Note(REF, "we go on here"), by="ann")
    assert "go on with it here" in scenario.refused(entry(MONDAY_NINE + timedelta(minutes=5)), by="sue")


def test_a_ticket_of_our_own_has_no_history_elsewhere() -> None:
    ours = logged("high")
    assert "was logged here" in ours.refused(entry(ours.at), by="sue")


@pytest.mark.parametrize("by", ["ann", "priya", "max"])
def test_only_those_who_answer_for_the_desk_take_a_history_in(by: str) -> None:
    assert "only a" in Scenario().refused(request(), by=by)
