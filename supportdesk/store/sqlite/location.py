"""A desk in a SQLite file, by its address, without opening it.

Light to import: neither SQLAlchemy nor the driver is loaded until it is needed.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from supportdesk.files import expand
from supportdesk.store.sqlite import paths

if TYPE_CHECKING:
    from supportdesk.heartbeat import HeartbeatPlace
    from supportdesk.store.backend import Backend


class SqliteLocation:
    """The file of a desk, and the backend that opens it; see `DeskLocation`."""

    def __init__(self, address: str) -> None:
        self._address = address
        self.file = paths.parse_file(address)

    def backend(self) -> Backend:
        """Return the backend, which refuses addresses of other databases."""
        from supportdesk.store.sqlite.backend import SqliteBackend

        return SqliteBackend()

    def heartbeat(self) -> HeartbeatPlace:
        """Return the heartbeat in a file beside the desk's. Raises OSError."""
        from supportdesk.heartbeat import HeartbeatFile, heartbeat_path

        return HeartbeatFile(
            heartbeat_path(expand(self.file if self.file is not None else Path(self._address)))
        )

    def delete_files(self) -> None:
        """Delete the file, its journals and its heartbeat, for good. Raises OSError, and ValueError without a file."""
        from supportdesk.heartbeat import heartbeat_path
        from supportdesk.store.sqlite.journal import companion_files

        if self.file is None:
            raise ValueError(f"{self._address} is not a file")
        path = expand(self.file)
        # The file last: a journal without its file would prevent a new desk of this name.
        for each in (*companion_files(path), heartbeat_path(path), path):
            each.unlink(missing_ok=True)

    def read_completions(self, what: str, beginning: str) -> list[tuple[str, str]]:
        """Return up to 100 words with this beginning, each with a description; nothing where there is no file.

        Raises OSError where the file cannot be reached.
        """
        from supportdesk.store.sqlite.completion_reader import read_completions

        return read_completions(expand(self.file), what, beginning) if self.file is not None else []


def library_version() -> str:
    """Return the name and version of the library: `SQLite 3.45.1`."""
    from supportdesk.store.sqlite.completion_reader import SQLITE

    return f"SQLite {SQLITE}"
