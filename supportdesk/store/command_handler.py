"""Carries out one command in a transaction: locks, loads, decides, and writes events behind the head of the ledger."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import TypeGuard, get_args

import msgspec
from msgspec.structs import replace
from sqlalchemy import Connection

from supportdesk.store import ledger, processed_commands, record_changes, record_tables
from supportdesk.store.decision_inputs import add_new_parties, find_other_tickets, load_case_records
from supportdesk.store.due_moves import move_due
from supportdesk.store.erasure.permission import find_contact, refuse_begun_before
from supportdesk.store.errors import NewerDataError, UnknownTicketError
from supportdesk.store.last_command import load_last_command
from supportdesk.store.outbox_queries import load_delivery, save_attempt
from supportdesk.store.party_registration import assign_key, resolve_parties
from supportdesk.store.read_models import QueueRow
from supportdesk.store.record_reversal import lock_affected_tickets, refuse_if_used, restore_record
from supportdesk.store.reference_data import ReferenceData
from supportdesk.store.shift_notices import add_notices_of_changed_shifts
from supportdesk.store.unit_of_work import UnitOfWork
from supportdesk.store.watch_projection import load_watch
from supportdesk.tickets.actors import SYSTEM, Actor, is_reserved
from supportdesk.tickets.command import Command, TicketCommand
from supportdesk.tickets.decide import decide
from supportdesk.tickets.decision_context import DecisionContext
from supportdesk.tickets.documents import Contact, Person
from supportdesk.tickets.events import FixPromised
from supportdesk.tickets.permissions import find_actor, refuse_actor
from supportdesk.tickets.process.importing import ImportRequest, ImportState, find_last_change
from supportdesk.tickets.process.linking import mirror_link
from supportdesk.tickets.process.paging import page_after_leaving
from supportdesk.tickets.process.sending import RecordAttempt
from supportdesk.tickets.process.steps import TakeSteps
from supportdesk.tickets.process.time import CorrectTime
from supportdesk.tickets.process.triage import Log
from supportdesk.tickets.process.undo import Undo
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
from supportdesk.tickets.sanitize import Truncation
from supportdesk.tickets.ticket import Ticket


class CommandEnvelope(msgspec.Struct, frozen=True):
    """A command with sanitized texts; `by` is the key of its actor, and `digest` tells it from every other command.

    `begun` is the number of the last event that the sender had read when they began to type it; None where nobody did.
    """

    command: Command
    cuts: tuple[Truncation, ...]
    by: str
    id: str
    digest: str
    begun: int | None = None


class HandlerContext(msgspec.Struct, frozen=True):
    """The present, in whole UTC seconds, and the loader of the reference data, called once the tickets are locked.

    `seen` is the last event before the transaction, None for a preview; the desk `is_newer` than this program.
    """

    now: datetime
    load_reference_data: Callable[[Connection], ReferenceData]
    seen: int | None = None
    is_newer: bool = False


def handle_command(
    connection: Connection, envelope: CommandEnvelope, context: HandlerContext
) -> processed_commands.ProcessedCommand | Refusal:
    """Write the events of a command; for one that was carried out before, only return what it did.

    Raises UnknownTicketError where its ticket is not there, OvertakenError where others changed meanwhile what it was
    decided on, and NewerDataError where it would lose what a newer program wrote.
    """
    before = _find_before(connection, envelope)
    if before is not None:
        return before
    outcome = _handle_new(connection, envelope, context)
    if isinstance(outcome, Refusal):
        # Somebody may have carried out the same command while this one waited for its ticket.
        return _find_before(connection, envelope) or outcome
    return outcome


def _find_before(
    connection: Connection, envelope: CommandEnvelope
) -> processed_commands.ProcessedCommand | Refusal | None:
    """Return what the command did when it was carried out before; None where it was not."""
    command = envelope.command
    before = processed_commands.find_processed(connection, envelope.id)
    if before is None or isinstance(command, EraseContact | ImportRequest | ImportState):
        return before
    if before.digest == processed_commands.ERASED:
        return Refusal("this was carried out before, and a contact in it was erased since; start a new one")
    if not processed_commands.is_same(before.digest, command):
        about = f" ({before.ref})" if before.ref else ""
        return Refusal(
            f"this was sent before with other values, and carried out{about}; start a new one for anything else"
        )
    return before


def _handle_new(
    connection: Connection, envelope: CommandEnvelope, context: HandlerContext
) -> processed_commands.ProcessedCommand | Refusal:
    command = envelope.command
    if envelope.begun is not None and (refusal := refuse_begun_before(connection, envelope.begun)):
        return refusal
    unit = UnitOfWork(connection, actor=envelope.by, seen=context.seen, is_newer=context.is_newer)
    context = replace(context, now=_effective_time(command, context.now))
    ref: str | Refusal | None
    if isinstance(command, TicketCommand):
        ref = _change_ticket(unit, envelope, command, context)
    elif isinstance(command, Log | ImportRequest):
        ref = _create_ticket(unit, envelope, command, context)
    elif isinstance(command, RecordAttempt):
        ref = _record_attempt(unit, envelope, command, context)
    elif isinstance(command, EraseContact):
        ref = _erase_contact(unit, envelope, command, context)
        # Its digest would tell whether a guessed key is right.
        envelope = replace(envelope, digest=processed_commands.ERASED)
    elif is_record(command):
        ref = _save_record(unit, envelope, command, context)
    elif isinstance(command, UndoRecord):
        ref = _undo_record(unit, envelope, command, context)
    else:
        raise TypeError(f"there is no handler for {type(command).__name__}")
    if isinstance(ref, Refusal):
        return ref
    return unit.finish(envelope.id, envelope.digest, ref)


def preview_command(
    connection: Connection, envelope: CommandEnvelope, context: HandlerContext
) -> QueueRow | Refusal:
    """Return the queue row that the ticket of a command would have after it, or why not.

    Decided on what `connection` reads: nothing is written or locked, so it waits for no writer.
    """
    assert isinstance(envelope.command, TicketCommand), "only a ticket has a row to show"
    unit = UnitOfWork(connection, actor=envelope.by, for_update=False, is_newer=context.is_newer)
    try:
        ref = _change_ticket(unit, envelope, envelope.command, context)
    except (UnknownTicketError, NewerDataError) as error:
        return Refusal(str(error))
    return ref if isinstance(ref, Refusal) else unit.preview(ref)


def _effective_time(command: Command, now: datetime) -> datetime:
    """Return when the command takes place: an imported state at its own time, but never in the future."""
    return min(command.at, now) if isinstance(command, ImportRequest | ImportState) else now


def _change_ticket(
    unit: UnitOfWork, envelope: CommandEnvelope, command: TicketCommand, context: HandlerContext
) -> str | Refusal:
    ref = command.ref
    locked = unit.lock({ref, *find_other_tickets(command)})
    if ref not in locked:
        raise UnknownTicketError(f"there is no ticket {ref}")
    ticket = locked.pop(ref)
    if isinstance(command, ImportState) and context.now < ticket.changed_at:
        ticket = unit.set_back(ref, find_last_change(ledger.read_history(unit.connection, ref)))
    actor = _load_actor(unit, envelope, context)
    if isinstance(actor, Refusal):
        return actor
    reference_data = unit.reference_data
    now = context.now if isinstance(command, CorrectTime) else max(context.now, ticket.changed_at)
    records = load_case_records(unit.connection, reference_data, command, ticket, locked)
    policies = reference_data.policies
    last = load_last_command(unit.connection, ref) if isinstance(command, Undo) else None
    watch = load_watch(unit.connection, ticket, policies) if isinstance(command, TakeSteps) else None
    case = DecisionContext(now, actor, policies[ticket.policy], records, ticket, last, watch)
    decision = decide(case, command)
    if isinstance(decision, Refusal):
        return decision
    for event in decision:
        unit.add_ticket_event(ref, event, now)
    _add_truncations(unit, ref, envelope, now)
    mirror = mirror_link(ref, command)
    if mirror is not None:
        other, event = mirror
        unit.add_ticket_event(other, event, now)
    return ref


def _record_attempt(
    unit: UnitOfWork, envelope: CommandEnvelope, command: RecordAttempt, context: HandlerContext
) -> str | Refusal | None:
    delivery = load_delivery(unit.connection, command.delivery)
    ref = delivery.ref if delivery is not None else None
    ticket = unit.lock([ref])[ref] if ref is not None else None
    actor = _load_actor(unit, envelope, context)
    if isinstance(actor, Refusal):
        return actor
    reference_data = unit.reference_data
    now = max(context.now, ticket.changed_at) if ticket is not None else context.now
    policy = reference_data.policies[ticket.policy] if ticket is not None else reference_data.policy_at(now)
    records = load_case_records(unit.connection, reference_data, command, ticket, {})
    case = DecisionContext(now, actor, policy, records, ticket, delivery=delivery)
    decision = decide(case, command)
    if isinstance(decision, Refusal):
        return decision
    assert delivery is not None
    if ref is not None:
        for event in decision:
            unit.add_ticket_event(ref, event, now)
    save_attempt(unit.connection, delivery, command, now)
    return ref


def _create_ticket(
    unit: UnitOfWork, envelope: CommandEnvelope, command: Log | ImportRequest, context: HandlerContext
) -> str | Refusal:
    actor = _load_actor(unit, envelope, context)
    if isinstance(actor, Refusal):
        return actor
    reference_data = unit.reference_data
    resolved = resolve_parties(unit.connection, command) if isinstance(command, Log) else (command, [])
    if isinstance(resolved, Refusal):
        return resolved
    request, new_parties = resolved
    records = add_new_parties(
        load_case_records(unit.connection, reference_data, request, None, {}), new_parties
    )
    organisation = records.organisations.get(request.organisation)
    contact = records.contacts.get(request.contact)
    if organisation is None or contact is None:
        return Refusal(
            f"{request.organisation!r} or its contact {request.contact!r} is unknown; save them first"
        )
    now = context.now
    policy = reference_data.policy_at(request.received_at or now)
    decision = decide(DecisionContext(now, actor, policy, records), request)
    if isinstance(decision, Refusal):
        return decision
    for party in new_parties:
        unit.add_record_event(party, now)
    ref = unit.new_ticket(organisation, contact)
    for event in decision:
        unit.add_ticket_event(ref, event, now)
    _add_truncations(unit, ref, envelope, now)
    return ref


def _add_truncations(unit: UnitOfWork, ref: str, envelope: CommandEnvelope, now: datetime) -> None:
    unit.add_truncations(envelope.cuts)
    for cut in envelope.cuts:
        unit.add_ticket_event(ref, cut.event, now)


def _save_record(
    unit: UnitOfWork, envelope: CommandEnvelope, command: RecordCommand, context: HandlerContext
) -> Refusal | None:
    now = context.now
    promised = unit.lock_promised(command.release.key) if isinstance(command, SaveRelease) else {}
    queue = unit.lock_queue() if isinstance(command, ChangeDay | InstallPolicy) else {}
    leaver = command.person if isinstance(command, SavePerson) and not command.person.active else None
    paged = unit.lock_paged(leaver.username) if leaver else {}
    actor = _load_actor(unit, envelope, context)
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


def _erase_contact(
    unit: UnitOfWork, envelope: CommandEnvelope, command: EraseContact, context: HandlerContext
) -> Refusal | None:
    # Imported when a contact is erased, which is rare.
    from supportdesk.store.erasure.erase import erase_records
    from supportdesk.tickets.telephone import home_region

    actor = _load_actor(unit, envelope, context)
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


def _undo_record(
    unit: UnitOfWork, envelope: CommandEnvelope, command: UndoRecord, context: HandlerContext
) -> Refusal | None:
    # Whether anything uses the record is looked for everywhere.
    unit.lock_head()
    change = record_changes.find_change(unit.connection, command.change)
    if change is None:
        return Refusal("there is no such change to a record, or it has been undone already")
    affected = lock_affected_tickets(unit, change)
    actor = _load_actor(unit, envelope, context)
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


def is_record(command: Command) -> TypeGuard[RecordCommand]:
    """Return whether the command saves a record."""
    return isinstance(command, get_args(RecordCommand))


def _load_actor(unit: UnitOfWork, envelope: CommandEnvelope, context: HandlerContext) -> Actor | Refusal:
    """Load the reference data, and return who gives the command, or why there is nobody who can.

    The person who adds the first member of staff acts as the program itself.
    """
    unit.reference_data = context.load_reference_data(unit.connection)
    staff = unit.reference_data.staff
    is_first = not staff and isinstance(envelope.command, SavePerson)
    return find_actor(
        SYSTEM.key if is_first else envelope.by,
        staff,
        lambda key: record_tables.load(unit.connection, Contact, [key]).get(key),
    )
