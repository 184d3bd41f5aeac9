"""The teams that a severity names, and whether the actor belongs to one (rule 17)."""

from __future__ import annotations

from collections.abc import Iterable

from supportdesk.tickets.decision_context import DecisionContext


def find_teams(case: DecisionContext) -> frozenset[str]:
    """Return the keys of the teams that work on tickets of this severity."""
    severity = case.policy.severity(case.ticket.severity)
    return frozenset((severity.team, *severity.answered_by))


def teams_that_are_paged(case: DecisionContext) -> frozenset[str]:
    """Return the keys of the teams that work on tickets of any severity that pages."""
    paging = (each for each in case.policy.severities if each.pages)
    return frozenset(team for each in paging for team in (each.team, *each.answered_by))


def is_of_team(case: DecisionContext) -> bool:
    """Return whether the actor belongs to a team that the severity names."""
    return case.actor.team in find_teams(case)


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


def team_names(case: DecisionContext, keys: Iterable[str]) -> str:
    """Return the names of teams as a list in words: `User Support or Development`."""
    *names, last = [case.policy.team(key).name for key in keys]
    return f"{', '.join(names)} or {last}" if names else last
