"""When a hold ends by itself, and when the resolution clock resumes during one (rule 6)."""

from __future__ import annotations

from supportdesk.sla.clock_projection import find_end_of_gap, find_opening_on
from supportdesk.sla.clocks import Gap, epoch
from supportdesk.sla.policy import Policy
from supportdesk.tickets.ticket import CUSTOMER, WaitPeriod


def find_end_of_hold(policy: Policy, hold: WaitPeriod) -> int | None:
    """Return when a hold ends by itself, in UTC epoch seconds; None where it does not.

    That is at the first opening from its day on, on the calendar of the pause cap, never before it began.
    """
    return None if hold.until is None else max(find_opening_on(policy, hold.until), epoch(hold.began))


def find_end_of_pause(policy: Policy, hold: WaitPeriod) -> int | None:
    """Return when the pause cap lets the clock resume during a hold, in UTC epoch seconds; None where nothing pauses.

    None too for a hold that ends by itself before that.
    """
    if hold.on != CUSTOMER:
        return None
    longest = find_end_of_gap(policy, Gap(hold.began, None, capped=True))
    ends = find_end_of_hold(policy, hold)
    return longest if ends is None or longest is None or longest < ends else None
