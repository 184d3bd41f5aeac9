"""The rules of the clocks (docs/rules.md), as far as business time and the policy decide them."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import msgspec
import pytest

from supportdesk import resources
from supportdesk.sla import formatting
from supportdesk.sla.clock_projection import project_clock
from supportdesk.sla.clocks import (
    Basis,
    ClockKind,
    ClockProjection,
    ClockStatus,
    Gap,
    State,
    Verdict,
    due_if_resumed,
    epoch,
    instant,
    status_at,
    stop,
)
from supportdesk.sla.explain import explain
from supportdesk.sla.policy import Policy, Thresholds
from supportdesk.sla.policy_file import load_policy

SHIPPED = resources.data_path("policies/claritum.toml")
POLICY = load_policy(SHIPPED)
MINUTE, HOUR = 60, 3600
MONDAY = datetime(2026, 11, 23, 8, tzinfo=UTC)
"""Opening time of a working week in winter, when London's wall clock shows UTC."""


def on(day: int, hour: int = 8, minute: int = 0, second: int = 0) -> datetime:
    """An instant in November 2026; the 23rd is a Monday."""
    return datetime(2026, 11, day, hour, minute, second, tzinfo=UTC)


@dataclass
class Clock:
    """A clock with what happened to it so far."""

    kind: ClockKind
    severity: str
    start: datetime
    gaps: tuple[Gap, ...] = ()
    verdict: Verdict | None = None
    fix_day: date | None = None
    policy: Policy = POLICY
    basis: dict[str, Any] = field(default_factory=dict)

    @property
    def projection(self) -> ClockProjection:
        return project_clock(
            self.policy,
            self.kind,
            Basis(self.severity, self.start, **self.basis),
            gaps=self.gaps,
            verdict=self.verdict,
            fix_day=self.fix_day,
        )

    def at(self, now: datetime) -> ClockStatus:
        return status_at(self.projection, epoch(now), self.policy.calendar(self.projection.calendar))

    def stopped(self, at: datetime) -> Verdict:
        return stop(self.projection, epoch(at), self.policy.calendar(self.projection.calendar))

    def explained(self, now: datetime) -> str:
        told = explain(
            self.policy,
            self.kind,
            Basis(self.severity, self.start, **self.basis),
            now,
            gaps=self.gaps,
            verdict=self.verdict,
            fix_day=self.fix_day,
        )
        return " ".join(told.text().split())


def response(severity: str, start: datetime, **happened: Any) -> Clock:
    return Clock(ClockKind.RESPONSE, severity, start, **happened)


def resolution(severity: str, start: datetime, **happened: Any) -> Clock:
    return Clock(ClockKind.RESOLUTION, severity, start, **happened)


def waiting(began: datetime, ended: datetime | None = None) -> Gap:
    return Gap(began, ended, capped=True)


def stood_resolved(began: datetime, ended: datetime | None = None) -> Gap:
    return Gap(began, ended, capped=False)


def test_rule_01_a_target_that_runs_out_at_closing_time_is_due_at_closing_time() -> None:
    clock = response("high", on(23, 15))
    assert clock.at(on(23, 16)).due == on(23, 18)


def test_rule_01_an_answer_the_same_evening_is_in_time_and_one_second_of_the_next_day_is_not() -> None:
    clock = response("high", on(23, 15))
    evening, opening, late = on(23, 19), on(24, 8), on(24, 8, 0, 1)
    assert [clock.at(at).state for at in (evening, opening, late)] == [
        State.AT_RISK,
        State.AT_RISK,
        State.BREACHED,
    ]
    assert [clock.at(at).left for at in (evening, opening, late)] == [0, 0, -1]
    assert [clock.stopped(at).state for at in (evening, opening, late)] == [
        State.MET,
        State.MET,
        State.MISSED,
    ]
    assert "No time has counted since, so it is in time." in clock.explained(evening)


def test_rule_02_a_clock_starts_at_arrival_and_a_business_clock_waits_for_the_next_open_second() -> None:
    saturday_night = response("high", on(21, 23))
    assert saturday_night.at(on(22, 12)).elapsed == 0
    assert saturday_night.at(on(22, 12)).due == on(23, 11)
    assert saturday_night.at(on(22, 12)).out_of_hours
    assert saturday_night.at(on(22, 12)).opens == on(23)
    assert response("critical", on(21, 23)).at(on(21, 23)).due == on(22, 0)


