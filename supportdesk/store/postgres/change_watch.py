"""Notices commits by NOTIFY on a connection of its own, and by the head of the ledger where that stays silent."""

from __future__ import annotations

import threading
import time
from contextlib import suppress

import psycopg
from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError

from supportdesk.store.backend import ChangeWatch
from supportdesk.store.errors import DeskUnavailableError
from supportdesk.store.postgres import connections
from supportdesk.store.postgres.server_connection import ServerConnection
from supportdesk.store.postgres.transactions import Transactions

CHANNEL = "supportdesk"
"""The channel on which a trigger of the head reports every commit."""

POLL = 2.0
"""Seconds between two looks at the head while LISTEN works: it can go deaf without an error."""

DEAF_POLL = 0.25
"""Seconds between two looks at the head until a commit is reported, once one came that was not, or behind a pooler."""

SILENCE = 2.0
"""Seconds without an answer after which the server is suspected: a look at the head takes a moment."""

_SLICE = 0.25
"""The longest wait in one go, in seconds: after it, a closed watch is noticed."""

_HEAD = "SELECT seq FROM head"


class PostgresChangeWatch(ChangeWatch):
    """Any number of threads may wait."""

    def __init__(self, database: Transactions) -> None:
        self._database = database
        self._guard = threading.Lock()
        self._closed = False
        self._connection: ServerConnection | None = None
        self._seq = -1
        self._polled_at = 0.0
        self.is_deaf = False
        """Whether LISTEN has failed to report a commit, or may fail to, and has reported none since."""
        # Nobody listens before the first wait: each commit wakes all who do, and most desks never wait. Where the
        # server cannot be reached just now, the first wait finds out.
        with suppress(DeskUnavailableError, DBAPIError, psycopg.Error):
            self._seq = database.read_once(_read_head)
        self._reported = self._seq

    def wait(self, timeout: float) -> bool:
        """Return True as soon as another connection has committed since this last returned True; see `ChangeWatch`."""
        give_up_at = time.monotonic() + timeout
        reported = self._reported
        while not self._closed:
            left = give_up_at - time.monotonic()
            seq = self._look(max(0.0, min(left, _SLICE)))
            if seq != reported:
                self._reported = seq
                return True
            if left <= 0:
                break
        return False

    def close(self) -> None:
        """End every wait and close the watch's connection."""
        self._closed = True
        if (connection := self._connection) is not None:
            connection.is_closing = True
        with self._guard:
            self._disconnect()

    def _look(self, seconds: float) -> int:
        """Return the last known event number, after up to `seconds` for a report of a newer one."""
        with self._guard:
            if self._closed:
                return self._seq
            try:
                if self._connection is None:
                    self._listen()
                    return self._seq
                return self._receive(self._connection, seconds)
            except psycopg.Error as error:
                self._disconnect()
                raise DeskUnavailableError(connections.explain(error, self._database.place)) from error

    def _listen(self) -> None:
        """Connect and listen, and only then read the head: what is committed in between is reported."""
        connection = self._database.connect()
        self._connection = connection
        connection.autocommit = True
        connection.silence = SILENCE
        self.is_deaf = connection.is_pooled
        try:
            connection.execute(f"LISTEN {CHANNEL}")
        except psycopg.errors.ReadOnlySqlTransaction:
            # A standby tells nobody anything.
            self.is_deaf = True
        self._poll(connection)

    def _receive(self, connection: ServerConnection, seconds: float) -> int:
        reports = [*connection.notifies(timeout=seconds, stop_after=1)]
        if reports:
            self.is_deaf = False
        if any(int(each.payload) > self._seq for each in reports):
            # The reports of other commits may still be on their way: the head has them all.
            self._poll(connection)
        elif time.monotonic() - self._polled_at >= (DEAF_POLL if self.is_deaf else POLL):
            before = self._seq
            self._poll(connection)
            self.is_deaf |= self._seq != before
        return self._seq

    def _poll(self, connection: ServerConnection) -> None:
        found = connection.fetch_row(_HEAD)
        self._seq = int(found[0]) if found is not None else 0
        self._polled_at = time.monotonic()

    def _disconnect(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None


def _read_head(connection: Connection) -> int:
    return int(connection.exec_driver_sql(_HEAD).scalar() or 0)
