"""Runs a user's program: with a text on its input, for a limited time, and without its children afterwards."""

from __future__ import annotations

import contextlib
import os
import selectors
import signal
import subprocess
import time
from collections.abc import Sequence
from typing import IO

from msgspec import Struct

_CHUNK = 1 << 16
_LOOK = 0.02
"""Seconds between two looks at whether a program that prints nothing has ended."""
_CLEAN_UP = 2.0
"""Seconds that a program has between SIGTERM and SIGKILL."""


class ProgramResult(Struct, frozen=True):
    """What became of a program: its exit code, or None if it was ended at the timeout, and the start of its output."""

    exit_code: int | None
    output: str


def run_program(
    command: Sequence[str], text: bytes, *, timeout: float, most: int = 4096, show_errors: bool = False
) -> ProgramResult:
    """Run a program until it ends, with `text` on its input; end it and its children after `timeout` seconds.

    Returns at most `most` bytes of its output. What it prints to its standard error is discarded, since it may contain
    secrets, or shown where somebody watches. Its children may go on after it ended by itself. Raises OSError where it
    cannot be started.
    """
    with subprocess.Popen(  # noqa: S603 - the operator's own settings name the program
        list(command),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=None if show_errors else subprocess.DEVNULL,
        start_new_session=True,
        bufsize=0,
    ) as process:
        try:
            output = _talk(process, text, time.monotonic() + timeout, most)
        except BaseException:
            _end(process)
            raise
        if process.poll() is None:
            _end(process)
            return ProgramResult(None, output)
        return ProgramResult(process.returncode, output)


def _talk(process: subprocess.Popen[bytes], text: bytes, end: float, most: int) -> str:
    """Write the input and read the output until the program ends or the time is up.

    It does not wait for the end of the output: a child that goes on may hold it open.
    """
    given, printed = process.stdin, process.stdout
    assert given is not None
    assert printed is not None
    for pipe in (given, printed):
        os.set_blocking(pipe.fileno(), False)
    found = bytearray()
    with selectors.DefaultSelector() as selector:
        selector.register(printed, selectors.EVENT_READ)
        selector.register(given, selectors.EVENT_WRITE)
        while True:
            ended = process.poll() is not None
            for key, _ in selector.select(0 if ended else _LOOK):
                if key.fileobj is given:
                    text = _write(given, text)
                    if not text:
                        selector.unregister(given)
                        given.close()
                elif not _read(printed, found, most):
                    selector.unregister(printed)
            if ended or time.monotonic() >= end:
                break
            if not selector.get_map():
                with contextlib.suppress(subprocess.TimeoutExpired):
                    process.wait(max(0.0, end - time.monotonic()))
    with contextlib.suppress(OSError):
        given.close()
    return bytes(found).decode("utf-8", "replace")


def _write(pipe: IO[bytes], text: bytes) -> bytes:
    """Return what is left to write; nothing once the program has closed its input."""
    try:
        return text[os.write(pipe.fileno(), text[:_CHUNK]) :]
    except BlockingIOError:
        return text
    except BrokenPipeError:
        return b""


def _read(pipe: IO[bytes], found: bytearray, most: int) -> bool:
    """Keep what was printed, up to the limit, and drop the rest; return whether there may be more."""
    try:
        part = os.read(pipe.fileno(), _CHUNK)
    except BlockingIOError:
        return True
    found += part[: max(0, most - len(found))]
    return bool(part)


def _end(process: subprocess.Popen[bytes]) -> None:
    """End a program and its children, which have a moment to clean up, and wait for it."""
    if process.returncode is not None:
        return
    os.killpg(process.pid, signal.SIGTERM)
    end = time.monotonic() + _CLEAN_UP
    # Until it is waited for, its number belongs to nobody else; children that ignored the first signal get the second.
    while time.monotonic() < end and not _has_ended(process.pid):
        time.sleep(_LOOK)
    os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def _has_ended(number: int) -> bool:
    return os.waitid(os.P_PID, number, os.WEXITED | os.WNOHANG | os.WNOWAIT) is not None
