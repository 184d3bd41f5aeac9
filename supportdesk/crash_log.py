"""Records unexpected errors: where they happened, never what a person had written."""

from __future__ import annotations

import os
import platform
import traceback
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from supportdesk import __version__
from supportdesk.files import make_folder

LARGEST = 1_000_000
"""Bytes from which the log is started again."""


def write_crash(error: BaseException | None, folder: Path | None = None) -> str:
    """Add an error to the crash log, which only its owner may read, and return two lines for the operator.

    `folder` is by default the user's state folder. The log contains the lines of the program that were running, without
    the values of their variables and without the error's own message, which may quote a customer or an address.
    """
    where = folder or _state_folder()
    path = where / "crash.log"
    name = type(error).__name__ if error is not None else "an unknown error"
    message = f"supportdesk stopped: {name}. Everything that was saved is safe on the desk. Start supportdesk again."
    try:
        make_folder(where)
        _append(path, _describe(error))
    except OSError as failure:
        return f"{message}\nThe crash log {path} cannot be written: {failure.strerror}."
    return f"{message}\nAttach {path} to a bug report: it records where this happened."


def log_loop_error(loop: object, context: Mapping[str, Any]) -> None:
    """Log an error that no task handles; given to `set_exception_handler` of an event loop, which would print it."""
    error = context.get("exception")
    if isinstance(error, Exception):
        write_crash(error)


def _state_folder() -> Path:
    import platformdirs

    return platformdirs.user_state_path("supportdesk")


def _describe(error: BaseException | None) -> str:
    head = (
        f"{datetime.now(UTC).isoformat(timespec='seconds')}  supportdesk {__version__}, "
        f"Python {platform.python_version()}, {platform.system()}\n"
    )
    return head + "".join(_lines(error)) + "\n"


def _lines(error: BaseException | None) -> Iterator[str]:
    """Yield the error and those that caused it, the latest first, with their stack lines."""
    seen: set[int] = set()
    while error is not None and id(error) not in seen:
        seen.add(id(error))
        yield f"{type(error).__module__}.{type(error).__qualname__}{_number(error)}\n"
        yield from traceback.format_tb(error.__traceback__)
        error = error.__cause__ or error.__context__


def _number(error: BaseException) -> str:
    """Return the name or number that the database or the operating system has for the error; empty without one."""
    name = getattr(error, "sqlite_errorname", None) or getattr(error, "errno", None)
    return f" ({name})" if name is not None else ""


def _append(path: Path, text: str) -> None:
    flags = os.O_WRONLY | os.O_CREAT | os.O_APPEND | getattr(os, "O_NOFOLLOW", 0)
    if path.exists() and path.stat().st_size > LARGEST:
        flags |= os.O_TRUNC
    descriptor = os.open(path, flags, 0o600)
    with os.fdopen(descriptor, "a", encoding="utf-8", errors="backslashreplace") as log:
        os.fchmod(descriptor, 0o600)
        log.write(text)
