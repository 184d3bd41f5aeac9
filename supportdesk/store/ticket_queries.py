"""Queries on tickets: the queue, changes, one ticket and its timeline."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from functools import cache
from typing import Any

from msgspec.structs import replace
from sqlalchemy import Connection, Select, bindparam, exists, func, select

from supportdesk.sla.clocks import epoch, instant
from supportdesk.store import ledger, record_tables, tables
from supportdesk.store.errors import UnknownTicketError
from supportdesk.store.ledger import StoredEvent
from supportdesk.store.read_models import Changes, DueTicket, QueueRow, Snapshot, TicketView, TimelineEntry
from supportdesk.store.reference_data import ReferenceData
from supportdesk.store.statements import fetch
from supportdesk.store.ticket_projection import ROW_COLUMNS, read_row, read_state
from supportdesk.tickets.actors import SERVICES, contact_actor, contact_key
from supportdesk.tickets.documents import Article, Contact, Organisation
from supportdesk.tickets.events import CustomerWrote, Event, Phrase, Undone
from supportdesk.tickets.page_history import PageRecord, list_pages
from supportdesk.tickets.ticket import Ticket

_A_CUSTOMER = "the customer"
"""Names a contact whose name is no longer known."""
NEWER = "an event of a newer version"
"""Describes an event of a type that this program does not know."""

_tickets, _ledger = tables.tickets.c, tables.ledger.c
_QUEUE = (
    select(*ROW_COLUMNS)
    .where(_tickets.in_queue.is_(True))
    .order_by(_tickets.severity_rank, _tickets.urgency, _tickets.received_at, _tickets.ref)
)


def load_queue(connection: Connection) -> Snapshot:
    """Return every ticket that is not closed, by severity and urgency."""
    seq = ledger.read_head(connection).seq
    return Snapshot([read_row(each) for each in connection.execute(_QUEUE)], seq)


def load_closed(connection: Connection, limit: int) -> list[QueueRow]:
    """Return the tickets that were closed last and are still closed, the latest first."""
    at = func.max(tables.ledger.c.at).label("at")
    ended = select(tables.ledger.c.ref, at).where(tables.CLOSED).group_by(tables.ledger.c.ref).subquery()
    found = connection.execute(
        select(*ROW_COLUMNS)
        .join(ended, ended.c.ref == _tickets.ref)
        .where(_tickets.in_queue.is_(False))
        .order_by(ended.c.at.desc(), _tickets.ref.desc())
        .limit(limit)
    )
    return [read_row(each) for each in found]


def load_changes(connection: Connection, since: int) -> Changes:
    """Return the tickets and the types of records that changed after an event number."""
    seq = ledger.read_head(connection).seq
    if seq == since:
        return Changes([], seq, frozenset())
    found = connection.execute(_select_changed(), {"since": since})
    records = ledger.find_record_types_after(connection, since)
    rows = [read_row(each) for each in found]
    return Changes(rows, seq, records, "contact" in records and _was_erased_since(connection, since))


def _was_erased_since(connection: Connection, since: int) -> bool:
    from supportdesk.store.erasure.attestation import has_erasure_since

    return has_erasure_since(connection, since)


def load_ticket(connection: Connection, ref: str) -> Ticket:
    """Return a ticket. Raises UnknownTicketError."""
    found = fetch(connection, _select_state(), {"wanted": ref})
    if not found:
        raise UnknownTicketError(f"there is no ticket {ref}")
    return read_state(found[0][0])


def load_row(connection: Connection, ref: str) -> QueueRow:
    """Return the row of a ticket, closed or not. Raises UnknownTicketError."""
    found = connection.execute(_select_row(), {"wanted": ref}).one_or_none()
    if found is None:
        raise UnknownTicketError(f"there is no ticket {ref}")
    return read_row(found)


def load_due(connection: Connection, at: datetime, limit: int) -> list[DueTicket]:
    """Return the tickets on which something is due by an instant, the most severe and what is due longest first."""
    found = fetch(connection, _select_due(), {"by": epoch(at), "most": limit})
    return [DueTicket(ref, instant(seconds)) for ref, seconds in found]


def find_next_due(connection: Connection) -> datetime | None:
    """Return when something next falls due on any ticket; None for never."""
    [(seconds,)] = fetch(connection, _select_next_due())
    return instant(seconds) if seconds is not None else None


def load_promised(connection: Connection, release: str) -> list[QueueRow]:
    """Return the open tickets with a fix promised in a release that has not shipped, by reference."""
    from supportdesk.tickets.records.rules import has_unshipped_fix_in

    found = connection.execute(
        select(_tickets.state, *ROW_COLUMNS)
        .where(_tickets.promised_release == release, _tickets.in_queue.is_(True))
        .order_by(_tickets.ref)
    )
    return [
        read_row(columns) for state, *columns in found if has_unshipped_fix_in(read_state(state), release)
    ]


def load_ticket_view(connection: Connection, ref: str, reference_data: ReferenceData) -> TicketView:
    """Return a ticket with its timeline and the records around it. Raises UnknownTicketError."""
    found = load_ticket(connection, ref)
    organisation = record_tables.load(connection, Organisation, [found.organisation])[found.organisation]
    contact = record_tables.load(connection, Contact, [found.contact])[found.contact]
    articles = record_tables.load(connection, Article, found.articles)
    history = list(ledger.read_events(connection, ref=ref))
    return TicketView(
        ticket=found,
        row=load_row(connection, ref),
        organisation=organisation,
        contact=contact,
        account_manager=reference_data.staff.get(organisation.account_manager or ""),
        articles=tuple(articles[key] for key in found.articles if key in articles),
        timeline=timeline(history, reference_data),
        pages=pages(history, reference_data),
    )


def find_changed_after(connection: Connection, at: datetime) -> tuple[str, ...]:
    """Return the references of tickets whose last change is after an instant, sorted."""
    later = select(_ledger.ref).distinct().where(_ledger.at > epoch(at), _ledger.ref.is_not(None))
    found = connection.execute(
        select(_tickets.ref, _tickets.state).where(_tickets.ref.in_(later)).order_by(_tickets.ref)
    )
    return tuple(ref for ref, state in found if read_state(state).changed_at > at)


def has_tickets(connection: Connection) -> bool:
    """Return whether the desk has any ticket."""
    return bool(connection.execute(select(exists().where(_tickets.ref.is_not(None)))).scalar())


def pages(history: Iterable[StoredEvent], reference_data: ReferenceData) -> tuple[PageRecord, ...]:
    """Return the pages of a ticket with this history; erased events are skipped."""
    events = ((each.event, each.at, each.actor) for each in history if isinstance(each.event, Event))
    return list_pages(events, reference_data.name)


def timeline(history: Sequence[StoredEvent], reference_data: ReferenceData) -> tuple[TimelineEntry, ...]:
    """Return a ticket's whole timeline, one entry for each event."""
    stands = {entry.seq for entry in ledger.without_undone(history)}
    begun: dict[str, int] = {}
    writers: dict[str, str] = {}
    for entry in history:
        begun.setdefault(entry.command_id, entry.seq)
        if isinstance(entry.event, CustomerWrote):
            writers[contact_actor(entry.event.contact)] = entry.event.name
    return tuple(
        TimelineEntry(
            entry.seq,
            entry.at,
            entry.actor,
            name := _name_actor(entry, writers, reference_data),
            entry.tag,
            _describe(entry, name, reference_data),
            begun[entry.command_id],
            is_undone=entry.seq not in stands and not isinstance(entry.event, Undone),
        )
        for entry in history
    )


