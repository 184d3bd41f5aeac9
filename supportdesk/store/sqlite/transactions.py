"""Transactions on one SQLite file: short, and run again after a temporary failure."""

from __future__ import annotations

import contextlib
import os
import random
import sqlite3
import time
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

import msgspec
from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.exc import DBAPIError, InvalidRequestError
from sqlalchemy.pool import QueuePool

from supportdesk.store.backend import FULL_TEXT, FullText, Work
from supportdesk.store.errors import (
    DAMAGED,
    READ_ONLY,
    RESTORE,
    DamagedError,
    DeskUnavailableError,
)
from supportdesk.store.sqlite import database_file, file_locks, full_text
from supportdesk.store.sqlite.write_turns import WriteTurns

BUSY_TIMEOUT = 2.0
"""Seconds for which SQLite itself waits for a lock."""

PATIENCE = 20.0
"""Seconds after which a transaction that keeps finding the database locked fails."""

_WRITES = "supportdesk_writes"
TRANSIENT = {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED, sqlite3.SQLITE_PROTOCOL}
"""The codes of errors that mean that others are at work."""
_ADVICE = {
    sqlite3.SQLITE_FULL: "cannot be written, because the disk is full: make room and try again",
    sqlite3.SQLITE_READONLY: READ_ONLY,
    sqlite3.SQLITE_CANTOPEN: "cannot be opened: check the file and its folder",
    sqlite3.SQLITE_CORRUPT: DAMAGED,
    sqlite3.SQLITE_NOTADB: DAMAGED,
    sqlite3.SQLITE_IOERR: "cannot be read or written, because the disk reports a fault: check the disk, then run"
    " `supportdesk verify`",
}

_NOT_WRITTEN = (
    "cannot be written, because the disk reports a fault, or because your quota or limit of the size of files is"
    " reached: make room or check the disk, then run `supportdesk verify`"
)
"""SQLite tells only a disk that is full from other faults."""

_READ_ONLY_DISK = (
    "cannot be written, because its disk is mounted read-only: have it mounted for writing and try again"
)

T = TypeVar("T")


