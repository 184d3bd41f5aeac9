"""Removes what deleted and replaced rows leave in a file: in free pages, the full-text indexes, and the journals."""

from __future__ import annotations

import random
import sqlite3
import time
from contextlib import closing

from supportdesk.store.sqlite.full_text import INDEXES
from supportdesk.store.sqlite.transactions import PATIENCE, Transactions, error_code

_BUSY = {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED}


def remove_traces(database: Transactions) -> None:
    """Rewrite the whole file and empty its journals; others wait meanwhile. It needs free space of the file's size.

    Raises DeskUnavailableError where others do not let go of the file, or the disk is full; then the desk is as before.
    """
    give_up_at = time.monotonic() + PATIENCE
    while True:
        database.check_present()
        try:
            with closing(database.connect()) as connection:
                _rewrite_file(connection)
        except sqlite3.Error as error:
            if error_code(error) not in _BUSY or time.monotonic() > give_up_at:
                raise database.unavailable(error) from error
            time.sleep(random.uniform(0.05, 0.25))
        else:
            return


def _rewrite_file(connection: sqlite3.Connection) -> None:
    connection.execute("PRAGMA secure_delete = ON")
    (journal,) = connection.execute("PRAGMA journal_mode").fetchone()
    if journal != "wal":
        # The old pages are in the journal until the next transaction; in this mode it is emptied at each commit.
        connection.execute("PRAGMA journal_mode = TRUNCATE")
    for index in INDEXES:
        # A removed word stays in the parts of an index until they are merged.
        connection.execute(f"INSERT INTO {index.name}({index.name}) VALUES ('rebuild')")  # noqa: S608 - names of ours
    connection.execute("VACUUM")
    if journal == "wal":
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
