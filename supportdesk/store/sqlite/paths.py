"""The file that an address means."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError

from supportdesk.files import expand
from supportdesk.store.errors import DeskUnavailableError


def file_of(address: str) -> Path:
    """The file that an address means. Raises DeskUnavailableError, never showing a password."""
    if "://" not in address:
        return absolute_path(address)
    try:
        url = make_url(address)
    except (ArgumentError, ValueError) as error:
        raise DeskUnavailableError(
            "the address of the database is not a URL; give the path of a file"
        ) from error
    if url.get_backend_name() != "sqlite" or not url.database or url.database == ":memory:":
        raise DeskUnavailableError(
            f"an address of {url.get_backend_name()} cannot be used: a desk is stored in a file; give its path"
        )
    return absolute_path(url.database)


def is_there(path: Path) -> bool:
    """Whether there is a file at a path. Raises DeskUnavailableError where it cannot be found out."""
    try:
        return path.exists()
    except OSError as error:
        raise DeskUnavailableError(f"{path} cannot be opened: {error.strerror}") from error


def absolute_path(path: str) -> Path:
    """The whole path of a file, from `~` on. Raises DeskUnavailableError where there can be none."""
    try:
        return expand(path).absolute()
    except OSError as error:
        raise DeskUnavailableError(f"{path} cannot be opened: {error.strerror}") from error
