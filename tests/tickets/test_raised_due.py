"""When a ticket is due whose severity, calendar and policy change one after the other (rules 5, 8, 9, 12 and 13)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime

import msgspec
from hypothesis import given, settings
from hypothesis import strategies as st

from supportdesk.sla.clock_projection import calendar_of, project_clock
from supportdesk.sla.clocks import Basis, ClockKind, State, epoch, state_at
from supportdesk.sla.policy import Amount, Policy, with_days
from supportdesk.store import payloads
from supportdesk.tickets.events import SeverityChanged
from supportdesk.tickets.evolve import build_ticket
from supportdesk.tickets.process.conversation import Reply
from supportdesk.tickets.process.policy import MoveToPolicy
from supportdesk.tickets.process.resolution import PromiseFix, Resume, Wait
from supportdesk.tickets.process.severity import ChangeSeverity
from supportdesk.tickets.promises import find_clock_gaps
from supportdesk.tickets.recalculation import find_due_moves, project_clocks
from supportdesk.tickets.records.commands import ChangeDay
from supportdesk.tickets.refusal import Refusal
from tests.tickets.scenario import MONDAY_NINE, Scenario, claritum, logged

TUESDAY, WEDNESDAY, THURSDAY = (datetime(2026, 11, day, 9, tzinfo=UTC) for day in (24, 25, 26))
SEVERITIES = ("critical", "high", "medium", "low", "change")
CLOSED = ()
LONGER = (("06:00", "22:00"),)


def quicker() -> Policy:
    """The same severities with half of the time for each target, as version 2."""

    def half(amount: Amount | None) -> Amount | None:
        return Amount(amount.calendar, minutes=amount.seconds // 120) if amount else None

    severities = tuple(
        msgspec.structs.replace(each, response=half(each.response), resolution=half(each.resolution))
        for each in claritum().severities
    )
    return msgspec.structs.replace(claritum(), version="2", severities=severities)


@dataclass
class Desk:
    """One ticket on a calendar whose days change; `targets` are those that its clocks run to, oldest first."""

    scenario: Scenario
    days: list[ChangeDay] = field(default_factory=list)
    targets: list[tuple[str, datetime]] = field(default_factory=list)

    def change_day(self, day: date, spans: tuple[tuple[str, str], ...]) -> None:
        """Does what the desk does to every ticket when a day is declared."""
        scenario = self.scenario
        before = project_clocks(scenario.policy, scenario.now)
        self.days.append(ChangeDay("office", day, spans, "as it happens"))
        scenario.policy = self.policies[scenario.now.policy]
        after = project_clocks(scenario.policy, scenario.now)
        scenario.apply(*find_due_moves(before, after, "as it happens", scenario.at), by="sue")

    @property
    def policies(self) -> dict[str, Policy]:
        return {each.version: with_days(each, self.days) for each in (claritum(), quicker())}

    def move_policy(self) -> None:
        other = "2" if self.scenario.now.policy == claritum().version else claritum().version
        self.scenario.with_records(policies=self.policies)
        self.scenario.do(MoveToPolicy(self.scenario.now.ref, other), by="sue")
        self.scenario.policy = self.policies[other]

    def change_severity(self, severity: str, because: str) -> None:
        scenario = self.scenario
        if severity == scenario.now.severity:
            return
        raised = SEVERITIES.index(severity) < SEVERITIES.index(scenario.now.severity)
        assert not isinstance(
            scenario.attempt(ChangeSeverity(scenario.now.ref, severity, "they rang", because), by="sue"),
            Refusal,
        )
        if raised and because == "impact changed":
            self.targets.append((severity, scenario.at))
        else:
            self.targets = [(severity, scenario.now.received_at)]

    def expected(self, kind: ClockKind) -> int | None:
        """The due time by rule 8: of every target since the last that counts from the arrival, the earliest end."""
        ends: list[int] = []
        for severity, start in self.targets:
            of = self.scenario.policy.severity(severity)
            amount = of.response if kind is ClockKind.RESPONSE else of.resolution
            if amount is None:
                ends = []
            else:
                calendar = self.scenario.policy.calendar(calendar_of(of, kind))
                ends.append(calendar.add_seconds(epoch(start), amount.seconds))
        return min(ends, default=None)

    def expected_with_pauses(self, kind: ClockKind) -> int | None:
        """The same where the clock has paused: each target alone, run past the pauses."""
        dues: list[int | None] = []
        for severity, start in self.targets:
            of = self.scenario.policy.severity(severity)
            if (of.response if kind is ClockKind.RESPONSE else of.resolution) is None:
                dues = []
            else:
                basis, paused = Basis(severity, start), find_clock_gaps(self.scenario.now, kind)
                dues.append(project_clock(self.scenario.policy, kind, basis, gaps=paused).due)
        return min((due for due in dues if due is not None), default=None)

    def pause(self) -> None:
        ref = self.scenario.now.ref
        if self.scenario.now.waiting is None:
            self.scenario.do(Reply(ref, "Which version is it?"), by="sue")
            self.scenario.attempt(Wait(ref), by="sue")

    def go_on(self) -> None:
        if self.scenario.now.waiting is not None:
            self.scenario.do(Resume(self.scenario.now.ref, "it came"), by="sue")

    def due(self, kind: ClockKind) -> int | None:
        return self.scenario.clock(kind).due

    def breaches(self) -> dict[ClockKind, int | None]:
        """Since when each clock is breached now."""
        now = epoch(self.scenario.at)
        return {
            kind: self.scenario.clock(kind).breached_at
            for kind in ClockKind
            if state_at(self.scenario.clock(kind), now) is State.BREACHED
        }


def desk(severity: str = "medium", at: datetime = TUESDAY) -> Desk:
    return Desk(logged(severity, at=at), targets=[(severity, at)])


def test_rule_08_a_day_that_is_closed_after_the_raise_moves_the_new_due_time_and_the_old() -> None:
    it = desk()
    it.scenario.at = WEDNESDAY.replace(hour=18, minute=30)
    it.change_severity("high", "impact changed")
    assert it.scenario.clock_status(ClockKind.RESPONSE).due == THURSDAY.replace(hour=11)
    it.change_day(THURSDAY.date(), CLOSED)
    friday = datetime(2026, 11, 27, 11, tzinfo=UTC)
    assert it.scenario.clock_status(ClockKind.RESPONSE).due == friday
    assert it.scenario.clock_status(ClockKind.RESPONSE).left == 3 * 3600
    assert it.scenario.history[-2][0].sentence() == (
        "response due time moved from 26 Nov 2026 11:00 UTC to 27 Nov 2026 11:00 UTC: as it happens"
    )


def test_rule_08_the_old_due_time_holds_where_it_comes_first_on_the_changed_calendar() -> None:
    it = desk()
    it.scenario.at = THURSDAY.replace(hour=12)
    it.change_severity("high", "impact changed")
    assert it.scenario.clock_status(ClockKind.RESPONSE).due == THURSDAY.replace(hour=13)
    it.change_day(WEDNESDAY.date(), CLOSED)
    # Without Wednesday the old target would end on Friday at 13:00: the new one, three hours from the raise, is first.
    assert it.scenario.clock_status(ClockKind.RESPONSE).due == THURSDAY.replace(hour=15)


def test_rule_08_extra_hours_after_the_raise_bring_the_old_due_time_forward() -> None:
    it = desk()
    it.scenario.at = WEDNESDAY.replace(hour=19)
    it.change_severity("high", "impact changed")
    it.change_day(WEDNESDAY.date(), (("08:00", "23:00"),))
    assert it.scenario.clock_status(ClockKind.RESPONSE).due == WEDNESDAY.replace(hour=22)


def test_rule_08_a_ticket_raised_twice_is_due_no_later_than_either_old_target() -> None:
    it = desk()
    it.scenario.at = THURSDAY.replace(hour=12, minute=30)
    it.change_severity("high", "impact changed")
    it.scenario.at = THURSDAY.replace(hour=12, minute=45)
    it.change_severity("critical", "impact changed")
    assert it.scenario.clock_status(ClockKind.RESPONSE).due == THURSDAY.replace(hour=13)
    it.change_day(THURSDAY.date(), CLOSED)
    assert it.scenario.clock_status(ClockKind.RESPONSE).due == THURSDAY.replace(hour=13, minute=45)


def test_a_raise_that_an_older_program_wrote_still_holds_its_due_time() -> None:
    written = (
        b'{"event":"severity changed","was":"medium","severity":"high","because":"impact changed",'
        b'"reason":"they rang","response":{"severity":"high","start":"2026-11-26T12:00:00Z",'
        b'"ceiling":"2026-11-26T13:00:00Z","overrun":0,"breached_at":null,"late_when_raised":false}}'
    )
    raised = payloads.decode(written.decode())
    assert isinstance(raised, SeverityChanged)
    scenario = logged("medium", at=TUESDAY)
    scenario.at = THURSDAY.replace(hour=12)
    scenario.apply(raised, by="ann")
    assert scenario.clock_status(ClockKind.RESPONSE).due == THURSDAY.replace(hour=13)


def test_rule_05_a_severity_whose_fix_date_has_passed_already_is_breached_from_the_change_on() -> None:
    scenario = logged("change")
    scenario.do(PromiseFix(scenario.now.ref, "2026.12"))
    scenario.do(Reply(scenario.now.ref, "We will look into it."))
    scenario.at = datetime(2026, 12, 14, 9, tzinfo=UTC)
    assert scenario.clock(ClockKind.RESOLUTION).breached_at is None
    scenario.do(ChangeSeverity(scenario.now.ref, "medium", "it stops them working"), by="sue")
    assert scenario.clock(ClockKind.RESOLUTION).breached_at == epoch(scenario.at)


def test_rule_05_extra_hours_in_the_past_breach_from_their_declaration_on() -> None:
    it = desk("high", at=TUESDAY)
    it.scenario.at = TUESDAY.replace(hour=11, minute=30)
    it.change_day(TUESDAY.date(), CLOSED)
    assert it.scenario.clock_status(ClockKind.RESPONSE).state is State.OK
    it.scenario.at = WEDNESDAY
    it.change_day(TUESDAY.date(), (("08:00", "18:00"),))
    assert it.scenario.clock_status(ClockKind.RESPONSE).due == TUESDAY.replace(hour=12)
    assert it.scenario.clock(ClockKind.RESPONSE).breached_at == epoch(WEDNESDAY)


def test_rule_05_a_policy_that_asks_for_more_breaches_from_the_move_on() -> None:
    it = desk("high", at=TUESDAY)
    it.scenario.at = TUESDAY.replace(hour=11)
    it.move_policy()
    assert it.scenario.clock_status(ClockKind.RESPONSE).due == TUESDAY.replace(hour=10, minute=30)
    assert it.scenario.clock(ClockKind.RESPONSE).breached_at == epoch(TUESDAY.replace(hour=11))


Step = Callable[[Desk], None]

DAYS = st.dates(date(2026, 11, 23), date(2026, 12, 4))
STEPS: st.SearchStrategy[Step] = st.one_of(
    st.builds(
        lambda severity, because: lambda it: it.change_severity(severity, because),
        st.sampled_from(SEVERITIES),
        st.sampled_from(["impact changed", "impact changed", "wrong at triage"]),
    ),
    st.builds(
        lambda day, spans: lambda it: it.change_day(day, spans), DAYS, st.sampled_from([CLOSED, LONGER])
    ),
    st.just(lambda it: it.move_policy()),
)


@given(
    severity=st.sampled_from(SEVERITIES),
    steps=st.lists(st.tuples(st.integers(0, 30 * 3600), STEPS), max_size=8),
)
@settings(deadline=None)
def test_rule_08_after_any_changes_a_clock_is_due_at_the_earliest_of_its_targets_on_the_calendar_as_it_is(
    severity: str, steps: list[tuple[int, Step]]
) -> None:
    it = desk(severity, at=MONDAY_NINE)
    for seconds, step in steps:
        it.scenario.later(seconds=seconds)
        before = it.breaches()
        step(it)
        for kind in ClockKind:
            assert it.due(kind) == it.expected(kind), kind
        for kind, since in it.breaches().items():
            if kind in before:
                assert since is not None
                assert since <= epoch(it.scenario.at)
            else:
                assert since == epoch(it.scenario.at), "a change breaches from its own moment on"
    assert build_ticket(it.scenario.now.ref, it.scenario.history) == it.scenario.now


PAUSES: st.SearchStrategy[Step] = st.sampled_from([lambda it: it.pause(), lambda it: it.go_on()])


@given(
    severity=st.sampled_from(SEVERITIES),
    steps=st.lists(st.tuples(st.integers(0, 30 * 3600), st.one_of(STEPS, PAUSES)), max_size=10),
)
@settings(deadline=None)
def test_rule_08_pauses_move_every_target_of_a_raised_ticket_alike(
    severity: str, steps: list[tuple[int, Step]]
) -> None:
    it = desk(severity, at=MONDAY_NINE)
    for seconds, step in steps:
        it.scenario.later(seconds=seconds)
        step(it)
        for kind in ClockKind:
            if it.scenario.clock(kind).verdict is None:
                assert it.due(kind) == it.expected_with_pauses(kind), kind
