"""How long an acknowledgement stops the escalation of a ticket (rule 19)."""

from __future__ import annotations

from datetime import datetime

from supportdesk.sla.clocks import epoch, instant, leading_clock, left_at
from supportdesk.sla.ladder import MINUTE
from supportdesk.sla.policy import Policy
from supportdesk.tickets.promises import project_resolution, project_response
from supportdesk.tickets.ticket import Ticket


def find_expiry(policy: Policy, ticket: Ticket, at: datetime) -> datetime:
    """Return until when an acknowledgement given at `at` is valid: for a share of the time left on the leading clock.

    It is valid for at least the policy's minutes, and for no longer where no time is left or nothing is timed. The time
    left is counted on the clock's calendar, so that an acknowledgement in the evening may last until the morning.
    """
    settings, now = policy.escalation, epoch(at)
    least = now + settings.acknowledged_minutes * MINUTE
    clock = leading_clock(project_response(policy, ticket), project_resolution(policy, ticket))
    if clock.verdict is not None or clock.allowed is None:
        return instant(least)
    calendar = policy.calendar(clock.calendar)
    left = left_at(clock, now, calendar) or 0
    share = left * settings.acknowledged_percent // 100
    return instant(max(least, calendar.add_seconds(now, share)) if share > 0 else least)
