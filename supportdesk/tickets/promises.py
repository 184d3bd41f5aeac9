"""From a ticket to its clocks: which stretches count, and the two courses."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, timedelta

from msgspec.structs import replace

from supportdesk.sla import clocks
from supportdesk.sla.clock_projection import last_second_of, project_clock
from supportdesk.sla.clocks import ClockProjection, Gap, Kind, State, Verdict
from supportdesk.sla.explain import Explanation, explain
from supportdesk.sla.policy import FIX_DATE, Policy
from supportdesk.tickets.ticket import CUSTOMER, Ticket


def find_gaps(ticket: Ticket, kind: Kind) -> tuple[Gap, ...]:
    """The stretches that a clock does not count.

    Only the resolution clock pauses, and only while waiting on the customer (rule 6); the time that a ticket stood
    resolved counts on neither clock (rule 10).
    """
    stood = tuple(Gap(each.began, each.ended, capped=False) for each in ticket.stood)
    if kind is Kind.RESPONSE:
        return stood
    waits = (wait for wait in ticket.waits if wait.on == CUSTOMER)
    return (*stood, *(Gap(wait.began, wait.ended, capped=True) for wait in waits))


def project_ticket_clock(policy: Policy, ticket: Ticket, kind: Kind) -> ClockProjection:
    """Return the projection of one clock of the ticket, under the policy version of the ticket."""
    if kind is Kind.RESPONSE:
        return project_clock(
            policy, kind, ticket.response, gaps=find_gaps(ticket, kind), verdict=ticket.response_verdict
        )
    return project_clock(
        policy,
        kind,
        ticket.resolution,
        gaps=find_gaps(ticket, kind),
        verdict=ticket.resolution_verdict,
        fix_day=_fix_day(policy, ticket),
    )


def _fix_day(policy: Policy, ticket: Ticket) -> date | None:
    """The day that the resolution clock is held to; None for a severity that is not resolved by a fix date (rule 4)."""
    if ticket.fix is None or FIX_DATE not in policy.severity(ticket.resolution.severity).deeds:
        return None
    return ticket.fix.day


def project_response(policy: Policy, ticket: Ticket) -> ClockProjection:
    """Return the projection of the response clock."""
    return project_ticket_clock(policy, ticket, Kind.RESPONSE)


def project_resolution(policy: Policy, ticket: Ticket) -> ClockProjection:
    """Return the projection of the resolution clock."""
    return project_ticket_clock(policy, ticket, Kind.RESOLUTION)


def verdict_at(policy: Policy, ticket: Ticket, kind: Kind, at: datetime) -> Verdict:
    """The verdict of a clock that stops at `at`; a pause that is still on ends there too."""
    waits = tuple(replace(wait, ended=at) if wait.ended is None else wait for wait in ticket.waits)
    running = project_ticket_clock(policy, replace(ticket, waits=waits), kind)
    return clocks.stop(running, clocks.epoch(at), policy.calendar(running.calendar))


def has_breach(ticket: Ticket, courses: Iterable[ClockProjection], now: int) -> bool:
    """Whether a clock of the ticket is breached at `now`, in UTC epoch seconds, or was before it was reopened."""
    first = ticket.first_resolution
    states = {clocks.state_at(each, now) for each in courses} | ({first.state} if first else set())
    return not states.isdisjoint((State.BREACHED, State.MISSED))


def find_breach_of_fix_date(policy: Policy, ticket: Ticket, at: datetime) -> datetime | None:
    """Since when the fix date that the resolution clock is held to is overdue at `at` (rule 5).

    None while it is in time, once the fix is out, and where the severity is resolved by other steps.
    """
    day = _fix_day(policy, ticket)
    if day is None or ticket.fix is None or ticket.fix.shipped_at is not None:
        return None
    return overdue_since(policy, day, at)


def overdue_since(policy: Policy, day: date, at: datetime) -> datetime | None:
    """Since when a fix promised for a day is overdue at `at`; None while it is in time."""
    last = last_second_of(day, policy.timezone)
    return clocks.instant(clocks.epoch(last)) + timedelta(seconds=1) if at > last else None


DRIFT = timedelta(days=1)
"""By how much a ticket may have changed later than now; more is the work of a wrong clock."""


def moment_to_explain(ticket: Ticket, now: datetime) -> datetime:
    """Return the moment for which clocks are explained: now, or the last change where machines differ a little."""
    return max(now, ticket.changed_at) if ticket.changed_at - now <= DRIFT else now


def explain_clock(policy: Policy, ticket: Ticket, kind: Kind, now: datetime) -> Explanation:
    """Return the explanation of one of the ticket's clocks."""
    response = kind is Kind.RESPONSE
    return explain(
        policy,
        kind,
        ticket.response if response else ticket.resolution,
        now,
        gaps=find_gaps(ticket, kind),
        verdict=ticket.response_verdict if response else ticket.resolution_verdict,
        fix_day=None if response else _fix_day(policy, ticket),
    )