def test_rule_03_the_severity_names_the_teams_whose_word_answers() -> None:
    assert POLICY.severity("critical").answered_by == ("technical-support",)
    assert "user-support" in POLICY.severity("high").answered_by


def test_rule_04_a_target_that_is_a_step_has_no_time_and_stays_open_until_it_is_done() -> None:
    clock = resolution("medium", on(23))
    a_month_on = clock.at(on(23) + timedelta(days=30))
    assert (a_month_on.state, a_month_on.due, a_month_on.left) == (State.OPEN, None, None)
    assert clock.stopped(on(24)).state is State.MET
    assert POLICY.severity("medium").resolved_by == (("workaround", "fix date"),)


def test_rule_05_a_promised_fix_is_in_time_to_the_end_of_the_releases_day_and_broken_after() -> None:
    clock = resolution("medium", on(23), fix_day=date(2026, 12, 9))
    last, first_late = datetime(2026, 12, 9, 23, 59, 59, tzinfo=UTC), datetime(2026, 12, 10, tzinfo=UTC)
    assert clock.at(on(24)).state is State.PROMISED
    assert clock.at(on(24)).due == last
    assert (clock.at(last).state, clock.at(first_late).state) == (State.PROMISED, State.BREACHED)
    assert "promised for Wed 9 Dec 2026 and has not shipped" in clock.explained(first_late)


def test_rule_05_the_day_ends_where_the_policy_is_at_home() -> None:
    summer = resolution("low", on(23), fix_day=date(2026, 7, 1))
    assert summer.at(on(23)).due == datetime(2026, 7, 1, 22, 59, 59, tzinfo=UTC)


def test_rule_06_the_time_that_it_waits_on_the_customer_is_not_counted() -> None:
    clock = resolution("high", on(23), gaps=(waiting(on(23, 10), on(23, 14)),))
    assert clock.at(on(23, 15)).elapsed == 3 * HOUR


def test_rule_06_only_the_part_of_a_pause_within_the_clocks_own_calendar_is_taken_off() -> None:
    over_night = (waiting(on(23, 17), on(24, 9)),)
    office, always = (
        resolution("high", on(23, 16), gaps=over_night),
        resolution("critical", on(23, 16), gaps=over_night),
    )
    assert office.at(on(24, 10)).elapsed == 2 * HOUR
    assert always.at(on(24, 10)).elapsed == 2 * HOUR
    assert office.at(on(24, 10)).due == on(26, 12)
    assert always.at(on(24, 10)).due == on(24, 16)


def test_rule_06_a_pause_ends_by_itself_after_five_working_days() -> None:
    clock = resolution("high", on(16), gaps=(waiting(on(16, 9)),))
    before, after = clock.at(on(23, 8, 59, 59)), clock.at(on(23, 9))
    assert (before.state, before.elapsed, before.paused) == (State.PAUSED, HOUR, True)
    assert (after.state, after.elapsed, after.paused) == (State.OK, HOUR, False)
    assert clock.at(on(23, 10)).elapsed == 2 * HOUR
    assert "on hold for the customer, until the longest pause ended" in clock.explained(on(23, 10))


def test_rule_06_two_pauses_that_overlap_are_taken_off_once() -> None:
    twice = (
        waiting(on(23, 9), on(23, 12)),
        waiting(on(23, 10), on(23, 13)),
        stood_resolved(on(23, 11), on(23, 12)),
    )
    assert resolution("high", on(23), gaps=twice).at(on(23, 14)).elapsed == 2 * HOUR


def test_rule_07_a_paused_timer_shows_the_time_left_and_no_due_time() -> None:
    clock = resolution("high", on(23), gaps=(waiting(on(23, 10)),))
    for now in (on(23, 11), on(24, 11)):
        assert clock.at(now).state is State.PAUSED
        assert (clock.at(now).left, clock.at(now).due) == (22 * HOUR, None)


def test_rule_07_a_breach_before_the_pause_stays_a_breach() -> None:
    clock = resolution("critical", on(23, 0), gaps=(waiting(on(23, 9)),))
    reading = clock.at(on(23, 12))
    assert (reading.state, reading.paused) == (State.BREACHED, True)
    assert (reading.left, reading.due) == (-HOUR, on(23, 8))


