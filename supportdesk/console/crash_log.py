"""What is kept of an error that nobody foresaw: where it happened, and never what anybody had written."""

from __future__ import annotations

import os
import platform
import traceback
from datetime import UTC, datetime
from pathlib import Path

from rich.text import Text

from supportdesk import __version__

LARGEST = 1_000_000
"""Bytes from which a log begins anew."""


def write_crash(error: BaseException | None, folder: Path | None = None) -> Text:
    """Adds an error to the crash log, which only its owner may read, and returns what to tell the person.

    `folder` is the user's state folder unless given. The log has the lines of the program that were at work, without
    the values of their variables.
    """
    where = folder or _state_folder()
    path = where / "crash.log"
    name = type(error).__name__ if error is not None else "an unknown error"
    try:
        where.mkdir(mode=0o700, parents=True, exist_ok=True)
        _append(path, _account(error))
    except OSError as failure:
        return Text(
            f"supportdesk stopped: {name}. The crash log {path} cannot be written: {failure.strerror}."
        )
    return Text(
        f"supportdesk stopped: {name}. What was saved is safe on the desk; start it again to go on.\n"
        f"Where it happened is in {path}; send that file with a report."
    )


def _state_folder() -> Path:
    import platformdirs

    return platformdirs.user_state_path("supportdesk")


def _account(error: BaseException | None) -> str:
    head = (
        f"{datetime.now(UTC).isoformat(timespec='seconds')}  supportdesk {__version__}, "
        f"Python {platform.python_version()}, {platform.system()}\n"
    )
    return head + ("".join(traceback.format_exception(error)) if error is not None else "") + "\n"


def _append(path: Path, text: str) -> None:
    flags = os.O_WRONLY | os.O_CREAT | os.O_APPEND | getattr(os, "O_NOFOLLOW", 0)
    if path.exists() and path.stat().st_size > LARGEST:
        flags |= os.O_TRUNC
    descriptor = os.open(path, flags, 0o600)
    with os.fdopen(descriptor, "a", encoding="utf-8", errors="backslashreplace") as log:
        os.fchmod(descriptor, 0o600)
        log.write(text)
