"""Taking back what one did last."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, get_args

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from supportdesk.sla.clocks import ClockKind, State
from supportdesk.tickets import events
from supportdesk.tickets.command import TicketCommand
from supportdesk.tickets.evolve import build_ticket
from supportdesk.tickets.process.assignment import Assign, Claim, HandBack, HandOver
from supportdesk.tickets.process.closure import Close, Reopen
from supportdesk.tickets.process.conversation import Note, Reply
from supportdesk.tickets.process.escalation import Escalate
from supportdesk.tickets.process.linking import LinkTicket
from supportdesk.tickets.process.resolution import (
    LinkArticle,
    PromiseFix,
    ProposeWorkaround,
    Resolve,
    Resume,
    Wait,
)
from supportdesk.tickets.process.severity import ChangeSeverity
from supportdesk.tickets.process.triage import Acknowledge
from supportdesk.tickets.process.undo import CAN_BE_UNDONE, CANNOT_BE_UNDONE, Undo
from supportdesk.tickets.refusal import Refusal
from supportdesk.tickets.ticket import Stage, Ticket
from tests.tickets.scenario import MONDAY_NINE, Scenario, logged
from tests.tickets.test_process_machine import COMMAND, SEVERITIES

REF = "CD-0000-0"
UNDO = Undo(REF)


def apart_from_its_history(ticket: Ticket) -> dict[str, Any]:
    fields = {name: getattr(ticket, name) for name in Ticket.__struct_fields__}
    return {name: value for name, value in fields.items() if name not in {"version", "changed_at"}}


def is_undone(scenario: Scenario, command: TicketCommand, by: str = "ann") -> None:
    """Check that a command undone after two minutes leaves the ticket as it was."""
    before = scenario.now
    scenario.do(command, by)
    scenario.later(minutes=2).do(UNDO, by)
    assert apart_from_its_history(scenario.now) == apart_from_its_history(before)
    assert build_ticket(REF, scenario.history) == scenario.now


def test_an_undone_claim_leaves_the_ticket_as_it_was_and_the_timeline_shows_both() -> None:
    scenario = logged()
    is_undone(scenario, Claim(REF))
    assert [event.sentence() for event, _, _ in scenario.history[-3:]] == [
        "acknowledged the request",
        "claimed it",
        "undid the last action: acknowledged the request; claimed it",
    ]


@pytest.mark.parametrize(
    ("severity", "command"),
    [
        ("high", Acknowledge(REF)),
        ("high", Assign(REF, owner="sam")),
        ("high", Assign(REF, team="development")),
        ("high", HandOver(REF, "sam", "They ring at three.")),
        ("high", Wait(REF, "third party")),
        ("high", Note(REF, "The wrong ticket.")),
        ("medium", ChangeSeverity(REF, "high", "they rang")),
        ("high", ChangeSeverity(REF, "low", "it was the other one")),
        ("medium", PromiseFix(REF, "2026.12")),
        ("low", LinkArticle(REF, "KB-1")),
        ("high", Escalate(REF, "too hard")),
    ],
)
def test_what_nobody_outside_the_desk_has_heard_of_can_be_undone(
    severity: str, command: TicketCommand
) -> None:
    is_undone(logged(severity), command)


def test_handing_back_and_reopening_can_be_undone() -> None:
    scenario = logged()
    scenario.do(Claim(REF))
    is_undone(scenario, HandBack(REF, "off sick"))
    scenario.do(Resolve(REF, "Restarted."))
    verdict = scenario.now.resolution_verdict
    is_undone(scenario, Reopen(REF, "again"))
    assert (scenario.now.stage, scenario.now.resolution_verdict, scenario.now.reopens) == (
        Stage.RESOLVED,
        verdict,
        0,
    )


def test_a_page_acknowledged_by_mistake_is_open_again_and_climbs_on() -> None:
    scenario = logged("critical")
    is_undone(scenario, Acknowledge(REF, paged="dora"), by="priya")
    assert scenario.now.page_open


def test_an_undone_pause_counts_as_never_begun() -> None:
    scenario = logged()
    scenario.do(Reply(REF, "Which version?"))
    left = scenario.clock_status(ClockKind.RESOLUTION).left
    scenario.later(minutes=1).do(Wait(REF))
    scenario.later(minutes=5).do(UNDO)
    assert scenario.clock_status(ClockKind.RESOLUTION).left == (left or 0) - 6 * 60


def test_an_undone_resumption_counts_as_a_pause_that_continued() -> None:
    scenario = logged()
    scenario.do(Reply(REF, "Which version?"))
    scenario.later(minutes=1).do(Wait(REF))
    left = scenario.clock_status(ClockKind.RESOLUTION).left
    scenario.later(minutes=5).do(Resume(REF))
    scenario.later(minutes=5).do(UNDO)
    assert scenario.clock_status(ClockKind.RESOLUTION).left == left


def test_rule_09_a_promise_broken_since_stays_broken_and_so_does_the_act() -> None:
    scenario = logged("critical")
    scenario.do(Reply(REF, "Which version?"), by="priya")
    scenario.later(hours=7, minutes=58).do(Wait(REF), by="priya")
    scenario.later(hours=1).do(Resume(REF), by="priya")
    reason = scenario.later(minutes=3).refused(UNDO, by="priya")
    assert reason == (
        "the resolution clock has been breached since, and a breach stays (rule 9): took it off hold; write a note"
    )
    assert scenario.clock_status(ClockKind.RESOLUTION).state is State.BREACHED


def test_a_breach_that_a_mistaken_severity_wrote_down_goes_with_it() -> None:
    scenario = logged("medium").later(hours=5)
    scenario.do(ChangeSeverity(REF, "high", "misread", because="wrong at triage"))
    assert scenario.clock_status(ClockKind.RESPONSE).state is State.BREACHED
    scenario.do(UNDO)
    assert scenario.clock_status(ClockKind.RESPONSE).state is State.OK


@pytest.mark.parametrize(
    ("command", "by", "why"),
    [
        (Reply(REF, "Hello."), "ann", "already been told"),
        (ProposeWorkaround(REF, "Use the list."), "ann", "already been told"),
        (
            Resolve(REF, "Restarted."),
            "ann",
            "the customer has already been told that it is resolved; reopen it",
        ),
        (Close(REF, "withdrawn", "they said so"), "ann", "it is closed; reopen it"),
        (Escalate(REF, "help", "hierarchical"), "ann", "it cannot be undone, as somebody was paged"),
        (ChangeSeverity(REF, "critical", "all stop"), "ann", "it cannot be undone, as somebody was paged"),
        (LinkTicket(REF, "CD-0001-2"), "ann", "the other ticket shows the link too"),
    ],
)
def test_what_others_have_heard_of_stays_and_the_refusal_says_what_to_do_instead(
    command: TicketCommand, by: str, why: str
) -> None:
    scenario = logged().with_records(tickets={"CD-0001-2": logged().now})
    scenario.do(command, by)
    assert why in scenario.refused(UNDO, by)


def test_the_logging_itself_stays() -> None:
    assert "cannot be removed" in logged().refused(UNDO)
    assert logged("critical").refused(UNDO) == (
        "it cannot be undone, as somebody was paged; ring them, then close it as withdrawn"
    )


def test_what_somebody_else_did_since_is_theirs_and_is_named() -> None:
    scenario = logged()
    scenario.do(Claim(REF))
    scenario.do(Note(REF, "a secret"), by="sam")
    assert scenario.refused(UNDO) == "the last change is Sam's (noted); you can undo only your own"


def test_the_same_command_is_undone_once() -> None:
    scenario = logged()
    scenario.do(Claim(REF))
    scenario.do(UNDO)
    assert "already been undone" in scenario.refused(UNDO)


@pytest.mark.parametrize(
    ("minutes", "seconds", "ago"), [(10, 0, None), (10, 1, "10 min"), (90, 0, "1 h 30 min")]
)
def test_a_command_can_be_undone_for_ten_minutes(minutes: int, seconds: int, ago: str | None) -> None:
    scenario = logged()
    scenario.do(Claim(REF))
    refusal = scenario.later(minutes=minutes, seconds=seconds).attempt(UNDO)
    assert isinstance(refusal, Refusal) is (ago is not None)
    if isinstance(refusal, Refusal):
        assert refusal.reason.startswith(f"it was done {ago} ago, and undo is possible for 10 min:")


def test_an_act_whose_words_were_erased_is_not_guessed_at() -> None:
    scenario = logged()
    scenario.do(Claim(REF))
    scenario.last = None
    assert "is no longer known" in scenario.refused(UNDO)


def test_the_words_of_a_note_are_not_repeated() -> None:
    scenario = logged()
    scenario.do(Note(REF, "Jo's mother is ill."))
    scenario.do(UNDO)
    assert scenario.events[-1].sentence() == "undid the last action: noted"


def test_of_every_event_it_is_decided_whether_it_can_be_undone() -> None:
    follows = {events.ClockStopped, events.FixDateMoved, events.FixShipped, events.DueMoved}
    """Told with others or because of a record; never the act itself."""
    assert CAN_BE_UNDONE | CANNOT_BE_UNDONE.keys() | follows == set(get_args(events.TicketEvent))
    assert not CAN_BE_UNDONE & CANNOT_BE_UNDONE.keys()


def test_no_event_that_stops_a_clock_or_reaches_somebody_can_be_undone() -> None:
    reaching = {
        events.ClockStopped,
        events.Replied,
        events.Paged,
        events.Resolved,
        events.Closed,
        events.Logged,
    }
    assert not reaching & CAN_BE_UNDONE


# Few commands can be undone, and few of those apply to the ticket.
@settings(suppress_health_check=[HealthCheck.filter_too_much])
@given(
    severity=st.sampled_from(SEVERITIES),
    first=st.lists(COMMAND, max_size=4),
    command=COMMAND,
    pause=st.integers(0, 40_000),
    since=st.integers(0, 600),
)
def test_whatever_is_undone_leaves_every_clock_as_if_it_had_never_been_done(
    severity: str, first: list[TicketCommand], command: TicketCommand, pause: int, since: int
) -> None:
    scenario = logged(severity).with_records(tickets={"CD-0001-2": logged().now})
    for each in first:
        scenario.attempt(each, "priya")
        scenario.at += timedelta(seconds=pause)
    untouched = _untouched(scenario, seconds=since)
    assume(scenario.attempt(command, "priya") is None)
    scenario.at += timedelta(seconds=since)
    assume(scenario.attempt(UNDO, "priya") is None)
    for kind in ClockKind:
        assert scenario.clock_status(kind) == untouched.clock_status(kind)
        assert scenario.clock(kind) == untouched.clock(kind)
    assert apart_from_its_history(scenario.now) == apart_from_its_history(untouched.now)


def _untouched(scenario: Scenario, *, seconds: int) -> Scenario:
    """Copy the scenario to a later moment without a further command."""
    at: datetime = scenario.at + timedelta(seconds=seconds)
    return Scenario(at, scenario.policy, scenario.records, scenario.now)


@settings(suppress_health_check=[HealthCheck.filter_too_much])
@given(
    severity=st.sampled_from(SEVERITIES), command=COMMAND, hours=st.integers(0, 60), since=st.integers(1, 600)
)
def test_taking_back_never_mends_a_promise_that_time_has_broken(
    severity: str, command: TicketCommand, hours: int, since: int
) -> None:
    scenario = logged(severity, at=MONDAY_NINE).later(hours=hours)
    assume(scenario.attempt(command, "sue") is None)
    then = {kind: scenario.clock_status(kind).state for kind in ClockKind}
    scenario.later(seconds=since)
    broken = {
        kind for kind in ClockKind if scenario.clock_status(kind).state is State.BREACHED is not then[kind]
    }
    if scenario.attempt(UNDO, "sue") is None:
        assert all(scenario.clock_status(kind).state is State.BREACHED for kind in broken)