class Transactions:
    """Reads and writes an open file. Any thread may use it; each call is a transaction of its own."""

    def __init__(self, path: Path, *, busy_timeout: float = BUSY_TIMEOUT, patience: float = PATIENCE) -> None:
        self.path = path
        self._patience = patience
        self._busy_timeout = busy_timeout
        self._closed = False
        self._identity = file_locks.identify_file(path)
        file_locks.note_opened(self, self._identity)
        self._engine = _engine(self.connect)
        self._turns = WriteTurns(path)

    def connect(self) -> sqlite3.Connection:
        """Return a connection outside the pool, for SQLite's own functions; the caller closes it."""
        return database_file.connect(self.path, self._busy_timeout)

    def prepare(self) -> None:
        """Mark the file as a desk's, with the best journal for it. Raises DeskUnavailableError."""
        try:
            # Another may be making the same desk.
            with contextlib.closing(database_file.connect(self.path, self._patience)) as connection:
                database_file.prepare(connection)
        except sqlite3.Error as error:
            raise self.unavailable(error) from error

    def read(self, work: Work[T]) -> T:
        """Return the result of `work`, which reads everything as of one moment. Raises DeskUnavailableError."""
        return self._run(work, writes=False)

    def write(self, work: Work[T]) -> T:
        """Return the result of `work` once everything that it wrote is durable.

        `work` may be run several times, also after a commit with an unknown outcome, so it must check whether it was
        carried out before. Raises DeskUnavailableError; then nothing was written.
        """
        return self._run(work, writes=True)

    def _run(self, work: Work[T], *, writes: bool) -> T:
        give_up_at = time.monotonic() + self._patience
        pause = 0.005
        while True:
            try:
                self._check_open()
                self.check_present()
                # Half of the patience, so that who is given no turn can still write without one.
                turn = self._turns.take(self._patience / 2) if writes else contextlib.nullcontext()
                with self._engine.connect() as connection:
                    connection.execution_options(**{_WRITES: writes})
                    # Only the transaction: others wait for the turn.
                    with turn, connection.begin():
                        if writes:
                            # A restore locks the file before it replaces it: after a wait it may be another file.
                            self.check_present()
                        return work(connection)
            except (UnicodeDecodeError, DamagedError) as error:
                # SQLite's own message would quote what it cannot read.
                raise DeskUnavailableError(f"{self.path} {DAMAGED}") from error
            except (msgspec.DecodeError, InvalidRequestError) as error:
                raise self.unavailable(error) from error
            except (DBAPIError, sqlite3.Error) as error:
                cause = error.orig if isinstance(error, DBAPIError) else error
                if error_code(cause) not in TRANSIENT:
                    # A connection that has seen a broken file does not recover, though the file is mended.
                    self._engine.dispose()
                    raise self.unavailable(cause) from error
                if time.monotonic() + pause > give_up_at:
                    raise self.unavailable(cause) from error
            time.sleep(random.uniform(0.5, 1.0) * pause)
            pause = min(2 * pause, 0.25)

    def _check_open(self) -> None:
        if self._closed:
            raise DeskUnavailableError(f"{self.path} is closed here; open it again")

    def check_present(self) -> None:
        """Raise DeskUnavailableError where the file was moved or replaced: what is written to it would be lost."""
        try:
            identity = file_locks.identify_file(self.path)
        except OSError as error:
            raise DeskUnavailableError(
                f"{self.path} is gone ({error.strerror}): put it back, or {RESTORE}"
            ) from error
        if identity != self._identity:
            raise DeskUnavailableError(f"{self.path} was replaced by another file; start supportdesk again")

    def unavailable(self, error: BaseException | None, path: Path | None = None) -> DeskUnavailableError:
        """Return the exception for an error of SQLite, or for unreadable data; `path` is that of another file."""
        code, path = error_code(error), path or self.path
        if code in TRANSIENT:
            return DeskUnavailableError(
                f"{path} has been locked for {self._patience:.0f} s by another program; try again"
            )
        advice = _ADVICE.get(code, f"cannot be read as a desk ({error}): run `supportdesk verify`")
        if getattr(error, "sqlite_errorcode", 0) == sqlite3.SQLITE_IOERR_WRITE:
            advice = _NOT_WRITTEN
        elif code == sqlite3.SQLITE_READONLY and _is_on_read_only_disk(path):
            advice = _READ_ONLY_DISK
        return DeskUnavailableError(f"{path} {advice}")

    def close(self) -> None:
        """Close all connections and end every wait for a lock; later calls raise DeskUnavailableError."""
        if not self._closed:
            self._closed = True
            self._turns.close()
            self._engine.dispose()
            file_locks.note_closed(self)


def _engine(connect: Callable[[], sqlite3.Connection]) -> Engine:
    index: FullText = full_text
    engine = create_engine(
        "sqlite://",
        creator=connect,
        poolclass=QueuePool,
        hide_parameters=True,
        execution_options={FULL_TEXT: index},
    )

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        # A writer locks first: a reader that becomes a writer fails at once, without waiting.
        writes = connection.get_execution_options().get(_WRITES)
        # By the driver's own cursor: SQLAlchemy's overhead would exceed what the statement itself takes.
        connection.connection.cursor().execute("BEGIN IMMEDIATE" if writes else "BEGIN")

    return engine


def _is_on_read_only_disk(path: Path) -> bool:
    try:
        return bool(os.statvfs(path).f_flag & os.ST_RDONLY)
    except OSError:
        return False


def error_code(error: BaseException | None) -> int:
    """Return SQLite's primary result code of an error; 0 for any other error."""
    return int(getattr(error, "sqlite_errorcode", 0)) & 0xFF
