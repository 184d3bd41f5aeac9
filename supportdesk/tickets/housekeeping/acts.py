"""What is done on a ticket by itself, and when: its clock resumes, its hold ends, it closes.

Like a step of an escalation, an act is a fact with a key, and is recorded once. The cycle in its key is the instant at
which the hold began or the ticket was resolved, in UTC epoch seconds.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

import msgspec

from supportdesk.sla.clocks import epoch
from supportdesk.sla.explanation_text import target
from supportdesk.sla.formatting import full_day
from supportdesk.sla.ladder import NOTIFY
from supportdesk.tickets.documents import Person
from supportdesk.tickets.escalation.case import EscalationCase
from supportdesk.tickets.escalation.steps import StepKey, StepOutcome, StepRecord
from supportdesk.tickets.escalation.tick import LATE_AFTER
from supportdesk.tickets.housekeeping.closing import find_closing_time
from supportdesk.tickets.housekeeping.holds import find_end_of_hold, find_end_of_pause
from supportdesk.tickets.ticket import Stage, Ticket

HOLD, CLOSURE = "hold", "closure"
"""The clocks in the keys of acts."""
PAUSE_ENDS, HOLD_ENDS, NO_REPLY = "pause ends", "hold ends", "no reply"
"""The acts: the owner is asked to chase or close, is told that the hold is over, and the ticket is closed."""
CLOSE = "close"
"""The action of an act that alerts nobody: the ticket is closed."""


class HousekeepingAct(msgspec.Struct, frozen=True):
    """An act that is still to come; `due` is in UTC epoch seconds."""

    key: StepKey
    due: int


def can_act(ticket: Ticket) -> bool:
    """Return whether an act can ever fall due on the ticket as it is; its history need not be read where none can."""
    return ticket.waiting is not None or ticket.stage is Stage.RESOLVED


def list_acts(case: EscalationCase, records: Iterable[StepRecord] = ()) -> list[HousekeepingAct]:
    """Return the acts that are still to come if nothing happens, by when they are due.

    None of a closed ticket is among them. Raises CalendarError outside the calendar's years.
    """
    done = {record.key for record in records}
    acts = (HousekeepingAct(key, due) for key, due in _list_due(case) if key not in done)
    return sorted(acts, key=lambda act: act.due)


def find_next_act_due(case: EscalationCase, records: Iterable[StepRecord] = ()) -> int | None:
    """Return when the next act is due, in UTC epoch seconds; None where none is to come."""
    return next((act.due for act in list_acts(case, records)), None)


def _list_due(case: EscalationCase) -> Iterator[tuple[StepKey, int]]:
    policy, ticket = case.policy, case.ticket
    hold = ticket.waiting
    if hold is not None:
        for step, due in (
            (PAUSE_ENDS, find_end_of_pause(policy, hold)),
            (HOLD_ENDS, find_end_of_hold(policy, hold)),
        ):
            if due is not None:
                yield StepKey(ticket.ref, HOLD, epoch(hold.began), step), due
    is_unanswered = case.progress.unanswered_since is not None
    closes = find_closing_time(policy, ticket, is_unanswered=is_unanswered)
    if closes is not None:
        yield StepKey(ticket.ref, CLOSURE, epoch(ticket.stood[-1].began), NO_REPLY), closes


def decide_acts(
    case: EscalationCase, records: Sequence[StepRecord], staff: Mapping[str, Person], at: int
) -> list[StepRecord]:
    """Return the acts that are recorded at a tick at `at`, in UTC epoch seconds, in order.

    Of two late ones of a hold, only the later one alerts anybody (rule 21).
    """
    due = [act for act in list_acts(case, records) if act.due <= at]
    made = [_record(case, act, staff, at) for act in due]
    return [_replace_late(record, made[place + 1 :]) for place, record in enumerate(made)]


def forecast_acts(
    case: EscalationCase, records: Sequence[StepRecord], staff: Mapping[str, Person], at: int
) -> list[StepRecord]:
    """Return what a watcher would record from `at` on, in UTC epoch seconds, if nothing else happened."""
    return [_record(case, act, staff, max(at, act.due)) for act in list_acts(case, records)]


def _record(case: EscalationCase, act: HousekeepingAct, staff: Mapping[str, Person], at: int) -> StepRecord:
    description = _describe(case, act.key)
    late = at - act.due > LATE_AFTER
    if act.key.clock == CLOSURE:
        return StepRecord(act.key, StepOutcome.FIRED, act.due, at, CLOSE, late=late, description=description)
    people = tuple(_find_keepers(case.ticket, staff))
    outcome, reason = (
        (StepOutcome.FIRED, "") if people else (StepOutcome.SKIPPED, "it has no owner, and its team is empty")
    )
    return StepRecord(act.key, outcome, act.due, at, NOTIFY, people, reason, late, description)


def _replace_late(record: StepRecord, later: Sequence[StepRecord]) -> StepRecord:
    if not (record.late and later):
        return record
    return msgspec.structs.replace(
        record, outcome=StepOutcome.TOO_OLD, people=(), reason=f"too late to help, as {later[0].description}"
    )


def _find_keepers(ticket: Ticket, staff: Mapping[str, Person]) -> list[str]:
    """Return the usernames of those who look after a ticket: its owner, or else everybody in its team."""
    owner = staff.get(ticket.owner or "")
    if owner is not None and owner.active:
        return [owner.username]
    return sorted(each.username for each in staff.values() if each.active and each.team == ticket.team)


def _describe(case: EscalationCase, key: StepKey) -> str:
    """Return what happens, in words that follow `notified Ann Lee:`."""
    policy, hold = case.policy, case.ticket.waiting
    if key.step == NO_REPLY:
        return f"the customer has not replied in {target(policy, policy.close_after)}"
    if key.step == PAUSE_ENDS:
        return f"the clock resumes after {target(policy, policy.pause_cap)} on hold; chase the customer, or close"
    assert hold is not None
    assert hold.until is not None
    return f"the hold until {full_day(hold.until)} is over"
