"""Recorded steps as events of their ticket, and back."""

from __future__ import annotations

from supportdesk.sla.clocks import epoch, instant
from supportdesk.tickets.escalation.steps import StepKey, StepOutcome, StepRecord
from supportdesk.tickets.events import StepTaken


def make_event(record: StepRecord, description: str) -> StepTaken:
    """Return the event of a step that is recorded now; `description` says in words when it is due."""
    return StepTaken(
        record.key.clock,
        record.key.cycle,
        record.key.step,
        record.outcome.value,
        instant(record.due),
        record.action,
        description,
        record.people,
        record.reason,
        record.late,
    )


def make_record(ref: str, event: StepTaken, at: int) -> StepRecord:
    """Return the step that an event of a ticket recorded at `at`, in UTC epoch seconds."""
    return StepRecord(
        StepKey(ref, event.clock, event.cycle, event.step),
        StepOutcome(event.outcome),
        epoch(event.due),
        at,
        event.action,
        event.people,
        event.reason,
        event.late,
        event.description,
    )
