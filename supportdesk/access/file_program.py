"""Runs a user's program on a file that is written for it: private, and removed afterwards."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import tempfile
import threading
import time
from collections.abc import Sequence
from pathlib import Path
from typing import IO

from supportdesk.tickets.plain_text import clean_line

_MOST_ERRORS = 2_000
"""How many bytes of the end of what a program says are read, to find why it failed."""
_LONGEST = 200
"""The most characters of that which are shown."""


class FileProgramError(Exception):
    """A program cannot be run, or failed; the text is a sentence that says why."""


class FileProgram:
    """Runs a program once, without a shell and a terminal; the file is its last argument. Its output is thrown away.

    Only its owner can read the file, and nobody can execute it. Its name is a random one after `prefix`, with an
    `extension` of ASCII letters and digits only: no other is used. `linger` is how many seconds after its beginning
    the file is there at least, for a program that hands it to another one and ends; a failed one leaves none.
    """

    def __init__(
        self, command: Sequence[str], content: bytes, *, prefix: str, extension: str = "", linger: float = 0.0
    ) -> None:
        self.name = Path(command[0]).name
        self._command, self._content, self._linger = command, content, linger
        self._prefix = prefix
        self._suffix = f".{extension}" if extension.isascii() and extension.isalnum() else ""
        self._lock = threading.Lock()
        self._process: subprocess.Popen[bytes] | None = None
        self._stopped = threading.Event()

    def run(self) -> None:
        """Run the program to its end, or until `stop`. Blocks. Raises FileProgramError where it fails."""
        try:
            with (
                tempfile.NamedTemporaryFile(prefix=self._prefix, suffix=self._suffix) as file,
                tempfile.TemporaryFile() as errors,
            ):
                file.write(self._content)
                file.flush()
                begun = time.monotonic()
                code = self._run(file.name, errors)
                if code and not self._stopped.is_set():
                    raise FileProgramError(_describe_fault(self.name, code, errors))
                self._stopped.wait(max(0.0, begun + self._linger - time.monotonic()))
        except (OSError, ValueError) as error:
            reason = getattr(error, "strerror", None) or str(error)
            raise FileProgramError(f"{self.name or 'the program'} cannot be run: {reason}.") from error

    def try_run(self) -> str:
        """Do the same, and return why the program failed; empty where it did not."""
        try:
            self.run()
        except FileProgramError as error:
            return str(error)
        return ""

    def stop(self) -> None:
        """End the program with its children at once: what only shows or plays a file has nothing to clean up."""
        with self._lock:
            self._stopped.set()
            if self._process is not None:
                with contextlib.suppress(ProcessLookupError):
                    os.killpg(self._process.pid, signal.SIGKILL)

    def _run(self, path: str, errors: IO[bytes]) -> int:
        """Return the exit code of the program."""
        with self._lock:
            if self._stopped.is_set():
                return 0
            process = self._process = subprocess.Popen(  # noqa: S603 - the operator's own settings name the program
                [*self._command, path],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=errors,
                start_new_session=True,
            )
        # Until it is waited for, its number belongs to nobody else, so that `stop` ends no other program.
        os.waitid(os.P_PID, process.pid, os.WEXITED | os.WNOWAIT)
        with self._lock:
            self._process = None
            return process.wait()


def _describe_fault(program: str, code: int, errors: IO[bytes]) -> str:
    """Return how a program ended, with the last line that it said."""
    size = errors.seek(0, os.SEEK_END)
    errors.seek(max(0, size - _MOST_ERRORS))
    last = errors.read().decode("utf-8", "replace").strip().rpartition("\n")[2]
    said = clean_line(last, _LONGEST).text.rstrip(".")
    ended = f"ended with exit code {code}" if code > 0 else f"was ended by signal {-code}"
    return f"{program} {ended}{f': {said}' if said else ''}."
