"""From the start of the process to its first frame, beside an empty Textual application.

The programs take turns, so that a busy moment of the machine meets all of them; medians are compared. `first frame` is
when the last line of the screen has been written, `queue` when the first ticket's reference is there.
"""

from __future__ import annotations

import os
import pwd
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from tests.bench.pty import LAST_LINE, Program

TURNS = 15
TICKETS = 60
TREE = Path(__file__).resolve().parent.parent.parent

EMPTY = "from textual.app import App; App().run()"
CONSOLE = """
from supportdesk.console.app import run

def connect():
    from supportdesk.desk import Desk
    return Desk.open({address!r})

run(connect, username={username!r}, name="bench")
"""


def report() -> str:
    """Milliseconds to the first frame and to the queue, medians, with the ratio to the empty application's."""
    with tempfile.TemporaryDirectory() as folder:
        address = f"{folder}/desk.db"
        fill = ["-m", "supportdesk", "--db", address, "demo", "--fill-only", "--tickets", str(TICKETS)]
        subprocess.run([sys.executable, *fill], check=True, cwd=TREE, stdout=subprocess.DEVNULL)
        console = CONSOLE.format(address=address, username=pwd.getpwuid(os.getuid()).pw_name)
        programs = {
            "an empty application": (["-c", EMPTY], None),
            "the console": (["-c", console], b"CD-"),
            "the same, database first": (["-c", f"import sqlalchemy\n{console}"], b"CD-"),
            "supportdesk --db ...": (["-m", "supportdesk", "--db", address], b"CD-"),
        }
        times: dict[str, list[tuple[float, float]]] = {name: [] for name in programs}
        for _ in range(TURNS):
            for name, (arguments, data) in programs.items():
                times[name].append(start(arguments, data))
    return table(times)


def start(arguments: Sequence[str], data: bytes | None) -> tuple[float, float]:
    """Seconds to the first frame, and to what a program shows when it has its data (or again to the first frame)."""
    program = Program([sys.executable, *arguments], TREE)
    try:
        frame = program.until(LAST_LINE)
        return frame, program.until(data) if data is not None else frame
    finally:
        program.stop()


def table(times: dict[str, list[tuple[float, float]]]) -> str:
    """The medians, beside those of the first program."""
    base = 0.0
    lines = [f"{'':28}{'first frame':>14}{'ratio':>8}{'queue':>12}"]
    for name, measured in times.items():
        frame, data = (statistics.median(column) for column in zip(*measured, strict=True))
        base = base or frame
        queue = f"{data * 1000:>9.0f} ms" if data != frame else ""
        lines.append(f"{name:28}{frame * 1000:>11.0f} ms{frame / base:>8.2f}{queue}")
    return "\n".join(lines)


if __name__ == "__main__":
    print(report())
