"""What a tick and a key press cost in a real terminal of 160x50, by the length of the queue.

A minute of ticking is seconds of the processor's time, with a screen full of timers that change each second. A key
press is milliseconds from the key to the first changed byte, the median of some; the clock stands still meanwhile.
"""

from __future__ import annotations

import signal
import statistics
import sys
from collections.abc import Callable

from tests.bench.pty import Program
from tests.bench.starting import TREE

SIZES = (100, 1_000, 10_000, 100_000)
MINUTE = 60.0
PRESSES = 15
PAGE_DOWN, PAGE_UP, HOME = b"\x1b[6~", b"\x1b[5~", b"g"
DRAWN = b"CD-"


def report() -> str:
    """The figures by size, each with its ratio to that of the shortest queue."""
    columns = {size: keys(size) for size in SIZES}
    for size, seconds in ticking().items():
        columns[size] = {"a minute of ticking, s CPU": seconds, **columns[size]}
    first = columns[SIZES[0]]
    lines = [f"{'open tickets':28}" + "".join(f"{size:>18,}" for size in SIZES)]
    for name, base in first.items():
        places = 3 if "CPU" in name else 1
        figures = [f"{columns[size][name]:.{places}f} ({columns[size][name] / base:.2f})" for size in SIZES]
        lines.append(f"{name:28}" + "".join(f"{figure:>18}" for figure in figures))
    return "\n".join(lines)


def ticking() -> dict[int, float]:
    """Seconds of the processor's time for a minute, by size; all sizes are measured in the same minute."""
    programs = {size: opened(size) for size in SIZES}
    try:
        before = {size: program.cpu() for size, program in programs.items()}
        share = MINUTE / 60 / len(programs)
        for _ in range(60):
            for program in programs.values():
                program.quiet(share)
        return {size: program.cpu() - before[size] for size, program in programs.items()}
    finally:
        for program in programs.values():
            program.stop()


def keys(size: int) -> dict[str, float]:
    """Milliseconds for each kind of key press, and for a ticket that arrives at the top."""
    program = opened(size, "frozen")
    try:
        program.press(b"j")
        measured: dict[str, Callable[[int], float]] = {
            "cursor down, ms": lambda turn: program.press(b"j"),
            "page down, ms": lambda turn: program.press(PAGE_DOWN if turn % 2 else PAGE_UP),
            "view, ms": lambda turn: program.press(b"v"),
        }
        found = {name: median(press) for name, press in measured.items()}
        program.press(b"g")
        program.press(b"/")
        found["filter, ms"] = median(lambda turn: program.press(b"\x7f" if turn % 2 else b"e"))
        program.press(b"\x1b[B")
        found["arrival, ms"] = median(lambda turn: program.signal(signal.SIGUSR1))
        return found
    finally:
        program.stop()


def opened(size: int, *how: str) -> Program:
    """The console on a long queue, when it is drawn and at rest."""
    program = Program([sys.executable, "-m", "tests.bench.long_queue", str(size), *how], TREE)
    program.until(DRAWN)
    program.quiet(1.5)
    return program


def median(act: Callable[[int], float]) -> float:
    """The median of several, in milliseconds."""
    return 1000 * statistics.median(act(turn) for turn in range(PRESSES))


if __name__ == "__main__":
    print(report())
