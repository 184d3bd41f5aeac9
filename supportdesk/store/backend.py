"""What the store needs of a database: protocols that each kind of database implements in its own folder.

`location` chooses the backend by the address of a desk. Everything else in the store uses these protocols, and SQL that
every database understands.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol, TypeVar, cast

import msgspec
from sqlalchemy import Connection, Table

from supportdesk.store.findings import Findings
from supportdesk.store.read_models import QueueRow
from supportdesk.store.tokens import Query
from supportdesk.tickets.documents import Article, Contact, Person
from supportdesk.tickets.records.events import RecordEvent
from supportdesk.tickets.ticket import Ticket

if TYPE_CHECKING:
    from supportdesk.heartbeat import HeartbeatPlace

FULL_TEXT = "supportdesk_full_text"
"""The execution option with the `FullText` of a backend's engine."""

T = TypeVar("T")
Work = Callable[[Connection], T]
"""Reads or writes in one transaction; may be run several times, so it changes nothing outside the database."""
Row = Sequence[Any]


class DatabaseFacts(msgspec.Struct, frozen=True):
    """What only the backend knows of a database.

    `summary` says which database it is, `details` are further facts with their labels, `search` is the kind of
    full-text index. `faults` are sentences on what must be done at once, `advice` on what should be done. `writes_as`
    is the only name in which the server lets this login write; None where it lets it write in any.
    """

    summary: str
    details: tuple[tuple[str, str], ...]
    search: str
    faults: tuple[str, ...] = ()
    advice: tuple[str, ...] = ()
    writes_as: str | None = None


class BackupResult(msgspec.Struct, frozen=True):
    """A new backup: its number of events, the hash of the last one, and its size in bytes."""

    path: Path
    events: int
    head: str
    size: int


class ReturnedContact(msgspec.Struct, frozen=True):
    """A contact who was erased, and came back with a backup."""

    key: str
    name: str

    @property
    def advice(self) -> str:
        """What happened and what to do, in a sentence."""
        return (
            f"{self.name} was erased after the backup was made, and is back with it: erase them again with"
            f" `supportdesk erase {self.key}`."
        )


class RestoreResult(msgspec.Struct, frozen=True):
    """The result of a restore: the desk's file, its last event, and the paths to which the previous files were moved.

    `skipped` are the numbers whose references were given after the backup, and are not given again. `at_risk` is the
    number from which on references may be given twice, because the previous file does not tell them; None where it
    tells all, or the operator has given the last one. `returned` are contacts who were erased after the backup, as far
    as the previous files can be read.
    """

    path: Path
    events: int
    tickets: int
    head: str
    aside: tuple[Path, ...]
    skipped: range
    at_risk: int | None
    returned: tuple[ReturnedContact, ...] = ()


class RestoreLoss(msgspec.Struct, frozen=True):
    """What a restore loses of an intact desk: its last of `events` is not among the `backup` events."""

    events: int
    backup: int


class FullText(Protocol):
    """The indexed words of tickets, articles and contacts.

    An index is derived: it is written in the transaction that writes its source, and can be rebuilt from the tables.
    """

    ticket_words: Table
    article_words: Table
    contact_words: Table

    def make_ticket_row(self, ticket: Ticket) -> dict[str, Any]:
        """Return the row of `ticket_words` for a ticket."""
        ...

    def make_article_row(self, article: Article, seq: int) -> dict[str, Any]:
        """Return the row of `article_words` for an article saved by event number `seq`."""
        ...

    def make_contact_row(self, contact: Contact, company: str, seq: int) -> dict[str, Any]:
        """Return the row of `contact_words` for a contact saved by event number `seq`."""
        ...

    def index_tickets(self, connection: Connection, tickets: Iterable[Ticket]) -> None:
        """Add new tickets to `ticket_words`."""
        ...

    def reindex_tickets(self, connection: Connection, tickets: Iterable[Ticket]) -> None:
        """Replace the rows of tickets in `ticket_words`, whose requests were erased in part."""
        ...

    def remove_record(self, connection: Connection, event: RecordEvent) -> None:
        """Remove a record from its index, before an event replaces or removes the record."""
        ...

    def index_record(self, connection: Connection, event: RecordEvent, seq: int) -> None:
        """Index the record that the event number `seq` saved."""
        ...

    def find_similar_tickets(
        self, connection: Connection, query: Query, organisation: str | None, limit: int
    ) -> list[QueueRow]:
        """Return the open tickets that share enough words with a query, the closest first."""
        ...

    def find_similar_articles(self, connection: Connection, query: Query, limit: int) -> list[str]:
        """Return the keys of the articles that share enough words with a query, the closest first."""
        ...

    def find_contacts_by_prefix(self, connection: Connection, words: Sequence[str], limit: int) -> list[str]:
        """Return the keys of the contacts whose names or companies have, for each of the words, a word beginning with
        it.
        """
        ...

    def find_contacts_by_ending(self, connection: Connection, ending: str, limit: int) -> list[str]:
        """Return the keys of the contacts with a telephone number that ends so; `ending` is reversed."""
        ...


def full_text(connection: Connection) -> FullText:
    """Return the full-text index of the database to which a connection leads."""
    return cast("FullText", connection.get_execution_options()[FULL_TEXT])


class ChangeWatch(Protocol):
    """Notices commits of other connections. Any number of threads may wait."""

    def wait(self, timeout: float) -> bool:
        """Return True as soon as another connection has committed since this last returned True; False after `timeout`
        seconds.

        Returns False soon after the watch is closed. Raises DeskUnavailableError if the database is gone.
        """
        ...

    def close(self) -> None:
        """End every wait and close the watch's connection."""
        ...


