"""Noticing that somebody else wrote, without reading anything again."""

from __future__ import annotations

import sqlite3
import threading
import time
from contextlib import suppress

from supportdesk.store.database import Database
from supportdesk.store.errors import DeskUnavailableError

INTERVAL = 0.2
"""Seconds between two looks. A look costs 5 microseconds, waking up for it a fifth of a millisecond."""


class ChangeWatch:
    """Tells when a connection other than its own has committed. Any number of threads may wait."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._guard = threading.Lock()
        self._closed = False
        self._connection: sqlite3.Connection | None = None
        self._version = -1
        self._commits = 0
        self._told = 0
        # Where the file is locked just now, the first wait finds out.
        with suppress(sqlite3.Error):
            self._version = self._ask()

    def wait(self, timeout: float) -> bool:
        """True as soon as somebody committed since the last time this said so; False after `timeout` seconds.

        Returns False soon after the watch is closed. Raises DeskUnavailableError when the database is gone.
        """
        self._check_present()
        heard = self._told
        give_up_at = time.monotonic() + timeout
        while not self._closed:
            commits = self._look()
            if commits > heard:
                self._told = commits
                return True
            left = give_up_at - time.monotonic()
            if left <= 0:
                break
            time.sleep(min(left, INTERVAL))
        return False

    def close(self) -> None:
        """Ends every wait and lets the connection go."""
        self._closed = True
        with self._guard:
            self._disconnect()

    def _look(self) -> int:
        """How often a commit was noticed so far; several between two looks are noticed once."""
        with self._guard:
            if self._closed:
                return self._commits
            try:
                version = self._ask()
            except sqlite3.Error as error:
                if error.sqlite_errorcode & 0xFF == sqlite3.SQLITE_BUSY:
                    return self._commits
                self._disconnect()
                raise DeskUnavailableError(f"{self._database.path} cannot be watched: {error}") from error
            if version != self._version:
                self._version = version
                self._commits += 1
            return self._commits

    def _check_present(self) -> None:
        """A file that was moved away goes on to be read through the open connection; nobody else writes to it."""
        try:
            self._database.check_present()
        except DeskUnavailableError:
            with self._guard:
                self._disconnect()
            raise

    def _ask(self) -> int:
        if self._connection is None:
            # Another connection counts from elsewhere, and commits may have been missed in between.
            self._connection = self._database.connect()
            self._version = -1
        return _data_version(self._connection)

    def _disconnect(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None


def _data_version(connection: sqlite3.Connection) -> int:
    """A number that changes when another connection has committed; only equality means anything."""
    return int(connection.execute("PRAGMA data_version").fetchone()[0])
