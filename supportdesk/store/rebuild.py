"""Makes the tables that follow from the ledger: the head, the records, the tickets, their steps and every index.

For a desk into which its events were copied. The rows are made by the functions with which `verify` compares them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing
from itertools import islice
from typing import Any, TypeVar

from sqlalchemy import Connection, Table, insert

from supportdesk.store import record_tables, tables
from supportdesk.store.backend import Database, Reader, full_text
from supportdesk.store.findings import ChainBreak, Findings, Mismatch
from supportdesk.store.ledger import Head, save_head
from supportdesk.store.verification.chain import Chain
from supportdesk.store.verification.records import read_saved_event
from supportdesk.store.verification.steps import list_step_rows
from supportdesk.store.verification.tickets import REPLAY_ERRORS, TicketComparison, read_tickets, replay
from supportdesk.tickets.records.events import RecordEvent
from supportdesk.tickets.ticket import Ticket

_EVENTS = 5_000
"""Events that are read as of one moment."""

_ROWS = 500
"""Rows per transaction."""

T = TypeVar("T")


def rebuild(database: Database) -> ChainBreak | Mismatch | None:
    """Fill the tables that follow from the ledger, which are empty; return why that is not possible, or None.

    The head comes last, and leaves the desk closed.
    """
    findings = Findings()
    chain = Chain(findings)
    with closing(database.reader()) as reader:
        more = True
        while more:
            with reader.moment():
                more = chain.walk(reader, _EVENTS)
        if findings.first is None:
            _save_records(database, reader, chain)
            _save_tickets(database, reader, chain, findings)
    if findings.first is None:
        head = Head(chain.seq, chain.hash, chain.next_ticket, chain.records_seq, is_closed=True)
        database.write(lambda connection: save_head(connection, head))
    return findings.first


def _save_records(database: Database, reader: Reader, chain: Chain) -> None:
    saved = {each.table.name: each.table for each in record_tables.RECORD_TABLES.values()}
    for name, table in saved.items():
        for seqs in _batched(chain.latest[name].values(), _ROWS):
            with reader.moment():
                events = [(read_saved_event(reader, seq), seq) for seq in seqs]
            _insert_records(database, table, events)


def _insert_records(database: Database, table: Table, events: Sequence[tuple[RecordEvent, int]]) -> None:
    rows = [record_tables.make_row(event, seq) for event, seq in events]

    def save(connection: Connection) -> None:
        connection.execute(insert(table), rows)
        for event, seq in events:
            full_text(connection).index_record(connection, event, seq)

    database.write(save)


def _save_tickets(database: Database, reader: Reader, chain: Chain, findings: Findings) -> None:
    comparison = TicketComparison(chain, findings)
    last, more = "", True
    while more:
        tickets: list[Ticket] = []
        rows: list[dict[str, Any]] = []
        steps: list[dict[str, Any]] = []
        with reader.moment():
            for events in islice(read_tickets(reader, last), _ROWS):
                last = str(events[0]["ref"])
                try:
                    states, history = replay(last, events)
                    rows.append(comparison.expected_row(states[-1], history))
                    steps += list_step_rows(last, history)
                except REPLAY_ERRORS as error:
                    findings.add("ledger", last, f"its events cannot be replayed: {error}")
                    return
                tickets.append(states[-1])
        more = len(tickets) == _ROWS
        if tickets:
            _insert_tickets(database, tickets, rows, steps)


def _insert_tickets(
    database: Database,
    tickets: Sequence[Ticket],
    rows: Sequence[dict[str, Any]],
    steps: Sequence[dict[str, Any]],
) -> None:
    def save(connection: Connection) -> None:
        connection.execute(insert(tables.tickets), rows)
        full_text(connection).index_tickets(connection, tickets)
        if steps:
            connection.execute(insert(tables.escalation_steps), steps)

    database.write(save)


def _batched(values: Iterable[T], size: int) -> Iterator[list[T]]:
    iterator = iter(values)
    while batch := list(islice(iterator, size)):
        yield batch
