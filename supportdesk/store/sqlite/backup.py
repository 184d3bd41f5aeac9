"""Copies the database while others work, and verifies the copy before it gets its name."""

from __future__ import annotations

import os
import sqlite3
from contextlib import closing, suppress
from pathlib import Path

from sqlalchemy import Connection, select

from supportdesk.files import remove_unfinished
from supportdesk.store import ledger, tables
from supportdesk.store.backend import BackupResult, T, Work
from supportdesk.store.errors import DAMAGED, AlreadyExistsError, DeskUnavailableError
from supportdesk.store.sqlite import database_file, journal
from supportdesk.store.sqlite.paths import absolute_path
from supportdesk.store.sqlite.transactions import Transactions

_WRITE_ERRORS = {
    sqlite3.SQLITE_FULL,
    sqlite3.SQLITE_IOERR_WRITE,
    sqlite3.SQLITE_IOERR_TRUNCATE,
    sqlite3.SQLITE_IOERR_FSYNC,
}
"""Errors of the new file; the desk itself is only read."""


def back_up(database: Transactions, path: Path) -> BackupResult:
    """Copy the database, as of one moment, to a new file of mode 0600; writers wait meanwhile, readers do not.

    Raises AlreadyExistsError where the file exists, DeskUnavailableError where its folder is missing or no intact copy
    could be made.
    """
    path = require_new_file(path)
    verified: list[ledger.Head] = []

    def fill(unfinished: Path) -> None:
        copy_file(database, unfinished)
        verified.append(_verify(database, unfinished))

    database_file.create_filled_file(path, fill)
    (head,) = verified
    return BackupResult(path, head.seq, head.hash, path.stat().st_size)


def require_new_file(path: Path) -> Path:
    """Return the absolute path of a file that can be made. Raises AlreadyExistsError, DeskUnavailableError."""
    path = absolute_path(str(path))
    try:
        path.lstat()
    except FileNotFoundError:
        if not path.parent.exists():
            message = f"{path} cannot be created: there is no folder {path.parent}"
            raise DeskUnavailableError(message) from None
        return path
    except OSError as error:
        raise DeskUnavailableError(f"{path} cannot be created: {error.strerror}") from error
    raise AlreadyExistsError(f"{path} is there already; give the name of a new file")


def copy_file(database: Transactions, path: Path) -> None:
    """Copy a file as it is to another one. Raises DeskUnavailableError."""
    database.check_present()
    try:
        with closing(database.connect()) as source, closing(sqlite3.connect(path)) as target:
            # In one step: between several steps, another writer would make it start again, for ever on a busy desk.
            source.backup(target, pages=-1)
    except sqlite3.Error as error:
        written = getattr(error, "sqlite_errorcode", None) in _WRITE_ERRORS
        raise database.unavailable(error, path if written else None) from error


def read_copy(database: Transactions, work: Work[T]) -> T:
    """Return the result of `work` on a copy as of this moment, which is removed then.

    Where no copy can be made, for want of room or of rights, `work` reads the file itself, and writers wait. Raises
    DeskUnavailableError.
    """
    path = journal.real_path(database.path)
    remove_unfinished(path)
    unfinished = journal.temporary_name(path)
    try:
        if not _is_copied(database, unfinished):
            return database.read(work)
        with closing(Transactions(unfinished)) as copy:
            return copy.read(work)
    except DeskUnavailableError as error:
        if str(unfinished) not in str(error):
            raise
        raise DeskUnavailableError(str(error).replace(str(unfinished), str(database.path))) from error
    finally:
        for each in (unfinished, Path(f"{unfinished}-journal")):
            with suppress(OSError):
                each.unlink()


def _is_copied(database: Transactions, path: Path) -> bool:
    try:
        os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600))
        copy_file(database, path)
    except (OSError, DeskUnavailableError):
        return False
    return True


def _verify(database: Transactions, path: Path) -> ledger.Head:
    copy = Transactions(path)
    try:
        head = copy.read(find_verified_head)
    except (DeskUnavailableError, UnicodeDecodeError):
        head = None
    finally:
        copy.close()
    if head is None:
        raise DeskUnavailableError(f"{database.path} {DAMAGED}. No copy was made")
    return head


def find_verified_head(connection: Connection) -> ledger.Head | None:
    """Return the head of an intact copy, confirmed by its last event; None for any other copy."""
    found = connection.exec_driver_sql("PRAGMA integrity_check").scalar()
    head = ledger.read_head(connection)
    last = (
        connection.execute(select(tables.ledger).where(tables.ledger.c.seq == head.seq))
        .mappings()
        .one_or_none()
    )
    confirmed = (ledger.compute_link_hash(dict(last)) if last else ledger.GENESIS) == head.hash
    return head if found == "ok" and confirmed else None
