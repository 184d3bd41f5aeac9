"""What a tick and a key press cost in a real terminal of 160x50, by the length of the queue.

A minute of ticking is seconds of the processor's time: with a screen full of timers that change each second, and with
ten of them, as on a usual day; an empty Textual application that only waits is beside it, and, with a screen full of
timers, a bare widget that draws as many lines (`line_prototype`). A key press is milliseconds from the key to the first
changed byte, the median of some; the clock stands still meanwhile. In brackets stands the ratio to the shortest queue.
"""

from __future__ import annotations

import signal
import statistics
import sys
from collections.abc import Callable

from tests.bench.pty import LAST_LINE, Program
from tests.bench.starting import EMPTY, TREE

SIZES = (100, 1_000, 10_000, 100_000)
SCREENFUL, USUAL = 60, 10
"""How many timers change each second."""
TICKS = 20
PRESSES = 15
ROUNDS = 5
PROTOTYPE_GOAL = 1.15
"""The greatest ratio of the console's ticks to those of as many bare lines that it should have."""
PAGE_DOWN, PAGE_UP, HOME = b"\x1b[6~", b"\x1b[5~", b"g"
DRAWN = b"CD-"


def report() -> str:
    """Return the figures by the length of the queue."""
    columns = {size: {**minutes(size), **keys(size)} for size in SIZES}
    first = columns[SIZES[0]]
    lines = [f"{'open tickets':28}" + "".join(f"{size:>18,}" for size in SIZES)]
    for name, base in first.items():
        places = 3 if "CPU" in name else 1
        figures = [f"{columns[size][name]:.{places}f} ({columns[size][name] / base:.2f})" for size in SIZES]
        lines.append(f"{name:28}" + "".join(f"{figure:>18}" for figure in figures))
    lines.append(f"{'an empty application, s CPU':28}{idle():>11.3f}")
    return "\n".join([*lines, "", beside_prototype()])


def beside_prototype() -> str:
    """Return the cost of ticks with seconds on every line, beside that of `line_prototype`; both run at once."""
    prototype = Program([sys.executable, "-m", "tests.bench.line_prototype"], TREE)
    prototype.until(LAST_LINE)
    prototype.quiet(1.5)
    programs = {"the console": opened(SIZES[0], SCREENFUL), "as many bare lines": prototype}
    minutes: dict[str, list[float]] = {name: [] for name in programs}
    try:
        for _ in range(ROUNDS):
            before = {name: program.cpu() for name, program in programs.items()}
            for _ in range(TICKS):
                # Each is read in turn: a terminal that nobody reads would hold its program up.
                for program in programs.values():
                    program.quiet(1 / len(programs))
            for name, program in programs.items():
                minutes[name].append((program.cpu() - before[name]) * 60 / TICKS)
    finally:
        for program in programs.values():
            program.stop()
    ours, bare = (statistics.median(each) for each in minutes.values())
    # Of each round: both had the same machine to themselves then, however busy it was.
    ratio = statistics.median(mine / other for mine, other in zip(*minutes.values(), strict=True))
    return (
        f"60 ticks with seconds on every line, s CPU: the console {ours:.3f}, as many bare lines {bare:.3f},"
        f" ratio {ratio:.2f} (goal: at most {PROTOTYPE_GOAL})"
    )


def minutes(size: int) -> dict[str, float]:
    """Return the seconds of the processor for a minute of ticking."""
    return {
        "60 ticks, full, s CPU": minute(opened(size, SCREENFUL)),
        "60 ticks, usual, s CPU": minute(opened(size, USUAL)),
    }


def idle() -> float:
    """Return the seconds of the processor for a minute of an application that has nothing to do."""
    program = Program([sys.executable, "-c", EMPTY], TREE)
    program.until(LAST_LINE)
    program.quiet(1.5)
    return minute(program)


def minute(program: Program) -> float:
    """Return what a program costs in a minute, from what it costs in `TICKS` seconds, and end it."""
    try:
        before = program.cpu()
        program.quiet(TICKS)
        return (program.cpu() - before) * 60 / TICKS
    finally:
        program.stop()


def keys(size: int) -> dict[str, float]:
    """Return the milliseconds for each kind of key press, and for a ticket that arrives at the top."""
    program = opened(size, SCREENFUL, "frozen")
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
        found["arrival, ms"] = median(lambda turn: program.signal(signal.SIGRTMIN))
        return found
    finally:
        program.stop()


def opened(size: int, urgent: int, *how: str) -> Program:
    """Return the console on a long queue, once it is drawn and at rest."""
    program = Program([sys.executable, "-m", "tests.bench.long_queue", str(size), str(urgent), *how], TREE)
    program.until(DRAWN)
    program.quiet(1.5)
    return program


def median(act: Callable[[int], float]) -> float:
    """Return the median of `PRESSES` turns, in milliseconds."""
    return 1000 * statistics.median(act(turn) for turn in range(PRESSES))


if __name__ == "__main__":
    print(report())
