"""Exporting desks and importing them again in tests, and what must be the same afterwards."""

from __future__ import annotations

import io
from contextlib import closing
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Table, select

from supportdesk.store import tables
from supportdesk.store.backend import Database
from supportdesk.store.database import open_database
from supportdesk.store.exchange.exporter import export_lines
from supportdesk.store.exchange.importer import import_lines
from supportdesk.store.verification.verify import Verification
from tests import databases
from tests.store.desks import running_server

Rows = dict[str, list[tuple[Any, ...]]]


def exported(database: Database) -> bytes:
    """The export of a desk."""
    written = io.BytesIO()
    export_lines(database, lambda: written.write)
    return written.getvalue()


def imported(content: bytes, address: str | Path) -> Verification:
    """Import an export."""
    return import_lines(io.BytesIO(content), str(address))


def all_rows(database: Database) -> Rows:
    """Every row of every table, without the number of the event at which a ticket was last projected again."""

    def read(connection: Connection) -> Rows:
        return {table.name: _rows(connection, table) for table in tables.metadata.sorted_tables}

    return database.read(read)


def _rows(connection: Connection, table: Table) -> list[tuple[Any, ...]]:
    columns = [each for each in table.columns if each is not tables.tickets.c.changed_seq]
    return sorted(map(tuple, connection.execute(select(*columns))), key=repr)


def compare_round_trip(database: Database, folder: Path) -> None:
    """Export and import a desk; the result is the same desk, and its export is the same file.

    It is imported into a file, and where tests use a server there as well.
    """
    content = exported(database)
    rows = all_rows(database)
    _compare_import(content, rows, str(folder / "imported.db"))
    if databases.chosen_kind() == databases.POSTGRES:
        server = running_server()
        name = server.make_database()
        _compare_import(content, rows, server.address(name))
        server.drop_database(name)


def _compare_import(content: bytes, rows: Rows, address: str) -> None:
    found = imported(content, address)
    assert found.is_intact, found
    with closing(open_database(address)) as copy:
        assert all_rows(copy) == rows
        assert exported(copy) == content
