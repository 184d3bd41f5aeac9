"""What the watcher does by itself: it asks the owner to chase, ends a hold, and closes what is unanswered."""

from __future__ import annotations

from collections.abc import Iterator

from supportdesk.sla.clocks import epoch
from supportdesk.tickets.decision_context import DecisionContext
from supportdesk.tickets.escalation.recorded_steps import make_event
from supportdesk.tickets.events import Closed, TicketEvent, WaitEnded
from supportdesk.tickets.housekeeping.acts import HOLD_ENDS, NO_REPLY, decide_acts
from supportdesk.tickets.process.closure import NO_ANSWER
from supportdesk.tickets.process.resolution import stop_resolution_clock


def take_acts(case: DecisionContext, *, has_alerted_late: bool) -> Iterator[TicketEvent]:
    """Yield the events of the acts that are due now.

    Where a late step alerted somebody at this tick (`has_alerted_late`), a late notice waits for the next (rule 21).
    """
    watch = case.watch
    assert watch is not None
    for record in decide_acts(watch.case, watch.steps, case.records.staff, epoch(case.now)):
        if record.late and record.people and has_alerted_late:
            continue
        yield make_event(record, record.description)
        if record.key.step == HOLD_ENDS:
            yield WaitEnded(record.description)
        elif record.key.step == NO_REPLY:
            yield from stop_resolution_clock(case)
            yield Closed(NO_ANSWER)
