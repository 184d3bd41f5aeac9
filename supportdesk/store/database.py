"""The way to the shared database: where it is, one short transaction at a time, and trying again where that helps."""

from __future__ import annotations

import contextlib
import random
import sqlite3
import time
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

import msgspec
from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, InvalidRequestError, OperationalError
from sqlalchemy.pool import QueuePool

from supportdesk.files import expand
from supportdesk.store import schema
from supportdesk.store.errors import (
    DAMAGED,
    READ_ONLY,
    RESTORE,
    AlreadyMadeError,
    DamagedError,
    DeskUnavailableError,
)
from supportdesk.store.sqlite import database_file, file_locks, full_text

BUSY_TIMEOUT = 2.0
"""Seconds for which SQLite itself waits for a lock."""

PATIENCE = 20.0
"""Seconds after which a transaction that finds the database locked, again and again, is given up."""

_WRITES = "supportdesk_writes"
_TRANSIENT = {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED, sqlite3.SQLITE_PROTOCOL}
_ADVICE = {
    sqlite3.SQLITE_FULL: "cannot be written, because the disk is full: make room and try again",
    sqlite3.SQLITE_READONLY: READ_ONLY,
    sqlite3.SQLITE_CANTOPEN: "cannot be opened: check the file and its folder",
    sqlite3.SQLITE_CORRUPT: DAMAGED,
    sqlite3.SQLITE_NOTADB: DAMAGED,
    sqlite3.SQLITE_IOERR: "cannot be read or written, because the disk reports a fault: check the disk, then run"
    " `supportdesk verify`",
}

T = TypeVar("T")
Work = Callable[[Connection], T]


class Database:
    """An open database. Any thread may use it; each call is a transaction of its own."""

    def __init__(self, path: Path, *, busy_timeout: float = BUSY_TIMEOUT, patience: float = PATIENCE) -> None:
        self.path = path
        self._patience = patience
        self._busy_timeout = busy_timeout
        self._closed = False
        self._identity = file_locks.identity(path)
        file_locks.opened(self, self._identity)
        self._engine = _engine(self.connect)

    def connect(self) -> sqlite3.Connection:
        """A connection outside the pool, for what SQLite alone can do; whoever asks closes it."""
        return database_file.connect(self.path, self._busy_timeout)

    def prepare(self) -> None:
        """Mark the file as ours, with the journal that is best for it. Raises DeskUnavailableError."""
        try:
            with contextlib.closing(self.connect()) as connection:
                database_file.prepare(connection)
        except sqlite3.Error as error:
            raise self.unavailable(error) from error

    def read(self, work: Work[T]) -> T:
        """What `work` reads, all of it true for one moment."""
        return self._run(work, writes=False)

    def write(self, work: Work[T]) -> T:
        """What `work` returns, once all that it wrote is safe on the disk.

        It may be run several times, and a commit whose outcome is unknown is run again, so it has to see for itself
        that it was done before. Raises DeskUnavailableError; nothing was written then.
        """
        return self._run(work, writes=True)

    def _run(self, work: Work[T], *, writes: bool) -> T:
        give_up_at = time.monotonic() + self._patience
        pause = 0.005
        while True:
            try:
                self._check_open()
                self.check_present()
                with self._engine.connect() as connection:
                    connection.execution_options(**{_WRITES: writes})
                    with connection.begin():
                        if writes:
                            # Whoever replaces the file locks it first: behind a lock it may be another.
                            self.check_present()
                        return work(connection)
            except (UnicodeDecodeError, DamagedError) as error:
                # SQLite's own message quotes what it cannot read.
                raise DeskUnavailableError(f"{self.path} {DAMAGED}") from error
            except (msgspec.DecodeError, InvalidRequestError) as error:
                raise self.unavailable(error) from error
            except DBAPIError as error:
                if not _is_transient(error) or time.monotonic() + pause > give_up_at:
                    raise self.unavailable(error.orig) from error
            time.sleep(random.uniform(0.5, 1.0) * pause)
            pause = min(2 * pause, 0.25)

    def _check_open(self) -> None:
        if self._closed:
            raise DeskUnavailableError(f"{self.path} is closed here; open it again")

    def check_present(self) -> None:
        """Raises DeskUnavailableError where the file was moved or replaced: what is written to it would be lost."""
        try:
            identity = file_locks.identity(self.path)
        except OSError as error:
            raise DeskUnavailableError(
                f"{self.path} is gone ({error.strerror}): put it back, or {RESTORE}"
            ) from error
        if identity != self._identity:
            raise DeskUnavailableError(f"{self.path} was replaced by another file; start supportdesk again")

    def unavailable(self, error: BaseException | None, path: Path | None = None) -> DeskUnavailableError:
        """Return what is to be said of an error of SQLite, or of what was read; `path` is that of another file."""
        code, path = _code(error), path or self.path
        if code in _TRANSIENT:
            return DeskUnavailableError(
                f"{path} has been locked for {self._patience:.0f} s by another program; try again"
            )
        advice = _ADVICE.get(code, f"cannot be read as a desk ({error}): run `supportdesk verify`")
        return DeskUnavailableError(f"{path} {advice}")

    def close(self) -> None:
        """Lets all connections go, and has nobody wait for a lock any longer; raises in whoever comes later."""
        if not self._closed:
            self._closed = True
            self._engine.dispose()
            file_locks.closed(self)


