"""Carries out one command in a transaction: locks, loads, decides, and writes events behind the head of the ledger."""

from __future__ import annotations

from datetime import datetime

from msgspec.structs import replace
from sqlalchemy import Connection

from supportdesk.store import ledger, processed_commands
from supportdesk.store.command_envelope import CommandEnvelope, HandlerContext, load_actor
from supportdesk.store.decision_inputs import add_new_parties, find_other_tickets, load_case_records
from supportdesk.store.delivery_handler import DeliveryCommand, handle_delivery
from supportdesk.store.erasure.permission import refuse_begun_before
from supportdesk.store.errors import NewerDataError, UnknownTicketError
from supportdesk.store.incoming_handler import IncomingCommand, handle_incoming
from supportdesk.store.last_command import load_last_command
from supportdesk.store.mail_planning import add_planned_mail
from supportdesk.store.party_registration import resolve_parties
from supportdesk.store.read_models import QueueRow
from supportdesk.store.record_handler import erase_contact, is_record, save_record, undo_record
from supportdesk.store.unit_of_work import UnitOfWork
from supportdesk.store.watch_projection import load_watch
from supportdesk.tickets.attached_file import describe_file
from supportdesk.tickets.command import Command, TicketCommand
from supportdesk.tickets.decide import decide
from supportdesk.tickets.decision_context import DecisionContext
from supportdesk.tickets.process.conversation import Reply
from supportdesk.tickets.process.importing import ImportRequest, ImportState, find_last_change
from supportdesk.tickets.process.linking import mirror_link
from supportdesk.tickets.process.steps import TakeSteps
from supportdesk.tickets.process.time import CorrectTime
from supportdesk.tickets.process.triage import Log
from supportdesk.tickets.process.undo import Undo
from supportdesk.tickets.record_undo import UndoRecord
from supportdesk.tickets.records.commands import EraseContact
from supportdesk.tickets.refusal import Refusal


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
    elif isinstance(command, DeliveryCommand):
        ref = handle_delivery(unit, envelope, command, context)
    elif isinstance(command, EraseContact):
        ref = erase_contact(unit, envelope, command, context)
        # Its digest would tell whether a guessed key is right.
        envelope = replace(envelope, digest=processed_commands.ERASED)
    elif isinstance(command, IncomingCommand):
        return handle_incoming(unit, envelope, command, context)
    elif is_record(command):
        ref = save_record(unit, envelope, command, context)
    elif isinstance(command, UndoRecord):
        ref = undo_record(unit, envelope, command, context)
    else:
        raise TypeError(f"there is no handler for {type(command).__name__}")
    if isinstance(ref, Refusal):
        return ref
    if not isinstance(command, ImportRequest | ImportState):
        # What another system did was mailed by that one.
        add_planned_mail(unit, envelope.by, context.now)
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
    try:
        locked = unit.lock({ref, *find_other_tickets(command)})
    except NewerDataError as error:
        # Who is told of it names the ticket of the command already.
        raise NewerDataError("this ticket" if error.what == ref else error.what) from error
    if ref not in locked:
        raise UnknownTicketError(f"there is no ticket {ref}")
    ticket = locked.pop(ref)
    if isinstance(command, ImportState) and context.now < ticket.changed_at:
        ticket = unit.set_back(ref, find_last_change(ledger.read_history(unit.connection, ref)))
    actor = load_actor(unit, envelope, context)
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
    if isinstance(command, Reply):
        for file in command.attachments:
            unit.add_original(describe_file(file).digest, file.content)
    mirror = mirror_link(ref, command)
    if mirror is not None:
        other, event = mirror
        unit.add_ticket_event(other, event, now)
    return ref


def _create_ticket(
    unit: UnitOfWork, envelope: CommandEnvelope, command: Log | ImportRequest, context: HandlerContext
) -> str | Refusal:
    actor = load_actor(unit, envelope, context)
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
