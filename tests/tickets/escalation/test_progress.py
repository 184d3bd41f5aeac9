"""Where an escalation stands after events that change it without being part of it."""

from __future__ import annotations

from datetime import timedelta

import msgspec
import pytest

from supportdesk.sla.clocks import ClockKind
from supportdesk.sla.ladder import SECOND_ON_CALL
from supportdesk.tickets.escalation.progress import Acknowledgement, follow_history
from supportdesk.tickets.events import (
    CorrectedTimes,
    DueMoved,
    PageAcknowledged,
    Paged,
    PolicyMoved,
    TimeCorrected,
)
from supportdesk.tickets.process.assignment import Claim
from supportdesk.tickets.process.severity import ChangeSeverity
from supportdesk.tickets.process.triage import Acknowledge
from supportdesk.tickets.process.undo import Undo
from tests.tickets.escalation.watched import REF, watched
from tests.tickets.scenario import MONDAY_NINE, claritum


def minutes(amount: int) -> timedelta:
    return timedelta(minutes=amount)


def test_an_acknowledgement_that_is_undone_was_never_given() -> None:
    desk = watched()
    desk.wait(minutes=6)
    before = desk.progress
    desk.do(Acknowledge(REF))
    desk.wait(minutes=1)
    desk.do(Undo(REF))
    assert desk.progress == msgspec.structs.replace(before, since=MONDAY_NINE + minutes(7))
    assert [each[0] for each in desk.told(desk.wait(minutes=4))] == ["10:00", "10:00"]


def test_a_claim_that_is_undone_lets_the_countdown_go_on() -> None:
    desk = watched()
    desk.do(Acknowledge(REF))
    desk.do(Claim(REF))
    claimed = desk.progress
    desk.do(Undo(REF))
    undone = desk.progress
    assert (claimed.taken_up_at, undone.taken_up_at) == (desk.scenario.at, None)
    assert undone.valid_at(desk.scenario.at) is not None


def test_a_severity_that_was_undone_continues_the_ladder_before_it() -> None:
    desk = watched("high")
    desk.wait(hours=1)
    desk.do(ChangeSeverity(REF, "medium", "There is a way around it"), by="ann")
    assert desk.progress.cycle > 1
    desk.do(Undo(REF), by="ann")
    assert desk.progress.cycle == 1
    assert [each[1] for each in desk.told(desk.wait(hours=2))] == ["response-owner", "response-supervisor"]


def test_the_same_severity_a_second_time_begins_a_cycle_of_its_own() -> None:
    desk = watched("high")
    desk.wait(hours=2, minutes=30)
    for severity in ("medium", "high"):
        desk.do(ChangeSeverity(REF, severity, "It depends", because="wrong at triage"), by="sue")
    desk.wait(seconds=10)
    cycles = [each.key.cycle for each in desk.records if each.key.step == "response-owner"]
    assert len(cycles) == len({*cycles}) == 2


@pytest.mark.parametrize(
    "event", [PolicyMoved("1", "1"), DueMoved(ClockKind.RESPONSE, None, None, "bank holiday")]
)
def test_rule_22_another_target_or_calendar_continues_the_cycle(event: PolicyMoved | DueMoved) -> None:
    desk = watched()
    desk.wait(minutes=6)
    before = desk.progress
    desk.scenario.apply(event, by="sue")
    moves = (desk.scenario.at,) if isinstance(event, PolicyMoved) else ()
    assert desk.progress == msgspec.structs.replace(before, since=desk.scenario.at, moves=moves)
    assert desk.wait(minutes=3) == []


def test_what_a_wrong_clock_had_dated_in_the_future_counts_from_the_right_time() -> None:
    desk = watched(at=MONDAY_NINE + timedelta(days=30))
    desk.do(Acknowledge(REF))
    desk.scenario.at = right = MONDAY_NINE
    was = MONDAY_NINE + timedelta(days=30)
    times = CorrectedTimes(received_at=right, logged_at=right)
    desk.scenario.apply(TimeCorrected(was, right, "clock", times), by="sue")
    progress = desk.progress
    assert (progress.began, progress.since, progress.acknowledgements) == (right, right, ())


def test_the_end_of_triage_by_somebody_else_does_not_silence_a_page() -> None:
    desk = watched()
    assert desk.scenario.attempt(Acknowledge(REF), "ann") is not None
    assert desk.progress.acknowledgements == ()


def test_the_page_of_somebody_who_left_was_not_acknowledged() -> None:
    desk = watched()
    desk.wait(minutes=2)
    desk.scenario.apply(
        PageAcknowledged("priya", "Priya"), Paged("sam", "Sam", "", "Priya has left"), by="sue"
    )
    assert desk.progress.acknowledgements == ()
    assert [each[0] for each in desk.told(desk.wait(minutes=4))] == ["5:00"]


def test_an_acknowledgement_in_the_evening_of_an_office_clock_lasts_until_the_morning() -> None:
    desk = watched("high", at=MONDAY_NINE + timedelta(hours=8))
    desk.do(Acknowledge(REF), by="ann")
    valid = desk.progress.valid_at(desk.scenario.at)
    # An hour and a half of the three office hours that are left: until 18:00, and half an hour from 08:00 on.
    assert valid == Acknowledgement("ann", desk.scenario.at, MONDAY_NINE + timedelta(hours=23, minutes=30))


def test_a_history_must_begin_with_the_logging_of_the_ticket() -> None:
    with pytest.raises(ValueError, match="no events"):
        follow_history({"1": claritum()}, REF, [])


def test_the_built_in_ladder_names_a_second_line_that_the_rota_may_not_have() -> None:
    assert any(SECOND_ON_CALL in rung.to for rung in claritum().severity("critical").ladder)
