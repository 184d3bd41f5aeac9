"""The explanation of a ticket's clock says truly whether its result can still change."""

from __future__ import annotations

from msgspec.structs import replace

from supportdesk.sla.clocks import ClockKind
from supportdesk.tickets.clock_explanation import explain_clock
from supportdesk.tickets.process.closure import Reopen
from supportdesk.tickets.process.conversation import Reply
from supportdesk.tickets.process.resolution import Resolve
from tests.tickets.scenario import Scenario, logged


def ending(scenario: Scenario, kind: ClockKind) -> str:
    """Return the last sentence on a clock."""
    verdict = explain_clock(scenario.policy, scenario.now, kind, scenario.at).verdict
    return verdict.split(". ")[-1]


def test_rule_03_a_response_by_telephone_is_final() -> None:
    scenario = logged()
    scenario.do(Reply("", "Hello"))
    assert ending(scenario, ClockKind.RESPONSE) == "This result is final."


def test_rule_03_a_response_by_mail_is_final_unless_that_comes_back() -> None:
    scenario = logged()
    scenario.do(Reply("", "Hello"))
    scenario.ticket = replace(scenario.now, response_mail="0" * 64)
    assert ending(scenario, ClockKind.RESPONSE) == (
        "This result is final, unless the mail by which the customer was told comes back."
    )


def test_rule_10_a_resolution_is_final_unless_the_ticket_is_reopened_while_it_can_be() -> None:
    scenario = logged()
    scenario.do(Resolve("", "It works again."))
    assert ending(scenario, ClockKind.RESOLUTION) == "This result is final, unless the ticket is reopened."
    scenario.later(days=21)
    scenario.refused(Reopen("", "It hangs again."))
    assert ending(scenario, ClockKind.RESOLUTION) == "This result is final."
