"""Carries out the commands on messages that arrive: records one with its original, and changes one that waits."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import replace

from msgspec import structs
from sqlalchemy import Connection

from supportdesk.store import incoming_queries, ticket_queries
from supportdesk.store.command_envelope import CommandEnvelope, HandlerContext, load_actor
from supportdesk.store.decision_inputs import load_case_records
from supportdesk.store.errors import UnknownTicketError
from supportdesk.store.processed_commands import ProcessedCommand
from supportdesk.store.unit_of_work import UnitOfWork
from supportdesk.tickets.actors import Actor
from supportdesk.tickets.decision_context import DecisionContext
from supportdesk.tickets.incoming_message import IncomingMessage
from supportdesk.tickets.permissions import refuse_actor
from supportdesk.tickets.records.incoming_commands import AccountMessage, SettleMessage
from supportdesk.tickets.records.incoming_rules import MESSAGE_KNOWN, complete_message
from supportdesk.tickets.records.rules import decide_record
from supportdesk.tickets.records.voicemail_commands import AddTranscript, MarkHeard, RecordMissedCall
from supportdesk.tickets.records.voicemail_rules import complete_call
from supportdesk.tickets.refusal import Refusal
from supportdesk.tickets.ticket import Ticket

IncomingCommand = AccountMessage | SettleMessage | RecordMissedCall | MarkHeard | AddTranscript
"""The commands on messages that arrive."""

Known = Mapping[str, IncomingMessage]
"""Messages that arrived before, by key."""


def handle_incoming(
    unit: UnitOfWork,
    envelope: CommandEnvelope,
    command: IncomingCommand,
    context: HandlerContext,
) -> ProcessedCommand | Refusal:
    """Write what becomes of a message. One that was recorded before counts as repeated."""
    # Whether it was recorded before is looked for everywhere.
    head = unit.lock_head()
    actor = load_actor(unit, envelope, context)
    if isinstance(actor, Refusal):
        return actor
    originals: dict[str, bytes] = {}
    if isinstance(command, AccountMessage):
        command, known = _load_same(unit.connection, command)
        originals[command.message.original] = command.original
    elif isinstance(command, RecordMissedCall):
        command, known = _load_same_call(unit.connection, command)
    else:
        found = incoming_queries.load_message(unit.connection, command.key)
        known = {found.key: found} if found is not None else {}
    case = _load_case(unit, command, known, context, actor)
    decision = refuse_actor(case, type(command)) or decide_record(case, command)
    if decision is MESSAGE_KNOWN:
        return ProcessedCommand(envelope.id, envelope.digest, seq=head.seq, repeated=True)
    if isinstance(decision, Refusal):
        return decision
    for event in decision:
        unit.add_record_event(event, context.now)
    for digest, content in originals.items():
        unit.add_original(digest, content)
    return unit.finish(envelope.id, envelope.digest, None)


def _load_same(connection: Connection, command: AccountMessage) -> tuple[AccountMessage, Known]:
    """Return the command with a key for its message, and the messages with the same Message-ID and content."""
    message = complete_message(command)
    known = incoming_queries.load_with_content(connection, message)
    message = structs.replace(message, key=incoming_queries.find_free_key(connection, message))
    return replace(command, message=message), known


def _load_same_call(connection: Connection, command: RecordMissedCall) -> tuple[RecordMissedCall, Known]:
    """Return the command with a key for its call, and the same call where it was recorded before."""
    message = complete_call(command)
    known = incoming_queries.load_with_content(connection, message)
    message = structs.replace(message, key=incoming_queries.find_free_key(connection, message))
    return replace(command, message=message), known


def _load_case(
    unit: UnitOfWork,
    command: IncomingCommand,
    known: Known,
    context: HandlerContext,
    actor: Actor,
) -> DecisionContext:
    asked = _find_ref(command)
    tickets = _load_tickets(unit.connection, [asked, *(each.ref for each in known.values())])
    records = load_case_records(unit.connection, unit.reference_data, command, None, tickets)
    policy = unit.reference_data.policy_at(context.now)
    return DecisionContext(context.now, actor, policy, structs.replace(records, incoming=known))


def _find_ref(command: IncomingCommand) -> str | None:
    """Return the ticket that a command names; None for none."""
    match command:
        case AccountMessage(message) | RecordMissedCall(message):
            return message.ref
        case SettleMessage():
            return command.ref
    return None


def _load_tickets(connection: Connection, refs: Iterable[str | None]) -> dict[str, Ticket]:
    """Return the tickets with these references; unknown ones are left out."""
    tickets: dict[str, Ticket] = {}
    for ref in filter(None, refs):
        with suppress(UnknownTicketError):
            tickets[ref] = ticket_queries.load_ticket(connection, ref)
    return tickets
