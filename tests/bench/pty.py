"""A program in a terminal of 160x50 that answers nothing: what it writes and when, and what it costs."""

from __future__ import annotations

import fcntl
import os
import pty
import select
import signal
import struct
import termios
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path

from tests.patience import LAST_RESORT

COLUMNS, LINES = 160, 50
LAST_LINE = f"\x1b[{LINES};1H".encode()
"""What a program writes before the last line of a whole frame."""


class Program:
    """A program that runs until `stop`. Times are seconds since it was started."""

    def __init__(self, argv: Sequence[str], directory: Path) -> None:
        self._written = b""
        self._code: int | None = None
        self.pid, self._terminal = pty.fork()
        if self.pid == 0:
            os.chdir(directory)
            os.environ.update(TERM="xterm-256color", COLORTERM="truecolor")
            for name in ("NO_COLOR", "TEXTUAL_THEME", "TEXTUAL", "PYTHONDONTWRITEBYTECODE"):
                os.environ.pop(name, None)
            os.execv(argv[0], list(argv))
        self._began = time.perf_counter()
        size = struct.pack("HHHH", LINES, COLUMNS, 0, 0)
        fcntl.ioctl(self._terminal, termios.TIOCSWINSZ, size)

    @property
    def now(self) -> float:
        """The present moment, in the times of `until`."""
        return time.perf_counter() - self._began

    def until(self, wanted: bytes, patience: float = LAST_RESORT) -> float:
        """Return when `wanted` had been written. Raises TimeoutError if nothing is written for `patience` seconds."""
        while wanted not in self._written:
            if not self._read(patience):
                raise TimeoutError(f"{wanted!r} never came; the last was {self._written[-300:]!r}")
        return time.perf_counter() - self._began

    def press(self, key: bytes) -> float:
        """Press a key; return the seconds until the first byte of what it changes."""
        return self._answered(lambda: os.write(self._terminal, key))

    def signal(self, number: signal.Signals) -> float:
        """Send a signal; return the seconds until the first byte of what it changes."""
        return self._answered(lambda: os.kill(self.pid, number))

    def _answered(self, act: Callable[[], object]) -> float:
        self.quiet(0.15)
        self._written = b""
        began = time.perf_counter()
        act()
        if not self._read(5.0):
            raise TimeoutError("nothing changed on the screen")
        return time.perf_counter() - began

    def quiet(self, seconds: float) -> int:
        """Read for some seconds; return the number of bytes that came."""
        until, before = time.perf_counter() + seconds, len(self._written)
        while (left := until - time.perf_counter()) > 0:
            self._read(left)
        return len(self._written) - before

    def cpu(self) -> float:
        """Return the seconds of the processor that it has used so far."""
        tasks = Path(f"/proc/{self.pid}/task").iterdir()
        return sum(int((task / "schedstat").read_text().split()[0]) for task in tasks) / 1e9

    @property
    def written(self) -> bytes:
        """Everything that it has written since the last key or signal."""
        return self._written

    def type(self, keys: bytes) -> None:
        """Press keys without waiting for anything."""
        os.write(self._terminal, keys)

    def hang_up(self) -> None:
        """Close the terminal."""
        os.close(self._terminal)
        self._terminal = -1

    def ended(self, patience: float = LAST_RESORT) -> int:
        """Return its exit code once it has ended. Raises TimeoutError if it does not end in `patience` seconds."""
        until = time.perf_counter() + patience
        while self._code is None and time.perf_counter() < until:
            if self._terminal >= 0:
                with suppress(TimeoutError):
                    self._read(0.05)
            pid, status = os.waitpid(self.pid, os.WNOHANG)
            if pid:
                self._code = os.waitstatus_to_exitcode(status)
            else:
                time.sleep(0.02)
        if self._code is None:
            raise TimeoutError("the program does not end")
        return self._code

    def stop(self) -> None:
        """Kill it, unless it has ended."""
        if self._code is None:
            os.kill(self.pid, signal.SIGKILL)
            os.waitpid(self.pid, 0)
        if self._terminal >= 0:
            os.close(self._terminal)

    def _read(self, patience: float) -> bool:
        ready, _, _ = select.select([self._terminal], [], [], patience)
        if not ready:
            return False
        try:
            self._written += os.read(self._terminal, 1 << 16)
        except OSError as error:
            raise TimeoutError(f"the program ended; the last was {self._written[-300:]!r}") from error
        return True
