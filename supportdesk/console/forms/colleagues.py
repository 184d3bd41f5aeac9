"""The candidates for a ticket's owner, with the open tickets of each."""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING

from msgspec.structs import replace

from supportdesk.console.search import searches
from supportdesk.console.search.candidate import Candidate
from supportdesk.reports.load import Load, Urgency, loads_of_people
from supportdesk.sla.clocks import epoch

if TYPE_CHECKING:
    from supportdesk.console.forms.context import CommandContext
    from supportdesk.sla.policy import Policy


def colleagues(context: CommandContext, policy: Policy, teams: Collection[str]) -> list[Candidate]:
    """Return the active staff: the `teams` first, then the other teams in the policy's order, each by name."""
    roster = context.roster
    loads = {load.key: load for load in loads_of_people(context.rows(), roster, epoch(context.desk.now()))}
    places = {team.key: place for place, team in enumerate(policy.teams)}
    team_of = {person.username: person.team for person in roster.staff}

    def place(candidate: Candidate) -> tuple[bool, int]:
        team = team_of[candidate.key]
        return team not in teams, places.get(team, len(places))

    candidates = [
        replace(candidate, load=_load_text(loads[candidate.key]))
        for candidate in searches.list_staff(roster, policy)
    ]
    return sorted(candidates, key=place)


def _load_text(load: Load) -> str:
    """Return a load in words: `7 open, 2 breached`."""
    breached = next(figure.value for pressure, figure in load.by_urgency if pressure is Urgency.BREACHED)
    return f"{load.all.value} open" + (f", {breached} breached" if breached else "")
