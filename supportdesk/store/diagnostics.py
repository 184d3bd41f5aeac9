"""The condition of a database, as facts for somebody who has to judge whether it can be trusted."""

from __future__ import annotations

import os
import sqlite3
import stat
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sqlalchemy import Connection

from supportdesk.store import ledger, schema, ticket_queries
from supportdesk.store.database import Database
from supportdesk.store.date_guard import last_event_at
from supportdesk.store.sqlite import database_file, full_text

_FAULTS_SHOWN = 10


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """What is so. `journal_reason` says why the file has this journal, `search` by what words are
    found, `faults` what SQLite finds wrong with the file, `read_only` whether the operator may only read it.

    `mode` are the file's permissions, such as `0600`; `size` is in bytes. `ahead` are the references of tickets that a
    wrong clock has dated later than now.
    """

    kind: str
    path: Path
    size: int
    mode: str
    sqlite_version: str
    journal: str
    journal_reason: str
    search: str
    schema: str
    events: int
    tickets: bool
    faults: tuple[str, ...]
    read_only: bool
    last_event_at: datetime | None = None
    ahead: tuple[str, ...] = ()


def examine(database: Database, now: datetime | None = None) -> Diagnosis:
    """The condition of a database; reads all of it. Raises DeskUnavailableError where it cannot be read."""
    found = database.path.stat()
    mode = stat.S_IMODE(found.st_mode)

    def read(connection: Connection) -> Diagnosis:
        journal = str(connection.exec_driver_sql("PRAGMA journal_mode").scalar())
        checked = connection.exec_driver_sql(f"PRAGMA integrity_check({_FAULTS_SHOWN})").scalars().all()
        return Diagnosis(
            kind="SQLite",
            path=database.path,
            size=found.st_size,
            mode=f"{mode:04o}",
            sqlite_version=sqlite3.sqlite_version,
            journal=journal,
            journal_reason=_why(journal),
            search=full_text.SEARCH,
            schema=schema.revision(connection) or "none",
            events=ledger.read_head(connection).seq,
            tickets=ticket_queries.any_ticket(connection),
            faults=() if checked == ["ok"] else tuple(map(str, checked)),
            read_only=not os.access(
                database.path, os.W_OK, effective_ids=os.access in os.supports_effective_ids
            ),
            last_event_at=last_event_at(connection),
            ahead=ticket_queries.changed_after(connection, now) if now is not None else (),
        )

    return database.read(read)


def _why(journal: str) -> str:
    first = ".".join(map(str, database_file.FIRST_SAFE_WAL))
    if database_file.journal_mode() != "wal":
        return f"SQLite before {first} can lose data with a write-ahead log that several processes write"
    if journal != "wal":
        return "it was made by an older SQLite; `supportdesk init` gives it a write-ahead log"
    return f"a write-ahead log is safe from SQLite {first} on"
