"""How a ticket's clock came to its figure: the explanation of `sla.explain`, for a ticket."""

from __future__ import annotations

from datetime import datetime, timedelta

from supportdesk.sla.clocks import ClockKind
from supportdesk.sla.explain import Explanation, explain
from supportdesk.sla.policy import Policy
from supportdesk.tickets.promises import find_clock_gaps, find_fix_day
from supportdesk.tickets.ticket import Ticket

DRIFT = timedelta(days=1)
"""How much later than now a ticket may have changed, by the clock of another machine; more means a wrong clock."""


def moment_to_explain(ticket: Ticket, now: datetime) -> datetime:
    """Return the instant for explanations: now, or the last change where the clocks of machines differ a little."""
    return max(now, ticket.changed_at) if ticket.changed_at - now <= DRIFT else now


def explain_clock(policy: Policy, ticket: Ticket, kind: ClockKind, now: datetime) -> Explanation:
    """Return the explanation of one of the ticket's clocks."""
    response = kind is ClockKind.RESPONSE
    return explain(
        policy,
        kind,
        ticket.response if response else ticket.resolution,
        now,
        gaps=find_clock_gaps(ticket, kind),
        verdict=ticket.response_verdict if response else ticket.resolution_verdict,
        fix_day=None if response else find_fix_day(policy, ticket),
    )
