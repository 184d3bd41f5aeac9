"""The inbox of a member of staff, from the ledger: what was sent to them since an instant."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

import msgspec
from sqlalchemy import Connection, and_, select

from supportdesk.sla.clocks import epoch
from supportdesk.store import ledger, tables
from supportdesk.store.ledger import StoredEvent
from supportdesk.store.read_models import TicketPage
from supportdesk.store.reference_data import ReferenceData
from supportdesk.store.ticket_projection import read_state
from supportdesk.tickets.events import CustomerWrote, Event, Paged
from supportdesk.tickets.inbox import record_entries as of_records
from supportdesk.tickets.inbox import ticket_entries as of_tickets
from supportdesk.tickets.inbox.entry import HistoryEvent, InboxEntry, event_id
from supportdesk.tickets.inbox.record_entries import ChangedRecord, record_entries
from supportdesk.tickets.inbox.ticket_entries import ticket_entries
from supportdesk.tickets.page_history import list_pages
from supportdesk.tickets.record_undone import RecordUndone
from supportdesk.tickets.records.events import RecordEvent
from supportdesk.tickets.ticket import Ticket

_ledger, _tickets = tables.ledger.c, tables.tickets.c


def _tags(*event_types: type[Event | RecordEvent]) -> list[str]:
    return [str(each.__struct_config__.tag) for each in event_types]


_TICKET_EVENTS = _tags(*of_tickets.SENDING, *of_tickets.ANSWERING)
_SENT_BY_TICKETS = _tags(*of_tickets.SENDING)
_WROTE = str(CustomerWrote.__struct_config__.tag)
_SENT_BY_RECORDS = _tags(*of_records.SENDING, RecordUndone)
_PAGED = str(Paged.__struct_config__.tag)
_AT_ONCE = 500
"""Tickets per query, as the number of parameters of a statement is limited."""


def load_inbox(
    connection: Connection, username: str, reference_data: ReferenceData, since: datetime, now: datetime
) -> list[InboxEntry]:
    """Return what was sent to a member of staff since an instant, the newest first."""
    entries: list[InboxEntry] = []
    refs = _find_tickets(connection, username, since)
    for place in range(0, len(refs), _AT_ONCE):
        some = refs[place : place + _AT_ONCE]
        histories = _load_histories(connection, some)
        found = select(_tickets.ref, _tickets.state, _tickets.organisation_name).where(_tickets.ref.in_(some))
        for ref, state, organisation in connection.execute(found):
            entries += ticket_entries(
                username,
                read_state(state),
                histories.get(ref, []),
                organisation=organisation,
                name=reference_data.name,
                since=since,
            )
    changes = changes_among(_load_record_events(connection, since))
    zone = reference_data.policy_at(now).timezone
    return newest_first([*entries, *record_entries(username, changes, reference_data, zone, now)])


def load_page_records(
    connection: Connection, reference_data: ReferenceData, since: datetime, until: datetime
) -> list[TicketPage]:
    """Return the pages sent from one instant to another, both included, the oldest first."""
    sent = select(_ledger.ref).where(
        tables.SENT, _ledger.event == _PAGED, _ledger.at >= epoch(since), _ledger.at <= epoch(until)
    )
    refs = sorted({ref for (ref,) in connection.execute(sent) if ref is not None})
    pages: list[TicketPage] = []
    for place in range(0, len(refs), _AT_ONCE):
        some = refs[place : place + _AT_ONCE]
        histories = _load_histories(connection, some)
        found = select(_tickets.ref, _tickets.summary, _tickets.organisation_name).where(
            _tickets.ref.in_(some)
        )
        for ref, summary, organisation in connection.execute(found):
            history = [(each.event, each.at, each.actor) for each in histories.get(ref, ())]
            pages += [
                TicketPage(ref, summary, organisation, page)
                for page in list_pages(history, reference_data.name)
                if since <= page.at <= until
            ]
    return oldest_first(pages)


def oldest_first(pages: Iterable[TicketPage]) -> list[TicketPage]:
    """Return pages in the order in which they were sent."""
    return sorted(pages, key=lambda each: (each.page.at, each.ref))


def _find_tickets(connection: Connection, username: str, since: datetime) -> list[str]:
    """Return the references of the tickets that may have sent something to a person since an instant."""
    names = _ledger.payload.contains(msgspec.json.encode(username).decode(), autoescape=True)
    refs: set[str | None] = set()
    # One query for each index.
    for of_type in (and_(tables.SENT, _ledger.event.in_(_SENT_BY_TICKETS)), tables.WROTE, tables.UNDELIVERED):
        sent = select(_ledger.ref).where(of_type, _ledger.at >= epoch(since), names)
        refs.update(connection.execute(sent).scalars())
    return sorted(ref for ref in refs if ref is not None)


def _load_record_events(connection: Connection, since: datetime) -> list[StoredEvent]:
    """Return the changes to records since an instant in order, which is not left to the database.

    To have its order, SQLite would read the whole ledger instead of the index.
    """
    changed = select(tables.ledger).where(
        tables.SENT, _ledger.event.in_(_SENT_BY_RECORDS), _ledger.at >= epoch(since)
    )
    entries = map(ledger.to_stored_event, ledger.stream_rows(connection, changed))
    return sorted(entries, key=lambda entry: entry.seq)


def _load_histories(connection: Connection, refs: list[str]) -> dict[str, list[HistoryEvent]]:
    query = (
        select(tables.ledger)
        .where(_ledger.ref.in_(refs), _ledger.event.in_(_TICKET_EVENTS))
        .order_by(_ledger.ref, _ledger.version)
    )
    found: dict[str, list[HistoryEvent]] = {}
    for entry in map(ledger.to_stored_event, ledger.stream_rows(connection, query)):
        if isinstance(entry.event, Event):
            event = HistoryEvent(event_id(entry.seq, entry.command_id), entry.at, entry.actor, entry.event)
            found.setdefault(entry.ref or "", []).append(event)
    return found


def entries_of_ticket(
    username: str,
    ticket: Ticket,
    history: Iterable[StoredEvent],
    *,
    organisation: str,
    reference_data: ReferenceData,
    since: datetime,
) -> list[InboxEntry]:
    """Return what a ticket has sent to a member of staff, from its whole history; erased events are skipped."""
    events = [
        HistoryEvent(event_id(entry.seq, entry.command_id), entry.at, entry.actor, entry.event)
        for entry in history
        if isinstance(entry.event, Event)
    ]
    return ticket_entries(
        username, ticket, events, organisation=organisation, name=reference_data.name, since=since
    )


def changes_among(entries: Iterable[StoredEvent]) -> list[ChangedRecord]:
    """Return the changes to records among events in order, without those that were undone later."""
    changes: dict[int, ChangedRecord] = {}
    for entry in entries:
        if isinstance(entry.event, RecordUndone):
            changes.pop(entry.event.undone, None)
        elif isinstance(entry.event, RecordEvent):
            id_ = event_id(entry.seq, entry.command_id)
            changes[entry.seq] = ChangedRecord(id_, entry.at, entry.actor, entry.event)
    return list(changes.values())


def newest_first(entries: Iterable[InboxEntry]) -> list[InboxEntry]:
    """Return entries in the order of an inbox: the newest first."""
    return sorted(entries, key=lambda entry: (entry.at, entry.id), reverse=True)
