"""What a watcher records after it has slept, and where nothing is due."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from supportdesk.sla.clocks import instant
from supportdesk.tickets.escalation.steps import StepKey, StepOutcome, StepRecord
from supportdesk.tickets.escalation.tick import has_alerted_late
from supportdesk.tickets.process.assignment import Claim
from supportdesk.tickets.process.conversation import Reply
from supportdesk.tickets.process.triage import Acknowledge
from tests.tickets.escalation.watched import REF, TICK, Watched, watched
from tests.tickets.scenario import MONDAY_NINE


def slept(desk: Watched, **amount: float) -> Watched:
    """Let time pass without a watcher, which then looks again."""
    desk.down = True
    desk.wait(**amount)
    desk.down = False
    return desk


def later(desk: Watched) -> Watched:
    """Go on to the next tick."""
    desk.scenario.at += timedelta(seconds=TICK)
    return desk


def test_rule_21_late_steps_are_marked_and_come_one_at_a_tick() -> None:
    desk = slept(watched(), minutes=32)
    ticks = []
    while made := desk.tick():
        ticks.append([(each.key.step, each.outcome.value, each.late) for each in made])
        desk.scenario.at += timedelta(seconds=TICK)
    # The second on call is nobody, so that the Support Manager is paged at once, which is not late.
    assert ticks == [
        [("on-call/2", "fired", True), ("second", "skipped", True), ("manager", "fired", False)],
    ]


def test_a_step_is_not_late_within_a_minute() -> None:
    desk = slept(watched(), minutes=5, seconds=60)
    assert [(each.key.step, each.late) for each in desk.tick()] == [("on-call/2", False)]


def test_rule_21_late_notices_of_one_clock_alert_with_the_last_of_them_only() -> None:
    desk = watched("high")
    desk.do(Claim(REF), by="ann")
    slept(desk, days=1, hours=-1)
    made = [record for _ in range(4) for record in later(desk).tick()]
    assert [(each.key.step, each.outcome, each.late) for each in made] == [
        ("response-owner", StepOutcome.TOO_OLD, True),
        ("response-supervisor", StepOutcome.TOO_OLD, True),
        ("response-manager", StepOutcome.FIRED, True),
    ]
    assert made[0].reason == "too late to help, as response-supervisor is due as well"


def test_late_notices_within_the_hour_alert_everybody_one_after_the_other() -> None:
    desk = watched("high")
    desk.do(Claim(REF), by="ann")
    slept(desk, hours=3, minutes=2)
    assert [[each.key.step for each in later(desk).tick()] for _ in range(4)] == [
        ["response-owner"],
        ["response-supervisor"],
        ["response-manager"],
        [],
    ]


def test_rule_21_late_pages_of_a_critical_reach_everybody_whom_no_later_one_reaches() -> None:
    desk = watched()
    desk.do(Acknowledge(REF))
    desk.do(Reply(REF, "We are on it."))
    slept(desk, hours=12)
    made = [record for _ in range(4) for record in later(desk).tick()]
    assert [(each.key.step, each.outcome, each.people) for each in made] == [
        ("resolution-owner", StepOutcome.FIRED, ("priya", "sue")),
        ("resolution-head", StepOutcome.FIRED, ("hal",)),
        ("resolution-director", StepOutcome.FIRED, ("dora",)),
    ]
    assert all(each.late for each in made)


def test_a_late_step_from_before_the_clock_was_set_back_holds_back_no_other() -> None:
    late = StepRecord(
        StepKey(REF, "resolution", 1, "owner"), StepOutcome.FIRED, 0, 9_000, "page", ("sue",), late=True
    )
    assert [has_alerted_late([late], at) for at in (8_999, 9_000, 9_004, 9_005)] == [False, True, True, False]


def test_late_pages_to_the_same_person_ring_once() -> None:
    desk = watched()
    desk.scenario.with_records(rotations=())
    staff = {key: each for key, each in desk.scenario.records.staff.items() if key == "hal"}
    desk.scenario.with_records(staff={**staff, "ann": desk.scenario.records.staff["ann"]})
    slept(desk, hours=2)
    made = [record for _ in range(4) for record in later(desk).tick()]
    assert [(each.key.step, each.outcome) for each in made if each.people == ("hal",)] == [
        ("on-call/2", StepOutcome.TOO_OLD),
        ("head", StepOutcome.FIRED),
    ]


def test_nothing_is_recorded_before_the_next_step_is_due() -> None:
    desk = watched()
    due = desk.next_due
    assert due is not None
    desk.scenario.at += timedelta(seconds=due - desk.now - 1)
    assert desk.tick() == []
    desk.scenario.at += timedelta(seconds=1)
    assert [each.key.step for each in desk.tick()] == ["on-call/2"]
    assert desk.tick() == []


def test_a_step_that_was_due_just_before_an_acknowledgement_waits_for_its_end() -> None:
    desk = slept(watched(), minutes=5, seconds=2)
    desk.do(Acknowledge(REF))
    assert desk.tick() == []
    assert [each[1] for each in desk.told(desk.wait(minutes=60))][:1] == ["on-call/2"]
    assert not any(each.late for each in desk.records)


def test_a_notice_that_an_acknowledgement_held_back_until_the_evening_waits_for_the_morning() -> None:
    desk = watched("high", at=MONDAY_NINE + timedelta(hours=4, minutes=55))
    desk.wait(days=2, hours=3, minutes=55)
    desk.do(Acknowledge(REF), by="ann")
    desk.wait(days=1)
    last = desk.records[-1]
    assert last.key.step == "resolution-manager"
    # It was due on Wednesday at 17:55, and the acknowledgement was valid until 18:05.
    assert instant(last.at) == datetime(2026, 11, 26, 8, tzinfo=UTC)
