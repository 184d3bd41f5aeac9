"""Reads a desk's database exactly as it is stored."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from itertools import count
from typing import cast

import psycopg
from psycopg.pq import TransactionStatus

from supportdesk.store.backend import FullText, Row
from supportdesk.store.postgres import connections, full_text
from supportdesk.store.postgres.transactions import UNLIMITED, Transactions

_BATCH = 1_000


class PostgresReader:
    """Returns what PostgreSQL stores; see `Reader` for what each method returns."""

    def __init__(self, database: Transactions) -> None:
        self._database = database
        try:
            self.connection = database.connect()
        except psycopg.Error as error:
            raise database.unavailable(error) from error
        self.connection.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
        self.connection.read_only = True
        self._numbers = count(1)

    @property
    def full_text(self) -> FullText:
        """PostgreSQL's full-text index, the module `full_text`."""
        return full_text

    def close(self) -> None:
        """Close the reader's connection."""
        self.connection.close()

    @contextmanager
    def moment(self) -> Iterator[None]:
        """Read everything within the block as of one moment."""
        with self.told_apart():
            self.connection.rollback()
        try:
            yield
        finally:
            with self.told_apart():
                self.connection.rollback()

    @contextmanager
    def told_apart(self) -> Iterator[None]:
        """Raise DeskUnavailableError for an error within the block that is not about what is stored."""
        try:
            yield
        except psycopg.Error as error:
            if connections.is_about_content(error):
                raise
            raise self._database.unavailable(error) from error

    def rows(self, query: str, parameters: Sequence[object] = ()) -> Iterator[Row]:
        """Return the rows of a query one by one."""
        self._begin()
        # While the rows of one query come, others may be asked for.
        with self.told_apart(), self.connection.cursor(name=f"rows_{next(self._numbers)}") as cursor:
            cursor.execute(_numbered(query), parameters)
            more = True
            while more:
                rows = cast("list[Row]", cursor.fetchmany(_BATCH))
                yield from rows
                more = len(rows) == _BATCH

    def rows_among(self, query: str, values: Sequence[object]) -> Iterator[Row]:
        """Return the rows of a query in which `IN ?` stands for any of these values."""
        return self.rows(query.replace("IN ?", "= ANY(?)"), (list(values),))

    def row(self, query: str, parameters: Sequence[object] = ()) -> Row | None:
        """Return the first row of a query, if there is one."""
        self._begin()
        with self.told_apart():
            return cast("Row | None", self.connection.execute(_numbered(query), parameters).fetchone())

    def count(self, table: str) -> int:
        """Return how many rows a table has."""
        found = self.row(f"SELECT count(*) FROM {table}")  # noqa: S608 - a name of ours
        return int(found[0]) if found else 0

    def _begin(self) -> None:
        if self.connection.info.transaction_status is TransactionStatus.IDLE:
            with self.told_apart():
                self.connection.prepare_transaction(self.connection.execute)
                self.connection.execute(UNLIMITED)

    def stored_form(self, value: object) -> object:
        """Return a value as PostgreSQL stores it: as it is."""
        return value


def _numbered(query: str) -> str:
    """Return a query with its parameters in the form of the driver."""
    return query.replace("%", "%%").replace("?", "%s")
