"""Queries for the reports: tickets with the outcome of their targets, also closed ones."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from itertools import groupby

from sqlalchemy import Connection, select

from supportdesk.sla.clocks import epoch
from supportdesk.store import ledger, tables
from supportdesk.store.ledger import StoredEvent
from supportdesk.store.read_models import PageSent, TicketHistory
from supportdesk.store.ticket_projection import ROW_COLUMNS, read_row, read_state
from supportdesk.tickets.events import Event, Paged
from supportdesk.tickets.ownership import OWNERSHIP_EVENTS, Ownership, list_ownerships
from supportdesk.tickets.promises import has_breach

_tickets, _ledger = tables.tickets.c, tables.ledger.c
_OPEN = select(*ROW_COLUMNS, _tickets.state).where(_tickets.in_queue.is_(True))
_CLOSED = select(*ROW_COLUMNS, _tickets.state).where(_tickets.in_queue.is_(False))
_MOVES = [str(move.__struct_config__.tag) for move in OWNERSHIP_EVENTS]
_PAGED = str(Paged.__struct_config__.tag)
_AT_ONCE = 500
"""Tickets per query of the ledger, as the number of parameters of a statement is limited."""


def load_histories(connection: Connection, since: datetime, now: datetime) -> list[TicketHistory]:
    """Return every ticket that is not closed, or was closed at `since` or later, as it is at `now`."""
    closed = _CLOSED.where(
        _tickets.ref.in_(select(_ledger.ref).where(tables.CLOSED, _ledger.at >= epoch(since)))
    )
    found = [
        (read_row(columns), read_state(state))
        for query in (_OPEN, closed)
        for *columns, state in connection.execute(query)
    ]
    at = epoch(now)
    broken = [row.ref for row, ticket in found if has_breach(ticket, (row.response, row.resolution), at)]
    ownerships = dict(_load_ownerships(connection, broken))
    return [TicketHistory(row, ticket, ownerships.get(row.ref, ())) for row, ticket in found]


def load_pages(connection: Connection, since: datetime, until: datetime) -> list[PageSent]:
    """Return the pages that were sent to somebody from one instant to before another, in their order."""
    query = (
        select(tables.ledger)
        .where(_ledger.event == _PAGED, _ledger.at >= epoch(since), _ledger.at < epoch(until))
        .order_by(_ledger.at, _ledger.seq)
    )
    return pages_among(map(ledger.to_stored_event, ledger.stream_rows(connection, query)))


def pages_among(entries: Iterable[StoredEvent]) -> list[PageSent]:
    """Return the pages to somebody among events; erased events and pages that found nobody are skipped."""
    return [
        PageSent(entry.at, entry.ref or "", entry.event.person)
        for entry in entries
        if isinstance(entry.event, Paged) and entry.event.person is not None
    ]


def _load_ownerships(connection: Connection, refs: list[str]) -> Iterator[tuple[str, tuple[Ownership, ...]]]:
    for place in range(0, len(refs), _AT_ONCE):
        some = refs[place : place + _AT_ONCE]
        moves = (
            select(tables.ledger)
            .where(_ledger.ref.in_(some), _ledger.event.in_(_MOVES))
            .order_by(_ledger.ref, _ledger.version)
        )
        entries = map(ledger.to_stored_event, ledger.stream_rows(connection, moves))
        for ref, history in groupby(entries, key=lambda entry: entry.ref or ""):
            yield ref, load_ownerships(history)


def load_ownerships(history: Iterable[StoredEvent]) -> tuple[Ownership, ...]:
    """Return the ownerships of a ticket, from its events in order; erased events are skipped."""
    return list_ownerships((entry.at, entry.event) for entry in history if isinstance(entry.event, Event))
