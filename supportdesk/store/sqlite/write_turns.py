"""The turns of those who write to one file, in the order in which they came.

SQLite lets each writer try again and again, so that one who comes later may be served first, and one in a crowd never.
The system queues those who wait for a lock, and takes it from a process that ends. Two bytes of the journal are locked,
which SQLite does not notice: one by who writes, the other by who is next, so that who has just written cannot come
first again. A turn is a courtesy, since SQLite's own locks decide: where none can be had, because the file system knows
no such locks or another program is stopped, a writer does without.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
import struct
import threading
import time
from collections.abc import Iterator
from pathlib import Path

from supportdesk.store.sqlite import database_file, journal

_NEXT, _WRITING = 0, 1
"""The bytes of the journal that are locked."""

_LOOK = 0.25
"""Seconds after which a waiting writer sees that the turns were closed."""


class WriteTurns:
    """Gives turns to the writers of a file, in this process and in others. Any thread may take one."""

    def __init__(self, path: Path) -> None:
        suffix = "-wal" if database_file.journal_mode() == "wal" else "-journal"
        self._journal = f"{journal.real_path(path)}{suffix}"
        self._closed = False

    @contextlib.contextmanager
    def take(self, patience: float) -> Iterator[None]:
        """Wait for a turn, at most `patience` seconds, and have it within the block."""
        turn = self._wait(patience)
        try:
            yield
        finally:
            if turn is not None:
                os.close(turn)

    def close(self) -> None:
        """End every wait."""
        self._closed = True

    def _wait(self, patience: float) -> int | None:
        """Return the open file that is locked; None where it cannot be, or not in time."""
        if not hasattr(fcntl, "F_OFD_SETLK"):
            # The system knows only locks that belong to the process.
            return None
        try:
            file = os.open(self._journal, os.O_RDWR | os.O_NONBLOCK)
        except OSError:
            return None
        try:
            _lock(file, _NEXT, wait=False)
            _lock(file, _WRITING, wait=False)
            _unlock(file, _NEXT)
        except BlockingIOError:
            return self._wait_for_lock(file, patience)
        except OSError:
            os.close(file)
            return None
        return file

    def _wait_for_lock(self, file: int, patience: float) -> int | None:
        waiter = _Waiter(file)
        give_up_at = time.monotonic() + patience
        while not self._closed and (left := give_up_at - time.monotonic()) > 0:
            if waiter.wait(min(left, _LOOK)):
                return file
        return None if waiter.give_up() else file


class _Waiter:
    """Waits for the lock on an open file in a thread of its own, because the system knows no time limit for it."""

    def __init__(self, file: int) -> None:
        self._file = file
        self._guard = threading.Lock()
        self._has_lock = threading.Event()
        self._given_up = False
        threading.Thread(target=self._take_both, name="write turn", daemon=True).start()

    def wait(self, seconds: float) -> bool:
        """Return whether the file is locked, after at most so many seconds."""
        return self._has_lock.wait(seconds)

    def give_up(self) -> bool:
        """Let the file be closed once it could be locked; return False where it is locked by now."""
        with self._guard:
            self._given_up = not self._has_lock.is_set()
            return self._given_up

    def _take_both(self) -> None:
        with contextlib.suppress(OSError):
            _lock(self._file, _NEXT, wait=True)
            _lock(self._file, _WRITING, wait=True)
            _unlock(self._file, _NEXT)
        with self._guard:
            if self._given_up:
                os.close(self._file)
            self._has_lock.set()


def _lock(file: int, byte: int, *, wait: bool) -> None:
    """Lock a byte for this open file until it is closed. Raises OSError, BlockingIOError where others have it."""
    fcntl.fcntl(file, fcntl.F_OFD_SETLKW if wait else fcntl.F_OFD_SETLK, _describe(fcntl.F_WRLCK, byte))


def _unlock(file: int, byte: int) -> None:
    fcntl.fcntl(file, fcntl.F_OFD_SETLK, _describe(fcntl.F_UNLCK, byte))


def _describe(lock_type: int, byte: int) -> bytes:
    """Return C's `struct flock` of a lock on one byte."""
    return struct.pack("hhqqi", lock_type, os.SEEK_SET, byte, 1, 0)
