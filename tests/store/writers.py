"""Processes that write to one desk at once, started and heard from here."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from multiprocessing.connection import Connection

from tests.forked import fork_server
from tests.store.writer import write


class Writer:
    """A process that writes: what it is told, what it says, and how it ended."""

    def __init__(self, address: str, name: str, commands: int, pause: float, *, again: bool) -> None:
        told, self._tell = fork_server().Pipe(duplex=False)
        self._hear, heard = fork_server().Pipe(duplex=False)
        self._process = fork_server().Process(
            target=_become,
            args=(told, heard, address, name),
            kwargs={"count": commands, "pause": pause, "again": again},
        )
        self._process.start()
        # Its own ends are its own, so that what it says ends with it.
        told.close()
        heard.close()
        self.stdin = open(self._tell.fileno(), "w", closefd=False)  # noqa: SIM115 - of a pipe
        self.stdout = open(self._hear.fileno(), closefd=False)  # noqa: SIM115 - of a pipe

    @property
    def pid(self) -> int:
        """Its number."""
        assert self._process.pid is not None
        return self._process.pid

    def poll(self) -> int | None:
        """Return its exit code, or the negative number of the signal that ended it; None while it goes on."""
        return self._process.exitcode

    def wait(self) -> int:
        """Wait for its end; return what `poll` returns."""
        self._process.join()
        code = self._process.exitcode
        assert code is not None
        return code

    def kill(self) -> None:
        """End it with SIGKILL, if it has not ended."""
        self._process.kill()

    def end(self) -> None:
        """Kill it, and close what connects it with this process."""
        self.kill()
        self.wait()
        self._hear.close()
        self._tell.close()


def _become(
    told: Connection, heard: Connection, address: str, name: str, *, count: int, pause: float, again: bool
) -> None:
    """Be a writer in this process."""
    with (
        open(told.fileno(), closefd=False) as lines,
        open(heard.fileno(), "w", closefd=False) as said,
    ):
        write(address, name, count, pause, again=again, told=lines, said=said)


@contextmanager
def writers(
    address: str, processes: int, commands: int, pause: float = 0.0, *, again: bool = False
) -> Iterator[list[Writer]]:
    """Start writers that wait for `go` and pause so many seconds after each command; end them with the block.

    With `again` they send again what could not be saved.
    """
    started = [
        Writer(address, f"writer-{number}", commands, pause, again=again) for number in range(processes)
    ]
    try:
        for writer in started:
            assert hear(writer) == ["ready"]
        yield started
    finally:
        for writer in started:
            writer.end()


def go(writer: Writer) -> None:
    """Let a writer begin."""
    writer.stdin.write("go\n")
    writer.stdin.flush()


def hear(writer: Writer) -> list[str]:
    """The words of the next line that a writer says; none at its end, or of a line that was cut off."""
    line = writer.stdout.readline()
    return line.split() if line.endswith("\n") else []


def acknowledged(writer: Writer) -> dict[str, int]:
    """Everything that a writer says from here to its end: event numbers by command id."""
    return {words[0]: int(words[1]) for words in iter(lambda: hear(writer), [])}
