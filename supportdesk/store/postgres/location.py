"""A desk on a PostgreSQL server, by its address, without connecting to it.

Light to import: neither SQLAlchemy nor the driver is loaded until it is needed.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from supportdesk.store.postgres.address import parse_uri

if TYPE_CHECKING:
    from supportdesk.heartbeat import HeartbeatPlace
    from supportdesk.store.backend import Backend


class PostgresLocation:
    """The server of a desk, and the backend that opens it; see `DeskLocation`."""

    file: Path | None = None

    def __init__(self, address: str) -> None:
        self._address = address

    def backend(self) -> Backend:
        """Return the backend. Raises DeskUnavailableError where the driver is not installed."""
        from supportdesk.store.errors import DeskUnavailableError

        try:
            from supportdesk.store.postgres.backend import PostgresBackend
        except ImportError as error:
            if error.name is None or error.name.partition(".")[0] != "psycopg":
                raise
            raise DeskUnavailableError(
                "a desk on PostgreSQL needs the driver psycopg: install it with `pip install 'supportdesk[postgres]'`"
            ) from error
        return PostgresBackend()

    def heartbeat(self) -> HeartbeatPlace:
        """Return the heartbeat in a row of the database."""
        from supportdesk.store.postgres.heartbeat import PostgresHeartbeat

        return PostgresHeartbeat(parse_uri(self._address))

    def delete_files(self) -> None:
        """Raise ValueError: a server has no files of ours."""
        raise ValueError(f"{self._address} is not a file")

    def read_completions(self, what: str, beginning: str) -> list[tuple[str, str]]:
        """Return up to 100 words with this beginning, each with a description. Raises OSError."""
        from supportdesk.store.errors import DeskUnavailableError

        try:
            from supportdesk.store.postgres.completion_reader import read_completions

            return read_completions(parse_uri(self._address), what, beginning)
        except (ImportError, DeskUnavailableError):
            return []
