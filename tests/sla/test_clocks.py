"""Clocks hold together, whatever happened to the ticket: figures, states, instants and verdicts never disagree."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from supportdesk import resources
from supportdesk.sla import clocks
from supportdesk.sla.calendar import BusinessCalendar
from supportdesk.sla.clock_projection import project_clock, split_spans
from supportdesk.sla.clocks import Basis, ClockKind, ClockProjection, Gap, State, Verdict, epoch, instant
from supportdesk.sla.policy_file import load_policy

POLICY = load_policy(resources.data_path("policies/claritum.toml"))
ORDER = [State.OK, State.DUE_SOON, State.AT_RISK, State.BREACHED]
YEAR = datetime(2026, 1, 1, tzinfo=UTC)
DAY = 86_400


@dataclass(frozen=True)
class Happened:
    """What happened to a clock, and the instant of the last of it."""

    kind: ClockKind
    basis: Basis
    gaps: tuple[Gap, ...]
    last: int

    @property
    def clock(self) -> ClockProjection:
        return project_clock(POLICY, self.kind, self.basis, gaps=self.gaps)

    @property
    def calendar(self) -> BusinessCalendar:
        return POLICY.calendar(self.clock.calendar)

    def open_until(self, until: int) -> int:
        """Open seconds outside all gaps, counted span by span: another way than the one that is tested."""
        away = sorted((epoch(gap.began), self._ends(gap)) for gap in self.gaps)
        total = 0
        for opening in self.calendar.spans(self.basis.start, instant(max(until, epoch(self.basis.start)))):
            at, closes = epoch(opening.opens), epoch(opening.closes)
            for began, ended in away:
                if at < began:
                    total += max(0, min(began, closes) - at)
                at = max(at, min(ended, closes))
            total += max(0, closes - at)
        return total

    def _ends(self, gap: Gap) -> int:
        far = gap.ended or datetime(2099, 1, 1, tzinfo=UTC)
        if gap.capped:
            cap = timedelta(seconds=POLICY.pause_cap.seconds)
            far = min(far, POLICY.calendar(POLICY.pause_cap.calendar).add(gap.began, cap))
        return epoch(far)

    def used(self, until: int) -> int:
        return self.basis.overrun + self.open_until(until)


@st.composite
def happenings(draw: st.DrawFn, *, raised: bool = True) -> Happened:
    """A clock of a timed promise, perhaps raised, with up to four gaps; the last pause may still be on."""
    start = YEAR + timedelta(seconds=draw(st.integers(0, 364 * DAY)))
    overrun, ceiling = 0, None
    if raised and draw(st.booleans()):
        ceiling = start + timedelta(seconds=draw(st.integers(-5 * DAY, 5 * DAY)))
        overrun = draw(st.integers(0, DAY)) if ceiling < start else 0
    basis = Basis(draw(st.sampled_from(["critical", "high"])), start, ceiling=ceiling, overrun=overrun)
    gaps = []
    at = last = start
    for _ in range(draw(st.integers(0, 4))):
        began = at + timedelta(seconds=draw(st.integers(0, 2 * DAY)))
        ended = began + timedelta(seconds=draw(st.integers(0, 12 * DAY)))
        gaps.append(Gap(began, ended, capped=draw(st.booleans())))
        at, last = draw(st.sampled_from([began, ended])), max(last, ended)
    if draw(st.booleans()):
        began = last + timedelta(seconds=draw(st.integers(0, 2 * DAY)))
        gaps.append(Gap(began, None, capped=True))
        last = began
    return Happened(draw(st.sampled_from(ClockKind)), basis, tuple(draw(st.permutations(gaps))), epoch(last))


AHEAD = st.integers(0, 20 * DAY)


@given(happenings(), AHEAD)
def test_what_is_used_is_the_open_time_outside_all_gaps(happened: Happened, ahead: int) -> None:
    now = happened.last + ahead
    assert clocks.elapsed_at(happened.clock, now, happened.calendar) == happened.used(now)


@given(happenings(), AHEAD, AHEAD)
def test_what_is_used_never_decreases_and_never_outruns_the_clock(
    happened: Happened, ahead: int, more: int
) -> None:
    clock, calendar, now = happened.clock, happened.calendar, happened.last + ahead
    earlier, later = (clocks.elapsed_at(clock, at, calendar) for at in (now, now + more))
    assert 0 <= later - earlier <= more


@given(happenings(), AHEAD)
def test_left_and_used_are_what_is_allowed(happened: Happened, ahead: int) -> None:
    reading = clocks.status_at(happened.clock, happened.last + ahead, happened.calendar)
    assert reading.left is not None
    assert happened.clock.allowed == reading.left + reading.elapsed
    assert happened.clock.target is not None
    assert happened.clock.allowed <= happened.clock.target


@given(happenings())
def test_it_is_due_when_all_that_is_allowed_has_been_used(happened: Happened) -> None:
    clock, ceiling = happened.clock, happened.basis.ceiling
    assert clock.due is not None
    assert clock.allowed is not None
    if ceiling is not None and ceiling <= happened.basis.start:
        assert clock.due == epoch(ceiling)
    elif clock.allowed:
        assert happened.used(clock.due) == clock.allowed
        assert happened.used(clock.due - 1) == clock.allowed - 1


@given(happenings())
def test_a_breach_is_the_first_second_past_what_is_allowed(happened: Happened) -> None:
    clock = happened.clock
    assert clock.breached_at is not None
    assert clock.allowed is not None
    if happened.basis.overrun > clock.allowed:
        assert clock.breached_at == epoch(happened.basis.start)
    else:
        assert happened.used(clock.breached_at) == clock.allowed + 1
        assert happened.used(clock.breached_at - 1) == clock.allowed


@given(happenings(), AHEAD)
def test_the_state_is_what_the_figures_say(happened: Happened, ahead: int) -> None:
    clock, now = happened.clock, happened.last + ahead
    assert clock.allowed is not None
    used, allowed, thresholds = happened.used(now), clock.allowed, POLICY.thresholds
    if used > allowed:
        expected = State.BREACHED
    elif clocks.is_paused(clock, now):
        expected = State.PAUSED
    elif used * 100 >= allowed * thresholds.at_risk:
        expected = State.AT_RISK
    else:
        expected = State.DUE_SOON if used * 100 >= allowed * thresholds.due_soon else State.OK
    assert clocks.state_at(clock, now) is expected


@given(happenings(), AHEAD, AHEAD)
def test_a_running_clock_never_goes_back_to_a_better_state(happened: Happened, ahead: int, more: int) -> None:
    now = happened.last + ahead
    states = [clocks.state_at(happened.clock, at) for at in (now, now + more)]
    if State.PAUSED not in states:
        assert ORDER.index(states[0]) <= ORDER.index(states[1])


@given(happenings(), AHEAD, AHEAD, st.data())
def test_rule_09_a_clock_breached_earlier_has_not_used_up_its_present_target(
    happened: Happened, ago: int, ahead: int, data: st.DataObject
) -> None:
    stays = replace(happened.basis, breached_at=instant(happened.last - ago))
    clock = project_clock(POLICY, happened.kind, stays, gaps=happened.gaps)
    now = happened.last + ahead
    reading = clocks.status_at(clock, now, happened.calendar)
    assert reading.state is State.BREACHED
    if reading.breached_earlier:
        assert reading.wording == "breached earlier"
        assert reading.left is None or reading.left >= 0
        change = clocks.next_target_change_after(clock, now)
        if change is not None:
            later = data.draw(st.integers(now, change - 1))
            assert clocks.target_state_at(clock, later) is clocks.target_state_at(clock, now)
            assert clocks.target_state_at(clock, change) is not clocks.target_state_at(clock, now)
    else:
        assert clocks.target_state_at(clock, now) is State.BREACHED


@given(happenings(), AHEAD, st.data())
def test_the_next_change_is_the_first_instant_of_another_state(
    happened: Happened, ahead: int, data: st.DataObject
) -> None:
    clock, now = happened.clock, happened.last + ahead
    state, change = clocks.state_at(clock, now), clocks.next_change_after(clock, now)
    until = now + 400 * DAY if change is None else change - 1
    assert clocks.state_at(clock, data.draw(st.integers(now, until))) is state
    assert clocks.state_at(clock, until) is state
    if change is not None:
        assert change > now
        assert clocks.state_at(clock, change) is not state


@given(happenings(), AHEAD)
def test_a_clock_that_is_asked_for_every_change_comes_to_its_breach(happened: Happened, ahead: int) -> None:
    clock, at = happened.clock, happened.last + ahead
    while (change := clocks.next_change_after(clock, at)) is not None:
        at = change
    assert clocks.state_at(clock, at) is State.BREACHED


@given(happenings(), AHEAD, st.integers(0, 400 * DAY))
def test_a_verdict_is_met_within_what_is_allowed_and_stays(
    happened: Happened, ahead: int, later: int
) -> None:
    at, calendar = happened.last + ahead, happened.calendar
    verdict = clocks.stop(happened.clock, at, calendar)
    assert verdict.allowed is not None
    assert (verdict.state is State.MISSED) == (verdict.elapsed > verdict.allowed)
    assert verdict.elapsed == happened.used(at)
    stopped = project_clock(POLICY, happened.kind, happened.basis, gaps=happened.gaps, verdict=verdict)
    reading = clocks.status_at(stopped, at + later, calendar)
    assert (reading.state, reading.elapsed, reading.due) == (verdict.state, verdict.elapsed, verdict.due)
    assert (reading.stopped_at, reading.paused, reading.out_of_hours) == (instant(at), False, False)
    assert clocks.next_change_after(stopped, at) is None


@given(happenings(), AHEAD)
def test_resuming_a_paused_clock_makes_it_due_when_it_was_said_to_be(happened: Happened, ahead: int) -> None:
    now, clock = happened.last + ahead, happened.clock
    said = clocks.due_if_resumed(clock, now, happened.calendar)
    gaps = [Gap(gap.began, gap.ended or instant(now), gap.capped) for gap in happened.gaps]
    if not clocks.is_paused(clock, now):
        assert said == clock.due
    elif happened.used(now) <= (clock.allowed or 0) and happened.basis.ceiling is None:
        assert said == project_clock(POLICY, happened.kind, happened.basis, gaps=gaps).due


@given(happenings())
def test_stretches_follow_one_another_without_a_hole(happened: Happened) -> None:
    found = split_spans(POLICY, happened.basis, happened.gaps)
    assert found[0].start == epoch(happened.basis.start)
    assert [each.end for each in found[:-1]] == [each.start for each in found[1:]]
    assert all(each.end is not None and each.start < each.end for each in found[:-1])
    assert found[-1].end is None


@given(happenings())
def test_a_course_comes_back_from_the_database_as_it_was(happened: Happened) -> None:
    clock = happened.clock
    assert msgspec.json.decode(msgspec.json.encode(clock), type=ClockProjection) == clock


def test_a_clock_of_a_timed_promise_that_stands_for_good_keeps_its_figures() -> None:
    start = datetime(2026, 11, 23, 8, tzinfo=UTC)
    stood = Gap(start + timedelta(hours=4), None, capped=False)
    clock = project_clock(POLICY, ClockKind.RESOLUTION, Basis("high", start), gaps=[stood])
    later = epoch(start) + 90 * DAY
    assert clocks.left_at(clock, later, POLICY.calendar("office")) == 20 * 3600
    assert (clock.run_from, clock.due, clock.breached_at) == (clocks.NEVER, None, None)
    assert clocks.state_at(clock, later) is State.OK
    assert clocks.next_change_after(clock, epoch(start)) is None
    assert not clocks.status_at(clock, epoch(start) + 12 * 3600, POLICY.calendar("office")).out_of_hours


def test_the_queue_shows_the_response_until_it_is_given_and_then_the_resolution() -> None:
    start = datetime(2026, 11, 23, 8, tzinfo=UTC)
    running = project_clock(POLICY, ClockKind.RESPONSE, Basis("high", start))
    resolution = project_clock(POLICY, ClockKind.RESOLUTION, Basis("high", start))
    verdict = clocks.stop(running, epoch(start) + 60, POLICY.calendar("office"))
    given_answer = project_clock(POLICY, ClockKind.RESPONSE, Basis("high", start), verdict=verdict)
    assert clocks.leading_clock(running, resolution) is running
    assert clocks.leading_clock(given_answer, resolution) is resolution


@pytest.mark.parametrize("state", [State.VOID, State.MET])
def test_a_stopped_promise_without_a_time_shows_no_time_left(state: State) -> None:
    start = datetime(2026, 11, 23, 8, tzinfo=UTC)
    verdict = Verdict(state, start + timedelta(hours=1), 3600, None, None)
    clock = project_clock(
        POLICY, ClockKind.RESOLUTION, Basis("medium", start), verdict=verdict, fix_day=date(2026, 12, 9)
    )
    reading = clocks.status_at(clock, epoch(start) + DAY, POLICY.calendar("office"))
    assert (reading.state, reading.left, reading.percent, reading.elapsed) == (state, None, None, 3600)


def test_the_share_used_is_whole_percents_rounded_down_and_goes_past_a_hundred() -> None:
    start = datetime(2026, 11, 23, 8, tzinfo=UTC)
    clock = project_clock(POLICY, ClockKind.RESPONSE, Basis("critical", start))
    always = POLICY.calendar("always")
    shares = [
        clocks.status_at(clock, epoch(start) + seconds, always).percent for seconds in (0, 35, 36, 3600, 3672)
    ]
    assert shares == [0, 0, 1, 100, 102]
    over = project_clock(POLICY, ClockKind.RESPONSE, Basis("critical", start, ceiling=start, overrun=60))
    assert clocks.status_at(over, epoch(start), always).percent == 100
