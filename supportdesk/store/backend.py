"""What the store needs of the database beneath it: protocols that each kind of database implements in its own folder.

`database` chooses the backend by the address of a desk. Everything else in the store uses these protocols and SQL that
every database understands, and knows no backend.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager
from datetime import datetime
from pathlib import Path
from typing import Any, Protocol, TypeVar, cast

import msgspec
from sqlalchemy import Connection, Table

from supportdesk.store.findings import Findings
from supportdesk.store.read_models import QueueRow
from supportdesk.store.tokens import Query
from supportdesk.tickets.documents import Article, Contact
from supportdesk.tickets.records.events import RecordEvent
from supportdesk.tickets.ticket import Ticket

FULL_TEXT = "supportdesk_full_text"
"""The execution option under which a backend's engine holds its `FullText`."""

T = TypeVar("T")
Work = Callable[[Connection], T]
Row = Sequence[Any]


class DatabaseFacts(msgspec.Struct, frozen=True):
    """What only the backend can say of a database.

    `size` is in bytes and `mode` are the file's permissions, such as `0600`. `journal_reason` says why the file has
    this journal, `search` by what index words are found, `faults` what the database finds wrong with itself, and
    `read_only` whether the operator may only read it.
    """

    kind: str
    path: Path
    size: int
    mode: str
    version: str
    journal: str
    journal_reason: str
    search: str
    faults: tuple[str, ...]
    read_only: bool


class Copy(msgspec.Struct, frozen=True):
    """A backup that was made: how many events it holds, the hash of the last one, its size in bytes."""

    path: Path
    events: int
    head: str
    size: int


class Restored(msgspec.Struct, frozen=True):
    """What was restored: the desk's file, its last event, and where the previous files were moved.

    `again` are the numbers of the tickets that the previous file has beyond those of the backup: new tickets get the
    same references. None where the previous file cannot be read.
    """

    path: Path
    events: int
    tickets: int
    head: str
    aside: tuple[Path, ...]
    again: range | None


class Loss(msgspec.Struct, frozen=True):
    """What a restore loses of a sound desk: it has `events`, the last of them not among the `backup` events."""

    events: int
    backup: int


class FullText(Protocol):
    """The indexed words of tickets, articles and contacts.

    An index holds nothing of its own: it is written in the transaction that writes what it is made from, and can be
    made again from the tables at any time.
    """

    ticket_words: Table
    article_words: Table
    contact_words: Table

    def row_of_ticket(self, ticket: Ticket) -> dict[str, Any]:
        """Return the row of `ticket_words` for a ticket."""
        ...

    def row_of_article(self, article: Article, seq: int) -> dict[str, Any]:
        """Return the row of `article_words` for an article saved by event number `seq`."""
        ...

    def row_of_contact(self, contact: Contact, company: str, seq: int) -> dict[str, Any]:
        """Return the row of `contact_words` for a contact saved by event number `seq`."""
        ...

    def index_tickets(self, connection: Connection, tickets: Iterable[Ticket]) -> None:
        """Index new tickets."""
        ...

    def remove_record(self, connection: Connection, event: RecordEvent) -> None:
        """Remove a record from its index, before an event replaces or removes it."""
        ...

    def index_record(self, connection: Connection, event: RecordEvent, seq: int) -> None:
        """Index the record saved by an event with this number."""
        ...

    def rebuild(self, connection: Connection) -> None:
        """Make every index again from the tables."""
        ...

    def tickets_like(
        self, connection: Connection, query: Query, organisation: str | None, limit: int
    ) -> list[QueueRow]:
        """Return the open tickets that share enough words with a query, the closest first."""
        ...

    def articles_like(self, connection: Connection, query: Query, limit: int) -> list[str]:
        """Return the keys of the articles that share enough words with a query, the closest first."""
        ...

    def contacts_beginning(self, connection: Connection, words: Sequence[str], limit: int) -> list[str]:
        """Return the keys of the contacts in whose name or company a word begins with each of these."""
        ...

    def contacts_ending(self, connection: Connection, ending: str, limit: int) -> list[str]:
        """Return the keys of the contacts with a telephone number of this ending."""
        ...


def full_text(connection: Connection) -> FullText:
    """Return the full-text index of the database to which a connection leads."""
    return cast("FullText", connection.get_execution_options()[FULL_TEXT])


