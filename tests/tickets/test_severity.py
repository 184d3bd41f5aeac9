"""Raising and lowering the severity."""

from datetime import UTC, datetime, timedelta

from supportdesk.sla.clocks import ClockKind, State
from supportdesk.tickets.process.assignment import Claim
from supportdesk.tickets.process.conversation import Reply
from supportdesk.tickets.process.resolution import Resolve, Resume, Wait
from supportdesk.tickets.process.severity import ChangeSeverity
from tests.tickets.scenario import MONDAY_NINE, Scenario, logged

HOUR = 3600


def change(scenario: Scenario, severity: str, *, by: str = "ann", because: str = "impact changed") -> None:
    scenario.do(ChangeSeverity(scenario.now.ref, severity, reason="they rang again", because=because), by=by)


def test_rule_08_impact_changed_runs_the_new_target_from_now() -> None:
    scenario = logged("medium").later(hours=2)
    change(scenario, "critical")
    reading = scenario.clock_status(ClockKind.RESPONSE)
    assert reading.due == scenario.at + timedelta(hours=1)
    assert (reading.elapsed, reading.left) == (0, HOUR)


def test_rule_08_impact_changed_is_never_later_than_the_old_due() -> None:
    scenario = logged("high").later(hours=2, minutes=30)
    old = scenario.clock_status(ClockKind.RESPONSE).due
    change(scenario, "critical")
    reading = scenario.clock_status(ClockKind.RESPONSE)
    assert old == datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
    assert (reading.due, reading.left) == (old, HOUR // 2)


def test_rule_08_an_overrun_clock_stays_overrun_when_the_severity_is_raised() -> None:
    scenario = logged("high").later(hours=3, minutes=10)
    assert scenario.clock_status(ClockKind.RESPONSE).left == -600
    change(scenario, "critical")
    assert scenario.clock_status(ClockKind.RESPONSE).left == -600
    assert scenario.later(minutes=5).clock_status(ClockKind.RESPONSE).left == -900
    assert scenario.clock_status(ClockKind.RESPONSE).state is State.BREACHED


def test_rule_08_raising_a_paused_ticket_gives_no_more_time_than_it_had_left() -> None:
    scenario = logged("high").later(minutes=30)
    scenario.do(Reply(scenario.now.ref, "which version is it?"))
    scenario.later(days=2, hours=3)
    scenario.do(Wait(scenario.now.ref))
    assert scenario.clock_status(ClockKind.RESOLUTION).left == HOUR // 2
    change(scenario.later(hours=1), "critical")
    scenario.later(minutes=1).do(Resume(scenario.now.ref), by="sue")
    assert scenario.clock_status(ClockKind.RESOLUTION).due == scenario.at + timedelta(minutes=30)


def test_rule_08_wrong_at_triage_recomputes_from_arrival() -> None:
    scenario = logged("high").later(minutes=20)
    change(scenario, "critical", because="wrong at triage")
    reading = scenario.clock_status(ClockKind.RESPONSE)
    assert (reading.due, reading.elapsed) == (MONDAY_NINE + timedelta(hours=1), 20 * 60)
    assert not reading.late_when_raised


def test_rule_08_wrong_at_triage_and_late_already_says_late_when_raised_once() -> None:
    scenario = logged("high").later(hours=2)
    change(scenario, "critical", because="wrong at triage")
    reading = scenario.clock_status(ClockKind.RESPONSE)
    assert reading.late_when_raised
    assert reading.state is State.BREACHED
    assert scenario.events[0].sentence().endswith("late when raised")
    assert not scenario.clock_status(ClockKind.RESOLUTION).late_when_raised


def test_rule_08_a_reason_is_needed() -> None:
    scenario = logged("high")
    assert "say why" in scenario.refused(ChangeSeverity(scenario.now.ref, "critical", reason=" "))


def test_raising_to_critical_moves_it_to_technical_support_and_pages() -> None:
    scenario = logged("high")
    scenario.do(Claim(scenario.now.ref))
    change(scenario, "critical")
    assert (scenario.now.team, scenario.now.owner) == ("technical-support", None)
    assert scenario.now.page_open


def test_a_stopped_clock_keeps_its_verdict_when_the_severity_changes() -> None:
    scenario = logged("high")
    scenario.do(Reply(scenario.now.ref, "We are looking."))
    verdict = scenario.now.response_verdict
    change(scenario.later(hours=5), "critical", because="wrong at triage")
    assert scenario.now.response_verdict == verdict
    assert scenario.clock_status(ClockKind.RESPONSE).state is State.MET


def test_rule_09_lowering_recomputes_from_arrival() -> None:
    scenario = logged("critical").later(minutes=10)
    change(scenario, "high")
    assert scenario.clock_status(ClockKind.RESPONSE).due == datetime(2026, 11, 23, 12, 0, tzinfo=UTC)


def test_rule_09_past_three_quarters_only_a_supervisor_may_lower() -> None:
    scenario = logged("critical").later(minutes=45)
    assert scenario.attempt(ChangeSeverity(scenario.now.ref, "critical", reason="x")) is not None
    scenario.later(seconds=1)
    reason = scenario.refused(ChangeSeverity(scenario.now.ref, "high", reason="calmer"))
    assert "only a supervisor (Dora or Sue)" in reason
    change(scenario, "high", by="sue")
    assert scenario.now.severity == "high"


def test_rule_09_at_exactly_three_quarters_an_agent_still_may() -> None:
    scenario = logged("critical").later(minutes=45)
    change(scenario, "high")
    assert scenario.now.severity == "high"


def test_rule_09_a_breach_stays_a_breach_after_lowering() -> None:
    scenario = logged("critical").later(hours=1, minutes=5)
    change(scenario, "high", by="sue")
    assert scenario.clock_status(ClockKind.RESPONSE).state is State.BREACHED
    scenario.do(Reply(scenario.now.ref, "Sorry for the wait."))
    assert scenario.clock_status(ClockKind.RESPONSE).state is State.MISSED


def test_rule_09_a_breach_of_a_timed_clock_stays_where_the_new_promise_has_no_time() -> None:
    scenario = logged("critical")
    scenario.do(Reply(scenario.now.ref, "hello"), by="priya")
    scenario.later(hours=9)
    change(scenario, "medium", by="sue")
    assert scenario.clock_status(ClockKind.RESOLUTION).state is State.BREACHED


def test_the_same_or_an_unknown_severity_is_refused() -> None:
    scenario = logged("high")
    assert "already" in scenario.refused(ChangeSeverity(scenario.now.ref, "high", reason="x"))
    assert "no severity" in scenario.refused(ChangeSeverity(scenario.now.ref, "urgent", reason="x"))


def test_a_resolved_ticket_cannot_change_its_severity() -> None:
    scenario = logged("high")
    scenario.do(Resolve(scenario.now.ref, "Restarted it."))
    assert "reopen it first" in scenario.refused(ChangeSeverity(scenario.now.ref, "low", reason="x"))
