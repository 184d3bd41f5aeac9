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


_BOUNCE = "the mail by which the customer was told comes back"
_REOPENED = "the ticket is reopened"
"""What would take back the verdict of a clock."""


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
        unless=_find_revocation(policy, ticket, kind, now),
    )


def _find_revocation(policy: Policy, ticket: Ticket, kind: ClockKind, now: datetime) -> str:
    """Return what would take back the verdict of a clock: a bounce (rule 3), a reopening (rule 10), or nothing."""
    if kind is ClockKind.RESPONSE:
        return _BOUNCE if ticket.response_mail else ""
    # Imported when it is needed: a rule of the write path.
    from supportdesk.tickets.process.closure import may_be_reopened

    return _REOPENED if not ticket.is_open and may_be_reopened(policy, ticket, now) else ""
