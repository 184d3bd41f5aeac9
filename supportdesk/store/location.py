"""Where a desk is, and what is needed of it without opening it: the backend is chosen by the address.

Light to import: neither SQLAlchemy nor a database's driver is loaded until it is needed.
"""

from __future__ import annotations

from pathlib import Path

from supportdesk.files import expand
from supportdesk.store.sqlite import paths


def file_of(address: str) -> Path | None:
    """Return the file of an address, which may begin with `~`; None for a server."""
    return paths.parse_file(address)


def delete_files(address: str) -> None:
    """Delete the files of a desk, for good. Raises OSError and DeskUnavailableError."""
    from supportdesk.store.sqlite.journal import companion_files

    file = file_of(address)
    if file is None:
        raise ValueError(f"{address} is not a file")
    path = expand(file)
    # The file last: a journal without its file would prevent a new desk of this name.
    for each in (*companion_files(path), path):
        each.unlink(missing_ok=True)


def read_completions(address: str, what: str, beginning: str) -> list[tuple[str, str]]:
    """Return up to 100 words of a desk with this beginning, each with a description; nothing where it cannot be read.

    `what` is `person`, `organisation`, `ticket`, `severity` and so on.
    """
    from supportdesk.store.sqlite.completion_reader import read_completions

    try:
        file = file_of(address)
        return read_completions(expand(file), what, beginning) if file is not None else []
    except OSError:
        return []


def database_version() -> str:
    """Return the name and version of the database library: `SQLite 3.45.1`."""
    from supportdesk.store.sqlite.completion_reader import SQLITE

    return f"SQLite {SQLITE}"
