"""What SQLite and the file system report of a desk's file."""

from __future__ import annotations

import os
import sqlite3
import stat
from collections.abc import Iterator
from pathlib import Path

from sqlalchemy import Connection

from supportdesk.store.backend import DatabaseFacts
from supportdesk.store.errors import DAMAGED, READ_ONLY
from supportdesk.store.sqlite import database_file, full_text
from supportdesk.store.sqlite.returned_contacts import find_returned_contacts

_FAULTS_SHOWN = 10


def describe(path: Path, connection: Connection) -> DatabaseFacts:
    """Return the facts of a file. SQLite checks all of it."""
    found = path.stat()
    mode = stat.S_IMODE(found.st_mode)
    journal = str(connection.exec_driver_sql("PRAGMA journal_mode").scalar())
    return DatabaseFacts(
        summary=f"SQLite {sqlite3.sqlite_version}, {found.st_size:,} bytes, mode {mode:04o}",
        details=(("Journal", f"{journal}: {_journal_reason(journal)}"),),
        search=full_text.SEARCH,
        faults=tuple(_faults(path, mode, connection)),
    )


def _faults(path: Path, mode: int, connection: Connection) -> Iterator[str]:
    checked = connection.exec_driver_sql(f"PRAGMA integrity_check({_FAULTS_SHOWN})").scalars().all()
    if checked != ["ok"]:
        yield f"{path} {DAMAGED}. SQLite reports: {'; '.join(map(str, checked))}"
    if not os.access(path, os.W_OK, effective_ids=os.access in os.supports_effective_ids):
        yield f"{path} {READ_ONLY}"
    for returned in find_returned_contacts(path):
        yield returned.advice
    if mode & 0o007:
        yield (
            f"Everybody on this machine can open {path} (mode {mode:04o}), and anyone who can write it"
            " can do anything to the desk: chmod 600, or 660 for a group that shares it."
        )


def _journal_reason(journal: str) -> str:
    """Return what kind of journal it is, whether it is safe with this SQLite, and why there is no other."""
    first = ".".join(map(str, database_file.FIRST_SAFE_WAL))
    supported = database_file.journal_mode() == "wal"
    if journal == "wal":
        safe = (
            "safe with this SQLite" if supported else "not safe with this SQLite when several processes write"
        )
        return f"write-ahead log, {safe}; it is safe from {first} on"
    if supported:
        return "rollback journal, safe with this SQLite; `supportdesk init` gives the desk a write-ahead log"
    return f"rollback journal, safe with this SQLite; a write-ahead log needs {first} or later"