def _name_actor(entry: StoredEvent, writers: Mapping[str, str], reference_data: ReferenceData) -> str:
    """Return the name of who did something; what a customer wrote is theirs, unless a member of staff added it.

    `writers` are the names of contacts, by their keys as actors.
    """
    if contact_key(entry.actor) is not None:
        return writers.get(entry.actor, _A_CUSTOMER)
    if isinstance(entry.event, CustomerWrote) and entry.actor in SERVICES:
        return entry.event.name
    return reference_data.name(entry.actor)


def _describe(entry: StoredEvent, name: str, reference_data: ReferenceData) -> Phrase | None:
    """Return what an event says, in parts, to follow the name of who did it; None once it was erased."""
    if isinstance(entry.event, CustomerWrote) and entry.event.name == name:
        return replace(entry.event.phrase(), actor="")
    if isinstance(entry.event, Event):
        return entry.event.named_phrase(reference_data)
    return Phrase("changed", ("the ticket",), heading=f"{NEWER} ({entry.tag})") if entry.is_newer else None


# What is read again and again is built once, and not before it is needed: building it takes longer than executing it.


@cache
def _select_changed() -> Select[Any]:
    return select(*ROW_COLUMNS).where(_tickets.changed_seq > bindparam("since"))


@cache
def _select_state() -> Select[Any]:
    return select(_tickets.state).where(_tickets.ref == bindparam("wanted"))


@cache
def _select_row() -> Select[Any]:
    return select(*ROW_COLUMNS).where(_tickets.ref == bindparam("wanted"))


@cache
def _select_due() -> Select[Any]:
    due = _tickets.watch_due
    order = _tickets.severity_rank, due, _tickets.ref
    return select(_tickets.ref, due).where(due <= bindparam("by")).order_by(*order).limit(bindparam("most"))


@cache
def _select_next_due() -> Select[Any]:
    return select(func.min(_tickets.watch_due))
