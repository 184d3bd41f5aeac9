"""Carries out commands on records: saves one, undoes a change to one, and erases a contact."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeGuard, get_args

from msgspec.structs import replace

from supportdesk.store import ledger, record_changes, record_tables
from supportdesk.store.command_envelope import CommandEnvelope, HandlerContext, load_actor
from supportdesk.store.decision_inputs import load_case_records
from supportdesk.store.due_moves import move_due
from supportdesk.store.erasure.permission import find_contact
from supportdesk.store.party_registration import assign_key
from supportdesk.store.record_reversal import lock_affected_tickets, refuse_if_used, restore_record
from supportdesk.store.reference_data import ReferenceData
from supportdesk.store.shift_notices import add_notices_of_changed_shifts
from supportdesk.store.unit_of_work import UnitOfWork
from supportdesk.tickets.actors import is_reserved
from supportdesk.tickets.command import Command
from supportdesk.tickets.decision_context import DecisionContext
from supportdesk.tickets.documents import Person
from supportdesk.tickets.events import FixPromised
from supportdesk.tickets.permissions import refuse_actor
from supportdesk.tickets.process.paging import page_after_leaving
from supportdesk.tickets.recalculation import refuse_policy_conflict
from supportdesk.tickets.record_undo import UndoRecord, command_to_restore, refuse_undo
from supportdesk.tickets.records.commands import (
    ChangeDay,
    EraseContact,
    InstallPolicy,
    RecordCommand,
    SavePerson,
    SaveRelease,
)
from supportdesk.tickets.records.rules import decide_record, release_consequences
from supportdesk.tickets.refusal import Refusal
from supportdesk.tickets.ticket import Ticket


def is_record(command: Command) -> TypeGuard[RecordCommand]:
    """Return whether the command saves a record."""
    return isinstance(command, get_args(RecordCommand))


def save_record(
    unit: UnitOfWork, envelope: CommandEnvelope, command: RecordCommand, context: HandlerContext
) -> Refusal | None:
    now = context.now
    promised = unit.lock_promised(command.release.key) if isinstance(command, SaveRelease) else {}
    queue = unit.lock_queue() if isinstance(command, ChangeDay | InstallPolicy) else {}
    leaver = command.person if isinstance(command, SavePerson) and not command.person.active else None
    paged = unit.lock_paged(leaver.username) if leaver else {}
    actor = load_actor(unit, envelope, context)
    if isinstance(actor, Refusal):
        return actor
    before = unit.reference_data
    with_key = assign_key(unit.connection, command)
    if isinstance(with_key, Refusal):
        return with_key
    command = with_key
    policy = command.policy if isinstance(command, InstallPolicy) else before.policy_at(now)
    case = DecisionContext(now, actor, policy, load_case_records(unit.connection, before, command, None, {}))
    decision = (
        refuse_actor(case, type(command))
        or _refuse_replacing(before, command)
        or decide_record(case, command)
    )
    if isinstance(decision, Refusal):
        return decision
    for event in decision:
        if nameless := record_tables.find_empty_field(event):
            return Refusal(f"the {nameless} is empty; fill it in")
        unit.add_record_event(event, now)
    if isinstance(command, SaveRelease):
        for ref, ticket in promised.items():
            ticket_policy = before.policies[ticket.policy]
            promised_at = ledger.find_last_time(unit.connection, ref, FixPromised)
            for moved in release_consequences(ticket_policy, ticket, command.release, now, promised_at):
                unit.add_ticket_event(ref, moved, now)
    if isinstance(command, ChangeDay | InstallPolicy):
        reason = command.reason if isinstance(command, ChangeDay) else "more holidays are known"
        move_due(unit, queue, before, reason, now)
    if leaver:
        _page_others(unit, case, leaver, paged)
    add_notices_of_changed_shifts(unit, before, actor, envelope.id, now)
    return None


def erase_contact(
    unit: UnitOfWork, envelope: CommandEnvelope, command: EraseContact, context: HandlerContext
) -> Refusal | None:
    # Imported when a contact is erased, which is rare.
    from supportdesk.store.erasure.erase import erase_records
    from supportdesk.tickets.telephone import home_region

    actor = load_actor(unit, envelope, context)
    if isinstance(actor, Refusal):
        return actor
    policy = unit.reference_data.policy_at(context.now)
    contact = find_contact(unit.connection, actor, command, unit.reference_data, context.now)
    if isinstance(contact, Refusal):
        return contact
    event = erase_records(unit, contact, home_region(policy))
    # Again, now that the tickets are locked.
    unit.reference_data = context.load_reference_data(unit.connection)
    unit.add_record_event(event, context.now)
    return None


def _page_others(
    unit: UnitOfWork, case: DecisionContext, leaver: Person, paged: Mapping[str, Ticket]
) -> None:
    """Page the person on call instead of a member of staff who leaves (rule 18)."""
    reference_data = unit.reference_data
    records = replace(case.records, staff=reference_data.staff)
    for ref, ticket in paged.items():
        now = max(case.now, ticket.changed_at)
        policy = reference_data.policies[ticket.policy]
        for event in page_after_leaving(DecisionContext(now, case.actor, policy, records, ticket), leaver):
            unit.add_ticket_event(ref, event, now)


def undo_record(
    unit: UnitOfWork, envelope: CommandEnvelope, command: UndoRecord, context: HandlerContext
) -> Refusal | None:
    # Whether anything uses the record is looked for everywhere.
    unit.lock_head()
    change = record_changes.find_change(unit.connection, command.change)
    if change is None:
        return Refusal("there is no such change to a record, or it has been undone already")
    affected = lock_affected_tickets(unit, change)
    actor = load_actor(unit, envelope, context)
    if isinstance(actor, Refusal):
        return actor
    reference_data = unit.reference_data
    change = replace(change, timezone=reference_data.policy_at(context.now).timezone)
    # What the restored record names has to be there still.
    restoring = command_to_restore(change.was) if change.was is not None else None
    records = load_case_records(unit.connection, reference_data, restoring or command, None, {})
    case = DecisionContext(context.now, actor, reference_data.policy_at(context.now), records)
    refusal = refuse_undo(case, change) or refuse_if_used(unit, change, affected, context.now)
    if refusal is None:
        restore_record(unit, change, affected, context.now)
        add_notices_of_changed_shifts(unit, reference_data, actor, envelope.id, context.now)
    return refusal


def _refuse_replacing(reference_data: ReferenceData, command: RecordCommand) -> Refusal | None:
    """Return why a record cannot be saved in place of what is there already; None where it can."""
    if isinstance(command, InstallPolicy):
        return refuse_policy_conflict(reference_data.installed.get(command.policy.version), command.policy)
    if isinstance(command, SavePerson) and is_reserved(command.person.username):
        return Refusal(
            f"{command.person.username!r} is reserved for the program itself; give this person another username"
        )
    return None
