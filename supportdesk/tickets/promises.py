"""The clocks of a ticket: which periods count, and the projection of each clock."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, timedelta

from msgspec.structs import replace

from supportdesk.sla import clocks
from supportdesk.sla.clock_projection import last_second_of, project_clock
from supportdesk.sla.clocks import ClockKind, ClockProjection, Gap, State, Verdict
from supportdesk.sla.policy import FIX_DATE, Policy
from supportdesk.tickets.ticket import CUSTOMER, Ticket


def find_clock_gaps(ticket: Ticket, kind: ClockKind) -> tuple[Gap, ...]:
    """Return the periods that a clock does not count.

    Only the resolution clock pauses, and only on hold for the customer, not longer than the hold (rule 6). The time
    that a ticket was resolved counts on neither clock (rule 10).
    """
    stood = tuple(Gap(each.began, each.ended, capped=False) for each in ticket.stood)
    if kind is ClockKind.RESPONSE:
        return stood
    waits = (wait for wait in ticket.waits if wait.on == CUSTOMER)
    return (*stood, *(Gap(wait.began, wait.ended, capped=True, until=wait.until) for wait in waits))


def project_ticket_clock(policy: Policy, ticket: Ticket, kind: ClockKind) -> ClockProjection:
    """Return the projection of one clock of the ticket, under the policy version of the ticket."""
    if kind is ClockKind.RESPONSE:
        return project_clock(
            policy, kind, ticket.response, gaps=find_clock_gaps(ticket, kind), verdict=ticket.response_verdict
        )
    return project_clock(
        policy,
        kind,
        ticket.resolution,
        gaps=find_clock_gaps(ticket, kind),
        verdict=ticket.resolution_verdict,
        fix_day=find_fix_day(policy, ticket),
    )


def find_fix_day(policy: Policy, ticket: Ticket) -> date | None:
    """Return the fix date of the resolution clock; None for a severity that is not resolved by a fix date (rule 4)."""
    if ticket.fix is None or FIX_DATE not in policy.severity(ticket.resolution.severity).steps:
        return None
    return ticket.fix.day


def project_response(policy: Policy, ticket: Ticket) -> ClockProjection:
    """Return the projection of the response clock."""
    return project_ticket_clock(policy, ticket, ClockKind.RESPONSE)


def project_resolution(policy: Policy, ticket: Ticket) -> ClockProjection:
    """Return the projection of the resolution clock."""
    return project_ticket_clock(policy, ticket, ClockKind.RESOLUTION)


def compute_verdict(policy: Policy, ticket: Ticket, kind: ClockKind, at: datetime) -> Verdict:
    """Return the verdict of a clock that stops at `at`; an open pause ends there too."""
    waits = tuple(replace(wait, ended=at) if wait.ended is None else wait for wait in ticket.waits)
    running = project_ticket_clock(policy, replace(ticket, waits=waits), kind)
    return clocks.stop(running, clocks.epoch(at), policy.calendar(running.calendar))


def has_breach(ticket: Ticket, projections: Iterable[ClockProjection], now: int) -> bool:
    """Return whether a clock of the ticket is breached at `now`, or was before it was reopened.

    `now` is in UTC epoch seconds.
    """
    first = ticket.first_resolution
    states = {clocks.state_at(each, now) for each in projections} | ({first.state} if first else set())
    return not states.isdisjoint((State.BREACHED, State.MISSED))


def find_breach_of_fix_date(policy: Policy, ticket: Ticket, at: datetime) -> datetime | None:
    """Return since when the fix date of the resolution clock is missed at `at` (rule 5).

    None while it is not, once the fix is shipped, and where the severity is resolved by other steps.
    """
    day = find_fix_day(policy, ticket)
    if day is None or ticket.fix is None or ticket.fix.shipped_at is not None:
        return None
    return find_overdue_since(policy, day, at)


def find_overdue_since(policy: Policy, day: date, at: datetime) -> datetime | None:
    """Return since when a fix promised for a day is overdue at `at`; None while it is not."""
    last = last_second_of(day, policy.timezone)
    return clocks.instant(clocks.epoch(last)) + timedelta(seconds=1) if at > last else None
