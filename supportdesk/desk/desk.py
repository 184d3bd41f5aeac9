"""A desk over the shared database: opened or created at an address, and used by every surface through `DeskApi`."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import cached_property
from typing import TYPE_CHECKING, TypeVar

from supportdesk.clock import Clock, SystemClock
from supportdesk.desk.incoming import DeskIncoming
from supportdesk.desk.outbox import DeskOutbox
from supportdesk.desk.page_links import DeskPageLinks
from supportdesk.desk.queries import DeskQueries
from supportdesk.desk.searches import DeskSearches
from supportdesk.desk.watch_queries import DeskWatchQueries
from supportdesk.desk_api import DeskApi, Outcome, Transaction
from supportdesk.store.backend import Database
from supportdesk.store.database import create_database, create_with_records, open_database
from supportdesk.store.errors import DeskUnavailableError
from supportdesk.store.read_models import Erasure, ErasurePreview, QueueRow
from supportdesk.tickets.actors import SYSTEM
from supportdesk.tickets.refusal import Refusal

if TYPE_CHECKING:
    from supportdesk.desk.commands import DeskCommands
    from supportdesk.tickets.command import Command, TicketCommand

T = TypeVar("T")


class Desk(DeskQueries, DeskSearches, DeskWatchQueries, DeskIncoming, DeskOutbox, DeskPageLinks, DeskApi):
    """A desk over a shared database. Any thread may use it; `DeskApi` says what each method returns."""

    def __init__(self, database: Database, clock: Clock) -> None:
        super().__init__(database, clock)
        self.date_is_confirmed = False
        """Whether somebody vouches for the date, although nothing has happened on the desk for long."""

    @classmethod
    def open(cls, address: str, clock: Clock | None = None) -> Desk:
        """Return the desk at an address, a path or a URL. Raises DeskUnavailableError where there is none."""
        return cls(open_database(address), clock or SystemClock())

    @classmethod
    def create(
        cls,
        address: str,
        clock: Clock | None = None,
        report_copy: Callable[[str], None] = lambda place: None,
    ) -> Desk:
        """Return the desk at an address, created where there is none, its database brought up to date.

        `report_copy` gets the place of the copy that is made of an older desk before it is upgraded.
        """
        return cls(create_database(address, report_copy), clock or SystemClock())

    @classmethod
    def create_with_records(
        cls, address: str, records: Iterable[Command], clock: Clock | None = None
    ) -> None:
        """Create a desk with its first records in it, which appears complete or not at all.

        Raises AlreadyExistsError where there is something already, and DeskUnavailableError, with the reason, where no
        desk can be created or a record is refused.
        """

        def save_records(unfinished: str) -> None:
            desk = cls.open(unfinished, clock)
            try:
                for record in records:
                    outcome = desk.do(record, by=SYSTEM.key)
                    if isinstance(outcome, Refusal):
                        raise DeskUnavailableError(outcome.reason)
            finally:
                desk.close()

        create_with_records(address, save_records)

    @cached_property
    def commands(self) -> DeskCommands:
        """The write path, imported when it is first used; ask for it early to spare the first command the wait."""
        from supportdesk.desk.commands import DeskCommands

        return DeskCommands(self._checked, self._cache, self._machine_time, lambda: self.date_is_confirmed)

    def do(
        self, command: Command, *, by: str, command_id: str | None = None, begun: int | None = None
    ) -> Outcome:
        """Carry out a command, once for each `command_id`, or return the reason why not; see `Commands`."""
        return self.commands.do(command, by=by, command_id=command_id, begun=begun)

    def transaction(self, work: Callable[[Transaction], T]) -> T | Refusal:
        """Return what `work` returns, after writing its commands in one transaction; or why none can be written."""
        return self.commands.transaction(work)

    def preview(self, commands: Iterable[TicketCommand], *, by: str) -> list[QueueRow | Refusal]:
        """Return the queue row that each command's ticket would have after it alone, or why not. Only reads."""
        return self.commands.preview(commands, by=by)

    def find_last_erasure(self) -> Erasure | None:
        """Return when a contact was last erased; None without an erasure."""
        return self.commands.find_last_erasure()

    def preview_erasure(self, contact: str, *, by: str) -> ErasurePreview | Refusal:
        """Return what erasing a contact would change, or why they cannot be erased. Only reads."""
        return self.commands.preview_erasure(contact, by=by)

    def remove_traces(self) -> None:
        """Remove for good what erasures left in free space of the database."""
        self.commands.remove_traces()
