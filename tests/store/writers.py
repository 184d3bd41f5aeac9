"""Processes that write to one desk at once, started and heard from here."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

Writer = subprocess.Popen[str]


@contextmanager
def writers(
    address: str, processes: int, commands: int, pause: float = 0.0, *, again: bool = False
) -> Iterator[list[Writer]]:
    """Start writers that wait for `go` and pause so many seconds after each command; end them with the block.

    With `again` they send again what could not be saved.
    """
    started = [
        subprocess.Popen(
            [
                sys.executable,
                "-m",
                "tests.store.writer",
                address,
                f"writer-{number}",
                str(commands),
                str(pause),
                *(["again"] if again else []),
            ],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        for number in range(processes)
    ]
    try:
        for writer in started:
            assert hear(writer) == ["ready"]
        yield started
    finally:
        for writer in started:
            writer.kill()
            writer.communicate()


def go(writer: Writer) -> None:
    """Let a writer begin."""
    assert writer.stdin is not None
    writer.stdin.write("go\n")
    writer.stdin.flush()


def hear(writer: Writer) -> list[str]:
    """The words of the next line that a writer says; none at its end, or of a line that was cut off."""
    assert writer.stdout is not None
    line = writer.stdout.readline()
    return line.split() if line.endswith("\n") else []


def acknowledged(writer: Writer) -> dict[str, int]:
    """Everything that a writer says from here to its end: event numbers by command id."""
    return {words[0]: int(words[1]) for words in iter(lambda: hear(writer), [])}
