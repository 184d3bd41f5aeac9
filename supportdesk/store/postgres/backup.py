"""A backup of a desk on a server: a desk in a SQLite file, made from one snapshot."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from functools import partial
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Table, delete, insert, select

from supportdesk.store import ledger, tables
from supportdesk.store.backend import BackupResult, full_text
from supportdesk.store.errors import AlreadyExistsError, DeskUnavailableError
from supportdesk.store.postgres.transactions import Transactions
from supportdesk.store.sqlite.backend import SqliteBackend

_BATCH = 1_000

Batch = tuple[Table, list[dict[str, Any]]]


def back_up(database: Transactions, path: Path) -> BackupResult:
    """Copy the desk, as of one moment, to a new file of mode 0600, while others read and write.

    Raises AlreadyExistsError where the file exists, DeskUnavailableError where its folder is missing or the copy fails.
    """
    path = path.expanduser().absolute()
    if path.is_symlink() or path.exists():
        raise AlreadyExistsError(f"{path} is there already; give the name of a new file")
    if not path.parent.is_dir():
        raise DeskUnavailableError(f"{path} cannot be created: there is no folder {path.parent}")
    heads: list[ledger.Head] = []

    def fill(unfinished: str) -> None:
        heads.append(database.read(lambda connection: _copy(connection, unfinished)))

    SqliteBackend().create_with_records(str(path), fill)
    head = heads[-1]
    return BackupResult(path, head.seq, head.hash, path.stat().st_size)


def _copy(source: Connection, address: str) -> ledger.Head:
    """Copy all tables into the empty desk at an address, and return the head. May be called again."""
    with closing(SqliteBackend().open(address)) as copy:
        copy.write(_empty)
        for table, rows in _read(source):
            copy.write(partial(_insert, table, rows))
        copy.write(lambda target: full_text(target).rebuild(target))
        return copy.read(ledger.read_head)


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
