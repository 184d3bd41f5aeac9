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
