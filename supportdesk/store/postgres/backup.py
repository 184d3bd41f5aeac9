"""A backup of a desk on a server: a desk in a SQLite file, made from one snapshot."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from functools import partial
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Table, delete, insert, select

from supportdesk.store import ledger, schema, tables
from supportdesk.store.backend import BackupResult
from supportdesk.store.errors import DAMAGED, DeskUnavailableError
from supportdesk.store.postgres.transactions import Transactions
from supportdesk.store.sqlite.backend import SqliteBackend
from supportdesk.store.sqlite.backup import find_verified_head, require_new_file
from supportdesk.store.word_indexes import rebuild_word_indexes

_BATCH = 1_000

Batch = tuple[Table, list[dict[str, Any]]]


def back_up(database: Transactions, path: Path) -> BackupResult:
    """Copy the desk, as of one moment, to a new file of mode 0600, while others read and write.

    Raises AlreadyExistsError where the file exists, DeskUnavailableError where its folder is missing or no intact copy
    could be made, and on the desk of a newer program.
    """
    path = require_new_file(path)
    heads: list[ledger.Head] = []

    def fill(unfinished: str) -> None:
        head = database.read(lambda connection: _copy(connection, unfinished))
        if head is None:
            raise DeskUnavailableError(f"{database.place} {DAMAGED}. No copy was made")
        heads.append(head)

    SqliteBackend().create_with_records(str(path), fill)
    head = heads[-1]
    return BackupResult(path, head.seq, head.hash, path.stat().st_size)


def _copy(source: Connection, address: str) -> ledger.Head | None:
    """Copy all tables into the empty desk at an address, and return the head; None where the last event differs from
    it. May be called again.
    """
    schema.require_complete(source, "a backup")
    with closing(SqliteBackend().open(address)) as copy:
        copy.write(_empty)
        for table, rows in _read(source):
            copy.write(partial(_insert, table, rows))
        copy.write(rebuild_word_indexes)
        return copy.read(find_verified_head)


def _insert(table: Table, rows: list[dict[str, Any]], target: Connection) -> None:
    target.execute(insert(table), rows)


def _empty(target: Connection) -> None:
    for table in reversed(tables.metadata.sorted_tables):
        target.execute(delete(table))


def _read(source: Connection) -> Iterator[Batch]:
    for table in tables.metadata.sorted_tables:
        result = source.execute(select(table), execution_options={"yield_per": _BATCH})
        for batch in result.mappings().partitions():
            yield table, [dict(row) for row in batch]
