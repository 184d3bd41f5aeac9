"""Locks on a desk's file: who in this process has it open, and how it is held against every other process.

SQLite holds POSIX locks, and the system drops all of a process's locks on a file as soon as the process closes the file
anywhere. A file that this process has open through SQLite is therefore never opened past it.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO
from weakref import WeakKeyDictionary

Identity = tuple[int, int]
"""Device and inode: what a file is, whatever its name."""

GUARD = threading.RLock()
"""Held while a file is examined and opened, so that no other thread opens it in between."""

_PENDING = 0x4000_0000
_SHARED, _SHARED_BYTES = _PENDING + 2, 510
"""The bytes by which SQLite locks a file; nobody can read or write it while another holds all of these."""

_PAUSE = 0.01
_open: WeakKeyDictionary[object, Identity] = WeakKeyDictionary()


def identity(path: Path) -> Identity:
    """Return what file stands under a name. Raises OSError."""
    found = os.stat(path)  # noqa: PTH116 - called for every transaction, and twice as fast as Path.stat
    return found.st_dev, found.st_ino


def note_opened(owner: object, file: Identity) -> None:
    """Note that something in this process has a file open through SQLite, until it is `note_closed` or gone."""
    with GUARD:
        _open[owner] = file


def note_closed(owner: object) -> None:
    """Note that what was opened is closed again."""
    with GUARD:
        _open.pop(owner, None)


def is_open_here(path: Path) -> bool:
    """Whether this process has the file open through SQLite; False where there is none."""
    try:
        return identity(path) in _open.values()
    except (OSError, ValueError):
        return False


@contextlib.contextmanager
def exclusive(path: Path, patience: float) -> Iterator[BinaryIO | None]:
    """Hold a file against every other process within the block, as SQLite does before it rolls a journal back.

    None where it stays in use for `patience` seconds. Raises OSError where it cannot be opened for writing.
    """
    with path.open("r+b") as file:
        yield file if _locked(file, fcntl.LOCK_EX, patience) else None


@contextlib.contextmanager
def shared(path: Path, patience: float) -> Iterator[BinaryIO | None]:
    """Hold a file against writers within the block; None where it is written to for `patience` seconds."""
    with path.open("rb") as file:
        yield file if _locked(file, fcntl.LOCK_SH, patience) else None


def _locked(file: BinaryIO, kind: int, patience: float) -> bool:
    """Lock a file until it is closed; False where others hold it for `patience` seconds."""
    give_up_at = time.monotonic() + patience
    while True:
        try:
            fcntl.lockf(file, kind | fcntl.LOCK_NB, 1, _PENDING)
            fcntl.lockf(file, kind | fcntl.LOCK_NB, _SHARED_BYTES, _SHARED)
            return True
        except BlockingIOError:
            # Others that wait for each other must not wait for this one as well.
            fcntl.lockf(file, fcntl.LOCK_UN, 1, _PENDING)
        if time.monotonic() >= give_up_at:
            return False
        time.sleep(_PAUSE)
