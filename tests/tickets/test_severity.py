"""Raising and lowering the severity."""

from datetime import UTC, datetime, timedelta

from supportdesk.sla.clocks import ClockKind, State
from supportdesk.tickets.process.assignment import Claim
from supportdesk.tickets.process.resolution import Reply, Resolve, Resume, Wait
from supportdesk.tickets.process.severity import ChangeSeverity
from tests.tickets.scenario import MONDAY_NINE, Story, logged

HOUR = 3600


def change(story: Story, severity: str, *, by: str = "ann", because: str = "impact changed") -> None:
    story.do(ChangeSeverity(story.now.ref, severity, reason="they rang again", because=because), by=by)


def test_rule_08_impact_changed_runs_the_new_target_from_now() -> None:
    story = logged("medium").later(hours=2)
    change(story, "critical")
    reading = story.clock_status(ClockKind.RESPONSE)
    assert reading.due == story.at + timedelta(hours=1)
    assert (reading.elapsed, reading.left) == (0, HOUR)


def test_rule_08_impact_changed_is_never_later_than_the_old_due() -> None:
    story = logged("high").later(hours=2, minutes=30)
    old = story.clock_status(ClockKind.RESPONSE).due
    change(story, "critical")
    reading = story.clock_status(ClockKind.RESPONSE)
    assert old == datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
    assert (reading.due, reading.left) == (old, HOUR // 2)


def test_rule_08_an_overrun_clock_stays_overrun_when_the_severity_is_raised() -> None:
    story = logged("high").later(hours=3, minutes=10)
    assert story.clock_status(ClockKind.RESPONSE).left == -600
    change(story, "critical")
    assert story.clock_status(ClockKind.RESPONSE).left == -600
    assert story.later(minutes=5).clock_status(ClockKind.RESPONSE).left == -900
    assert story.clock_status(ClockKind.RESPONSE).state is State.BREACHED


def test_rule_08_raising_a_paused_ticket_gives_no_more_time_than_it_had_left() -> None:
    story = logged("high").later(minutes=30)
    story.do(Reply(story.now.ref, "which version is it?"))
    story.later(days=2, hours=3)
    story.do(Wait(story.now.ref))
    assert story.clock_status(ClockKind.RESOLUTION).left == HOUR // 2
    change(story.later(hours=1), "critical")
    story.later(minutes=1).do(Resume(story.now.ref), by="sue")
    assert story.clock_status(ClockKind.RESOLUTION).due == story.at + timedelta(minutes=30)


def test_rule_08_wrong_at_triage_recomputes_from_arrival() -> None:
    story = logged("high").later(minutes=20)
    change(story, "critical", because="wrong at triage")
    reading = story.clock_status(ClockKind.RESPONSE)
    assert (reading.due, reading.elapsed) == (MONDAY_NINE + timedelta(hours=1), 20 * 60)
    assert not reading.late_when_raised


def test_rule_08_wrong_at_triage_and_late_already_says_late_when_raised_once() -> None:
    story = logged("high").later(hours=2)
    change(story, "critical", because="wrong at triage")
    reading = story.clock_status(ClockKind.RESPONSE)
    assert reading.late_when_raised
    assert reading.state is State.BREACHED
    assert story.events[0].sentence().endswith("late when raised")
    assert not story.clock_status(ClockKind.RESOLUTION).late_when_raised


def test_rule_08_a_reason_is_needed() -> None:
    story = logged("high")
    assert "say why" in story.refused(ChangeSeverity(story.now.ref, "critical", reason=" "))


def test_raising_to_critical_moves_it_to_technical_support_and_pages() -> None:
    story = logged("high")
    story.do(Claim(story.now.ref))
    change(story, "critical")
    assert (story.now.team, story.now.owner) == ("technical-support", None)
    assert story.now.page_open


def test_a_stopped_clock_keeps_its_verdict_when_the_severity_changes() -> None:
    story = logged("high")
    story.do(Reply(story.now.ref, "We are looking."))
    verdict = story.now.response_verdict
    change(story.later(hours=5), "critical", because="wrong at triage")
    assert story.now.response_verdict == verdict
    assert story.clock_status(ClockKind.RESPONSE).state is State.MET


def test_rule_09_lowering_recomputes_from_arrival() -> None:
    story = logged("critical").later(minutes=10)
    change(story, "high")
    assert story.clock_status(ClockKind.RESPONSE).due == datetime(2026, 11, 23, 12, 0, tzinfo=UTC)


def test_rule_09_past_three_quarters_only_a_supervisor_may_lower() -> None:
    story = logged("critical").later(minutes=45)
    assert story.attempt(ChangeSeverity(story.now.ref, "critical", reason="x")) is not None
    story.later(seconds=1)
    reason = story.refused(ChangeSeverity(story.now.ref, "high", reason="calmer"))
    assert "only a supervisor (Dora or Sue)" in reason
    change(story, "high", by="sue")
    assert story.now.severity == "high"


def test_rule_09_at_exactly_three_quarters_an_agent_still_may() -> None:
    story = logged("critical").later(minutes=45)
    change(story, "high")
    assert story.now.severity == "high"


def test_rule_09_a_breach_stays_a_breach_after_lowering() -> None:
    story = logged("critical").later(hours=1, minutes=5)
    change(story, "high", by="sue")
    assert story.clock_status(ClockKind.RESPONSE).state is State.BREACHED
    story.do(Reply(story.now.ref, "Sorry for the wait."))
    assert story.clock_status(ClockKind.RESPONSE).state is State.MISSED


def test_rule_09_a_breach_of_a_timed_clock_stays_where_the_new_promise_has_no_time() -> None:
    story = logged("critical")
    story.do(Reply(story.now.ref, "hello"), by="priya")
    story.later(hours=9)
    change(story, "medium", by="sue")
    assert story.clock_status(ClockKind.RESOLUTION).state is State.BREACHED


def test_the_same_or_an_unknown_severity_is_refused() -> None:
    story = logged("high")
    assert "already" in story.refused(ChangeSeverity(story.now.ref, "high", reason="x"))
    assert "no severity" in story.refused(ChangeSeverity(story.now.ref, "urgent", reason="x"))


def test_a_resolved_ticket_cannot_change_its_severity() -> None:
    story = logged("high")
    story.do(Resolve(story.now.ref, "Restarted it."))
    assert "reopen it first" in story.refused(ChangeSeverity(story.now.ref, "low", reason="x"))
