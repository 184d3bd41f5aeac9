"""Who may take a ticket whose severity was lowered while its page was open (rules 17 and 18)."""

import msgspec
import pytest

from supportdesk.tickets.command import TicketCommand
from supportdesk.tickets.process.assignment import Assign, Claim
from supportdesk.tickets.process.closure import WITHDRAWN, Close
from supportdesk.tickets.process.conversation import Reply
from supportdesk.tickets.process.escalation import Escalate
from supportdesk.tickets.process.linking import MarkDuplicate
from supportdesk.tickets.process.resolution import (
    Resolve,
)
from supportdesk.tickets.process.severity import ChangeSeverity
from supportdesk.tickets.process.triage import Acknowledge, Log
from tests.tickets.scenario import Scenario, claritum
from tests.tickets.test_pages import COLLEAGUE, MONDAY, OUTSIDER, PAGED, REF, critical, desk


def test_rule_17_an_outsider_moves_no_critical_to_another_team_by_lowering_its_severity() -> None:
    policy = claritum()
    low = msgspec.structs.replace(policy.severity("low"), answered_by=("user-support",))
    others = tuple(each for each in policy.severities if each.key != "low")
    scenario = critical()
    scenario.policy = msgspec.structs.replace(policy, severities=(*others, low))
    lowered = ChangeSeverity(REF, "low", "There is a way round it.")
    assert "moving it to another team takes a supervisor" in scenario.refused(lowered, by=OUTSIDER)
    assert scenario.do(lowered, by=COLLEAGUE).team == "user-support"


TAKING = (
    Close(REF, WITHDRAWN, "It was us."),
    MarkDuplicate(REF, "CD-0001-2"),
    Resolve(REF, "Restarted."),
    Claim(REF),
    Assign(REF, owner="ann"),
    Assign(REF, team="user-support"),
    Escalate(REF, "They know it.", to="development"),
)
"""What takes a ticket from those who were paged for it."""


@pytest.mark.parametrize("command", TAKING, ids=str)
def test_rule_17_a_severity_that_was_lowered_lets_no_outsider_take_the_ticket_or_end_it_either(
    command: TicketCommand,
) -> None:
    scenario = critical()
    scenario.do(ChangeSeverity(REF, "high", "There is a way round it."), OUTSIDER)
    assert "Priya is paged and has not acknowledged" in scenario.refused(command, OUTSIDER)
    scenario.do(Reply(REF, "A colleague will ring you."), OUTSIDER)
    assert scenario.now.owner is None
    assert scenario.now.page_open
    scenario.do(Acknowledge(REF, paged=PAGED), OUTSIDER)
    scenario.do(command, OUTSIDER)


@pytest.mark.parametrize("command", TAKING, ids=str)
def test_rule_18_a_page_to_the_last_resort_keeps_a_lowered_ticket_from_outsiders_too(
    command: TicketCommand,
) -> None:
    scenario = last_resort_paged()
    assert scenario.refused(Claim(REF), OUTSIDER)
    scenario.do(ChangeSeverity(REF, "high", "There is a way round it."), OUTSIDER)
    assert "Sue is paged and has not acknowledged" in scenario.refused(command, OUTSIDER)
    scenario.do(Acknowledge(REF, paged="sue"), OUTSIDER)
    scenario.do(command, OUTSIDER)


def test_rule_18_a_page_to_the_last_resort_keeps_a_lowered_ticket_from_nobody_of_its_team() -> None:
    scenario = last_resort_paged()
    scenario.do(ChangeSeverity(REF, "high", "There is a way round it."), OUTSIDER)
    assert scenario.do(Claim(REF), COLLEAGUE).owner == COLLEAGUE


def last_resort_paged() -> Scenario:
    """A Critical that came while nobody was on call: Sue, who holds the lowest rung, is paged."""
    scenario = desk(Scenario(at=MONDAY)).with_records(rotations=())
    scenario.do(Log("critical", "hotline", "acme", "jo", "Nobody can log in"), by="ann")
    assert scenario.now.page is not None
    assert scenario.now.page.person == "sue"
    return scenario.later(minutes=2)
