"""The program in processes of its own, hundreds of them."""

from __future__ import annotations

import os
import resource
import shutil
import signal
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import msgspec

from supportdesk.cli import main
from tests.cli.prompt import Answer
from tests.faults.capabilities import bind_to_permissions
from tests.forked import fork_server
from tests.patience import LAST_RESORT


class Limits(msgspec.Struct, frozen=True):
    """What a process may do. Where it `is_bound`, permissions bind it even if it runs as root.

    `file_size` is the largest size, in bytes, of a file that it writes.
    """

    is_bound: bool = False
    file_size: int | None = None


NO_LIMITS = Limits()


class Program:
    """One process of the program, with its output in files."""

    def __init__(self, arguments: Sequence[str], limits: Limits = NO_LIMITS) -> None:
        self._folder = Path(tempfile.mkdtemp(prefix="supportdesk-program-"))
        self._process = fork_server().Process(
            target=_become, args=(tuple(arguments), str(self._folder), limits), daemon=True
        )
        self._process.start()

    @property
    def said(self) -> str:
        """What it has written to standard error so far."""
        return self._read("err")

    @property
    def is_running(self) -> bool:
        """Whether it has not ended."""
        return self._process.is_alive()

    def ends_within(self, seconds: float) -> bool:
        """Wait for so many seconds, and return whether it has ended."""
        self._process.join(seconds)
        return not self.is_running

    def kill(self) -> None:
        """End it with SIGKILL, wherever it is."""
        self._process.kill()
        self._process.join()

    def wait(self, limit: float = LAST_RESORT) -> Answer:
        """Wait for its end. An end after `limit` seconds counts as a hang and fails."""
        self._process.join(limit)
        code = self._process.exitcode
        assert code is not None, f"it hangs: {self.said}"
        answer = Answer(self._read("out"), self._read("err"), code)
        assert "supportdesk stopped:" not in answer.err, answer.err
        return answer

    def end(self) -> None:
        """End it, if it has not ended, and remove what it wrote."""
        self.kill()
        shutil.rmtree(self._folder)

    def _read(self, name: str) -> str:
        try:
            return (self._folder / name).read_text()
        except FileNotFoundError:
            return ""


@contextmanager
def program(*arguments: str, limits: Limits = NO_LIMITS) -> Iterator[Program]:
    """Start the program; it is gone after the block."""
    started = Program(arguments, limits)
    try:
        yield started
    finally:
        started.end()


def run(*arguments: str, limits: Limits = NO_LIMITS) -> Answer:
    """Run the program to its end."""
    with program(*arguments, limits=limits) as started:
        return started.wait()


def _become(arguments: tuple[str, ...], folder: str, limits: Limits) -> None:
    """Be the program in this process."""
    for descriptor, name in ((1, "out"), (2, "err")):
        written = os.open(f"{folder}/{name}", os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        os.dup2(written, descriptor)
        os.close(written)
    for name in ("XDG_DATA_HOME", "XDG_STATE_HOME", "XDG_CONFIG_HOME"):
        os.environ[name] = f"{folder}/home"
    signal.signal(signal.SIGINT, signal.default_int_handler)
    if limits.file_size is not None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (limits.file_size, limits.file_size))
    if limits.is_bound:
        bind_to_permissions()
    sys.argv = ["supportdesk", *arguments]
    main()
