"""How soon another process sees a change, and what waiting for it costs.

From the moment at which a command is acknowledged in one process to the moment at which another, which waits, has read
the ticket that changed; on a desk of some hundred and of some thousand open tickets.
"""

from __future__ import annotations

import random
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from supportdesk.clock import SystemClock
from supportdesk.desk import Desk
from supportdesk.desk_api import Applied, Executor
from supportdesk.tickets.process.conversation import Note
from supportdesk.tickets.process.triage import Log
from tests.store.desks import REQUEST, furnished

SIZES = (100, 2_000)
CHANGES = 40
IDLE = 10.0
"""Seconds of waiting in which nothing happens, to see what waiting costs."""


def main(address: str) -> None:
    """Be the other process: print when each change was read, and at the end the cost of waiting for nothing."""
    desk = Desk.open(address)
    since = desk.queue().seq
    print("ready", flush=True)
    for _ in range(CHANGES):
        while not desk.wait_for_change(60):
            pass
        changes = desk.changes(since)
        seen = time.monotonic()
        since = changes.seq
        print(seen, len(changes.rows), flush=True)
    before = time.process_time()
    desk.wait_for_change(IDLE)
    print(time.process_time() - before, flush=True)


def report() -> str:
    """Return the median and longest delay in milliseconds, and the CPU seconds for a minute of waiting, by size."""
    lines = [f"{'open tickets':>14}{'median':>10}{'longest':>10}{'a minute of waiting':>22}"]
    for size in SIZES:
        delays, minute = measure(size)
        lines.append(
            f"{size:>14,}{statistics.median(delays):>7.0f} ms{max(delays):>7.0f} ms{minute:>17.3f} s CPU"
        )
    return "\n".join(lines)


def measure(size: int) -> tuple[list[float], float]:
    """Return the delays in milliseconds, and the seconds of processor time for a minute of waiting."""
    chance = random.Random(3)
    with tempfile.TemporaryDirectory() as folder:
        desk = Desk.open(furnished(Path(folder)), SystemClock())
        refs = _fill(desk, size)
        other = subprocess.Popen(
            [sys.executable, "-m", "tests.bench.changes", f"{folder}/desk.db"],
            stdout=subprocess.PIPE,
            text=True,
        )
        assert other.stdout is not None
        delays = []
        try:
            assert other.stdout.readline() == "ready\n"
            for number in range(CHANGES):
                time.sleep(chance.uniform(0.02, 0.3))
                outcome = desk.do(Note(chance.choice(refs), f"change {number}"), by="ann")
                acknowledged = time.monotonic()
                assert isinstance(outcome, Applied)
                seen, rows = other.stdout.readline().split()
                assert rows == "1"
                delays.append((float(seen) - acknowledged) * 1_000)
            idle = float(other.stdout.readline())
        finally:
            other.kill()
            other.communicate()
            desk.close()
    return delays, idle * 60 / IDLE


def _fill(desk: Desk, size: int) -> list[str]:
    def log(doing: Executor) -> list[str]:
        outcomes = [doing(Log(**REQUEST), by="ann", command_id=f"fill-{number}") for number in range(size)]
        return [outcome.ref or "" for outcome in outcomes if isinstance(outcome, Applied)]

    refs = desk.transaction(log)
    assert isinstance(refs, list)
    assert len(refs) == size
    return refs


if __name__ == "__main__":
    if len(sys.argv) > 1:
        main(sys.argv[1])
    else:
        print(report())
