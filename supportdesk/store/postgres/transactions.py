"""Transactions on a PostgreSQL database: short, and run again as a whole after a temporary failure."""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from typing import TypeVar, cast
from weakref import WeakSet

import msgspec
import psycopg
from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.exc import DBAPIError, InvalidRequestError
from sqlalchemy.pool import QueuePool

from supportdesk.store.backend import FULL_TEXT, FullText, Work
from supportdesk.store.errors import (
    DamagedError,
    DeskUnavailableError,
    ForbiddenError,
    OutcomeUnknownError,
    OvertakenError,
)
from supportdesk.store.postgres import connections, full_text, pipeline
from supportdesk.store.postgres.connections import Trouble
from supportdesk.store.postgres.server_connection import ServerConnection
from supportdesk.store.statements import BATCHES, Batches

PATIENCE = 20.0
"""Seconds after which a transaction that keeps meeting others fails."""

RECONNECTING = 4.0
"""Seconds after which a transaction fails whose server cannot be reached."""

UNKNOWN_PATIENCE = 40.0
"""Seconds for which the outcome of a commit is looked up where the answer was lost: longer than a failover takes."""

_TAKEN_TRIES = 5
"""How often a transaction is run again that finds a key taken: after that, it would find it so for ever."""

UNLIMITED = "SET LOCAL statement_timeout = 0"
"""Lets the statements of a transaction take any time."""

T = TypeVar("T")


class Transactions:
    """Reads and writes a database. Any thread may use it; each call is a transaction of its own."""

    def __init__(self, uri: str, *, patience: float = PATIENCE) -> None:
        self.uri = uri
        self.place = connections.describe_place(uri)
        self._patience = patience
        self._closed = False
        self._prepares = True
        self._is_unlimited = False
        self._connections: WeakSet[ServerConnection] = WeakSet()
        self._engine = _engine(self.connect)
        event.listen(self._engine, "begin", self._prepare_transaction)
        # Everything that is read is as of one moment, and a standby can answer.
        self._reading = self._engine.execution_options(
            isolation_level="REPEATABLE READ", postgresql_readonly=True
        )

    def allow_long_statements(self) -> None:
        """Let statements take any time from now on, whatever was set for the login; see `Database`."""
        self._is_unlimited = True

    def _prepare_transaction(self, connection: Connection) -> None:
        driver_connection = cast("ServerConnection", connection.connection.driver_connection)
        driver_connection.prepare_transaction(connection.exec_driver_sql)
        if self._is_unlimited:
            connection.exec_driver_sql(UNLIMITED)

    def connect(self) -> ServerConnection:
        """Return a connection outside the pool; the caller closes it. Raises psycopg.OperationalError."""
        connection = connections.connect(self.uri, prepare_threshold=5 if self._prepares else None)
        self._connections.add(connection)
        return connection

    def read(self, work: Work[T]) -> T:
        """Return the result of `work`, which reads everything as of one moment. Raises DeskUnavailableError."""
        return self._run(self._reading, work, writes=False)

    def read_once(self, work: Work[T]) -> T:
        """Return the result of `work`, which only reads, without trying again. Raises what the driver raises."""
        with self._reading.connect() as connection, connection.begin():
            return work(connection)

    def write(self, work: Work[T]) -> T:
        """Return the result of `work` once everything that it wrote is durable; see `Database.write`."""
        return self._run(self._engine, work, writes=True)

    def _run(self, engine: Engine, work: Work[T], *, writes: bool) -> T:
        attempt = _Attempt(self._patience)
        while True:
            committing = False
            try:
                self._check_open()
                with engine.connect() as connection:
                    with connection.begin():
                        result = work(connection)
                        committing = True
                    return result
            except (UnicodeDecodeError, DamagedError) as error:
                raise DeskUnavailableError(
                    f"{self.place} holds what no desk contains: run `supportdesk verify`"
                ) from error
            except (msgspec.DecodeError, InvalidRequestError) as error:
                raise self.unavailable(error) from error
            except OvertakenError:
                attempt.note(Trouble.CONFLICT)
            except (DBAPIError, psycopg.Error) as error:
                cause = error.orig if isinstance(error, DBAPIError) else error
                if (prohibition := connections.find_prohibition(cause)) != "":
                    raise ForbiddenError(prohibition) from error
                trouble = connections.find_trouble(cause)
                if trouble is Trouble.UNPREPARED and self._prepares:
                    self._prepares = False
                    self._engine.dispose()
                    continue
                if trouble is Trouble.DISCONNECTED and error is cause:
                    # The other connections of the pool are lost as well.
                    self._engine.dispose()
                attempt.note(trouble, unknown=writes and committing)
                if not attempt.goes_on():
                    raise self._failure(attempt, cause) from error
            if not attempt.goes_on():
                raise self._failure(attempt, None)
            attempt.pause()

    def _failure(self, attempt: _Attempt, cause: BaseException | None) -> DeskUnavailableError:
        if attempt.is_unknown:
            return OutcomeUnknownError(
                f"{self.place} was lost while it saved: whether it did is not known yet. Send it again once the desk is"
                " back: it is saved only once"
            )
        if cause is None:
            return DeskUnavailableError(
                f"{self.place} was changed by others for {self._patience:.0f} s without a pause; try again"
            )
        return self.unavailable(cause)

    def _check_open(self) -> None:
        if self._closed:
            raise DeskUnavailableError(f"{self.place} is closed here; open it again")

    def unavailable(self, error: BaseException | None) -> DeskUnavailableError:
        """Return the exception for an error of the driver, or for unreadable data."""
        if (prohibition := connections.find_prohibition(error)) != "":
            return ForbiddenError(prohibition)
        return DeskUnavailableError(connections.explain(error, self.place))

    def close(self) -> None:
        """Close all connections; later calls raise DeskUnavailableError."""
        if not self._closed:
            self._closed = True
            for connection in list(self._connections):
                connection.is_closing = True
            self._engine.dispose()


