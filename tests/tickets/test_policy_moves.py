"""Moving a ticket to another version of the policy."""

from datetime import UTC, datetime

import msgspec
from msgspec.structs import replace

from supportdesk.sla.clocks import ClockKind, State
from supportdesk.sla.policy import Amount, Policy
from supportdesk.tickets.ladder import find_reached_rung
from supportdesk.tickets.process.conversation import Reply
from supportdesk.tickets.process.policy import MoveToPolicy
from supportdesk.tickets.recalculation import refuse_policy_conflict
from tests.tickets.scenario import Scenario, claritum, logged


def slower() -> Policy:
    """The same promises, but a High is answered within five business hours."""
    severities = tuple(
        msgspec.structs.replace(each, response=Amount("office", hours=5)) if each.key == "high" else each
        for each in claritum().severities
    )
    return msgspec.structs.replace(claritum(), version="2", severities=severities)


def move(scenario: Scenario) -> None:
    scenario.with_records(policies={"1": claritum(), "2": slower()})
    scenario.do(MoveToPolicy(scenario.now.ref, "2"), by="sue")
    scenario.policy = slower()


def test_rule_13_a_ticket_keeps_the_version_in_force_at_its_arrival() -> None:
    assert logged().now.policy == claritum().version


def test_rule_13_a_moved_tickets_clocks_follow_the_new_promise_and_say_what_moved() -> None:
    scenario = logged()
    move(scenario)
    assert scenario.now.policy == "2"
    assert scenario.clock_status(ClockKind.RESPONSE).due == datetime(2026, 11, 23, 14, 0, tzinfo=UTC)
    assert [event.sentence() for event in scenario.events] == [
        "moved from policy 1 to 2",
        "response due time moved from 23 Nov 2026 12:00 UTC to 23 Nov 2026 14:00 UTC: policy 2",
    ]


def test_rule_13_a_verdict_stays_when_the_ticket_moves() -> None:
    scenario = logged()
    scenario.do(Reply(scenario.now.ref, "Hello"))
    verdict = scenario.now.response_verdict
    move(scenario)
    assert scenario.now.response_verdict == verdict


def test_rule_13_a_breach_stays_when_the_ticket_moves() -> None:
    scenario = logged().later(hours=4)
    move(scenario)
    assert scenario.clock_status(ClockKind.RESPONSE).state is State.BREACHED


def test_moving_to_the_same_or_an_unknown_version_is_refused() -> None:
    scenario = logged().with_records(policies={"1": claritum()})
    ref = scenario.now.ref
    assert "already on policy 1" in scenario.refused(MoveToPolicy(ref, "1"), by="sue")
    assert "no policy '9'; the installed ones are 1" in scenario.refused(MoveToPolicy(ref, "9"), by="sue")


def test_moving_to_a_version_without_the_tickets_severity_is_refused() -> None:
    fewer = msgspec.structs.replace(claritum(), version="3", severities=claritum().severities[:1])
    scenario = logged().with_records(policies={"3": fewer})
    assert "has no severity 'high'" in scenario.refused(MoveToPolicy(scenario.now.ref, "3"), by="sue")


def test_moving_to_a_version_without_the_tickets_channel_is_refused() -> None:
    scenario = logged("high")
    channels = tuple(each for each in claritum().channels if each.key != "phone")
    without = msgspec.structs.replace(claritum(), version="3", channels=channels)
    scenario.with_records(policies={"1": claritum(), "3": without})
    assert "has no channel 'phone'" in scenario.refused(MoveToPolicy(scenario.now.ref, "3"), by="sue")


def test_a_ticket_above_the_top_of_a_shorter_ladder_is_at_its_top() -> None:
    scenario = logged("high")
    shorter = msgspec.structs.replace(claritum(), ladder=claritum().ladder[:1])
    assert find_reached_rung(shorter, replace(scenario.now, rung=3)) == claritum().ladder[0]


def test_only_a_supervisor_or_an_administrator_moves_tickets() -> None:
    scenario = logged().with_records(policies={"2": slower()})
    assert "only a" in scenario.refused(MoveToPolicy(scenario.now.ref, "2"), by="ann")


def test_rule_13_the_ladders_of_an_installed_version_do_not_change() -> None:
    severities = tuple(msgspec.structs.replace(each, ladder=()) for each in claritum().severities)
    changed = msgspec.structs.replace(claritum(), severities=severities)
    refusal = refuse_policy_conflict(claritum(), changed)
    assert refusal is not None
    assert "already installed" in refusal.reason
    assert refuse_policy_conflict(claritum(), claritum()) is None
