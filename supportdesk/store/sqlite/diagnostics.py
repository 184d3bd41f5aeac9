"""What SQLite and the file system report of a desk's file."""

from __future__ import annotations

import os
import sqlite3
import stat
from pathlib import Path

from sqlalchemy import Connection

from supportdesk.store.backend import DatabaseFacts
from supportdesk.store.sqlite import database_file, full_text

_FAULTS_SHOWN = 10


def describe(path: Path, connection: Connection) -> DatabaseFacts:
    """Return the facts of a file. SQLite checks all of it."""
    found = path.stat()
    journal = str(connection.exec_driver_sql("PRAGMA journal_mode").scalar())
    checked = connection.exec_driver_sql(f"PRAGMA integrity_check({_FAULTS_SHOWN})").scalars().all()
    return DatabaseFacts(
        kind="SQLite",
        path=path,
        size=found.st_size,
        mode=f"{stat.S_IMODE(found.st_mode):04o}",
        version=sqlite3.sqlite_version,
        journal=journal,
        journal_reason=_journal_reason(journal),
        search=full_text.SEARCH,
        faults=() if checked == ["ok"] else tuple(map(str, checked)),
        read_only=not os.access(path, os.W_OK, effective_ids=os.access in os.supports_effective_ids),
    )


def _journal_reason(journal: str) -> str:
    first = ".".join(map(str, database_file.FIRST_SAFE_WAL))
    if database_file.journal_mode() != "wal":
        return f"SQLite before {first} can lose data with a write-ahead log that several processes write"
    if journal != "wal":
        return "it was made by an older SQLite; `supportdesk init` gives it a write-ahead log"
    return f"a write-ahead log is safe from SQLite {first} on"
