"""What another system recorded, told in this desk's events, and what is refused of it."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest

from supportdesk.sla.clocks import ClockKind, State
from supportdesk.tickets.events import Event
from supportdesk.tickets.process.importing import ImportRequest, ImportState
from supportdesk.tickets.process.triage import Note
from supportdesk.tickets.ticket import Stage
from tests.tickets.scenario import MONDAY_NINE, Story, logged

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
    assert f"there is no {word} 'telex'" in Story().refused(request(**{word: "telex"}), by="sue")


@pytest.mark.parametrize("word", ["severity", "team"])
def test_a_later_word_that_the_policy_does_not_have_is_refused(word: str, story: Story) -> None:
    later = entry(story.at, **{word: "telex"})
    assert f"there is no {word} 'telex'" in story.refused(later, by="sue")


@pytest.fixture
def story() -> Story:
    """A request that was taken in."""
    taken = Story()
    taken.do(request(), by="sue")
    return taken


def next_entry(story: Story, minutes: int, stage: str = "resolution", **fields: Any) -> list[type[Event]]:
    """Takes the next moment in; the kinds of events that it became."""
    story.later(minutes=minutes)
    story.do(entry(story.at, stage, **fields), by="sue")
    return [type(event) for event in story.events]


def names(events: list[type[Event]]) -> list[str]:
    return [event.__name__ for event in events]


def test_the_request_keeps_its_arrival_and_where_it_came_from(story: Story) -> None:
    assert story.now.received_at == MONDAY_NINE - timedelta(minutes=15)
    assert story.now.source == "other:7"
    assert story.now.out_of_policy == (), "the ways in of the other system were not ours"


def test_a_status_or_an_owner_proves_no_response(story: Story) -> None:
    assert names(next_entry(story, 5, owner="sam")) == ["Assigned", "Claimed"]
    assert story.now.response_verdict is None
    assert story.events[1].sentence() == "sam took it, recorded elsewhere"


def test_a_wait_on_the_customer_proves_one_and_pauses(story: Story) -> None:
    assert names(next_entry(story, 60, waiting="customer")) == ["Acknowledged", "ClockStopped", "WaitBegan"]
    assert story.now.response_verdict is not None
    assert story.clock_status(ClockKind.RESOLUTION).state is State.PAUSED


def test_another_wait_proves_none_and_ends_the_one_before(story: Story) -> None:
    next_entry(story, 5, waiting="third party")
    assert story.now.response_verdict is None
    assert names(next_entry(story, 5, waiting="release")) == ["WaitEnded", "WaitBegan"]
    assert names(next_entry(story, 5)) == ["WaitEnded"]


def test_an_end_stops_both_clocks_whatever_deeds_the_policy_asks_for(story: Story) -> None:
    next_entry(story, 5, severity="medium")
    assert names(next_entry(story, 5, "closed", severity="medium")) == [
        "ClockStopped",
        "ClockStopped",
        "Resolved",
        "Closed",
    ]
    assert (story.now.resolved_how, story.now.closed_as) == ("recorded elsewhere", "recorded elsewhere")
    assert story.now.resolution_verdict is not None
    assert story.now.resolution_verdict.state is State.MET


def test_the_verdict_is_the_policys(story: Story) -> None:
    next_entry(story, 4 * 60, "resolved")
    assert story.now.response_verdict is not None
    assert story.now.response_verdict.state is State.MISSED


def test_what_comes_back_is_reopened(story: Story) -> None:
    next_entry(story, 5, "resolved")
    assert names(next_entry(story, 5))[0] == "Reopened"
    assert (story.now.reopens, story.now.stage) == (1, Stage.ASSIGNMENT)


def test_an_owner_who_is_gone_has_handed_it_back(story: Story) -> None:
    next_entry(story, 5, owner="sam")
    assert names(next_entry(story, 5)) == ["HandedBack"]


def test_an_owner_of_what_has_ended_is_only_noted(story: Story) -> None:
    next_entry(story, 5, "resolved")
    assert names(next_entry(story, 5, "resolved", owner="sam")) == ["Noted"]
    assert story.now.stage is Stage.RESOLVED


def test_nothing_that_was_recorded_goes_without_a_word(story: Story) -> None:
    next_entry(story, 5, "closed")
    assert names(next_entry(story, 5, "resolved")) == ["Noted"]
    assert story.now.stage is Stage.CLOSED


def test_what_is_still_to_come_is_refused(story: Story) -> None:
    tomorrow = MONDAY_NINE + timedelta(days=1)
    assert "in the future" in Story().refused(request(at=tomorrow), by="sue")
    assert "in the future" in story.refused(entry(tomorrow), by="sue")


def test_a_request_cannot_arrive_after_its_record() -> None:
    late = request(received_at=MONDAY_NINE + timedelta(minutes=1))
    assert "later than it was recorded" in Story().refused(late, by="sue")


def test_a_history_does_not_continue_behind_work_that_was_done_here(story: Story) -> None:
    story.later(minutes=10).do(Note(REF, "we go on here"), by="ann")
    assert "go on with it here" in story.refused(entry(MONDAY_NINE + timedelta(minutes=5)), by="sue")


def test_a_ticket_of_our_own_has_no_history_elsewhere() -> None:
    ours = logged("high")
    assert "was logged here" in ours.refused(entry(ours.at), by="sue")


@pytest.mark.parametrize("by", ["ann", "priya", "max"])
def test_only_those_who_answer_for_the_desk_take_a_history_in(by: str) -> None:
    assert "only a" in Story().refused(request(), by=by)
