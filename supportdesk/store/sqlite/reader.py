"""A connection that reads a desk's file exactly as it is stored."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from supportdesk.store.backend import FullText, Row
from supportdesk.store.sqlite import database_file, full_text
from supportdesk.store.sqlite.transactions import Transactions

_PATIENCE = 20.0
"""Seconds for which a lock is waited for."""


class SqliteReader:
    """Returns what SQLite holds: int, float, str, bytes or None. `Reader` says what each method returns."""

    def __init__(self, database: Transactions) -> None:
        database.check_present()
        try:
            self.connection = database_file.connect(database.path, _PATIENCE)
        except sqlite3.Error as error:
            raise database.unavailable(error) from error
        self.connection.text_factory = _text

    @property
    def full_text(self) -> FullText:
        """SQLite's full-text index."""
        return full_text

    def close(self) -> None:
        """Close the connection."""
        self.connection.close()

    @contextmanager
    def moment(self) -> Iterator[None]:
        """Read everything within the block at one moment."""
        self.connection.execute("BEGIN")
        try:
            yield
        finally:
            self.connection.execute("ROLLBACK")

    def rows(self, query: str, parameters: Sequence[object] = ()) -> Iterator[Row]:
        """Return the rows of a query one by one. Raises sqlite3.Error."""
        return self.connection.execute(query, parameters)

    def row(self, query: str, parameters: Sequence[object] = ()) -> Row | None:
        """Return the first row of a query, if there is one."""
        found: Row | None = self.connection.execute(query, parameters).fetchone()
        return found

    def count(self, table: str) -> int:
        """Return how many rows a table has."""
        found = self.row(f"SELECT count(*) FROM {table}")  # noqa: S608 - a name of ours
        return int(found[0]) if found else 0


def _text(stored: bytes) -> str | bytes:
    """Return a stored text; its bytes where it is not UTF-8, so that it differs from every text that was written."""
    try:
        return stored.decode()
    except UnicodeDecodeError:
        return stored
