"""Carries out one command in a transaction: locks, loads, decides, and writes events behind the head of the ledger."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import TypeGuard, get_args

import msgspec
from msgspec.structs import replace
from sqlalchemy import Connection

from supportdesk.store import processed_commands, record_changes, record_tables
from supportdesk.store.decision_inputs import look_up, other_tickets, with_newcomers
from supportdesk.store.due_moves import move_due
from supportdesk.store.errors import UnknownTicketError
from supportdesk.store.last_command import load_last_command
from supportdesk.store.read_models import QueueRow
from supportdesk.store.record_undo import hold, put_back, refuse_what_relies_on
from supportdesk.store.reference_data import ReferenceData
from supportdesk.store.registration import keyed, resolve_parties
from supportdesk.store.unit_of_work import UnitOfWork
from supportdesk.tickets import permissions
from supportdesk.tickets.command import Command, Refusal, TicketCommand
from supportdesk.tickets.decide import decide
from supportdesk.tickets.decision_context import DecisionContext
from supportdesk.tickets.documents import SYSTEM, Person
from supportdesk.tickets.process.importing import ImportRequest, ImportState
from supportdesk.tickets.process.linking import mirror_link
from supportdesk.tickets.process.paging import page_after_leaving
from supportdesk.tickets.process.time import CorrectTime
from supportdesk.tickets.process.triage import Log
from supportdesk.tickets.process.undo import Undo
from supportdesk.tickets.recalculation import policy_conflict
from supportdesk.tickets.record_undo import UndoRecord, command_to_restore, refuse_undo
from supportdesk.tickets.records.commands import (
    ChangeDay,
    InstallPolicy,
    RecordCommand,
    SavePerson,
    SaveRelease,
)
from supportdesk.tickets.records.rules import decide_record, release_consequences
from supportdesk.tickets.sanitize import Truncation
from supportdesk.tickets.ticket import Ticket

__all__ = ["SYSTEM", "CommandEnvelope", "HandlerContext", "handle", "is_record"]


class CommandEnvelope(msgspec.Struct, frozen=True):
    """A command with sanitized texts; `by` is a username, and `digest` distinguishes it from every other command."""

    command: Command
    cuts: tuple[Truncation, ...]
    by: str
    id: str
    digest: str


class HandlerContext(msgspec.Struct, frozen=True):
    """When and where a command is carried out. `known` loads the reference data, once its tickets are locked."""

    now: datetime
    known: Callable[[Connection], ReferenceData]


def handle(
    connection: Connection, order: CommandEnvelope, present: HandlerContext
) -> processed_commands.ProcessedCommand | Refusal:
    """Write the events of a command; for one that was carried out before, only return what it did.

    Raises UnknownTicketError for a ticket that is not there.
    """
    before = processed_commands.find_processed(connection, order.id)
    if before is not None:
        if not processed_commands.is_same(before.digest, order.command) and not isinstance(
            order.command, ImportRequest | ImportState
        ):
            about = f" ({before.ref})" if before.ref else ""
            return Refusal(
                f"this was sent before with other values, and carried out{about}; start a new one for anything else"
            )
        return before
    writing = UnitOfWork(connection, actor=order.by)
    command = order.command
    present = replace(present, now=_moment(command, present.now))
    ref: str | Refusal | None
    if isinstance(command, TicketCommand):
        ref = _work_on_ticket(writing, order, command, present)
    elif isinstance(command, Log | ImportRequest):
        ref = _take_in_request(writing, order, command, present)
    elif is_record(command):
        ref = _keep_record(writing, order, command, present)
    elif isinstance(command, UndoRecord):
        ref = _undo_record(writing, order, command, present)
    else:
        raise TypeError(f"there is no handler for {type(command).__name__}")
    if isinstance(ref, Refusal):
        return ref
    return writing.finish(order.id, order.digest, ref)


def preview(connection: Connection, order: CommandEnvelope, present: HandlerContext) -> QueueRow | Refusal:
    """Return what the ticket of a command would look like in the queue after it, or why not.

    Decided on what `connection` reads: nothing is written or locked, so it waits for no writer.
    """
    assert isinstance(order.command, TicketCommand), "only a ticket has a row to show"
    writing = UnitOfWork(connection, actor=order.by, for_update=False)
    try:
        ref = _work_on_ticket(writing, order, order.command, present)
    except UnknownTicketError as error:
        return Refusal(str(error))
    return ref if isinstance(ref, Refusal) else writing.preview(ref)


def _moment(command: Command, now: datetime) -> datetime:
    """Return when the command takes place: an imported state at its own time, but never in the future."""
    return min(command.at, now) if isinstance(command, ImportRequest | ImportState) else now


def _work_on_ticket(
    writing: UnitOfWork, order: CommandEnvelope, command: TicketCommand, present: HandlerContext
) -> str | Refusal:
    ref = command.ref
    locked = writing.lock({ref, *other_tickets(command)})
    if ref not in locked:
        raise UnknownTicketError(f"there is no ticket {ref}")
    ticket = locked.pop(ref)
    known = writing.known = present.known(writing.connection)
    actor = _actor(known, order)
    if isinstance(actor, Refusal):
        return actor
    now = present.now if isinstance(command, CorrectTime) else max(present.now, ticket.changed_at)
    directory = look_up(writing.connection, known, command, ticket, locked)
    last = load_last_command(writing.connection, ref) if isinstance(command, Undo) else None
    decision = decide(
        DecisionContext(now, actor, known.policies[ticket.policy], directory, ticket, last), command
    )
    if isinstance(decision, Refusal):
        return decision
    for event in decision:
        writing.happen(ref, event, now)
    _tell_cuts(writing, ref, order, now)
    mirror = mirror_link(ref, command)
    if mirror is not None:
        other, event = mirror
        writing.happen(other, event, now)
    return ref


def _take_in_request(
    writing: UnitOfWork, order: CommandEnvelope, command: Log | ImportRequest, present: HandlerContext
) -> str | Refusal:
    known = writing.known = present.known(writing.connection)
    actor = _actor(known, order)
    if isinstance(actor, Refusal):
        return actor
    taken = resolve_parties(writing.connection, command) if isinstance(command, Log) else (command, [])
    if isinstance(taken, Refusal):
        return taken
    request, kept = taken
    directory = with_newcomers(look_up(writing.connection, known, request, None, {}), kept)
    organisation = directory.organisations.get(request.organisation)
    contact = directory.contacts.get(request.contact)
    if organisation is None or contact is None:
        return Refusal(
            f"{request.organisation!r} or its contact {request.contact!r} is unknown; save them first"
        )
    now = present.now
    policy = known.policy_at(request.received_at or now)
    decision = decide(DecisionContext(now, actor, policy, directory), request)
    if isinstance(decision, Refusal):
        return decision
    for newcomer in kept:
        writing.keep(newcomer, now)
    ref = writing.new_ticket(organisation, contact)
    for event in decision:
        writing.happen(ref, event, now)
    _tell_cuts(writing, ref, order, now)
    return ref


def _tell_cuts(writing: UnitOfWork, ref: str, order: CommandEnvelope, now: datetime) -> None:
    writing.attach(order.cuts)
    for cut in order.cuts:
        writing.happen(ref, cut.event, now)


def _keep_record(
    writing: UnitOfWork, order: CommandEnvelope, command: RecordCommand, present: HandlerContext
) -> Refusal | None:
    now = present.now
    promised = writing.lock_promised(command.release.key) if isinstance(command, SaveRelease) else {}
    queue = writing.lock_queue() if isinstance(command, ChangeDay | InstallPolicy) else {}
    leaver = command.person if isinstance(command, SavePerson) and not command.person.active else None
    paged = writing.lock_paged(leaver.username) if leaver else {}
    known = writing.known = present.known(writing.connection)
    actor = _actor(known, order)
    if isinstance(actor, Refusal):
        return actor
    with_key = keyed(writing.connection, command)
    if isinstance(with_key, Refusal):
        return with_key
    command = with_key
    policy = command.policy if isinstance(command, InstallPolicy) else known.policy_at(now)
    case = DecisionContext(now, actor, policy, look_up(writing.connection, known, command, None, {}))
    decision = (
        permissions.refuse_actor(case, command)
        or _untouchable(known, command)
        or decide_record(case, command)
    )
    if isinstance(decision, Refusal):
        return decision
    for kept in decision:
        if nameless := record_tables.empty_field(kept):
            return Refusal(f"the {nameless} is empty; fill it in")
        writing.keep(kept, now)
    if isinstance(command, SaveRelease):
        for ref, ticket in promised.items():
            for event in release_consequences(known.policies[ticket.policy], ticket, command.release, now):
                writing.happen(ref, event, now)
    if isinstance(command, ChangeDay | InstallPolicy):
        reason = command.reason if isinstance(command, ChangeDay) else "more holidays are known"
        move_due(writing, queue, known, reason, now)
    if leaver:
        _page_others(writing, case, leaver, paged)
    return None


def _page_others(
    writing: UnitOfWork, case: DecisionContext, leaver: Person, paged: Mapping[str, Ticket]
) -> None:
    known = writing.known
    directory = replace(case.directory, staff=known.staff)
    for ref, ticket in paged.items():
        now = max(case.now, ticket.changed_at)
        policy = known.policies[ticket.policy]
        for event in page_after_leaving(DecisionContext(now, case.actor, policy, directory, ticket), leaver):
            writing.happen(ref, event, now)


def _undo_record(
    writing: UnitOfWork, order: CommandEnvelope, command: UndoRecord, present: HandlerContext
) -> Refusal | None:
    change = record_changes.find_change(writing.connection, command.change)
    if change is None:
        return Refusal("there is no such change to a record, or it has been undone already")
    held = hold(writing, change)
    known = writing.known = present.known(writing.connection)
    actor = _actor(known, order)
    if isinstance(actor, Refusal):
        return actor
    # What the restored record names has to be there still.
    again = command_to_restore(change.was) if change.was is not None else None
    directory = look_up(writing.connection, known, again or command, None, {})
    case = DecisionContext(present.now, actor, known.policy_at(present.now), directory)
    refusal = refuse_undo(case, change) or refuse_what_relies_on(writing, change, held, present.now)
    if refusal is None:
        put_back(writing, change, held, present.now)
    return refusal


def _untouchable(known: ReferenceData, command: RecordCommand) -> Refusal | None:
    """Return why a record cannot be saved because of what is saved already; None where it can."""
    if isinstance(command, InstallPolicy):
        return policy_conflict(known.installed.get(command.policy.version), command.policy)
    if isinstance(command, SavePerson) and command.person.username == SYSTEM.username:
        return Refusal(
            f"{SYSTEM.username} is the name of the program itself; give this person another username"
        )
    return None


def is_record(command: Command) -> TypeGuard[RecordCommand]:
    """Return whether the command saves a record."""
    return isinstance(command, get_args(RecordCommand))


def _actor(known: ReferenceData, order: CommandEnvelope) -> Person | Refusal:
    """Return who gives the command: an active member of staff, or the system for records."""
    if is_record(order.command) and order.by == SYSTEM.username:
        return SYSTEM
    if not known.staff and isinstance(order.command, SavePerson):
        return SYSTEM
    person = known.staff.get(order.by)
    if person is None:
        return Refusal(
            f"{order.by!r} is not on the staff: give the username of a member of staff with --as, "
            "or have an administrator add this one"
        )
    if not person.active:
        return Refusal(f"{person.name} is not on the staff any more; an administrator can change that")
    return person
