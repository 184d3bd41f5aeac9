"""The words for steps that a watcher recorded, which no command line can make."""

from __future__ import annotations

from datetime import timedelta

from msgspec.structs import replace

from supportdesk.cli.escalation_text import escalation_lines
from supportdesk.sla.ladder import EscalationRung
from supportdesk.sla.policy import Policy
from supportdesk.tickets.escalation.explanation import explain_escalation
from supportdesk.tickets.escalation.recipients import RecipientData
from tests.tickets.escalation.watched import REF, Watched, watched


def lines(desk: Watched) -> list[str]:
    data = RecipientData(desk.scenario.records, "max")
    explanation = explain_escalation(desk.case, data, desk.scenario.at, desk.records)
    return list(escalation_lines(explanation, str.title))


def with_ladder(desk: Watched, *ladder: EscalationRung) -> Policy:
    policy = desk.scenario.policy
    severity = desk.scenario.now.severity
    changed = (replace(each, ladder=ladder) if each.key == severity else each for each in policy.severities)
    return replace(policy, severities=tuple(changed))


def test_a_policy_without_a_ladder_says_so() -> None:
    desk = watched()
    desk.scenario.policy = with_ladder(desk)
    assert lines(desk) == [
        f"{REF}  Critical  escalation as of Mon 23 Nov 2026 09:00 GMT",
        "",
        "Version 1 of the policy has no ladder for Critical.",
    ]


def test_recorded_steps_say_whom_they_reached_and_when_they_were_late() -> None:
    desk = watched("high")
    desk.down = True
    desk.wait(hours=2, minutes=45)
    desk.down = False
    desk.wait(minutes=2)
    told = [line.partition("  ")[2] for line in lines(desk)]
    assert "75 % of the response target    notified Ann, Hal, Sam, Sue, late: 11:45 GMT" in told
    assert "90 % of the response target    notified Dora, Hal, Sue, late: 11:45 GMT" in told
    assert "response breached              will notify Sue" in told


def test_steps_that_alerted_nobody_say_why() -> None:
    desk = watched("high")
    desk.down = True
    desk.wait(days=1)
    desk.down = False
    desk.wait(minutes=1)
    why = "alerted nobody: too late to help, as response-supervisor is due as well"
    assert any(line.endswith(why) for line in lines(desk))


def test_a_reassignment_names_who_gets_the_ticket() -> None:
    desk = watched()
    rung = EscalationRung("hand-on", "resolution", "reassign", ("support-manager",), percent=90)
    desk.scenario.policy = with_ladder(desk, rung)
    assert any(line.endswith("will be reassigned to Sue") for line in lines(desk))
    desk.wait(hours=8)
    assert any(line.endswith("reassigned to Sue") for line in lines(desk))
    assert "No step is to come." in lines(desk)
    assert desk.scenario.at - timedelta(hours=8) == desk.scenario.now.logged_at
