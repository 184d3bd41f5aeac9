"""Undoes a change to a record: refuses where others rely on it, and moves back the tickets that moved with it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

import msgspec
from msgspec.structs import replace
from sqlalchemy import Connection, select

from supportdesk.sla.clocks import ClockKind, State, epoch, state_at
from supportdesk.store import ledger, tables
from supportdesk.store.due_moves import move_due
from supportdesk.store.last_command import load_last_command
from supportdesk.store.unit_of_work import UnitOfWork
from supportdesk.tickets.decision_context import AppliedCommand
from supportdesk.tickets.events import NOTED_BESIDE, ArticleLinked, TicketEvent, Undone
from supportdesk.tickets.process.undo import describe_events
from supportdesk.tickets.promises import project_ticket_clock
from supportdesk.tickets.record_undo import RecordChange, record_name
from supportdesk.tickets.record_undone import RecordUndone
from supportdesk.tickets.records.events import PersonSaved, ReleaseSaved
from supportdesk.tickets.records.rules import has_unshipped_fix_in, release_consequences
from supportdesk.tickets.refusal import Refusal
from supportdesk.tickets.rota.data import people_on_rota
from supportdesk.tickets.ticket import Ticket
from supportdesk.tickets.undo_state import find_previous_values

_tickets, _ledger, _contacts = tables.tickets.c, tables.ledger.c, tables.contacts.c
_CALENDARS = ("day", "policy")
"""The kinds of records on which due times depend."""


class AffectedTickets(msgspec.Struct):
    """The tickets that a change may affect: those that changed with it, and those that undoing it may move."""

    changed: dict[str, Ticket] = msgspec.field(default_factory=dict)
    promised: dict[str, Ticket] = msgspec.field(default_factory=dict)
    queue: dict[str, Ticket] = msgspec.field(default_factory=dict)


def lock_affected_tickets(unit: UnitOfWork, change: RecordChange) -> AffectedTickets:
    """Lock the tickets that a change may affect."""
    if change.kind in _CALENDARS:
        return AffectedTickets(queue=unit.lock_queue())
    if change.kind != "release":
        return AffectedTickets()
    promised = unit.lock_promised(change.key)
    return AffectedTickets(unit.lock(change.refs), promised)


def refuse_if_used(
    unit: UnitOfWork, change: RecordChange, affected: AffectedTickets, now: datetime
) -> Refusal | None:
    """Return why a change cannot be undone: something visible relies on it already. None where it can."""
    if change.was is None and (use := _find_use(unit, change)):
        return Refusal(f"{record_name(change.event, change.timezone)} is in use already: {use}")
    if _removes_from_staff(change) and (ref := _paged_for(unit, change.key)):
        return Refusal(
            f"{record_name(change.event, change.timezone)} is paged for {ref} and has not acknowledged"
        )
    if isinstance(change.event, ReleaseSaved):
        return _refuse_release(unit, change, affected, now)
    return None


def restore_record(unit: UnitOfWork, change: RecordChange, affected: AffectedTickets, now: datetime) -> None:
    """Save the record as it was, or remove it where it was new, and move the tickets back that had moved with it."""
    before = unit.reference_data
    last_commands = (
        {ref: load_last_command(unit.connection, ref) for ref in affected.changed}
        if _ships_release(change)
        else {}
    )
    unit.add_record_event(RecordUndone(change.kind, change.key, change.seq, change.was), now)
    for ref, ticket in affected.changed.items():
        for event in _events_moving_back(unit, change, ticket, last_commands.get(ref), now):
            unit.add_ticket_event(ref, event, now)
    if affected.queue:
        move_due(unit, affected.queue, before, f"undone: {change.description}", now)


def _events_moving_back(
    unit: UnitOfWork, change: RecordChange, ticket: Ticket, last: AppliedCommand | None, now: datetime
) -> list[TicketEvent]:
    if last is not None and last.before is not None:
        return [
            Undone(
                describe_events(last.events, unit.reference_data), find_previous_values(last.before, ticket)
            )
        ]
    if not isinstance(change.was, ReleaseSaved):
        return []
    return release_consequences(unit.reference_data.policies[ticket.policy], ticket, change.was.release, now)


def _refuse_release(
    unit: UnitOfWork, change: RecordChange, affected: AffectedTickets, now: datetime
) -> Refusal | None:
    key = change.key
    later = [
        ref
        for ref, ticket in affected.promised.items()
        if has_unshipped_fix_in(ticket, key) and ref not in change.refs
    ]
    if later and _moves_release(change):
        return Refusal(f"{', '.join(later[:3])} was promised a fix in {key} since; move the release instead")
    for ref, ticket in affected.changed.items():
        if _ships_release(change) and not _is_last_change_of(unit.connection, ref, change):
            return Refusal(f"{ref} has been worked on since {key} shipped, and its customer may know of it")
        if _breached_since(unit, change, ticket, now):
            return Refusal(f"the fix date of {ref} has passed since, and that stays (rule 9)")
    return None


def _breached_since(unit: UnitOfWork, change: RecordChange, ticket: Ticket, now: datetime) -> bool:
    """Return whether a promise was breached since the change that would not be breached without it."""
    if (
        not isinstance(change.was, ReleaseSaved)
        or ticket.fix is None
        or not has_unshipped_fix_in(ticket, change.key)
    ):
        return False
    policy, at = unit.reference_data.policies[ticket.policy], epoch(max(now, ticket.changed_at))
    was = project_ticket_clock(policy, ticket, ClockKind.RESOLUTION)
    would_be = project_ticket_clock(
        policy, replace(ticket, fix=replace(ticket.fix, day=change.was.release.day)), ClockKind.RESOLUTION
    )
    breached = state_at(was, at) is State.BREACHED and state_at(would_be, at) is not State.BREACHED
    return breached and was.breached_at is not None and was.breached_at > epoch(change.at)


def _moves_release(change: RecordChange) -> bool:
    was = change.was
    return not (
        isinstance(change.event, ReleaseSaved)
        and isinstance(was, ReleaseSaved)
        and was.release.day == change.event.release.day
    )


def _ships_release(change: RecordChange) -> bool:
    was = change.was
    return (
        isinstance(change.event, ReleaseSaved)
        and change.event.release.shipped_at is not None
        and not (isinstance(was, ReleaseSaved) and was.release.shipped_at is not None)
    )


def _is_last_change_of(connection: Connection, ref: str, change: RecordChange) -> bool:
    """Return whether nobody has changed a ticket after the change; what the program noted beside it does not count."""
    noted = [str(event.__struct_config__.tag) for event in NOTED_BESIDE]
    last = (
        select(_ledger.command_id)
        .where(_ledger.ref == ref, _ledger.event.not_in(noted))
        .order_by(_ledger.version.desc())
        .limit(1)
    )
    return connection.execute(last).scalar() == change.command_id


def _removes_from_staff(change: RecordChange) -> bool:
    """Return whether undoing removes a person from the staff: a page to them would find nobody (rule 18)."""
    on_staff = isinstance(change.event, PersonSaved) and change.event.person.active
    return on_staff and not (isinstance(change.was, PersonSaved) and change.was.person.active)


def _paged_for(unit: UnitOfWork, username: str) -> str:
    """Return the first open ticket for which somebody is paged; an empty text without one."""
    paged = [(ref, ticket) for ref, ticket in unit.lock_paged(username).items() if ticket.is_open]
    theirs = (ref for ref, ticket in paged if any(page.person == username for page in ticket.open_pages))
    return min(theirs, default="")


def _find_use(unit: UnitOfWork, change: RecordChange) -> str:
    """Return what a record that was new is used for already; an empty text where it is used for nothing."""
    return next(_find_uses(unit, change), "")


def _find_uses(unit: UnitOfWork, change: RecordChange) -> Iterator[str]:
    connection, key = unit.connection, change.key
    columns = {"organisation": _tickets.organisation, "contact": _tickets.contact, "person": _tickets.owner}
    columns |= {"release": _tickets.promised_release, "policy": _tickets.policy}
    if change.kind in columns:
        ref = select(_tickets.ref).where(columns[change.kind] == key).order_by(_tickets.ref).limit(1)
        if found := connection.execute(ref).scalar():
            yield f"by {found}"
    if change.kind == "organisation":
        name = select(_contacts.name).where(_contacts.organisation == key).limit(1)
        if found := connection.execute(name).scalar():
            yield f"{found} is a contact of it"
    if change.kind == "person":
        yield from _find_uses_of_person(unit, key)
    if change.kind == "policy" and len(unit.reference_data.installed) == 1:
        yield "it is the only one"
    if change.kind == "article":
        yield from _find_uses_of_article(connection, change)


def _find_uses_of_person(unit: UnitOfWork, username: str) -> Iterator[str]:
    if username in people_on_rota(unit.reference_data):
        yield "they are in the rota"
    done = select(_ledger.seq).where(_ledger.actor == username).limit(1)
    if unit.connection.execute(done).scalar() is not None:
        yield "they have worked at this desk"
    managed = select(tables.organisations.c.name).where(
        tables.organisations.c.document.contains(f'"account_manager":"{username}"', autoescape=True)
    )
    if found := unit.connection.execute(managed.limit(1)).scalar():
        yield f"they are the account manager of {found}"


def _find_uses_of_article(connection: Connection, change: RecordChange) -> Iterator[str]:
    tag = str(ArticleLinked.__struct_config__.tag)
    linked = select(tables.ledger).where(_ledger.seq > change.seq, _ledger.event == tag)
    for row in ledger.stream_rows(connection, linked):
        event = ledger.to_stored_event(row).event
        if isinstance(event, ArticleLinked) and event.article == change.key:
            yield f"by {row['ref']}"
