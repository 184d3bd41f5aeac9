"""From the start of the process to its first frame and to its queue, beside an empty Textual application.

The programs take turns, so that a busy moment of the machine meets all of them. `first frame` is when the last line of
the screen has been written, `queue` when the first ticket's reference is there. Ratios are to the first frame of the
empty application in the same turn, once of the time that passes and once of the processor's time: the latter hardly
depends on what else the machine does. Medians are shown.
"""

from __future__ import annotations

import statistics
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from tests.bench.pty import LAST_LINE, Program

TURNS = 15
TICKETS = 60
TREE = Path(__file__).resolve().parent.parent.parent

EMPTY = "from textual.app import App; App().run()"
DATABASE_FIRST = """
import sys, sqlalchemy
from supportdesk.cli import main

sys.argv = ["supportdesk", "--db", {address!r}]
main()
"""
FIRST_FRAME_GOAL, QUEUE_GOAL = 1.15, 2.6
"""The greatest ratios to the first frame of an empty application that `supportdesk` should have."""


class Start(NamedTuple):
    """Seconds to the first frame and to the queue, by the clock and of the processor."""

    frame: float
    frame_cpu: float
    queue: float
    queue_cpu: float


def report() -> str:
    """Return the medians in milliseconds, with their ratios and the goals."""
    with tempfile.TemporaryDirectory() as folder:
        address = f"{folder}/desk.db"
        fill = ["-m", "supportdesk", "--db", address, "demo", "--fill-only", "--tickets", str(TICKETS)]
        subprocess.run([sys.executable, *fill], check=True, cwd=TREE, stdout=subprocess.DEVNULL)
        programs = {
            "an empty application": (["-c", EMPTY], None),
            "supportdesk --db ...": (["-m", "supportdesk", "--db", address], b"CD-"),
            "the same, database first": (["-c", DATABASE_FIRST.format(address=address)], b"CD-"),
        }
        starts: dict[str, list[Start]] = {name: [] for name in programs}
        for _ in range(TURNS):
            for name, (arguments, data) in programs.items():
                starts[name].append(start(arguments, data))
    return table(starts)


def start(arguments: Sequence[str], data: bytes | None) -> Start:
    """Run a program until it shows its data, or its first frame if it has none, and end it."""
    program = Program([sys.executable, *arguments], TREE)
    try:
        frame = program.until(LAST_LINE), program.cpu()
        return Start(*frame, *((program.until(data), program.cpu()) if data is not None else frame))
    finally:
        program.stop()


def table(starts: dict[str, list[Start]]) -> str:
    """Return the figures as text, beside those of the first program."""
    empty = next(iter(starts.values()))
    lines = [f"{'':26}{'first frame':>13}{'ratio':>8}{'CPU':>7}{'queue':>13}{'ratio':>8}{'CPU':>7}"]
    for name, turns in starts.items():
        medians = Start(*map(statistics.median, zip(*turns, strict=True)))
        ratios = Start(*map(statistics.median, zip(*map(_ratios, turns, empty), strict=True)))
        line = f"{name:26}{_figures(medians.frame, ratios.frame, ratios.frame_cpu)}"
        if turns is not empty:
            line += _figures(medians.queue, ratios.queue, ratios.queue_cpu)
        lines.append(line)
    lines.append(f"{'goal, at most':39}{FIRST_FRAME_GOAL:>8.2f}{'':20}{QUEUE_GOAL:>8.2f}")
    return "\n".join(lines)


def _ratios(own: Start, empty: Start) -> Start:
    """Return each figure of a program beside the first frame of an empty application."""
    return Start(
        own.frame / empty.frame,
        own.frame_cpu / empty.frame_cpu,
        own.queue / empty.frame,
        own.queue_cpu / empty.frame_cpu,
    )


def _figures(seconds: float, ratio: float, cpu_ratio: float) -> str:
    return f"{seconds * 1000:>10.0f} ms{ratio:>8.2f}{cpu_ratio:>7.2f}"


if __name__ == "__main__":
    print(report())
