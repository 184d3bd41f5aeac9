"""Detects commits of other connections by SQLite's own counter, without reading data."""

from __future__ import annotations

import sqlite3
import threading
import time
from contextlib import suppress

from supportdesk.store.backend import ChangeWatch
from supportdesk.store.errors import DeskUnavailableError
from supportdesk.store.sqlite.transactions import Transactions

INTERVAL = 0.2
"""Seconds between two polls. A poll takes 5 microseconds, waking up for it 0.2 milliseconds."""

LONGEST_LOCK = 4.0
"""Seconds after which a file that stays locked, so that it cannot even be read, counts as unavailable."""


class SqliteChangeWatch(ChangeWatch):
    """Polls `PRAGMA data_version` on a connection of its own. Any number of threads may wait."""

    def __init__(self, database: Transactions) -> None:
        self._database = database
        self._guard = threading.Lock()
        self._closed = False
        self._connection: sqlite3.Connection | None = None
        self._version = -1
        self._commits = 0
        self._reported = 0
        self._locked_since: float | None = None
        # Where the file is locked just now, the first wait finds out.
        with suppress(sqlite3.Error):
            self._version = self._read_version()

    def wait(self, timeout: float) -> bool:
        """Return True as soon as another connection has committed since this last returned True; False after `timeout`
        seconds.

        Returns False soon after the watch is closed. Where the file is locked, waits until it can be read again. Raises
        DeskUnavailableError if the database is gone, or has been locked for `LONGEST_LOCK`.
        """
        self._check_present()
        reported = self._reported
        give_up_at = time.monotonic() + timeout
        while not self._closed:
            commits = self._count_commits()
            if commits > reported:
                self._reported = commits
                return True
            left = give_up_at - time.monotonic()
            if left <= 0 and self._locked_since is None:
                break
            time.sleep(min(left, INTERVAL) if left > 0 else INTERVAL)
        return False

    def close(self) -> None:
        """End every wait and close the watch's connection."""
        self._closed = True
        with self._guard:
            self._disconnect()

    def _count_commits(self) -> int:
        """Return the number of detected commits; several between two polls count once."""
        with self._guard:
            if self._closed:
                return self._commits
            began = time.monotonic()
            try:
                version = self._read_version()
            except sqlite3.Error as error:
                if error.sqlite_errorcode & 0xFF == sqlite3.SQLITE_BUSY:
                    self._check_lock(began)
                    return self._commits
                self._disconnect()
                raise DeskUnavailableError(f"{self._database.path} cannot be watched: {error}") from error
            self._locked_since = None
            if version != self._version:
                self._version = version
                self._commits += 1
            return self._commits

    def _check_lock(self, began: float) -> None:
        """Raise DeskUnavailableError where the file has been locked for too long to be somebody's transaction.

        `began` is when the last attempt to read it began.
        """
        if self._locked_since is None:
            self._locked_since = began
        seconds = time.monotonic() - self._locked_since
        if seconds >= LONGEST_LOCK:
            raise DeskUnavailableError(
                f"{self._database.path} has been locked for {seconds:.0f} s by another program; it is tried again"
            )

    def _check_present(self) -> None:
        """Raise DeskUnavailableError for a file that was moved: the open connection would continue to read it."""
        try:
            self._database.check_present()
        except DeskUnavailableError:
            with self._guard:
                self._disconnect()
            raise

    def _read_version(self) -> int:
        if self._connection is None:
            # A new connection counts differently, and commits may have been missed in between.
            self._connection = self._database.connect()
            self._version = -1
        return _data_version(self._connection)

    def _disconnect(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None


def _data_version(connection: sqlite3.Connection) -> int:
    """Return a number that changes when another connection has committed; only equality is meaningful."""
    return int(connection.execute("PRAGMA data_version").fetchone()[0])
