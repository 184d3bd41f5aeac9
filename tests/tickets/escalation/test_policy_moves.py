"""A move to another policy version alerts nobody for what passed long before it (rule 22)."""

from __future__ import annotations

from datetime import timedelta

import pytest
from msgspec.structs import replace

from supportdesk.sla.clocks import ClockKind
from supportdesk.sla.policy import Policy
from supportdesk.tickets.decision_context import CaseRecords
from supportdesk.tickets.events import DueMoved
from supportdesk.tickets.process.policy import MoveToPolicy
from supportdesk.tickets.process.triage import Acknowledge
from tests.tickets.escalation.watched import FULL, REF, Watched, watched
from tests.tickets.scenario import MONDAY_NINE, claritum

NEW = replace(claritum(), version="2")


def without_ladder() -> Policy:
    """The policy of a desk from before there were ladders."""
    policy = claritum()
    return replace(policy, severities=tuple(replace(each, ladder=()) for each in policy.severities))


def records(old: Policy) -> CaseRecords:
    return replace(FULL, policies={"1": old, "2": NEW})


def move(desk: Watched) -> None:
    desk.scenario.policy = desk.scenario.records.policies[desk.scenario.now.policy]
    desk.do(MoveToPolicy(REF, "2"), by="sue")
    desk.scenario.policy = NEW


def at_logging(severity: str, old: Policy) -> Watched:
    desk = watched(severity, records=records(old))
    desk.scenario.policy = old
    return desk


def test_rule_22_shares_that_passed_long_before_the_move_alert_nobody_and_later_ones_do() -> None:
    desk = at_logging("high", without_ladder())
    desk.do(Acknowledge(REF), by="ann")
    assert desk.wait(hours=30) == []
    move(desk)
    assert desk.tick() == []
    steps = {each.key.step for each in desk.steps}
    assert "response-owner" not in steps
    assert "resolution-manager" in steps


def test_rule_22_what_passed_just_before_the_move_is_late_and_alerts_one_by_one() -> None:
    desk = at_logging("high", without_ladder())
    desk.wait(hours=1, minutes=50)
    move(desk)
    made = desk.tick()
    assert len(made) <= 1
    assert all(each.late and each.due < desk.now for each in made)
    assert desk.next_due is not None


def test_rule_22_a_calendar_that_changes_later_brings_back_nothing_that_passed_before_the_move() -> None:
    desk = at_logging("high", without_ladder())
    desk.wait(hours=30)
    move(desk)
    before = {each.key.step for each in desk.steps}
    desk.wait(minutes=1)
    desk.scenario.apply(DueMoved(ClockKind.RESPONSE, None, None, "bank holiday"), by="sue")
    assert {each.key.step for each in desk.steps} == before


def test_rule_22_a_critical_that_nobody_acknowledged_goes_up_the_ladder_from_the_move_on() -> None:
    desk = at_logging("critical", without_ladder())
    assert desk.wait(hours=2) == []
    move(desk)
    began = desk.scenario.at
    made = desk.wait(minutes=40)
    pages = [(each.at - int(began.timestamp())) // 60 for each in made if each.key.clock == "acknowledgement"]
    assert pages == [0, 5, 5, 20], (
        "5, 10, 15 and 30 minutes, from the first of them on; there is no second line"
    )


@pytest.mark.parametrize("severity", ["critical", "high"])
@pytest.mark.parametrize("after", [3, 7, 12, 45, 300])
def test_rule_22_between_versions_with_the_same_ladder_a_move_changes_nothing(
    severity: str, after: int
) -> None:
    moved, stays = at_logging(severity, claritum()), at_logging(severity, claritum())
    for desk in (moved, stays):
        desk.wait(minutes=after)
    move(moved)
    assert moved.tick() == []
    for desk in (moved, stays):
        desk.wait(hours=40)
    assert moved.told() == stays.told()
    assert moved.scenario.at == stays.scenario.at > MONDAY_NINE + timedelta(hours=40)
