"""Executes the statements of every command and poll: compiled once, and given to the driver directly.

SQLAlchemy takes several times as long to execute such a statement as the database does. Rows come as the driver gives
them, and errors are the driver's.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Any, NamedTuple, Protocol, cast

from sqlalchemy import Connection, Dialect, Insert, Select, Update
from sqlalchemy.exc import NoResultFound
from sqlalchemy.sql.compiler import SQLCompiler

from supportdesk.store.errors import DeskUnavailableError

BATCHES = "supportdesk_batches"
"""The execution option with the `Batches` of a backend's engine; without it, statements are executed one by one."""

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


class Query(NamedTuple):
    """A query that was made once for all, with its parameters."""

    statement: Select[Any]
    parameters: Mapping[str, Any]


class Batches(Protocol):
    """Sends several statements to a server in one go."""

    def fetch_each(self, connection: Connection, queries: Sequence[Query]) -> Iterator[list[Row]]:
        """Return the rows of each query."""
        ...

    def send(self, connection: Connection, writes: Sequence[Write]) -> int:
        """Execute writes in their order, and return how many rows were written."""
        ...

    def send_last(self, connection: Connection, writes: Sequence[Write]) -> None:
        """Execute writes with the commit, or before whatever the transaction executes after them."""
        ...


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
    return only_row(fetch(connection, query, parameters))


def only_row(rows: Sequence[Row]) -> Row:
    """Return the only row of a result. Raises NoResultFound."""
    if not rows:
        raise NoResultFound("a row is missing")
    return rows[0]


def fetch_each(connection: Connection, queries: Sequence[Query]) -> Iterator[list[Row]]:
    """Return the rows of each query, executed in their order by the time they are asked for; see `fetch`."""
    batches = _batches(connection)
    if batches is not None:
        return batches.fetch_each(connection, queries)
    return (fetch(connection, *each) for each in queries)


def execute_writes(connection: Connection, writes: Sequence[Write], *, last: bool = False) -> None:
    """Execute writes in their order. Raises DeskUnavailableError where a row was changed by somebody else meanwhile.

    With `last` they may be executed as late as the commit, without a round trip to the server of its own for it. Only
    for writes of which the database refuses one at least where a row was changed: they are not counted before it.
    """
    batches = _batches(connection)
    if batches is not None and last:
        batches.send_last(connection, writes)
        return
    send = batches.send if batches is not None else _execute_one_by_one
    if send(connection, writes) != count_rows(writes):
        raise DeskUnavailableError("somebody changed the same ticket at the same moment; try again")


def count_rows(writes: Iterable[Write]) -> int:
    """Return how many rows these write if each finds its row."""
    return sum(len(each.rows) for each in writes)


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


def _batches(connection: Connection) -> Batches | None:
    return cast("Batches | None", connection.get_execution_options().get(BATCHES))


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
