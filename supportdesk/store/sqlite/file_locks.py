"""Locks on a desk's file: which files this process has open, and locks against other processes.

SQLite uses POSIX locks, and the system drops all locks of a process on a file as soon as the process closes that file
anywhere. So a file that this process has open through SQLite is never opened in another way.
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
"""Device and inode, which identify a file whatever its name is."""

GUARD = threading.RLock()
"""Held while a file is examined and opened, so that no other thread opens it in between."""

_PENDING = 0x4000_0000
_SHARED, _SHARED_BYTES = _PENDING + 2, 510
"""The bytes by which SQLite locks a file; while another process holds all of these, nobody can read or write it."""

_PAUSE = 0.01
_open: WeakKeyDictionary[object, Identity] = WeakKeyDictionary()


def identify_file(path: Path) -> Identity:
    """Return the identity of the file with this name. Raises OSError."""
    found = os.stat(path)  # noqa: PTH116 - called for every transaction, and twice as fast as Path.stat
    return found.st_dev, found.st_ino


def note_opened(owner: object, file: Identity) -> None:
    """Record that `owner` has a file open through SQLite, until `note_closed` or until the owner is gone."""
    with GUARD:
        _open[owner] = file


def note_closed(owner: object) -> None:
    """Record that the owner has closed its file."""
    with GUARD:
        _open.pop(owner, None)


def is_open_here(path: Path) -> bool:
    """Return whether this process has the file open through SQLite; False where there is no file."""
    try:
        return identify_file(path) in _open.values()
    except (OSError, ValueError):
        return False


@contextlib.contextmanager
def exclusive(path: Path, patience: float) -> Iterator[BinaryIO | None]:
    """Lock a file against every other process within the block, as SQLite does before it rolls a journal back.

    Yields None if it stays in use for `patience` seconds. Raises OSError where it cannot be opened for writing.
    """
    with path.open("r+b") as file:
        yield file if _locked(file, fcntl.LOCK_EX, patience) else None


@contextlib.contextmanager
def shared(path: Path, patience: float) -> Iterator[BinaryIO | None]:
    """Lock a file against writers within the block. Yields None if it is written to for `patience` seconds."""
    with path.open("rb") as file:
        yield file if _locked(file, fcntl.LOCK_SH, patience) else None


def _locked(file: BinaryIO, lock_type: int, patience: float) -> bool:
    """Lock a file until it is closed; return False if others hold it for `patience` seconds."""
    give_up_at = time.monotonic() + patience
    while True:
        try:
            fcntl.lockf(file, lock_type | fcntl.LOCK_NB, 1, _PENDING)
            fcntl.lockf(file, lock_type | fcntl.LOCK_NB, _SHARED_BYTES, _SHARED)
            return True
        except BlockingIOError:
            # Released, so that processes that wait for each other do not wait for this one as well.
            fcntl.lockf(file, fcntl.LOCK_UN, 1, _PENDING)
        if time.monotonic() >= give_up_at:
            return False
        time.sleep(_PAUSE)
