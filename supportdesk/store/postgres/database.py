"""A desk's database on a server as the `Database` of the store."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, cast

from sqlalchemy import Connection

from supportdesk.store import schema
from supportdesk.store.backend import BackupResult, Database, DatabaseFacts, ReturnedContact, T, Work
from supportdesk.store.postgres.change_watch import PostgresChangeWatch
from supportdesk.store.postgres.connections import DAMAGED
from supportdesk.store.postgres.transactions import Transactions

if TYPE_CHECKING:
    from supportdesk.heartbeat import HeartbeatPlace
    from supportdesk.store.postgres.checks import CheckingReader
    from supportdesk.store.postgres.server_connection import ServerConnection
    from supportdesk.tickets.documents import Person


class PostgresDatabase(Transactions, Database):
    """An open desk on a server; see `Database` for what each method returns."""

    @property
    def location(self) -> str:
        """Where the desk is, without any credentials."""
        return self.place

    @property
    def damage(self) -> str:
        """What to say of the database where it is damaged, after its location."""
        return DAMAGED

    def read_at_length(self, work: Work[T]) -> T:
        """Return the result of `work`; a reader is in nobody's way here."""
        self.allow_long_statements()
        return self.read(work)

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

    def list_grants(self, staff: Iterable[Person]) -> list[str]:
        """Return the statements as SQL, each with its semicolon. Raises DeskUnavailableError."""
        from supportdesk.store.postgres import roles

        people = tuple(staff)

        def list_all(connection: Connection) -> list[str]:
            schema.require_complete(connection, "a list of the rights")
            name, where = connection.exec_driver_sql("SELECT current_database(), current_schema()").one()
            driver_connection = cast("ServerConnection", connection.connection.driver_connection)
            return [
                f"{each.as_string(driver_connection)};" for each in roles.list_grants(name, where, people)
            ]

        return self.read(list_all)

    def apply_grants(self, staff: Iterable[Person]) -> None:
        """Carry the statements out, all of them or none. Raises DeskUnavailableError."""
        statements = self.list_grants(staff)

        def apply_all(connection: Connection) -> None:
            for statement in statements:
                # Nothing in it stands for a value, not even a % in a name.
                connection.exec_driver_sql(statement, execution_options={"no_parameters": True})

        self.write(apply_all)

    def list_copies(self) -> list[str]:
        """Return the schemas with copies from before upgrades."""
        query = (
            "SELECT nspname FROM pg_namespace WHERE starts_with(nspname, 'supportdesk_before_') ORDER BY 1"
        )
        names = self.read(lambda connection: connection.exec_driver_sql(query).scalars().all())
        return [f"the schema {name}" for name in names]

    def find_returned_contacts(self) -> tuple[ReturnedContact, ...]:
        """Return nobody: a server keeps nothing of a desk that was there before."""
        return ()

    def find_other_owner(self) -> str | None:
        """Return the owner of the tables; None where this login has the owner's rights."""
        query = (
            "SELECT pg_get_userbyid(relowner), pg_has_role(relowner, 'USAGE') FROM pg_class"
            " WHERE oid = to_regclass('ledger')"
        )
        owner, is_ours = self.read(lambda connection: connection.exec_driver_sql(query).one())
        return None if is_ours else str(owner)

    def describe(self, connection: Connection) -> DatabaseFacts:
        """Return what is known of the database and its server."""
        from supportdesk.store.postgres.diagnostics import describe

        return describe(self, connection)

    def remove_traces(self) -> None:
        """Remove for good what was deleted or replaced, from the tables and their indexes."""
        from supportdesk.store.postgres.traces import remove_traces

        remove_traces(self)

    def back_up(self, path: Path) -> BackupResult:
        """Copy the desk, as of one moment, to a new SQLite file."""
        from supportdesk.store.postgres.backup import back_up

        return back_up(self, path)
