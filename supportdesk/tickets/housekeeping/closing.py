"""When a resolved ticket closes because the customer does not reply."""

from __future__ import annotations

from datetime import datetime

from supportdesk.sla.clocks import epoch, instant
from supportdesk.sla.formatting import near_time
from supportdesk.sla.policy import Policy
from supportdesk.tickets.escalation.case import EscalationCase
from supportdesk.tickets.ticket import Fix, Stage, Ticket


def find_end_of_reply_time(policy: Policy, ticket: Ticket) -> int:
    """Return the last second in which a resolved ticket waits for a reply, in UTC epoch seconds.

    It is counted from the last message to the customer.
    """
    asked, after = ticket.last_reply_at or ticket.resolved_at, policy.close_after
    assert asked is not None, "only for a resolved ticket"
    return policy.calendar(after.calendar).add_seconds(epoch(asked), after.seconds)


def find_fix_awaited(ticket: Ticket) -> Fix | None:
    """Return the fix for which a resolved ticket stays open; None once it has shipped, and without one."""
    return ticket.fix if ticket.resolution_verdict is None else None


def describe_closing(case: EscalationCase, now: datetime) -> str:
    """Return when and whether a resolved ticket closes by itself, to follow `closes`; empty for any other ticket."""
    policy, ticket = case.policy, case.ticket
    if ticket.stage is not Stage.RESOLVED:
        return ""
    awaited, since = find_fix_awaited(ticket), case.progress.unanswered_since
    if since is not None:
        rang = near_time(since, policy.timezone, now)
        return f"not by itself: the customer has waited for an answer since {rang}"
    if awaited is not None:
        return f"not by itself: the fix in {awaited.release} has not shipped"
    at = near_time(instant(find_end_of_reply_time(policy, ticket)), policy.timezone, now)
    return f"by itself {at} unless the customer replies"


def find_closing_time(policy: Policy, ticket: Ticket, *, is_unanswered: bool) -> int | None:
    """Return when a ticket closes by itself, in UTC epoch seconds; None where it does not.

    It does not while the customer waits for an answer (`is_unanswered`), nor before the promised fix has shipped.
    """
    if ticket.stage is not Stage.RESOLVED or is_unanswered or find_fix_awaited(ticket) is not None:
        return None
    return find_end_of_reply_time(policy, ticket) + 1
