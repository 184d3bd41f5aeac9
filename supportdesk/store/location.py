"""Where a desk is: its address names the kind of database, which is chosen here and nowhere else.

Light to import: neither SQLAlchemy nor a database's driver is loaded until it is needed.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from supportdesk.store.sqlite.location import SqliteLocation, library_version

if TYPE_CHECKING:
    from supportdesk.heartbeat import HeartbeatPlace
    from supportdesk.store.backend import Backend


class DeskLocation(Protocol):
    """The place of a desk in one kind of database."""

    file: Path | None
    """The file, which may begin with `~`; None for a server."""

    def backend(self) -> Backend:
        """Return the backend that opens, creates and restores desks there."""
        ...

    def heartbeat(self) -> HeartbeatPlace:
        """Return where the desk's watchers say that they are alive. Raises OSError."""
        ...

    def delete_files(self) -> None:
        """Delete the files of the desk, for good. Raises OSError, and ValueError where it has no files."""
        ...

    def read_completions(self, what: str, beginning: str) -> list[tuple[str, str]]:
        """Return up to 100 words of the desk with this beginning, each with a description. Raises OSError."""
        ...


def find_location(address: str) -> DeskLocation:
    """Return the location for an address: a PostgreSQL server's URL, or the path or URL of a SQLite file."""
    if not address.lower().startswith("postgres"):
        return SqliteLocation(address)
    from supportdesk.store.postgres.address import is_postgres
    from supportdesk.store.postgres.location import PostgresLocation

    return PostgresLocation(address) if is_postgres(address) else SqliteLocation(address)


def find_file(address: str) -> Path | None:
    """Return the file of an address, which may begin with `~`; None for a server."""
    return find_location(address).file


def find_reading_address(address: str) -> str:
    """Return an address for what may lag: of several servers, also one that can only be read will do."""
    if find_file(address) is not None:
        return address
    from supportdesk.store.postgres.address import is_postgres, to_read

    return to_read(address) if is_postgres(address) else address


def find_heartbeat(address: str) -> HeartbeatPlace:
    """Return where the watchers of the desk at an address say that they are alive. Raises OSError."""
    return find_location(address).heartbeat()


def delete_files(address: str) -> None:
    """Delete the files of a desk, for good. Raises OSError, DeskUnavailableError, and ValueError for a server."""
    find_location(address).delete_files()


def read_completions(address: str, what: str, beginning: str) -> list[tuple[str, str]]:
    """Return up to 100 words of a desk with this beginning, each with a description; nothing where it cannot be read.

    `what` is `person`, `organisation`, `ticket`, `severity` and so on.
    """
    try:
        return find_location(address).read_completions(what, beginning)
    except OSError:
        return []


def read_database_version() -> str:
    """Return the name and version of the database library: `SQLite 3.45.1`."""
    return library_version()