def open_database(address: str) -> Database:
    """The database at an address, a path or a URL. Raises DeskUnavailableError where it is none of ours."""
    database = _opened(file_of(address))
    try:
        database.read(_check)
    except BaseException:
        database.close()
        raise
    return database


def create_database(address: str) -> Database:
    """The database at an address, made where there is none, and brought to the present schema."""
    path = file_of(address)
    if not is_there(path):
        with contextlib.suppress(AlreadyMadeError):
            database_file.make_file(path, _fill)
    bring_up_to_date(_opened(path))
    return open_database(address)


def _opened(path: Path) -> Database:
    """A database that is examined before it is opened, once in this process."""
    with file_locks.GUARD:
        if not file_locks.is_open_here(path):
            database_file.check_file(path)
        return Database(path)


def found_database(address: str, furnish: Callable[[str], None]) -> None:
    """A new database that appears when `furnish`, which is given its address meanwhile, is done; or not at all.

    Raises AlreadyMadeError where there is a file already.
    """

    def fill(unfinished: Path) -> None:
        _fill(unfinished)
        furnish(str(unfinished))

    path = file_of(address)
    if is_there(path):
        raise AlreadyMadeError(f"{path} is there already; give the name of a new file")
    database_file.make_file(path, fill)


def _check(connection: Connection) -> None:
    schema.check(connection)
    full_text.check(connection)


def file_of(address: str) -> Path:
    """The file that an address means. Raises DeskUnavailableError, never showing a password."""
    if "://" not in address:
        return absolute_path(address)
    try:
        url = make_url(address)
    except (ArgumentError, ValueError) as error:
        raise DeskUnavailableError(
            "the address of the database is no URL; give the path of a file"
        ) from error
    if url.get_backend_name() != "sqlite" or not url.database or url.database == ":memory:":
        raise DeskUnavailableError(
            f"an address of {url.get_backend_name()} cannot be used: a desk is kept in a file; give its path"
        )
    return absolute_path(url.database)


def is_there(path: Path) -> bool:
    """Whether there is a file at a path. Raises DeskUnavailableError where it cannot be found out."""
    try:
        return path.exists()
    except OSError as error:
        raise DeskUnavailableError(f"{path} cannot be opened: {error.strerror}") from error


def absolute_path(path: str) -> Path:
    """The whole path of a file, from `~` on. Raises DeskUnavailableError where there can be none."""
    try:
        return expand(path).absolute()
    except OSError as error:
        raise DeskUnavailableError(f"{path} cannot be opened: {error.strerror}") from error


def _fill(unfinished: Path) -> None:
    bring_up_to_date(Database(unfinished))


def bring_up_to_date(database: Database) -> None:
    """Bring a database to the present schema, and close it. Raises DeskUnavailableError."""
    from supportdesk.store.migrations import upgrade

    try:
        database.prepare()
        database.read(full_text.check)
        database.read(schema.refuse_newer)
        database.write(lambda connection: _upgrade(connection, upgrade, database.path))
    finally:
        database.close()


def _upgrade(connection: Connection, upgrade: Callable[[Connection], None], path: Path) -> None:
    """Upgrade a database; one whose tables are not those of its revision was tampered with, or is damaged."""
    from alembic.util import CommandError

    try:
        upgrade(connection)
    except CommandError as error:
        raise DeskUnavailableError(f"{path} {DAMAGED}") from error
    except OperationalError as error:
        if _code(error.orig) == sqlite3.SQLITE_ERROR:
            raise DeskUnavailableError(f"{path} {DAMAGED}") from error
        raise


def _engine(connect: Callable[[], sqlite3.Connection]) -> Engine:
    engine = create_engine("sqlite://", creator=connect, poolclass=QueuePool, hide_parameters=True)

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        # A writer takes its lock first: one that turned into a writer half-way would fail at once, whatever it waits.
        writes = connection.get_execution_options().get(_WRITES)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")

    return engine


def _code(error: BaseException | None) -> int:
    return int(getattr(error, "sqlite_errorcode", 0)) & 0xFF


def _is_transient(error: DBAPIError) -> bool:
    return _code(error.orig) in _TRANSIENT
