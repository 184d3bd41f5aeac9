"""The SQLite file of a desk: whether it is one, how it is opened, and how a new one is created."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Callable
from pathlib import Path

from supportdesk.files import check_regular, make_folder, remove_unfinished
from supportdesk.store.absence import explain_absence
from supportdesk.store.errors import CHECK, DAMAGED, RESTORE, AlreadyExistsError, DeskUnavailableError
from supportdesk.store.sqlite import file_locks, journal

APPLICATION_ID = 0x73_64_73_6B
"""`sdsk`, in the header of every desk's file; a file without it is never changed."""

FIRST_SAFE_WAL = (3, 51, 3)
"""The first version of SQLite in which several processes may safely write a write-ahead log."""

_JOURNAL_LIMIT = 1 << 20
"""The size in bytes to which the journal is truncated after a large transaction."""

_HEADER = 100
_MAGIC = b"SQLite format 3\x00"
_APPLICATION_ID_AT = 68
_PAGES_AT = ((16, 2), (28, 4))
"""The offset and length, in bytes, of the size and the number of pages."""

_PATIENCE = 2.0
"""Seconds to wait for the end of a transaction."""


def journal_mode(version: tuple[int, ...] = sqlite3.sqlite_version_info) -> str:
    """Return the journal that is safe with a version of SQLite: `wal`, or `persist` for a rollback journal.

    Of the rollback journals, `persist` is the fastest (by a quarter on a busy disk), because a commit changes no file's
    length and no folder. With `synchronous = FULL` its commits are durable, which they are not if the file is deleted.
    """
    return "wal" if version >= FIRST_SAFE_WAL else "persist"


def check_file(path: Path) -> None:
    """Raise DeskUnavailableError unless the file can be read, is a desk's and has no foreign journal beside it."""
    try:
        check_regular(path.stat().st_mode, path)
        with path.open("rb") as file:
            start = file.read(_HEADER)
    except FileNotFoundError as error:
        found = explain_absence(path)
        message = (
            f"there is no desk at {path}: create one with `supportdesk init`, or choose another with --db"
        )
        raise DeskUnavailableError(f"{path} {found}" if found else message) from error
    except OSError as error:
        raise DeskUnavailableError(f"{path} cannot be read ({error.strerror}): {CHECK}") from error
    if not start:
        raise DeskUnavailableError(
            f"{path} is empty, so it is not a desk: {RESTORE}; or, for a new desk, move it away and run"
            " `supportdesk init`"
        )
    mark = int.from_bytes(start[_APPLICATION_ID_AT : _APPLICATION_ID_AT + 4], "big")
    if not start.startswith(_MAGIC) or mark != APPLICATION_ID:
        raise DeskUnavailableError(
            f"{path} is not a desk of supportdesk, and was not changed: choose another file with --db; or, if it was"
            f" one, {RESTORE}"
        )
    journal.check_journals(path)
    if _is_cut(path, start) and not journal.hot_journals(path):
        # A writer that extends the file writes its header first; nobody writes while it is locked.
        with file_locks.shared(path, _PATIENCE) as held:
            if held is not None and _is_cut(path, held.read(_HEADER)):
                raise DeskUnavailableError(f"{path} {DAMAGED}")


def _is_cut(path: Path, start: bytes) -> bool:
    """Return whether the file is shorter than its header says; SQLite overlooks it if less than a page is missing."""
    page_size, pages = (int.from_bytes(start[at : at + length], "big") for at, length in _PAGES_AT)
    return path.stat().st_size < pages * (page_size if page_size > 1 else 1 << 16)


def connect(path: Path, busy_timeout: float) -> sqlite3.Connection:
    """Return a connection to an existing file, which waits `busy_timeout` seconds for a lock and begins no transaction.

    Raises DeskUnavailableError if the file's journal is not safe with this SQLite and cannot be changed now.
    """
    connection = sqlite3.connect(
        f"{path.absolute().as_uri()}?mode=rw",
        uri=True,
        timeout=busy_timeout,
        isolation_level=None,
        check_same_thread=False,
    )
    try:
        connection.execute("PRAGMA foreign_keys = ON")
        connection.execute("PRAGMA trusted_schema = OFF")
        connection.execute("PRAGMA synchronous = FULL")
        connection.execute(f"PRAGMA journal_size_limit = {_JOURNAL_LIMIT}")
        _guard_journal(connection, path)
    except BaseException:
        connection.close()
        raise
    return connection


def _guard_journal(connection: sqlite3.Connection, path: Path) -> None:
    """Replace a write-ahead log by a rollback journal where it is not safe; `prepare` chooses the journal otherwise."""
    if journal_mode() == "wal" and _mode(connection) == "wal":
        return
    try:
        connection.execute("PRAGMA journal_mode = PERSIST")
    except sqlite3.OperationalError as error:
        if _mode(connection) != "wal":
            raise
        wanted = ".".join(map(str, FIRST_SAFE_WAL))
        raise DeskUnavailableError(
            f"another program uses {path} with a write-ahead log, in which SQLite {sqlite3.sqlite_version} can "
            f"lose data: close the other consoles and try again, or use a Python with SQLite {wanted} or newer"
        ) from error


def prepare(connection: sqlite3.Connection) -> None:
    """Mark the file as a desk's, with the best journal for this version of SQLite."""
    connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
    connection.execute(f"PRAGMA journal_mode = {journal_mode()}")


def _mode(connection: sqlite3.Connection) -> str:
    return str(connection.execute("PRAGMA journal_mode").fetchone()[0])


def create_filled_file(path: Path, fill: Callable[[Path], None]) -> None:
    """Create a file of mode 0600 that appears once it is filled and durable, or not at all.

    Raises AlreadyExistsError where there is one, DeskUnavailableError where it cannot be created, or would be destroyed
    by a journal that is there.
    """
    path = journal.real_path(path)
    journal.refuse_leftovers(path)
    remove_unfinished(path)
    unfinished = journal.temporary_name(path)
    try:
        make_folder(path.parent)
        os.close(os.open(unfinished, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600))
        try:
            fill(unfinished)
            sync(unfinished)
            journal.refuse_leftovers(path)
            _name(unfinished, path)
        finally:
            unfinished.unlink()
            unfinished.with_name(f"{unfinished.name}-journal").unlink(missing_ok=True)
    except AlreadyExistsError:
        raise
    except DeskUnavailableError as error:
        raise DeskUnavailableError(str(error).replace(str(unfinished), str(path))) from error
    except OSError as error:
        raise DeskUnavailableError(f"{path} cannot be created: {error.strerror}") from error


def _name(unfinished: Path, path: Path) -> None:
    """Give a file its final name, without replacing another file."""
    try:
        os.link(unfinished, path)
    except FileExistsError as error:
        raise AlreadyExistsError(f"{path} is there already; give the name of a new file") from error
    sync(path.parent)


def sync(path: Path) -> None:
    """Make a file's content, or the names in a folder, durable. Raises OSError."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
