"""The file of a desk, by its address."""

from __future__ import annotations

import re
from pathlib import Path
from urllib.parse import unquote

from supportdesk.files import expand
from supportdesk.store.errors import DeskUnavailableError

_URL = re.compile(r"sqlite(?:\+\w+)?:///(?P<path>[^?]+)(?:\?.*)?", re.IGNORECASE)
_MEANT_AS_SERVER = re.compile(r"\s*postgres(?:ql)?(?:\+\w+)?:|.*\bpassword\s*=", re.IGNORECASE | re.DOTALL)
"""Matches an address that is no URL and would be shown as a path, with the password in it."""
_SCHEME = re.compile(r"([a-z][a-z0-9]*)(?:\+\w+)?://", re.IGNORECASE)


def parse_file(address: str) -> Path | None:
    """Return the file of a path or a SQLite URL, which may begin with `~`; None for any other URL."""
    found = _URL.fullmatch(address)
    if found is None and ("://" in address or _MEANT_AS_SERVER.match(address)):
        return None
    return Path(unquote(found["path"]) if found else address)


def file_of(address: str) -> Path:
    """Return the absolute path of the file of an address. Raises DeskUnavailableError, without any password."""
    file = parse_file(address)
    if file is not None and str(file) != ":memory:":
        return absolute_path(str(file))
    scheme = _SCHEME.match(address)
    if scheme is None and file is None:
        raise DeskUnavailableError("the address of the database is not a URL; give the path of a file")
    scheme_name = scheme[1].lower() if scheme else "sqlite"
    raise DeskUnavailableError(
        f"an address of {scheme_name} cannot be used: a desk is stored in a file; give its path"
    )


def is_there(path: Path) -> bool:
    """Return whether there is a file at a path. Raises DeskUnavailableError where that cannot be determined."""
    try:
        return path.exists()
    except OSError as error:
        raise DeskUnavailableError(
            f"{path} cannot be opened ({error.strerror}): check the file and its folder, or choose another with --db"
        ) from error


def absolute_path(path: str) -> Path:
    """Return the absolute path of a file, with `~` resolved. Raises DeskUnavailableError for an impossible path."""
    try:
        return expand(path).absolute()
    except OSError as error:
        raise DeskUnavailableError(
            f"{path} cannot be opened ({error.strerror}): check the file and its folder, or choose another with --db"
        ) from error
