"""Escalation by hand: to the next line, or to the next person up the ladder."""

from __future__ import annotations

from dataclasses import dataclass

from supportdesk.sla.policy import Rung, Team
from supportdesk.tickets import ladder, remedies
from supportdesk.tickets.command import EVERYBODY, ArgumentType, Decision, TicketCommand, argument, rule_for
from supportdesk.tickets.decision_context import DecisionContext
from supportdesk.tickets.events import Escalated, TicketEvent
from supportdesk.tickets.folding import same_name
from supportdesk.tickets.process.paging import page_on_call, page_person
from supportdesk.tickets.process.team_refusals import refuse_moving
from supportdesk.tickets.process.triage import end_triage
from supportdesk.tickets.refusal import Refusal, either

FUNCTIONAL, HIERARCHICAL = "functional", "hierarchical"


@dataclass(frozen=True, slots=True)
class Escalate(TicketCommand):
    """Escalate the ticket to the next line, or up the ladder of people."""

    tag = "Escalate"
    verb = "escalate"
    title = "Escalate"
    needs = EVERYBODY
    asks_first = True

    reason: str = argument("why it is escalated")
    way: str = argument(
        "to the next line, or up the ladder of people", choices=(FUNCTIONAL, HIERARCHICAL), default=FUNCTIONAL
    )
    to: str = argument(
        "the team or the rung of the ladder, if not the next one",
        value_type=ArgumentType.ESCALATION_TARGET,
        default="",
    )


@rule_for(Escalate)
def escalate(case: DecisionContext, command: Escalate) -> Decision:
    """The clocks continue unchanged: an escalation brings help, not time."""
    if not command.reason.strip():
        return Refusal("say why; the next owner reads this first")
    upward = (
        _escalate_to_line(case, command) if command.way == FUNCTIONAL else _escalate_to_rung(case, command)
    )
    return upward if isinstance(upward, Refusal) else [*end_triage(case), *upward]


def _escalate_to_line(case: DecisionContext, command: Escalate) -> Decision:
    team = (
        _find_team_above(case, command.to) if command.to else ladder.find_next_line(case.policy, case.ticket)
    )
    if team is None:
        if command.to:
            lines = ", ".join(each.key for each in case.policy.teams if each.line is not None)
            return Refusal(f"there is no line {command.to!r} above; the lines are {lines}")
        present = case.policy.team(case.ticket.team).name
        return Refusal(f"it is already with {present}, the last line", either(remedies.ESCALATE_TO_A_PERSON))
    if (refusal := refuse_moving(case, team.key, None)) is not None:
        return refusal
    events: list[TicketEvent] = [Escalated(FUNCTIONAL, team.name, command.reason, team=team.key)]
    severity = case.policy.severity(case.ticket.severity)
    if severity.pages and team.key == severity.team:
        events.append(page_on_call(case, f"{severity.name} escalated to {team.name}"))
    return events


def _find_team_above(case: DecisionContext, named: str) -> Team | None:
    present = case.policy.team(case.ticket.team).line or 0
    return next(
        (team for team in case.policy.teams if _is_named(team, named) and (team.line or 0) > present), None
    )


def _is_named(one: Team | Rung, named: str) -> bool:
    """Return whether `named` is the key or the name of a team or rung."""
    return one.key == named or same_name(one.name) == same_name(named)


def _escalate_to_rung(case: DecisionContext, command: Escalate) -> Decision:
    policy, staff = case.policy, case.records.staff.values()
    rung = next((rung.key for rung in policy.ladder if _is_named(rung, command.to)), None)
    if command.to and rung is None:
        rungs = ", ".join(rung.key for rung in policy.ladder)
        return Refusal(f"there is no rung {command.to!r}; the ladder has {rungs}")
    step = ladder.find_next_rung(policy, case.ticket, staff, rung)
    if step is None:
        reached = ladder.find_reached_rung(policy, case.ticket)
        where = f"it has reached {reached.name}, and " if reached else ""
        return Refusal(f"{where}nobody holds a rung above", either(remedies.GIVE_RUNG))
    why = f"{case.ticket.ref} escalated to {step.rung.name}"
    return [
        Escalated(HIERARCHICAL, step.rung.name, command.reason, rung=step.number, person=step.person.name),
        page_person(case, step.person, why),
    ]
