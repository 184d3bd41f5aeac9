"""The heartbeat of a desk's watcher in a row of its own: no console is woken by it."""

from __future__ import annotations

import threading
import time
from typing import LiteralString

import msgspec
import psycopg
from psycopg.rows import TupleRow

from supportdesk.heartbeat import Heartbeat
from supportdesk.store.errors import DeskUnavailableError
from supportdesk.store.postgres import connections
from supportdesk.store.postgres.connections import Trouble
from supportdesk.store.postgres.server_connection import ServerConnection

REMEMBERED = 1.0
"""Seconds for which a heartbeat that was read is not read again."""

_READ = "SELECT document FROM heartbeat"
_MAY_WRITE = "SELECT has_table_privilege('heartbeat', 'UPDATE')"
_WRITE = "UPDATE heartbeat SET document = %s"


class PostgresHeartbeat:
    """A heartbeat in a row; see `HeartbeatPlace`. Any thread may use it. Its connection is made when it is needed."""

    advice = "check the server, and your rights in the database"

    def __init__(self, uri: str) -> None:
        self._uri = uri
        self._guard = threading.Lock()
        self._connection: ServerConnection | None = None
        self._document = ""
        self._read_at = -REMEMBERED

    def __str__(self) -> str:
        """Return the place, for messages."""
        return f"in {connections.describe_place(self._uri)}"

    def read(self) -> Heartbeat | None:
        """Return the heartbeat; None where there is none, or it cannot be read."""
        try:
            return msgspec.json.decode(self._load(), type=Heartbeat)
        except (msgspec.MsgspecError, ValueError, RecursionError):
            return None

    def write(self, heartbeat: Heartbeat) -> None:
        """Replace the heartbeat. Raises OSError."""
        document = msgspec.json.encode(heartbeat).decode()
        try:
            with self._guard:
                self._execute(_WRITE, document)
                # Somebody else may write the next one: it is read again.
                self._read_at = -REMEMBERED
        except (psycopg.Error, DeskUnavailableError) as error:
            raise OSError(5, connections.reason_of(error)) from error

    def mark(self) -> object:
        """Return the stored text."""
        return self._load()

    def tidy(self) -> None:
        """Do nothing: a row is never unfinished."""

    def is_writable(self) -> bool:
        """Return whether this login may watch; True where the server cannot be asked now."""
        try:
            with self._guard:
                found = self._execute(_MAY_WRITE, may_lag=True)
        except (psycopg.Error, DeskUnavailableError):
            return True
        return found is None or bool(found[0])

    def _load(self) -> str:
        with self._guard:
            if time.monotonic() - self._read_at >= REMEMBERED:
                try:
                    found = self._execute(_READ, may_lag=True)
                    self._document = found[0] if found is not None else ""
                except (psycopg.Error, DeskUnavailableError):
                    self._document = ""
                self._read_at = time.monotonic()
            return self._document

    def _execute(self, statement: LiteralString, *parameters: str, may_lag: bool = False) -> TupleRow | None:
        """Execute a statement, on a new connection where the one from before is lost or leads to a standby.

        A server may have been restarted, or have become a standby. On one that `may_lag`, statements only read.
        """
        if self._connection is not None:
            try:
                return self._connection.fetch_row(statement, parameters)
            except psycopg.Error as error:
                self._disconnect()
                if connections.find_trouble(error) is not Trouble.DISCONNECTED:
                    raise
        target = {"target_session_attrs": "any"} if may_lag else {}
        self._connection = connections.connect(self._uri, **target)
        self._connection.autocommit = True
        try:
            return self._connection.fetch_row(statement, parameters)
        except psycopg.Error:
            self._disconnect()
            raise

    def _disconnect(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None