class _Attempt:
    """How long a transaction is run again, and for what reason."""

    def __init__(self, patience: float) -> None:
        self._began = time.monotonic()
        self._patience = patience
        self._limit = patience
        self._pause = 0.005
        self._taken = 0
        self.is_unknown = False

    def note(self, trouble: Trouble, *, unknown: bool = False) -> None:
        """Note why the transaction failed; `unknown` says that it may have been committed."""
        if trouble is Trouble.TAKEN:
            self._taken += 1
        self.is_unknown |= unknown and trouble in (Trouble.DISCONNECTED, Trouble.STARTING)
        if self.is_unknown:
            self._limit = UNKNOWN_PATIENCE
        elif trouble is Trouble.DISCONNECTED:
            self._limit = RECONNECTING
        elif trouble in (Trouble.CONFLICT, Trouble.TAKEN, Trouble.STARTING):
            self._limit = self._patience
        else:
            self._limit = 0

    def goes_on(self) -> bool:
        """Return whether to run the transaction again."""
        left = self._limit - (time.monotonic() - self._began)
        return left > self._pause and self._taken <= _TAKEN_TRIES

    def pause(self) -> None:
        """Wait a moment, longer each time."""
        time.sleep(random.uniform(0.5, 1.0) * self._pause)
        self._pause = min(2 * self._pause, 0.5)


def _engine(connect: Callable[[], ServerConnection]) -> Engine:
    index: FullText = full_text
    batches: Batches = pipeline
    engine = create_engine(
        "postgresql+psycopg://",
        creator=connect,
        poolclass=QueuePool,
        pool_size=4,
        max_overflow=12,
        hide_parameters=True,
        execution_options={FULL_TEXT: index, BATCHES: batches},
    )
    event.listen(engine, "before_cursor_execute", pipeline.send_delayed)
    return engine
