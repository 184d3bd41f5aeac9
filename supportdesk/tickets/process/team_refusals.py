"""Refuses what only a severity's teams or a supervisor may do with its tickets (rule 17).

A severity that pages relies on an engineer's telephone. A member of another team may help, but may not take such a
ticket from its team or leave it without an owner.
"""

from __future__ import annotations

from supportdesk.tickets import remedies
from supportdesk.tickets.decision_context import DecisionContext
from supportdesk.tickets.documents import Person
from supportdesk.tickets.permissions import is_supervisor, name_supervisors
from supportdesk.tickets.process.paging import refuse_taking_lowered
from supportdesk.tickets.process.teams import find_teams, is_of_team, may_claim, team_names
from supportdesk.tickets.refusal import Refusal, Remedy, either


def refuse_claim(case: DecisionContext) -> Refusal | None:
    """Return why the actor may not claim the ticket, and who can assign it; None where they may."""
    if (refusal := refuse_taking_lowered(case)) is not None:
        return refusal
    if may_claim(case):
        return None
    if is_supervisor(case.actor):
        return Refusal(
            f"{_describe_teams(case)}; you are not one of them",
            either(remedies.ASSIGN_AS_SUPERVISOR),
            separator=", but ",
        )
    return Refusal(_describe_teams(case), either(Remedy(f"{name_supervisors(case)} can assign it", "assign")))


def refuse_moving(case: DecisionContext, team: str, owner: Person | None) -> Refusal | None:
    """Return why the actor may not move the ticket to a team, or to an owner in it; None where they may."""
    if (refusal := refuse_taking_lowered(case)) is not None:
        return refusal
    severity = case.policy.severity(case.ticket.severity)
    if not severity.pages or is_of_team(case) or is_supervisor(case.actor):
        return None
    if not find_teams(case).issuperset((team, owner.team if owner else team)):
        return Refusal(f"{_describe_teams(case)}; moving it to another team takes {name_supervisors(case)}")
    if owner is None and case.ticket.owner not in (None, case.actor.key):
        return Refusal(f"{_describe_teams(case)}; taking it from its owner takes {name_supervisors(case)}")
    return None


def refuse_giving_up(case: DecisionContext) -> Refusal | None:
    """Return why the actor may not leave the ticket without an owner; None where they may."""
    severity = case.policy.severity(case.ticket.severity)
    if not severity.pages or is_of_team(case) or is_supervisor(case.actor):
        return None
    return Refusal(
        f"{_describe_teams(case)}, and is never without an owner",
        either(Remedy("hand it over to one of them", "handover")),
    )


def refuse_closing_as_duplicate(case: DecisionContext) -> Refusal | None:
    """Return why the actor may not close the ticket on their own judgement; None where they may."""
    severity, ticket = case.policy.severity(case.ticket.severity), case.ticket
    if not severity.pages or not ticket.is_open or is_of_team(case) or is_supervisor(case.actor):
        return None
    if ticket.owner == case.actor.key:
        return None
    return Refusal(
        f"{_describe_teams(case)}; closing it as a duplicate takes one of them or {name_supervisors(case)}",
        either(Remedy("link it to the other ticket", "link")),
    )


def _describe_teams(case: DecisionContext) -> str:
    """Return a clause: `a Critical is worked on by Technical Support`."""
    severity = case.policy.severity(case.ticket.severity)
    return f"a {severity.name} is worked on by {team_names(case, severity.answered_by)}"
