"""Opens, creates and upgrades desks' files."""

from __future__ import annotations

import contextlib
import sqlite3
from collections.abc import Callable
from functools import partial
from pathlib import Path

from sqlalchemy import Connection
from sqlalchemy.exc import OperationalError

from supportdesk.store import schema
from supportdesk.store.errors import DAMAGED, AlreadyExistsError, DeskUnavailableError
from supportdesk.store.sqlite import database_file, file_locks, full_text
from supportdesk.store.sqlite.backup import copy_file
from supportdesk.store.sqlite.database import SqliteDatabase
from supportdesk.store.sqlite.paths import is_there
from supportdesk.store.sqlite.transactions import Transactions, error_code


def open_file(path: Path) -> SqliteDatabase:
    """Return the database in a file. Raises DeskUnavailableError where it is not a desk of this version."""
    database = _open_checked(path)
    try:
        database.read(_check)
    except BaseException:
        database.close()
        raise
    return database


def create_file(path: Path, report_copy: Callable[[str], None]) -> SqliteDatabase:
    """Return the database in a file, created if there is none, and upgraded to the present schema.

    `report_copy` gets the path of the copy that is made of an older one.
    """
    if not is_there(path):
        with contextlib.suppress(AlreadyExistsError):
            database_file.create_filled_file(path, _fill)
    bring_up_to_date(_open_checked(path), report_copy)
    return open_file(path)


def create_file_with_records(path: Path, save_records: Callable[[str], None]) -> None:
    """Create a file that appears once `save_records` returns, which is given its temporary path; or not at all.

    Raises AlreadyExistsError where there is a file.
    """

    def fill(unfinished: Path) -> None:
        _fill(unfinished)
        save_records(str(unfinished))

    if is_there(path):
        raise AlreadyExistsError(f"{path} is there already; give the name of a new file")
    database_file.create_filled_file(path, fill)


def bring_up_to_date(database: Transactions, report_copy: Callable[[str], None] = lambda place: None) -> None:
    """Upgrade a database to the present schema, after copying it, and close it. Raises DeskUnavailableError."""
    from supportdesk.store.migrations import upgrade

    copies: list[Path] = []

    def copy_and_upgrade(connection: Connection) -> None:
        # Nobody writes from here on, and this may be run again.
        if schema.is_older(connection) and not copies:
            copies.append(_copy_before_upgrade(database))
        _upgrade(connection, upgrade, database.path)

    try:
        database.prepare()
        database.read(full_text.require_fts5)
        database.read(schema.refuse_newer)
        database.write(copy_and_upgrade)
    finally:
        database.close()
    for copy in copies:
        report_copy(str(copy))


def _copy_before_upgrade(database: Transactions) -> Path:
    """Copy a file as it is to a new one beside it, such as `desk.db.before-0011`. Raises DeskUnavailableError."""
    first = database.path.with_name(f"{database.path.name}.before-{schema.number_of(schema.REVISIONS[-1])}")
    for copy in (first, *(first.with_name(f"{first.name}-{number}") for number in range(2, 100))):
        with contextlib.suppress(AlreadyExistsError):
            database_file.create_filled_file(copy, partial(copy_file, database))
            return copy
    raise DeskUnavailableError(f"there are too many copies like {first}: move them elsewhere")


def _open_checked(path: Path) -> SqliteDatabase:
    """Return the database in a file, which is checked first unless this process already has it open."""
    with file_locks.GUARD:
        if not file_locks.is_open_here(path):
            database_file.check_file(path)
        return SqliteDatabase(path)


def _check(connection: Connection) -> None:
    schema.require_usable(connection)
    full_text.require_fts5(connection)


def _fill(unfinished: Path) -> None:
    bring_up_to_date(Transactions(unfinished))


def _upgrade(connection: Connection, upgrade: Callable[[Connection], None], path: Path) -> None:
    """Upgrade a database; unexpected tables mean that it is damaged or was tampered with."""
    from alembic.util import CommandError

    try:
        upgrade(connection)
    except CommandError as error:
        raise DeskUnavailableError(f"{path} {DAMAGED}") from error
    except OperationalError as error:
        if error_code(error.orig) == sqlite3.SQLITE_ERROR:
            raise DeskUnavailableError(f"{path} {DAMAGED}") from error
        raise
