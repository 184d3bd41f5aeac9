"""A desk's database on a server as the `Database` of the store."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import Connection

from supportdesk.store.backend import BackupResult, Database, DatabaseFacts
from supportdesk.store.postgres.change_watch import PostgresChangeWatch
from supportdesk.store.postgres.transactions import Transactions

if TYPE_CHECKING:
    from supportdesk.heartbeat import HeartbeatPlace
    from supportdesk.store.postgres.checks import CheckingReader


class PostgresDatabase(Transactions, Database):
    """An open desk on a server; see `Database` for what each method returns."""

    @property
    def location(self) -> str:
        """Where the desk is, without any credentials."""
        return self.place

    def watch(self) -> PostgresChangeWatch:
        """Return a new watch for the commits of other connections."""
        return PostgresChangeWatch(self)

    def reader(self) -> CheckingReader:
        """Return a new connection for verification. Raises DeskUnavailableError."""
        from supportdesk.store.postgres.checks import CheckingReader

        return CheckingReader(self)

    def heartbeat(self) -> HeartbeatPlace:
        """Return the heartbeat in a row of the database."""
        from supportdesk.store.postgres.heartbeat import PostgresHeartbeat

        return PostgresHeartbeat(self.uri)

    def describe(self, connection: Connection) -> DatabaseFacts:
        """Return what is known of the database and its server."""
        from supportdesk.store.postgres.diagnostics import describe

        return describe(self, connection)

    def back_up(self, path: Path) -> BackupResult:
        """Copy the desk, as of one moment, to a new SQLite file."""
        from supportdesk.store.postgres.backup import back_up

        return back_up(self, path)