class ChangeWatch(Protocol):
    """Notices commits of other connections. Any number of threads may wait."""

    def wait(self, timeout: float) -> bool:
        """Return True as soon as somebody committed since this last returned True; False after `timeout` seconds.

        Returns False soon after the watch is closed. Raises DeskUnavailableError when the database is gone.
        """
        ...

    def close(self) -> None:
        """End every wait and close the connection."""
        ...


class Reader(Protocol):
    """A connection that reads a database exactly as it is stored: no type is converted, and no text fails to decode.

    Values are int, float, str, bytes or None. Queries are SQL that every database understands, with `?` for each
    parameter. Methods raise the database driver's own errors.
    """

    @property
    def full_text(self) -> FullText:
        """The database's full-text index."""
        ...

    def checks(self) -> Sequence[tuple[str, Callable[[Findings], None]]]:
        """Return the backend's own checks of its files and indexes, each with the name of what it checks."""
        ...

    def moment(self) -> AbstractContextManager[None]:
        """Read everything within the block at one moment."""
        ...

    def rows(self, query: str, parameters: Sequence[object] = ()) -> Iterator[Row]:
        """Return the rows of a query one by one."""
        ...

    def row(self, query: str, parameters: Sequence[object] = ()) -> Row | None:
        """Return the first row of a query, if there is one."""
        ...

    def count(self, table: str) -> int:
        """Return how many rows a table has."""
        ...

    def index_keys(self, index: Table) -> Iterator[Row]:
        """Return the number and key of every row of a full-text index, by number."""
        ...

    def index_row(self, index: Table, number: int) -> dict[str, Any] | None:
        """Return a row of a full-text index by its number, as the `row_of_...` methods of `FullText` return it."""
        ...

    def stored_form(self, value: object) -> object:
        """Return a value of a column in the form in which `rows` returns it."""
        ...

    def close(self) -> None:
        """Close the connection."""
        ...


class Database(Protocol):
    """An open database. Any thread may use it; each call of `read` or `write` is a transaction of its own."""

    @property
    def location(self) -> str:
        """Where the database is, as messages name it: a path, or a URL without its password."""
        ...

    def read(self, work: Work[T]) -> T:
        """Return what `work` reads, all of it at one moment. Raises DeskUnavailableError."""
        ...

    def write(self, work: Work[T]) -> T:
        """Return what `work` returns, once all that it wrote is safe on the disk.

        `work` may be run several times, and is run again after a commit of unknown outcome, so it must find out for
        itself whether it was done before. Raises DeskUnavailableError; nothing was written then.
        """
        ...

    def watch(self) -> ChangeWatch:
        """Return a new watch for the commits of other connections."""
        ...

    def reader(self) -> Reader:
        """Return a new connection for verification. Raises DeskUnavailableError."""
        ...

    def describe(self, connection: Connection) -> DatabaseFacts:
        """Return what only the backend can say of the database; reads all of it."""
        ...

    def back_up(self, path: Path) -> Copy:
        """Copy the database, as it is at one moment, to a new file of mode 0600, while others go on reading.

        Raises AlreadyMadeError where there is something already, and DeskUnavailableError where no good copy could be
        made.
        """
        ...

    def close(self) -> None:
        """Close all connections and end every wait for a lock; later calls raise DeskUnavailableError."""
        ...


class Backend(Protocol):
    """One kind of database: how a desk is opened and created in it."""

    def open(self, address: str) -> Database:
        """Return the database at an address. Raises DeskUnavailableError where it is not a desk of this version."""
        ...

    def create(self, address: str) -> Database:
        """Return the database at an address, created where there is none, and brought to the present schema."""
        ...

    def create_with_records(self, address: str, save_records: Callable[[str], None]) -> None:
        """Create a database that appears once `save_records`, given its temporary address, is done; or not at all.

        Raises AlreadyMadeError where there is one already.
        """
        ...

    def restore(
        self, address: str, backup: Path, *, at: datetime, confirm_loss: Callable[[Loss], bool]
    ) -> Restored | None:
        """Replace the desk at an address by a copy of a backup; return None where `confirm_loss` refuses the loss.

        `at` names what is moved aside. Raises DeskUnavailableError, and leaves everything as it was, for a backup that
        cannot be trusted and where the files cannot be moved.
        """
        ...
