"""The candidates for a ticket's owner, with the open tickets of each, and who of them is away."""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING

from msgspec.structs import replace

from supportdesk.console.search import searches
from supportdesk.console.search.candidate import Candidate
from supportdesk.reports.load import Load, Urgency, loads_of_people
from supportdesk.sla.clocks import epoch
from supportdesk.tickets.rota.away import describe_away, find_away

if TYPE_CHECKING:
    from datetime import datetime

    from supportdesk.console.forms.context import CommandContext
    from supportdesk.sla.policy import Policy


def colleagues(context: CommandContext, policy: Policy, teams: Collection[str]) -> list[Candidate]:
    """Return the active staff: the `teams` first, then the other teams in the policy's order, each by name.

    Those who are away come after all who are present.
    """
    roster, now = context.roster, context.desk.now()
    loads = {load.key: load for load in loads_of_people(context.rows(), roster, epoch(now))}
    places = {team.key: place for place, team in enumerate(policy.teams)}
    team_of = {person.username: person.team for person in roster.staff}

    def place(candidate: Candidate) -> tuple[bool, bool, int]:
        team = team_of[candidate.key]
        return bool(candidate.absence), team not in teams, places.get(team, len(places))

    candidates = [
        replace(
            candidate,
            load=_load_text(loads[candidate.key]),
            absence=_absence_text(context, candidate.key, now),
        )
        for candidate in searches.list_staff(roster, policy)
    ]
    return sorted(candidates, key=place)


def _absence_text(context: CommandContext, username: str, now: datetime) -> str:
    """Return until when somebody is away, and their deputy; an empty text where they are present."""
    data = context.roster.reference_data
    away = find_away(data, username, now)
    return describe_away(data, away, context.zone, now) if away is not None else ""


def _load_text(load: Load) -> str:
    """Return a load in words: `7 open, 2 breached`."""
    breached = next(figure.value for pressure, figure in load.by_urgency if pressure is Urgency.BREACHED)
    return f"{load.all.value} open" + (f", {breached} breached" if breached else "")
