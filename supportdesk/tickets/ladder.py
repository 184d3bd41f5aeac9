"""The escalation ladder: the position of a ticket, and the next line or rung above it."""

from __future__ import annotations

from collections.abc import Iterable

import msgspec

from supportdesk.sla.policy import Policy, Rung, Team
from supportdesk.tickets.documents import Person
from supportdesk.tickets.ticket import Ticket


class LadderStep(msgspec.Struct, frozen=True):
    """A rung with its number (1 is the lowest) and the member of staff who holds it at present."""

    number: int
    rung: Rung
    person: Person


def find_next_line(policy: Policy, ticket: Ticket) -> Team | None:
    """Return the team on the next line; None on the last line. For a team on no line it is the first line."""
    line = policy.team(ticket.team).line or 0
    higher = [team for team in policy.teams if team.line is not None and team.line > line]
    return min(higher, key=lambda team: team.line or 0, default=None)


def find_next_rung(
    policy: Policy, ticket: Ticket, staff: Iterable[Person], to: str | None = None
) -> LadderStep | None:
    """Return the next rung with a holder, from the rung of the key `to` on if it is given; rungs without a holder are
    skipped.

    None where no such rung has a holder, or where `to` is not above the ticket.
    """
    people = [person for person in staff if person.active]
    keys = [rung.key for rung in policy.ladder]
    first = ticket.rung if to is None else keys.index(to)
    if first < ticket.rung:
        return None
    for number, rung in enumerate(policy.ladder[first:], first + 1):
        for person in people:
            if rung.key in person.rungs:
                return LadderStep(number, rung, person)
    return None


def find_reached_rung(policy: Policy, ticket: Ticket) -> Rung | None:
    """Return the rung to which the ticket was escalated last; None where it was not."""
    # A version of the policy to which the ticket was moved may have a shorter ladder.
    return policy.ladder[min(ticket.rung, len(policy.ladder)) - 1] if ticket.rung else None
