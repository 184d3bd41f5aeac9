"""Carries out a command on one delivery: its ticket is locked, if it has one, and its row follows the events."""

from __future__ import annotations

from supportdesk.sla.clocks import epoch
from supportdesk.store.command_envelope import CommandEnvelope, HandlerContext, load_actor
from supportdesk.store.decision_inputs import load_case_records
from supportdesk.store.outbox_queries import find_ticket, load_delivery, save_attempt, save_retry
from supportdesk.store.unit_of_work import UnitOfWork
from supportdesk.tickets.decide import decide
from supportdesk.tickets.decision_context import DecisionContext
from supportdesk.tickets.events import RetryRequested, SendAttempted
from supportdesk.tickets.process.retry import RetryDelivery
from supportdesk.tickets.process.sending import RecordAttempt, RecordBounce
from supportdesk.tickets.refusal import Refusal

DeliveryCommand = RecordAttempt | RecordBounce | RetryDelivery
"""The commands that name a delivery."""


def handle_delivery(
    unit: UnitOfWork, envelope: CommandEnvelope, command: DeliveryCommand, context: HandlerContext
) -> str | Refusal | None:
    """Write what a command on a delivery comes to; return the reference of its ticket, None where it has none.

    The delivery is read once nobody can change it any more: attempts and erasures lock its ticket, claims the head.
    """
    ref = find_ticket(unit.connection, command.delivery)
    ticket = unit.lock([ref])[ref] if ref is not None else None
    if ref is None or isinstance(command, RetryDelivery):
        unit.lock_end()
    delivery = load_delivery(unit.connection, command.delivery, epoch(context.now))
    actor = load_actor(unit, envelope, context)
    if isinstance(actor, Refusal):
        return actor
    reference_data = unit.reference_data
    now = max(context.now, ticket.changed_at) if ticket is not None else context.now
    policy = reference_data.policies[ticket.policy] if ticket is not None else reference_data.policy_at(now)
    records = load_case_records(unit.connection, reference_data, command, ticket, {})
    case = DecisionContext(now, actor, policy, records, ticket, delivery=delivery, clock=context.now)
    decision = decide(case, command)
    if isinstance(decision, Refusal):
        return decision
    assert delivery is not None
    for event in decision:
        if isinstance(event, RetryRequested):
            save_retry(unit.connection, delivery.id, epoch(context.now))
        elif isinstance(event, SendAttempted):
            save_attempt(unit.connection, delivery, event, now)
        if ref is not None:
            unit.add_ticket_event(ref, event, now)
    return ref
