"""Explains the escalation of a ticket: what fired, what will fire when and whom it will reach, and what was skipped."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

import msgspec

from supportdesk.sla.clocks import epoch, instant
from supportdesk.sla.ladder import (
    ACKNOWLEDGEMENT,
    ARRIVAL,
    BREACH,
    FIX_DATE,
    MINUTE,
    EscalationRung,
)
from supportdesk.sla.policy import Policy
from supportdesk.tickets.escalation.case import EscalationCase
from supportdesk.tickets.escalation.progress import Acknowledgement, EscalationProgress, follow_history
from supportdesk.tickets.escalation.recipients import RecipientData, Recipients, resolve_recipients
from supportdesk.tickets.escalation.steps import StepRecord, find_next_due, list_steps_at_once
from supportdesk.tickets.escalation.tick import TICK, decide_tick
from supportdesk.tickets.events import Event, Logged
from supportdesk.tickets.ticket import Stage, Ticket


class EscalationExplanation(msgspec.Struct, frozen=True):
    """The escalation of a ticket as of `at`.

    `recorded` are the steps that became facts, `expected` those to come if nothing happens, with what the housekeeping
    does. Whom they reach follows from the rota and the records as they are known now. `valid` is the acknowledgement
    that stops the escalation now. `stopped` are the clocks of the ladder that have stopped.
    """

    case: EscalationCase
    at: datetime
    recorded: tuple[StepRecord, ...]
    expected: tuple[StepRecord, ...]
    valid: Acknowledgement | None
    stopped: tuple[str, ...]

    def describe_step(self, record: StepRecord) -> str:
        """Return when a step is due in words, such as `75 % of the response target`; its name for another ladder."""
        return describe_step(self.case, record)


def explain_escalation(
    case: EscalationCase,
    data: RecipientData,
    at: datetime,
    records: Sequence[StepRecord] = (),
    acts: Iterable[StepRecord] = (),
) -> EscalationExplanation:
    """Return the explanation as of `at`; `acts` are the acts of the housekeeping that are to come.

    Raises CalendarError outside the calendar's years.
    """
    steps = forecast(case, data, at, records)
    expected = sorted([*steps, *acts], key=lambda record: record.due)
    recorded = sorted([*list_steps_at_once(case), *records], key=lambda record: record.at)
    to_come = {record.key.clock for record in expected}
    clocks = dict.fromkeys(rung.clock for rung in case.ladder)
    stopped = tuple(clock for clock in clocks if clock not in to_come and _has_stopped(case, clock))
    return EscalationExplanation(
        case, at, tuple(recorded), tuple(expected), case.progress.valid_at(at), stopped
    )


def forecast(
    case: EscalationCase, data: RecipientData, at: datetime, records: Sequence[StepRecord] = ()
) -> list[StepRecord]:
    """Return what a watcher would record from `at` on if nothing else happened, by when it is due."""
    made: list[StepRecord] = []
    now, ticks = epoch(at), 0
    while (due := find_next_due(case, [*records, *made])) is not None:
        now = due if due > now else now + (TICK if ticks else 0)
        ticks += 1
        made += decide_tick(case, [*records, *made], _Resolver(case, data, instant(now)), now)
    return sorted(made, key=lambda record: record.due)


class _Resolver(msgspec.Struct, frozen=True):
    """Resolves the recipients of a rung at an instant."""

    case: EscalationCase
    data: RecipientData
    at: datetime

    def __call__(self, rung: EscalationRung) -> Recipients:
        return resolve_recipients(self.case, rung, self.data, self.at)


def find_progress(
    policies: Mapping[str, Policy], ticket: Ticket, history: Iterable[tuple[Event | None, datetime, str]]
) -> EscalationProgress:
    """Return where a ticket's escalation stands after its history of (event, instant, actor).

    Where words of the history were erased (None), its ladder counts from when the ticket was logged.
    """
    events = [(event, at, actor) for event, at, actor in history if event is not None]
    if not events or not isinstance(events[0][0], Logged):
        return EscalationProgress(cycle=1, began=ticket.logged_at, since=ticket.logged_at)
    return follow_history(policies, ticket.ref, events)


def describe_step(case: EscalationCase, record: StepRecord) -> str:
    """Return when a step is due in words: as it was recorded, where the ticket has another ladder by now."""
    key, slash, number = record.key.step.partition("/")
    rung = next((each for each in case.ladder if each.key == key), None)
    if rung is None or record.key.clock != rung.clock or record.key.step not in rung.steps:
        return record.description or record.key.step
    if not slash:
        return describe_rung(rung)
    if rung.clock == ACKNOWLEDGEMENT:
        seconds = (rung.minutes or 0) * MINUTE + rung.delays[int(number) - 1]
        return f"{seconds // MINUTE} min without acknowledgement"
    return f"{describe_rung(rung)}, again ({number})"


def describe_rung(rung: EscalationRung) -> str:
    """Return when a rung is due, in words."""
    if rung.clock == ARRIVAL:
        return "on arrival"
    if rung.clock == ACKNOWLEDGEMENT:
        return f"{rung.minutes} min without acknowledgement" if rung.minutes else "at once"
    if rung.clock == FIX_DATE:
        days = rung.days_before
        return (
            f"{days} working day{'' if days == 1 else 's'} before the fix date" if days else "on the fix date"
        )
    return (
        f"{rung.clock} breached" if rung.percent == BREACH else f"{rung.percent} % of the {rung.clock} target"
    )


def _has_stopped(case: EscalationCase, clock: str) -> bool:
    ticket = case.ticket
    if ticket.stage is Stage.CLOSED:
        return True
    stopped = {
        ARRIVAL: not ticket.is_open,
        ACKNOWLEDGEMENT: not ticket.is_open or case.progress.taken_up_at is not None,
        "response": ticket.response_verdict is not None,
        "resolution": ticket.resolution_verdict is not None,
        FIX_DATE: ticket.resolution_verdict is not None,
    }
    return stopped[clock]
