"""The number of commands a second that many processes carry out at once on one desk, and that none is lost.

Beside it, as a measure of the disk, what one process commits that writes a single row each time and nothing else.
"""

from __future__ import annotations

import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from supportdesk.clock import SystemClock
from supportdesk.desk import Desk
from supportdesk.store import ledger
from supportdesk.store.database import open_database
from supportdesk.store.sqlite import database_file
from tests.store.desks import furnished, logged, verified
from tests.store.writers import acknowledged, go, writers

RUNS = {1: 600, 10: 100, 50: 20}
"""Commands that each process gives, by the number of processes."""

BARE_COMMITS = 200


@dataclass(frozen=True, slots=True)
class Run:
    """The result of a run. `lost` counts commands that were acknowledged and are missing, `late` those out of order."""

    processes: int
    commands: int
    seconds: float
    lost: int
    late: int
    is_intact: bool


def report() -> str:
    """Return the commands a second by number of processes, beside bare commits a second, and what was lost."""
    lines = [
        f"{'processes':>11}{'commands/s':>13}{'bare commits/s':>17}{'ratio':>7}{'lost':>7}{'late':>7}{'verify':>9}"
    ]
    for processes, commands in RUNS.items():
        bare, run = bare_commits(), measure(processes, commands)
        rate = run.commands / run.seconds
        lines.append(
            f"{processes:>11}{rate:>13,.0f}{bare:>17,.0f}{rate / bare:>7.2f}{run.lost:>7}{run.late:>7}"
            f"{'holds' if run.is_intact else 'BROKEN':>9}"
        )
    return "\n".join(lines)


def measure(processes: int, commands: int) -> Run:
    """Let processes write at once, each its commands one after the other."""
    with tempfile.TemporaryDirectory() as folder:
        address = furnished(Path(folder))
        desk = Desk.open(address, SystemClock())
        for _ in range(10):
            logged(desk)
        before = desk.queue().seq
        with writers(address, processes, commands) as busy:
            began = time.perf_counter()
            for writer in busy:
                go(writer)
            heard = {command: seq for writer in busy for command, seq in acknowledged(writer).items()}
            seconds = time.perf_counter() - began
        database = open_database(address)
        found = database.read(
            lambda connection: {
                each.command_id: each.seq for each in ledger.read_events(connection, after=before)
            }
        )
        database.close()
        is_intact = verified(desk).is_intact
        desk.close()
    return Run(
        processes=processes,
        commands=len(heard),
        seconds=seconds,
        lost=processes * commands - len(heard.items() & found.items()),
        late=sum(seq != place for place, seq in enumerate(sorted(found.values()), before + 1)),
        is_intact=is_intact,
    )


def bare_commits() -> float:
    """Return the commits of one row a second, with the same durability."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "bare.db"
        path.touch()
        connection = database_file.connect(path, busy_timeout=1)
        database_file.prepare(connection)
        connection.execute("CREATE TABLE bare (number INTEGER PRIMARY KEY, text TEXT)")
        began = time.perf_counter()
        for number in range(BARE_COMMITS):
            connection.execute("BEGIN IMMEDIATE")
            connection.execute("INSERT INTO bare VALUES (?, ?)", (number, "x" * 400))
            connection.execute("COMMIT")
        seconds = time.perf_counter() - began
        connection.close()
    return BARE_COMMITS / seconds


if __name__ == "__main__":
    print(report())