class Reader(Protocol):
    """Reads a database exactly as it is stored: no type is converted, and no text fails to decode.

    Values are int, float, str, bytes or None. Queries are SQL that every database understands, with `?` for each
    parameter. Methods raise the database driver's own errors for what is stored, and DeskUnavailableError where the
    database is locked or away, or this login may not read it.
    """

    @property
    def full_text(self) -> FullText:
        """The database's full-text index."""
        ...

    def checks(self) -> Sequence[tuple[str, Callable[[Findings], None]]]:
        """Return the backend's own checks of its files and indexes, each with the name of what it checks."""
        ...

    def moment(self) -> AbstractContextManager[None]:
        """Return a context in which everything is read as of one moment."""
        ...

    def rows(self, query: str, parameters: Sequence[object] = ()) -> Iterator[Row]:
        """Return the rows of a query one by one."""
        ...

    def rows_among(self, query: str, values: Sequence[object]) -> Iterator[Row]:
        """Return the rows of a query in which `IN ?` stands for any of these values, some hundred at most."""
        ...

    def row(self, query: str, parameters: Sequence[object] = ()) -> Row | None:
        """Return the first row of a query, if there is one."""
        ...

    def count(self, table: str) -> int:
        """Return how many rows a table has."""
        ...

    def stored_form(self, value: object) -> object:
        """Return a value of a column in the form in which `rows` returns it."""
        ...

    def close(self) -> None:
        """Close the reader's connection."""
        ...


class Database(Protocol):
    """An open database. Any thread may use it; each call of `read` or `write` is a transaction of its own."""

    @property
    def location(self) -> str:
        """The path, or the URL without its password, for messages."""
        ...

    @property
    def damage(self) -> str:
        """What to say of the database where it is damaged, after its location: what it is, and what to do."""
        ...

    def read(self, work: Work[T]) -> T:
        """Return the result of `work`, which reads everything as of one moment. Raises DeskUnavailableError."""
        ...

    def allow_long_statements(self) -> None:
        """Let statements take any time from now on, also where an administrator has limited it for the login."""
        ...

    def read_at_length(self, work: Work[T]) -> T:
        """Return the result of `work` as `read` does, where it takes long: others can write all the while."""
        ...

    def write(self, work: Work[T]) -> T:
        """Return the result of `work` once everything that it wrote is durable.

        `work` may be run several times, also after a commit with an unknown outcome, so it must check whether it was
        carried out before. Raises DeskUnavailableError; then nothing was written.
        """
        ...

    def watch(self) -> ChangeWatch:
        """Return a new watch for the commits of other connections."""
        ...

    def reader(self) -> Reader:
        """Return a new connection for verification. Raises DeskUnavailableError."""
        ...

    def heartbeat(self) -> HeartbeatPlace:
        """Return where the desk's watchers say that they are alive."""
        ...

    def list_grants(self, staff: Iterable[Person]) -> list[str]:
        """Return the statements that give each of the staff, and the services, the rights that they need, and no other.

        Raises DeskUnavailableError where a database has no logins.
        """
        ...

    def apply_grants(self, staff: Iterable[Person]) -> None:
        """Carry out what `list_grants` returns, all of it or nothing. Raises DeskUnavailableError."""
        ...

    def list_copies(self) -> list[str]:
        """Return the copies that upgrades and restores have left beside the desk: an erasure does not change them.

        Raises DeskUnavailableError.
        """
        ...

    def find_returned_contacts(self) -> Sequence[ReturnedContact]:
        """Return who was erased on a desk that was here before, and is back, as far as its files can still be read."""
        ...

    def find_other_owner(self) -> str | None:
        """Return the login that alone can change what was written; None where this one can. Raises
        DeskUnavailableError.
        """
        ...

    def describe(self, connection: Connection) -> DatabaseFacts:
        """Return what only the backend knows of the database. Reads all of it."""
        ...

    def remove_traces(self) -> None:
        """Remove for good what was deleted or replaced, from free space, indexes and the database's journals.

        Raises DeskUnavailableError where it cannot be done now; then it is to be repeated.
        """
        ...

    def back_up(self, path: Path) -> BackupResult:
        """Copy the database, as of one moment, to a new file of mode 0600, while others read.

        Raises AlreadyExistsError where the file exists, DeskUnavailableError where no intact copy could be made.
        """
        ...

    def close(self) -> None:
        """Close all connections and end every wait for a lock; later calls raise DeskUnavailableError."""
        ...


class Backend(Protocol):
    """One kind of database: opens, creates and restores desks in it."""

    def open(self, address: str) -> Database:
        """Return the database at an address. Raises DeskUnavailableError where it is not a desk of this version."""
        ...

    def create(self, address: str, report_copy: Callable[[str], None]) -> Database:
        """Return the database at an address, created if there is none, and upgraded to the present schema.

        An older one is copied before it is upgraded; `report_copy` gets the place of the copy.
        """
        ...

    def create_with_records(self, address: str, save_records: Callable[[str], None]) -> None:
        """Create a database that appears once `save_records` returns, which is given its temporary address; or not at
        all.

        Raises AlreadyExistsError where there is one.
        """
        ...

    def restore(
        self,
        address: str,
        backup: Path,
        *,
        at: datetime,
        confirm_loss: Callable[[RestoreLoss], bool],
        last_number: int | None = None,
    ) -> RestoreResult | None:
        """Replace the desk at an address with a copy of a backup. Returns None where `confirm_loss` refuses the loss.

        `at` names the files that are moved aside. `last_number` is the highest number of a ticket that is known to have
        been logged; the previous file may tell a higher one. Raises DeskUnavailableError, without having changed
        anything, for a backup that is not intact, and where the files cannot be moved.
        """
        ...