def test_rule_07_a_paused_clock_with_an_older_breach_shows_no_due_time_that_still_moves() -> None:
    clock = resolution("high", on(23), gaps=(waiting(on(23, 10)),), basis={"breached_at": on(23, 9)})
    reading = clock.at(on(23, 12))
    assert (reading.state, reading.paused, reading.due, reading.left) == (
        State.BREACHED,
        True,
        None,
        22 * HOUR,
    )


def test_rule_07_a_target_that_runs_out_as_the_pause_begins_is_due_then() -> None:
    clock = resolution("critical", on(23, 1), gaps=(waiting(on(23, 9), on(23, 11)),))
    assert clock.at(on(23, 11)).due == on(23, 9)
    assert [clock.at(at).state for at in (on(23, 11), on(23, 11, 0, 1))] == [State.AT_RISK, State.BREACHED]


def test_rule_08_impact_changed_runs_the_new_target_from_then_but_never_later_than_the_old_due() -> None:
    roomy = response("critical", on(23, 9), basis={"ceiling": on(23, 11)})
    tight = response("critical", on(23, 10, 30), basis={"ceiling": on(23, 11)})
    assert (roomy.at(on(23, 9)).due, roomy.at(on(23, 9)).left) == (on(23, 10), HOUR)
    assert (tight.at(on(23, 10, 30)).due, tight.at(on(23, 10, 30)).left) == (on(23, 11), HOUR // 2)
    assert "no later than the old due time, Mon 23 Nov 2026 11:00 GMT" in tight.explained(on(23, 10, 40))


def test_rule_08_a_clock_that_was_over_when_raised_is_over_by_as_much() -> None:
    clock = response("critical", on(23, 12), basis={"ceiling": on(23, 11), "overrun": HOUR})
    reading = clock.at(on(23, 12, 10))
    assert (reading.state, reading.left, reading.due) == (State.BREACHED, -70 * MINUTE, on(23, 11))
    assert clock.stopped(on(23, 12)).state is State.MISSED


def test_rule_08_a_clock_that_had_used_all_of_its_target_when_raised_has_nothing_more() -> None:
    clock = response("critical", on(23, 19), basis={"ceiling": on(23, 18)})
    assert (clock.at(on(23, 19)).state, clock.at(on(23, 19)).due) == (State.AT_RISK, on(23, 18))
    assert clock.at(on(23, 19, 0, 1)).state is State.BREACHED


def test_rule_08_the_old_due_of_a_paused_clock_is_the_one_it_would_have_if_it_continued() -> None:
    clock = resolution("high", on(23), gaps=(waiting(on(25, 11)),))
    office = POLICY.calendar("office")
    assert due_if_resumed(clock.projection, epoch(on(25, 15)), office) == epoch(on(25, 16))
    gone_on = replace(clock, gaps=(waiting(on(25, 11), on(25, 15)),))
    assert (
        due_if_resumed(gone_on.projection, epoch(on(25, 15)), office)
        == epoch(on(25, 16))
        == gone_on.projection.due
    )


def test_rule_08_wrong_at_triage_counts_from_arrival_and_says_late_when_raised() -> None:
    clock = response("critical", on(23, 9), basis={"late_when_raised": True})
    reading = clock.at(on(23, 11))
    assert (reading.state, reading.left, reading.late_when_raised) == (State.BREACHED, -HOUR, True)
    assert "it was already late when raised" in clock.explained(on(23, 11))


def test_rule_09_a_recorded_breach_stays_when_the_severity_is_lowered() -> None:
    clock = response("medium", on(23), basis={"breached_at": on(23, 11, 0, 1)})
    reading = clock.at(on(23, 12))
    assert (reading.state, reading.left) == (State.BREACHED, 20 * HOUR)
    assert clock.stopped(on(23, 12)).state is State.MISSED
    assert "a breach stays when the target changes" in clock.explained(on(23, 12))


def test_rule_09_a_breach_stays_where_the_new_promise_has_no_time() -> None:
    clock = resolution("medium", on(23), fix_day=date(2026, 12, 9), basis={"breached_at": on(23, 11)})
    assert clock.at(on(23, 12)).state is State.BREACHED
    assert clock.stopped(on(23, 12)).state is State.MISSED


def test_rule_10_the_time_it_was_resolved_is_not_counted_however_long() -> None:
    clock = resolution("high", on(2), gaps=(stood_resolved(on(2, 12), on(13, 12)),))
    reading = clock.at(on(13, 14))
    assert (reading.elapsed, reading.left) == (6 * HOUR, 18 * HOUR)
    assert "resolved" in clock.explained(on(13, 14))


def test_rule_10_a_clock_that_is_resolved_without_a_verdict_stands_until_the_ticket_changes() -> None:
    promised = resolution("medium", on(23), gaps=(stood_resolved(on(23, 12)),), fix_day=date(2026, 12, 9))
    assert [promised.at(at).elapsed for at in (on(23, 12), on(24, 12), on(30, 12))] == [4 * HOUR] * 3
    assert promised.at(on(30)).state is State.PROMISED
    assert "it is resolved" in promised.explained(on(30))


def test_rule_11_a_clock_round_the_clock_counts_real_seconds_and_a_business_clock_the_walls() -> None:
    before_the_change = datetime(2026, 10, 24, 22, tzinfo=UTC)  # 23:00 BST; the clocks go back at 01:00 UTC
    always = resolution("critical", before_the_change)
    assert always.at(before_the_change).due == before_the_change + timedelta(hours=8)
    office = resolution("high", datetime(2026, 10, 23, 16, tzinfo=UTC))
    assert office.at(before_the_change).elapsed == HOUR
    assert office.at(before_the_change).opens == datetime(2026, 10, 26, 8, tzinfo=UTC)
    assert "the clocks went back" in always.explained(before_the_change + timedelta(hours=5))


def test_rule_15_verdicts_are_in_whole_seconds() -> None:
    arrived = on(23, 9) + timedelta(microseconds=999_999)
    assert epoch(arrived) == epoch(on(23, 9))
    clock = response("critical", arrived)
    assert clock.stopped(on(23, 10)).state is State.MET
    assert clock.stopped(on(23, 10, 0, 1)).state is State.MISSED
    assert instant(epoch(on(23, 9))) == on(23, 9)


def test_rule_15_an_instant_without_a_zone_is_refused() -> None:
    with pytest.raises(TypeError):
        epoch(datetime(2026, 11, 23, 9))  # noqa: DTZ001 - the point of it


def test_rule_15_what_people_read_has_the_zones_short_name() -> None:
    assert formatting.clock_time(datetime(2026, 7, 1, 8, tzinfo=UTC), POLICY.timezone) == "09:00 BST"
    assert "Mon 23 Nov 2026 11:00 GMT" in response("high", on(23)).explained(on(23, 9))


@pytest.mark.parametrize(
    ("minute", "second", "state"),
    [
        (0, 0, State.OK),
        (44, 59, State.OK),
        (45, 0, State.DUE_SOON),
        (53, 59, State.DUE_SOON),
        (54, 0, State.AT_RISK),
        (60, 0, State.AT_RISK),
        (60, 1, State.BREACHED),
    ],
)
def test_rule_16_states_change_at_the_policys_thresholds(minute: int, second: int, state: State) -> None:
    now = on(23, 9) + timedelta(minutes=minute, seconds=second)
    reading = response("critical", on(23, 9)).at(now)
    assert reading.state is state
    assert reading.percent == (60 * minute + second) * 100 // HOUR


def test_rule_16_a_threshold_between_two_seconds_is_reached_at_the_second() -> None:
    clock = response("critical", on(23, 9), basis={"ceiling": on(23, 9, 0, 11)})
    states = [clock.at(on(23, 9, 0, second)).state for second in (8, 9, 10, 11, 12)]
    assert states == [State.OK, State.DUE_SOON, State.AT_RISK, State.AT_RISK, State.BREACHED]


def test_rule_16_thresholds_are_settings_of_the_policy() -> None:
    early = msgspec.structs.replace(POLICY, thresholds=Thresholds(due_soon=10, at_risk=50))
    clock = response("critical", on(23, 9), policy=early)
    states = [clock.at(on(23, 9, minute)).state for minute in (5, 6, 29, 30)]
    assert states == [State.OK, State.DUE_SOON, State.DUE_SOON, State.AT_RISK]


def test_rule_16_a_stopped_clock_is_met_or_missed_for_ever() -> None:
    clock = response("critical", on(23, 9))
    met, missed = clock.stopped(on(23, 10)), clock.stopped(on(23, 11))
    assert replace(clock, verdict=met).at(on(30)).state is State.MET
    assert replace(clock, verdict=missed).at(on(30)).state is State.MISSED
    assert [state.is_verdict for state in State] == [state in (State.MET, State.MISSED) for state in State]
