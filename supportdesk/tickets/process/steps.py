"""What the watcher does to a ticket when time has passed: the steps of its escalation, and its housekeeping."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from supportdesk.sla.clocks import epoch
from supportdesk.sla.ladder import PAGE, REASSIGN, EscalationRung
from supportdesk.tickets.actors import WATCHER
from supportdesk.tickets.command import ANY_STAGE, Decision, TicketCommand, rule_for
from supportdesk.tickets.decision_context import DecisionContext
from supportdesk.tickets.documents import Role
from supportdesk.tickets.escalation.explanation import describe_step
from supportdesk.tickets.escalation.recipients import RecipientData, Recipients, resolve_recipients
from supportdesk.tickets.escalation.recorded_steps import make_event
from supportdesk.tickets.escalation.steps import StepOutcome, StepRecord
from supportdesk.tickets.escalation.tick import decide_tick, has_alerted_late
from supportdesk.tickets.events import Assigned, Paged, TicketEvent
from supportdesk.tickets.process.housekeeping import take_acts
from supportdesk.tickets.refusal import Refusal

NOTHING_DUE = Refusal("nothing is due on it now; `explain --escalations` shows what is to come")
"""Why no step is recorded; nothing is written then."""


@dataclass(frozen=True, slots=True)
class TakeSteps(TicketCommand):
    """Record the steps of a ticket's escalation that are due and alert the people, end its hold, or close it."""

    tag = "take steps"
    needs = frozenset({Role.ADMINISTRATOR})
    open_to_services = frozenset({WATCHER.key})
    stages = ANY_STAGE
    reads_customer = True


@rule_for(TakeSteps)
def take_steps(case: DecisionContext, command: TakeSteps) -> Decision:
    """Every step that is due is recorded once, however many find it due; nothing of a closed ticket is (rule 22)."""
    records = _decide_escalation_steps(case)
    assert case.watch is not None
    is_late = has_alerted_late([*case.watch.steps, *records], epoch(case.now))
    taken = [*_take_escalation_steps(case, records), *take_acts(case, has_alerted_late=is_late)]
    return taken or NOTHING_DUE


def _decide_escalation_steps(case: DecisionContext) -> list[StepRecord]:
    watch = case.watch
    assert watch is not None
    customer = case.records.organisations[case.ticket.organisation]
    data = RecipientData(case.records, customer.account_manager)

    def resolve(rung: EscalationRung) -> Recipients:
        return resolve_recipients(watch.case, rung, data, case.now)

    return decide_tick(watch.case, watch.steps, resolve, epoch(case.now))


def _take_escalation_steps(case: DecisionContext, records: Iterable[StepRecord]) -> Iterator[TicketEvent]:
    assert case.watch is not None
    for record in records:
        description = describe_step(case.watch.case, record)
        yield make_event(record, description)
        if record.outcome is StepOutcome.FIRED:
            yield from _alert(case, record, description)


def _alert(case: DecisionContext, record: StepRecord, description: str) -> Iterator[TicketEvent]:
    """Yield what a fired step does to the ticket: its pages are open from now on, beside those of others."""
    people = [case.records.staff[username] for username in record.people]
    if record.action == PAGE:
        for person in people:
            yield Paged(person.username, person.name, person.telephone, description, beside=True)
    elif record.action == REASSIGN:
        first = people[0]
        yield Assigned(first.team, first.username, description)
