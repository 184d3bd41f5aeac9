"""The teams that a severity names, and what only they or a supervisor may do with its tickets (rule 17).

A severity that pages relies on an engineer's telephone. A member of another team may help, but may not take such a
ticket from its team or leave it without an owner.
"""

from __future__ import annotations

from collections.abc import Iterable

from supportdesk.tickets import remedies
from supportdesk.tickets.command import Refusal, Remedy, either
from supportdesk.tickets.decision_context import DecisionContext
from supportdesk.tickets.documents import Person
from supportdesk.tickets.permissions import is_supervisor, name_supervisors


def teams_of_severity(case: DecisionContext) -> frozenset[str]:
    """Return the keys of the teams that work on tickets of this severity."""
    severity = case.policy.severity(case.ticket.severity)
    return frozenset((severity.team, *severity.answered_by))


def is_of_team(case: DecisionContext) -> bool:
    """Return whether the actor belongs to a team that the severity names."""
    return case.actor.team in teams_of_severity(case)


def may_claim(case: DecisionContext) -> bool:
    """Return whether the actor may claim the ticket.

    A supervisor's assignment to another team, or to a member of it, lets that team, or that person, claim.
    """
    ticket, severity = case.ticket, case.policy.severity(case.ticket.severity)
    if case.actor.team is None:
        return False
    if not severity.pages or is_of_team(case):
        return True
    return case.actor.key == ticket.owner or (ticket.owner is None and ticket.team == case.actor.team)


def refuse_claim(case: DecisionContext) -> Refusal | None:
    """Return why the actor may not claim the ticket, and who can assign it; None where they may."""
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
    severity = case.policy.severity(case.ticket.severity)
    if not severity.pages or is_of_team(case) or is_supervisor(case.actor):
        return None
    if not teams_of_severity(case).issuperset((team, owner.team if owner else team)):
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


def _describe_teams(case: DecisionContext) -> str:
    """Return a clause: `a Critical is worked on by Technical Support`."""
    severity = case.policy.severity(case.ticket.severity)
    return f"a {severity.name} is worked on by {team_names(case, severity.answered_by)}"


def team_names(case: DecisionContext, keys: Iterable[str]) -> str:
    """Return the names of teams as a list in words: `User Support or Development`."""
    *names, last = [case.policy.team(key).name for key in keys]
    return f"{', '.join(names)} or {last}" if names else last
