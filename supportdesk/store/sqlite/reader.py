"""Reads a desk's file exactly as it is stored."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from itertools import islice

from supportdesk.store.backend import FullText, Row
from supportdesk.store.sqlite import database_file, full_text
from supportdesk.store.sqlite.transactions import TRANSIENT, Transactions, error_code

_PATIENCE = 20.0
"""Seconds to wait for a lock."""
_NOT_DECODED = "Could not decode to UTF-8"
"""The beginning of the driver's message for a text that is none; it gives no code."""


class SqliteReader:
    """Returns what SQLite stores: int, float, str, bytes or None; see `Reader` for what each method returns."""

    def __init__(self, database: Transactions) -> None:
        self._database = database
        database.check_present()
        try:
            self.connection = database_file.connect(database.path, _PATIENCE)
        except sqlite3.Error as error:
            raise database.unavailable(error) from error

    @property
    def full_text(self) -> FullText:
        """SQLite's full-text index, the module `full_text`."""
        return full_text

    def close(self) -> None:
        """Close the reader's connection."""
        self.connection.close()

    @contextmanager
    def moment(self) -> Iterator[None]:
        """Read everything within the block as of one moment."""
        self.connection.execute("BEGIN")
        try:
            yield
        finally:
            self.connection.execute("ROLLBACK")

    def rows(self, query: str, parameters: Sequence[object] = ()) -> Iterator[Row]:
        """Return the rows of a query one by one."""
        given = 0
        try:
            for row in self.connection.execute(query, parameters):
                yield row
                given += 1
        except sqlite3.OperationalError as error:
            if error_code(error) in TRANSIENT:
                raise self._database.unavailable(error) from error
            if not str(error).startswith(_NOT_DECODED):
                raise
            # Decoding each text ourselves takes several times as long, so it begins where there is a reason.
            self.connection.text_factory = _text
            yield from islice(self.connection.execute(query, parameters), given, None)

    def rows_among(self, query: str, values: Sequence[object]) -> Iterator[Row]:
        """Return the rows of a query in which `IN ?` stands for any of these values."""
        return self.rows(query.replace("?", f"({', '.join('?' * len(values))})"), values)

    def row(self, query: str, parameters: Sequence[object] = ()) -> Row | None:
        """Return the first row of a query, if there is one."""
        return next(iter(self.rows(query, parameters)), None)

    def count(self, table: str) -> int:
        """Return how many rows a table has."""
        found = self.row(f"SELECT count(*) FROM {table}")  # noqa: S608 - a name of ours
        return int(found[0]) if found else 0

    def stored_form(self, value: object) -> object:
        """Return a value as SQLite stores it: a truth value as a number, a date as a text."""
        if isinstance(value, bool):
            return int(value)
        return value.isoformat() if isinstance(value, date) else value


def _text(stored: bytes) -> str | bytes:
    """Return a stored text; its bytes if it is not UTF-8, so that it differs from every text that the program wrote."""
    try:
        return stored.decode()
    except UnicodeDecodeError:
        return stored
