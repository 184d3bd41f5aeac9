"""The console in a pseudo-terminal: what it sends, and how it ends when the terminal hangs up."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from supportdesk.console.terminal.signals import HUNG_UP, TERMINATED
from tests.bench.pty import Program
from tests.bench.starting import TREE

SCRIPT = """
import sys
from supportdesk.console.app import Console, run

def connect():
    from tests.console.fixtures.morning import morning_desk
    return morning_desk()

sys.exit(run(Console(connect, username="ann", name="desk@test")))
"""
DRAWN = b"CD-4C00-W"


@contextmanager
def opened() -> Iterator[Program]:
    """Run the console on the morning's desk, and wait until it is drawn."""
    program = Program([sys.executable, "-c", SCRIPT], TREE)
    try:
        program.until(DRAWN)
        yield program
    finally:
        program.stop()


@pytest.mark.parametrize(("number", "code"), [(signal.SIGHUP, HUNG_UP), (signal.SIGTERM, TERMINATED)])
def test_a_hang_up_and_a_shutdown_end_the_console_cleanly(number: signal.Signals, code: int) -> None:
    with opened() as program:
        os.kill(program.pid, number)
        assert program.ended() == code


def test_a_shutdown_restores_the_terminal() -> None:
    with opened() as program:
        os.kill(program.pid, signal.SIGTERM)
        program.ended()
        assert b"\x1b[?1049l" in program.written


def test_a_vanished_terminal_ends_the_console_and_all_its_threads() -> None:
    with opened() as program:
        program.hang_up()
        assert program.ended() == HUNG_UP


def test_the_title_counts_breaches_and_criticals_and_is_restored() -> None:
    with opened() as program:
        program.until("\x1b]2;1 breached · 2 Critical · supportdesk\x07".encode())
        program.type(b"q")
        assert program.ended() == 0
        written = program.written
        assert written.index(b"\x1b[22;2t") < written.index(b"\x1b]2;") < written.index(b"\x1b[23;2t")
