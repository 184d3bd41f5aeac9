"""Sends statements of a command in one go: others wait for its head row, and each answer would be waited for."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any, cast

import psycopg
from sqlalchemy import Connection

from supportdesk.store.errors import DamagedError
from supportdesk.store.postgres.server_connection import ServerConnection
from supportdesk.store.statements import (
    Query,
    Row,
    Statement,
    Write,
    compile_once,
    count_rows,
    execute,
    execute_writes,
    note_lost,
)


def fetch_each(connection: Connection, queries: Sequence[Query]) -> Iterator[list[Row]]:
    """Return the rows of each query, each as of when those before it were executed. Raises psycopg.Error."""
    with _pipeline(connection):
        cursors = [_execute(connection, statement, parameters) for statement, parameters in queries]
    return (each.fetchall() for each in cursors)


def send(connection: Connection, writes: Iterable[Write]) -> int:
    """Execute writes in their order and return how many rows were written. Raises psycopg.Error."""
    with _pipeline(connection):
        cursors = _execute_all(connection, writes)
    return sum(each.rowcount for each in cursors)


def send_last(connection: Connection, writes: Sequence[Write]) -> None:
    """Have the commit execute writes, unless another statement follows them."""
    driver = _driver(connection)

    def commit() -> None:
        with _pipeline(connection):
            cursors = _execute_all(connection, writes)
            driver.cursor().execute("COMMIT", prepare=False)
        if sum(each.rowcount for each in cursors) != count_rows(writes):
            raise DamagedError

    driver.wait_for_commit(commit, lambda: execute_writes(connection, writes))


def send_delayed(connection: Connection, *_: object) -> None:
    """Execute what would wait for the commit, because another statement follows. Raises as `execute_writes` does."""
    _driver(connection).send_delayed()


def _driver(connection: Connection) -> ServerConnection:
    return cast("ServerConnection", connection.connection.driver_connection)


@contextmanager
def _pipeline(connection: Connection) -> Iterator[None]:
    try:
        with _driver(connection).pipeline():
            yield
    except psycopg.Error as error:
        note_lost(connection, error)
        raise


def _execute_all(connection: Connection, writes: Iterable[Write]) -> list[psycopg.Cursor[Row]]:
    return [_execute(connection, statement, row) for statement, rows in writes for row in rows]


def _execute(connection: Connection, statement: Statement, parameters: Any) -> psycopg.Cursor[Row]:
    cursor = _driver(connection).cursor()
    compiled = compile_once(statement, tuple(parameters), connection.dialect)
    execute(connection, cursor, compiled.sql, compiled.bind(parameters))
    return cursor
