"""Takes a desk's facts, the rows that no others give, into a new desk: in batches, table by table.

They come from a file, or from a desk on which others work. Everything else is made again from them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

import msgspec
from sqlalchemy import Connection, Select, Table, exists, insert, select, tuple_
from sqlalchemy.sql import ColumnElement

from supportdesk.store import tables
from supportdesk.store.backend import Database
from supportdesk.store.closure import close_head
from supportdesk.store.erasure.attestation import find_last_erasure
from supportdesk.store.errors import DeskUnavailableError
from supportdesk.store.exchange.lines import ATTESTATION, LINE_TYPES
from supportdesk.store.exchange.links import BrokenLinkError, ChainLinks
from supportdesk.store.findings import ChainBreak, Mismatch
from supportdesk.store.rebuild import rebuild
from supportdesk.store.verification.verify import CLOSED_FOR_NO_REASON, Verification, verify

Rows = list[dict[str, Any]]

ERASED_MEANWHILE = (
    "a contact was erased while the desk was copied, so it was not moved:"
    " remove the unfinished copy, and move it again"
)
"""Why a copy is not finished: it has, or may have, what was erased."""

BATCH = 1_000
"""Rows that are read at once, and written in one transaction."""


def fill_desk(database: Database, batches: Iterable[tuple[Table, Rows]]) -> ChainBreak | Mismatch | None:
    """Insert the facts into a new desk and make everything else; return why that is not possible, or None.

    The desk is closed from the beginning, and its head is written last: until then it has no event.
    """
    database.allow_long_statements()
    database.write(close_head)
    for table, rows in batches:
        _insert(database, table, rows)
    return rebuild(database)


def verify_closed(database: Database) -> Verification:
    """Verify a desk that is closed because it is not finished."""
    found = verify(database)
    unexpected = tuple(each for each in found.mismatches if each.reason != CLOSED_FOR_NO_REASON)
    return msgspec.structs.replace(found, mismatches=unexpected)


def _insert(database: Database, table: Table, rows: Rows) -> None:
    database.write(lambda connection: connection.execute(insert(table), rows))


def read_facts(database: Database, until: int) -> Iterator[tuple[Table, Rows]]:
    """Yield the facts of a desk up to event number `until`, in short transactions, so that others can write.

    What changes without an event is as it was at some moment since. Raises BrokenLinkError where the ledger is not
    intact, DeskUnavailableError where a contact is erased meanwhile.
    """
    links = ChainLinks()
    attestations = database.read(lambda connection: load_rows(connection, select(tables.erased_events)))
    for row in attestations:
        links.attest(row)
    if attestations:
        yield tables.erased_events, attestations
    messages = tables.messages.c
    wanted: dict[Table, ColumnElement[bool]] = {
        tables.ledger: tables.ledger.c.seq <= until,
        tables.commands: tables.commands.c.seq <= until,
        tables.messages: messages.seq <= until,
        # Looked up for each delivery: a list of all messages would be made again for each batch.
        tables.deliveries: exists().where(messages.id == tables.deliveries.c.message, messages.seq <= until),
    }
    for table in (each.table for each in LINE_TYPES if each is not ATTESTATION):
        for rows in _read_by_key(database, table, wanted.get(table)):
            if table is tables.ledger:
                _follow(database, links, rows, {row["erasure"] for row in attestations})
            yield table, rows


def _follow(database: Database, links: ChainLinks, events: Rows, erasures: set[int]) -> None:
    try:
        for row in events:
            links.follow(row)
    except BrokenLinkError:
        if database.read(find_last_erasure) not in erasures | {0}:
            raise DeskUnavailableError(ERASED_MEANWHILE) from None
        raise


def _read_by_key(database: Database, table: Table, wanted: ColumnElement[bool] | None) -> Iterator[Rows]:
    """Yield the rows of a table in the order of its key; each batch in a transaction of its own."""
    key = tuple_(*table.primary_key)
    query = select(table).order_by(*table.primary_key).limit(BATCH)
    if wanted is not None:
        query = query.where(wanted)
    rows = _read(database, query)
    while rows:
        yield rows
        last = [rows[-1][column.name] for column in table.primary_key]
        rows = _read(database, query.where(key > tuple_(*last)))


def _read(database: Database, query: Select[Any]) -> Rows:
    return database.read(lambda connection: load_rows(connection, query))


def load_rows(connection: Connection, query: Select[Any]) -> Rows:
    """Return the rows of a query by the names of the columns."""
    return [dict(row) for row in connection.execute(query).mappings()]
