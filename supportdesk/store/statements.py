"""Executes the statements of every command and poll: compiled once, and given to the driver directly.

SQLAlchemy takes several times as long to execute such a statement as the database does. Rows come as the driver gives
them, and errors are the driver's.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import lru_cache
from typing import Any, NamedTuple, cast

from sqlalchemy import Connection, Dialect, Insert, Select, Update
from sqlalchemy.exc import NoResultFound
from sqlalchemy.sql.compiler import SQLCompiler

from supportdesk.store.errors import DeskUnavailableError

SEND = "supportdesk_send"
"""The execution option with the function of a backend's engine that sends writes; without one they are executed one by
one."""

Statement = Select[Any] | Insert | Update
Row = tuple[Any, ...]


class CompiledStatement(NamedTuple):
    """A statement as a driver takes it. `places` are the names of its parameters where they have none in the SQL."""

    sql: str
    constants: Mapping[str, Any]
    places: Sequence[str] | None

    def bind(self, parameters: Mapping[str, Any]) -> Any:
        """Return the parameters in the form that the driver takes."""
        values = {**self.constants, **parameters}
        return values if self.places is None else [values[place] for place in self.places]


class Write(NamedTuple):
    """A statement that writes one row for each of these, which have the same keys."""

    statement: Insert | Update
    rows: Sequence[Mapping[str, Any]]


Send = Callable[[Connection, Iterable[Write]], int]
"""Executes writes in their order, each with all that it needs, and returns how many rows were written."""


@lru_cache(maxsize=512)
def compile_once(statement: Statement, keys: tuple[str, ...], dialect: Dialect) -> CompiledStatement:
    """Return a statement, made once for all, as it is for parameters with these keys."""
    compiled = statement.compile(dialect=dialect, column_keys=list(keys))
    assert isinstance(compiled, SQLCompiler)
    constants = {name: value for name, value in compiled.params.items() if value is not None}
    return CompiledStatement(str(compiled), constants, compiled.positiontup if compiled.positional else None)


def fetch(
    connection: Connection, query: Select[Any], parameters: Mapping[str, Any] | None = None
) -> list[Row]:
    """Return the rows of a query that was made once for all. Raises the driver's errors."""
    given = parameters or {}
    compiled = compile_once(query, tuple(given), connection.dialect)
    cursor = connection.connection.cursor()
    try:
        execute(connection, cursor, compiled.sql, compiled.bind(given))
        return cast("list[Row]", cursor.fetchall())
    finally:
        cursor.close()


def fetch_one(connection: Connection, query: Select[Any], parameters: Mapping[str, Any] | None = None) -> Row:
    """Return the only row of a query, as `fetch` does. Raises NoResultFound."""
    rows = fetch(connection, query, parameters)
    if not rows:
        raise NoResultFound("a row is missing")
    return rows[0]


def execute_writes(connection: Connection, writes: Sequence[Write]) -> None:
    """Execute writes in their order. Raises DeskUnavailableError where a row was changed by somebody else meanwhile."""
    send = cast("Send", connection.get_execution_options().get(SEND, _execute_one_by_one))
    if send(connection, writes) != sum(len(each.rows) for each in writes):
        raise DeskUnavailableError("somebody changed the same ticket at the same moment; try again")


def execute(connection: Connection, cursor: Any, sql: str, parameters: Any) -> None:
    """Execute a statement on a cursor of the driver; listeners hear of it as of those that SQLAlchemy executes."""
    for listener in connection.dispatch.before_cursor_execute:
        listener(connection, cursor, sql, parameters, None, False)
    try:
        cursor.execute(sql, parameters)
    except Exception as error:
        note_lost(connection, error)
        raise


def note_lost(connection: Connection, error: Exception) -> None:
    """Give a connection up on which an error says that it is lost, so that nobody is given it again."""
    if connection.dialect.is_disconnect(cast("Any", error), cast("Any", connection.connection), None):
        connection.invalidate(error)


def _execute_one_by_one(connection: Connection, writes: Iterable[Write]) -> int:
    written = 0
    cursor = connection.connection.cursor()
    try:
        for statement, rows in writes:
            compiled = compile_once(statement, tuple(rows[0]), connection.dialect)
            for row in rows:
                execute(connection, cursor, compiled.sql, compiled.bind(row))
                written += cursor.rowcount
    finally:
        cursor.close()
    return written
