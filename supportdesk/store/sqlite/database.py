"""A desk's file as the `Database` of the store."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import Connection

from supportdesk.store.backend import BackupResult, Database, DatabaseFacts, ReturnedContact, T, Work
from supportdesk.store.errors import DAMAGED, DeskUnavailableError
from supportdesk.store.sqlite.change_watch import SqliteChangeWatch
from supportdesk.store.sqlite.transactions import Transactions

if TYPE_CHECKING:
    from supportdesk.heartbeat import HeartbeatPlace
    from supportdesk.store.sqlite.file_checks import CheckingReader
    from supportdesk.tickets.documents import Person


class SqliteDatabase(Transactions, Database):
    """An open desk's file; see `Database` for what each method returns."""

    @property
    def location(self) -> str:
        """The path of the file."""
        return str(self.path)

    @property
    def damage(self) -> str:
        """What to say of the file where it is damaged, after its path."""
        return DAMAGED

    def allow_long_statements(self) -> None:
        """Do nothing: nobody limits them in a file."""

    def read_at_length(self, work: Work[T]) -> T:
        """Return the result of `work` on a copy of the file as it is now; only while it is made, writers wait."""
        from supportdesk.store.sqlite.backup import read_copy

        return read_copy(self, work)

    def watch(self) -> SqliteChangeWatch:
        """Return a new watch for the commits of other connections."""
        return SqliteChangeWatch(self)

    def reader(self) -> CheckingReader:
        """Return a new connection for verification. Raises DeskUnavailableError."""
        from supportdesk.store.sqlite.file_checks import CheckingReader

        return CheckingReader(self)

    def heartbeat(self) -> HeartbeatPlace:
        """Return the heartbeat in a file beside the desk's."""
        from supportdesk.heartbeat import HeartbeatFile, heartbeat_path

        return HeartbeatFile(heartbeat_path(self.path))

    def list_grants(self, staff: Iterable[Person]) -> list[str]:
        """Refuse: anybody who can write a file can do anything to it."""
        raise DeskUnavailableError(
            f"{self.path} is a file, which knows no logins: anybody who can write it can do anything to it. Give it a"
            " group of its own, or move the desk to PostgreSQL with `supportdesk db copy`"
        )

    def list_copies(self) -> list[str]:
        """Return the paths of the copies beside the file."""
        from supportdesk.store.sqlite.journal import list_copies

        return [str(each) for each in list_copies(self.path)]

    def find_returned_contacts(self) -> tuple[ReturnedContact, ...]:
        """Return whom the files know that `restore` moved aside."""
        from supportdesk.store.sqlite.returned_contacts import find_returned_contacts

        return find_returned_contacts(self.path)

    def find_other_owner(self) -> str | None:
        """Return None: who may write the file can change all of it."""
        return None

    def apply_grants(self, staff: Iterable[Person]) -> None:
        """Refuse, as `list_grants` does."""
        self.list_grants(staff)

    def describe(self, connection: Connection) -> DatabaseFacts:
        """Return what is known of the file; reads all of it."""
        from supportdesk.store.sqlite.diagnostics import describe

        return describe(self.path, connection)

    def remove_traces(self) -> None:
        """Remove for good what was deleted or replaced, from free pages, indexes and the journal."""
        from supportdesk.store.sqlite.traces import remove_traces

        remove_traces(self)

    def back_up(self, path: Path) -> BackupResult:
        """Copy the database to a new file while others go on reading."""
        from supportdesk.store.sqlite.backup import back_up

        return back_up(self, path)
