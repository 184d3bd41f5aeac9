"""What a watcher records for a ticket at one tick.

The function is pure: two watchers that decide at the same time decide the same, and only one of them can record it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

import msgspec

from supportdesk.sla.ladder import MINUTE, NOTIFY, PAGE, EscalationRung
from supportdesk.tickets.escalation.case import EscalationCase
from supportdesk.tickets.escalation.recipients import Recipients
from supportdesk.tickets.escalation.steps import EscalationStep, StepOutcome, StepRecord, list_steps

LATE_AFTER = 60
"""From how many seconds after it was due on a step is late; a watcher that runs records it within seconds."""

TICK = 5
"""Seconds between two ticks of a watcher; what several record within them counts as one tick."""


FindRecipients = Callable[[EscalationRung], Recipients]
"""Returns whom a rung reaches at the instant of the tick."""


def decide_tick(
    case: EscalationCase, records: Sequence[StepRecord], find_recipients: FindRecipients, at: int
) -> list[StepRecord]:
    """Return what is recorded at a tick at `at`, in UTC epoch seconds, in order.

    Every step that is due is fired, but of those that are late only the first: the others follow at the next ticks
    (rule 21). A step without a recipient, and one that is too late to help, is recorded with the reason and alerts
    nobody; what takes its place is decided at the same tick (rule 20).
    """
    made: list[StepRecord] = []
    postponed: set[object] = set()
    alerted_late = has_alerted_late(records, at)
    while True:
        due = [step for step in list_steps(case, [*records, *made]) if step.due <= at]
        step = next((each for each in due if each.key not in postponed), None)
        if step is None:
            return made
        record = _decide_step(case, step, due[due.index(step) + 1 :], find_recipients, at)
        if record.late and record.outcome is StepOutcome.FIRED:
            if alerted_late:
                postponed.add(step.key)
                continue
            alerted_late = True
        made.append(record)


def has_alerted_late(records: Iterable[StepRecord], at: int) -> bool:
    """Return whether a late step of the ticket alerted somebody in the last seconds, by any watcher (rule 21).

    One that was recorded before the clock was set back holds back no other.
    """
    return any(
        each.late and each.people and each.outcome is StepOutcome.FIRED and 0 <= at - each.at < TICK
        for each in records
    )


def _decide_step(
    case: EscalationCase,
    step: EscalationStep,
    later: Sequence[EscalationStep],
    find_recipients: FindRecipients,
    at: int,
) -> StepRecord:
    """Return the record of a step that is due; `later` are those after it that are due as well."""
    found = find_recipients(step.rung)
    people = tuple(person.username for person in found.people)
    record = StepRecord(
        step.key, StepOutcome.FIRED, step.due, at, step.rung.action, people, late=at - step.due > LATE_AFTER
    )
    if not people:
        return msgspec.structs.replace(record, outcome=StepOutcome.SKIPPED, reason="; ".join(found.missing))
    replacing = _find_replacing(step, later, find_recipients) if record.late else None
    if replacing is None:
        return record
    stale = at - step.due > case.policy.escalation.stale_minutes * MINUTE
    if stale or replacing.rung is step.rung:
        reason = f"too late to help, as {replacing.key.step} is due as well"
        return msgspec.structs.replace(record, outcome=StepOutcome.TOO_OLD, reason=reason)
    return record


def _find_replacing(
    step: EscalationStep, later: Sequence[EscalationStep], find_recipients: FindRecipients
) -> EscalationStep | None:
    """Return a later step that is due as well and makes this one needless; None without one.

    For a notice it is the next one on its clock. A page is only replaced by one that reaches the same people.
    """
    people = {person.username for person in find_recipients(step.rung).people}
    for other in later:
        if other.rung.action == step.rung.action == PAGE:
            if people <= {person.username for person in find_recipients(other.rung).people}:
                return other
        elif other.key.clock == step.key.clock and step.rung.action == NOTIFY:
            return other
    return None
