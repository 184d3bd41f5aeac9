"""When steps are due on arrival, at a share of a clock, at its breach, and before a fix date."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from supportdesk.sla.calendar import BusinessCalendar
from supportdesk.sla.clock_projection import find_share_reached, last_second_of
from supportdesk.sla.clocks import ClockKind, epoch
from supportdesk.sla.ladder import ARRIVAL, BREACH, FIX_DATE, MINUTE, EscalationRung
from supportdesk.sla.policy import Policy
from supportdesk.tickets.escalation.case import EscalationCase
from supportdesk.tickets.promises import find_clock_gaps, find_fix_day
from supportdesk.tickets.ticket import Ticket


def find_opening(policy: Policy, rung: EscalationRung, at: int, delay: int = 0) -> int:
    """Return when `delay` seconds of the rung's calendar after `at` are over; both instants in UTC epoch seconds.

    Without a delay it is the next opening; `at` itself where the calendar is open or the rung has none.
    """
    if not rung.calendar:
        return at + delay
    return policy.calendar(rung.calendar).add_seconds(at, delay)


def find_clock_due(case: EscalationCase, rung: EscalationRung, number: int) -> int | None:
    """Return when a step that no acknowledgement starts is due, in UTC epoch seconds; None where it never is.

    A share that was used before the ladder began, or before a target or a calendar changed, is due then. One that was
    used long before the ticket was moved to another policy version is not due any more (rule 22).
    """
    policy, ticket, progress = case.policy, case.ticket, case.progress
    if rung.clock == FIX_DATE:
        reminder = _find_fix_reminder(policy, ticket, rung)
        # A reminder for which the date was promised too late would come with the promise itself.
        promised = epoch(progress.fix_since or progress.since)
        return reminder if reminder is not None and reminder >= promised else None
    if rung.clock == ARRIVAL:
        first = epoch(progress.began) if ticket.is_open else None
    else:
        first = _find_share(policy, ticket, ClockKind(rung.clock), rung.percent or BREACH)
    if first is None:
        return None
    delay = rung.delays[number - 1]
    if progress.moves:
        due = find_opening(policy, rung, find_opening(policy, rung, first), delay)
        if due < epoch(progress.moves[-1]) - policy.escalation.stale_minutes * MINUTE:
            return None
    opened = find_opening(policy, rung, max(first, epoch(progress.clocks_since)))
    return find_opening(policy, rung, opened, delay)


def _find_share(policy: Policy, ticket: Ticket, kind: ClockKind, percent: int) -> int | None:
    """Return when a share of a running clock is used; a clock that waits for a release is breached by its fix date."""
    response = kind is ClockKind.RESPONSE
    if (ticket.response_verdict if response else ticket.resolution_verdict) is not None:
        return None
    basis = ticket.response if response else ticket.resolution
    reached = find_share_reached(policy, kind, basis, percent, find_clock_gaps(ticket, kind))
    if reached is not None or response or percent != BREACH:
        return reached
    day = find_fix_day(policy, ticket) if _find_day_promised(ticket) is not None else None
    return epoch(last_second_of(day, policy.timezone)) + 1 if day is not None else None


def _find_day_promised(ticket: Ticket) -> date | None:
    """Return the day of a fix that is still promised; None without one, and once it is shipped or no longer needed."""
    if ticket.fix is None or ticket.fix.shipped_at is not None or ticket.resolution_verdict is not None:
        return None
    return ticket.fix.day


def _find_fix_reminder(policy: Policy, ticket: Ticket, rung: EscalationRung) -> int | None:
    """Return the opening of the day on which a rung reminds of the fix date, whether or not a target asks for one.

    The rung's working days are counted back from the fix date, or from the last one before it if it is none.
    """
    day = _find_day_promised(ticket)
    if day is None:
        return None
    calendar = policy.calendar(rung.calendar) if rung.calendar else BusinessCalendar.always()
    zone = calendar.zone if rung.calendar else ZoneInfo(policy.timezone)
    left = rung.days_before or 0
    while True:
        opens = _first_opening(calendar, day, zone)
        if opens is not None and left == 0:
            return opens
        left -= opens is not None
        day -= timedelta(days=1)


def _first_opening(calendar: BusinessCalendar, day: date, zone: ZoneInfo) -> int | None:
    """Return when a calendar first opens on a day, in UTC epoch seconds; None where it stays closed."""
    begins, ends = (epoch(datetime.combine(each, time(), zone)) for each in (day, day + timedelta(days=1)))
    opens = calendar.next_open_at(begins)
    return opens if opens < ends else None
