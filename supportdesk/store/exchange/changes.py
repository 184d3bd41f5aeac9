"""Brings a copy of a desk up to date: with the events since, and with every row that is not as it is on the desk.

Rows are compared, because some change without an event. Only the columns are read in which a row can change.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import msgspec
from sqlalchemy import Column, Connection, Table, bindparam, delete, insert, select, update

from supportdesk.store import ledger, payloads, schema, tables
from supportdesk.store.backend import full_text
from supportdesk.store.erasure.attestation import find_last_erasure
from supportdesk.store.errors import DeskUnavailableError
from supportdesk.store.exchange.facts import ERASED_MEANWHILE, Rows, load_rows
from supportdesk.store.exchange.links import ChainLinks
from supportdesk.store.ledger import DESK, TICKET, Head
from supportdesk.store.record_projection import save_record_event
from supportdesk.store.ticket_projection import read_state
from supportdesk.tickets.records.events import RecordEvent

_KEYS = 500
"""Rows that are loaded by their keys at once."""

_tickets, _messages, _deliveries = tables.tickets.c, tables.messages.c, tables.deliveries.c

_COMPARED: Mapping[Table, Sequence[Column[Any]]] = {
    tables.attachments: (),
    tables.tickets: (_tickets.version, _tickets.changed_seq, _tickets.watch_due),
    tables.messages: (_messages.hand_off_due,),
    tables.deliveries: (
        _deliveries.state,
        _deliveries.due_at,
        _deliveries.held,
        _deliveries.attempts,
        _deliveries.tried_at,
        _deliveries.bundled,
        _deliveries.detail,
        _deliveries.claimed_by,
        _deliveries.claimed_until,
    ),
    tables.page_links: (),
}
"""The tables of which rows are compared, each with the columns that can change; a parent before its children."""

Fingerprints = dict[str, int]


class TableChanges(msgspec.Struct, frozen=True):
    """The rows of a table that its copy lacks or has in another state, and the keys of those that are gone."""

    table: Table
    new: Rows
    changed: Rows
    gone: list[str]


class DeskChanges(msgspec.Struct, frozen=True):
    """What a desk has that a copy lacks. `tables` are in an order in which no row lacks its parent."""

    head: Head
    events: Rows
    commands: Rows
    steps: Rows
    tables: tuple[TableChanges, ...]

    @property
    def count(self) -> int:
        """How many events there are."""
        return len(self.events)


class CopiedRows:
    """What a copy has: its head, and the state of each row that can change."""

    def __init__(self, connection: Connection) -> None:
        self.head = ledger.read_head(connection)
        self._erasure = find_last_erasure(connection)
        self._commands = _find_commands(connection, self.head.seq)
        self._rows = {table: _take_fingerprints(connection, table) for table in _COMPARED}

    def find_changes(self, connection: Connection) -> DeskChanges:
        """Return what the desk of a connection has that the copy lacks.

        Raises BrokenLinkError, and DeskUnavailableError where a contact was erased since the copy was begun,
        or a newer program has upgraded the desk.
        """
        schema.require_complete(connection, "a copy")
        if find_last_erasure(connection) != self._erasure:
            raise DeskUnavailableError(ERASED_MEANWHILE)
        head, since = ledger.read_head(connection), self.head.seq
        events = load_rows(connection, ledger.select_rows_after(since))
        links = ChainLinks(since, self.head.hash)
        for row in events:
            links.follow(row)
        commands, steps = tables.commands, tables.escalation_steps
        return DeskChanges(
            head,
            events,
            [
                row
                for row in load_rows(connection, select(commands).where(commands.c.seq >= since))
                if row["id"] not in self._commands
            ],
            load_rows(connection, select(steps).where(steps.c.seq > since)),
            tuple(self._compare(connection, table) for table in _COMPARED),
        )

    def _compare(self, connection: Connection, table: Table) -> TableChanges:
        had, found = self._rows[table], _take_fingerprints(connection, table)
        return TableChanges(
            table,
            _load_by_key(connection, table, [key for key in found if key not in had]),
            _load_by_key(connection, table, [key for key in found if had.get(key, found[key]) != found[key]]),
            [key for key in had if key not in found],
        )


def _find_commands(connection: Connection, since: int) -> set[str]:
    """Return the ids of the last commands; one without events may be carried out after another that has its number."""
    commands = tables.commands.c
    return set(connection.execute(select(commands.id).where(commands.seq >= since)).scalars())


def _take_fingerprints(connection: Connection, table: Table) -> Fingerprints:
    (key,) = table.primary_key
    return {
        name: hash(tuple(values))
        for name, *values in connection.execute(
            select(key, *_COMPARED[table]), execution_options={"yield_per": 10 * _KEYS}
        )
    }


def _load_by_key(connection: Connection, table: Table, keys: Sequence[str]) -> Rows:
    (key,) = table.primary_key
    rows: Rows = []
    for start in range(0, len(keys), _KEYS):
        rows += load_rows(connection, select(table).where(key.in_(keys[start : start + _KEYS])))
    return rows


def apply_changes(connection: Connection, changes: DeskChanges) -> None:
    """Write what a copy lacks. Its head stays closed; nothing is written where it was before."""
    before = ledger.read_head(connection)
    if changes.events and before.seq == changes.head.seq:
        return
    for table, rows in (
        (tables.ledger, changes.events),
        (tables.commands, changes.commands),
        (tables.escalation_steps, changes.steps),
    ):
        if rows:
            connection.execute(insert(table), rows)
    for row in changes.events:
        if row["subject"] not in (TICKET, DESK):
            event = payloads.decode(row["payload"])
            assert isinstance(event, RecordEvent)
            save_record_event(connection, event, row["seq"])
    for each in changes.tables:
        _save(connection, each)
    for each in reversed(changes.tables):
        _remove(connection, each)
    ledger.save_head(connection, msgspec.structs.replace(changes.head, is_closed=True))


def _save(connection: Connection, changes: TableChanges) -> None:
    (key,) = changes.table.primary_key
    if changes.new:
        connection.execute(insert(changes.table), changes.new)
        if changes.table is tables.tickets:
            full_text(connection).index_tickets(connection, [read_state(row["state"]) for row in changes.new])
    if changes.changed:
        names = [column.name for column in changes.table.columns if column is not key]
        statement = (
            update(changes.table)
            .where(key == bindparam("of_key"))
            .values({name: bindparam(name) for name in names})
        )
        connection.execute(
            statement,
            [{"of_key": row[key.name], **{name: row[name] for name in names}} for row in changes.changed],
        )


def _remove(connection: Connection, changes: TableChanges) -> None:
    (key,) = changes.table.primary_key
    if changes.gone:
        connection.execute(
            delete(changes.table).where(key == bindparam("of_key")),
            [{"of_key": each} for each in changes.gone],
        )
