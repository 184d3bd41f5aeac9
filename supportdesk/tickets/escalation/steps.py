"""The steps of a ticket's escalation: which are still to come, and when each of them is due.

A step is a fact with a key: ticket, clock, cycle and step (rule 22). What records it has fired it; a recorded step
never comes again.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from enum import StrEnum
from typing import NamedTuple

import msgspec

from supportdesk.sla.clocks import epoch
from supportdesk.sla.ladder import ACKNOWLEDGEMENT, ARRIVAL, FIX_DATE, ON_CALL, PAGE, EscalationRung
from supportdesk.tickets.escalation.case import EscalationCase
from supportdesk.tickets.escalation.due_times import find_clock_due, find_opening
from supportdesk.tickets.escalation.unacknowledged import Countdown, begin_countdown
from supportdesk.tickets.ticket import Stage


class StepKey(NamedTuple):
    """The identity of a step. `cycle` is the version of the ticket with which the clock's present run began."""

    ref: str
    clock: str
    cycle: int
    step: str


class EscalationStep(msgspec.Struct, frozen=True):
    """A step that is still to come; `due` is in UTC epoch seconds. `number` is 1 for the first one of its rung."""

    key: StepKey
    rung: EscalationRung
    number: int
    due: int


class StepOutcome(StrEnum):
    """What became of a step: it alerted people, found nobody, or was too old to help."""

    FIRED = "fired"
    SKIPPED = "skipped"
    TOO_OLD = "too old"


class StepRecord(msgspec.Struct, frozen=True):
    """A recorded step. `due` and `at`, when it was recorded, are in UTC epoch seconds; `people` are usernames.

    `reason` is why it reached nobody. `late` is True where it was recorded more than a moment after it was due.
    `description` says what it is, where it was recorded in words.
    """

    key: StepKey
    outcome: StepOutcome
    due: int
    at: int
    action: str
    people: tuple[str, ...] = ()
    reason: str = ""
    late: bool = False
    description: str = ""


def list_steps(case: EscalationCase, records: Iterable[StepRecord] = ()) -> list[EscalationStep]:
    """Return the steps that are still to come if nothing happens, by when they are due.

    `records` are the ticket's recorded steps. Steps of a clock that has stopped are not among them, nor any step of a
    closed ticket. Raises CalendarError outside the calendar's years.
    """
    if case.ticket.stage is Stage.CLOSED:
        return []
    known = [*list_steps_at_once(case), *records]
    done = {record.key for record in known}
    countdown = _start_countdown(case, known)
    steps = [
        EscalationStep(key, rung, number, due)
        for rung, number, key in _list_candidates(case)
        if key not in done and (due := _find_due(case, rung, number, countdown)) is not None
    ]
    return sorted(steps, key=lambda step: step.due)


def find_next_due(case: EscalationCase, records: Iterable[StepRecord] = ()) -> int | None:
    """Return when the next step is due, in UTC epoch seconds; None where none is to come.

    This is the value of an indexed column: it changes only with the ticket, its recorded steps and the calendars.
    """
    return next((step.due for step in list_steps(case, records)), None)


def list_steps_at_once(case: EscalationCase) -> list[StepRecord]:
    """Return the steps that the command fired with which the ladder began: it paged the person on call itself."""
    paged = case.progress.paged_at_once
    if paged is None:
        return []
    began = epoch(case.progress.began)
    return [
        StepRecord(key, StepOutcome.FIRED, began, began, rung.action, (paged,))
        for rung, number, key in _list_candidates(case)
        if (rung.clock, rung.minutes, number) == (ACKNOWLEDGEMENT, 0, 1)
        if rung.action == PAGE and ON_CALL in rung.to
    ]


def _list_candidates(case: EscalationCase) -> Iterator[tuple[EscalationRung, int, StepKey]]:
    """Yield every step of the ladder in its order, with its number in its rung and its key."""
    for rung in case.ladder:
        cycle = case.progress.fix_cycle if rung.clock == FIX_DATE else case.progress.cycle
        for number, step in enumerate(rung.steps, 1):
            yield rung, number, StepKey(case.ticket.ref, rung.clock, cycle, step)


def _find_due(
    case: EscalationCase, rung: EscalationRung, number: int, countdown: Countdown | None
) -> int | None:
    """Return when a step is due; None where its clock has stopped or never reaches it."""
    if rung.clock == ACKNOWLEDGEMENT:
        due = countdown.find_due(case.policy, rung, number) if countdown is not None else None
    else:
        due = find_clock_due(case, rung, number)
    if due is None or rung.clock in (ARRIVAL, FIX_DATE):
        return due
    since = case.progress.since if rung.clock == ACKNOWLEDGEMENT else case.progress.clocks_since
    # A step that was due just before an acknowledgement, and was not recorded yet, waits for its end too.
    ends = (epoch(each.end) for each in case.progress.acknowledgements)
    return find_opening(case.policy, rung, max(due, epoch(since), *ends))


def _start_countdown(case: EscalationCase, records: Iterable[StepRecord]) -> Countdown | None:
    """Return the time without acknowledgement; None where somebody works on the ticket."""
    if case.progress.taken_up_at is not None or not case.ticket.is_open:
        return None
    taken = {
        record.key.step: (record.at, record.outcome is StepOutcome.SKIPPED)
        for record in records
        if (record.key.clock, record.key.cycle) == (ACKNOWLEDGEMENT, case.progress.cycle)
    }
    return begin_countdown(
        case.progress, [rung for rung in case.ladder if rung.clock == ACKNOWLEDGEMENT], taken
    )
