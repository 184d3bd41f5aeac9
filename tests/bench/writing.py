"""The number of commands a second that many processes carry out at once on one desk, and that none is lost.

Beside it, as a measure of the disk, what one process commits that writes a single row each time and nothing else. Then
what a command costs by itself, beside a transaction of as many statements given to SQLite directly. Seconds of the
processor are the figure to compare two versions by: they depend least on what else the machine does.
"""

from __future__ import annotations

import sqlite3
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any

from sqlalchemy import event
from sqlalchemy.engine import Engine

from supportdesk.clock import SystemClock
from supportdesk.desk import Desk
from supportdesk.store import ledger
from supportdesk.store.database import open_database
from supportdesk.store.sqlite import database_file
from supportdesk.tickets.command import Command
from supportdesk.tickets.process.assignment import Claim
from supportdesk.tickets.process.conversation import Note
from supportdesk.tickets.process.triage import Log
from tests.store.desks import REQUEST, done, furnished, logged, verified
from tests.store.writers import acknowledged, go, writers

RUNS = {1: 600, 10: 100, 50: 40}
"""Commands that each process gives, by the number of processes."""

BARE_COMMITS = 200

ROUNDS, ROUND = 12, 20
"""Rounds of which the median is the cost of a command, and the commands of each."""

COMMANDS: dict[str, Callable[[str], Command]] = {
    "note": lambda ref: Note(ref, "it is the usual thing"),
    "log": lambda _: Log(**REQUEST),
    "claim": Claim,
}
"""The commands whose cost is measured, each on a ticket that was just logged."""


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
    lines.append(
        f"\n{'command':>11}{'statements':>13}{'CPU ms':>9}{'bare CPU ms':>13}{'ratio':>7}{'a second':>10}"
    )
    for name, make in COMMANDS.items():
        cost = measure_command(make)
        lines.append(
            f"{name:>11}{cost.statements:>13}{cost.cpu * 1000:>9.2f}{cost.bare_cpu * 1000:>13.2f}"
            f"{cost.cpu / cost.bare_cpu:>7.1f}{1 / cost.seconds:>10,.0f}"
        )
    return "\n".join(lines)


@dataclass(frozen=True, slots=True)
class Cost:
    """What one command costs, in seconds: of the clock, of the processor, and of it in a bare transaction."""

    statements: int
    seconds: float
    cpu: float
    bare_cpu: float


def measure_command(make: Callable[[str], Command]) -> Cost:
    """Measure a command and a bare transaction of as many statements, in turns."""
    with tempfile.TemporaryDirectory() as folder:
        desk = Desk.open(furnished(Path(folder)), SystemClock())
        first = make(logged(desk))
        with counted_statements() as statements:
            done(desk, first)
        number, seconds, cpu, bare_cpu = len(statements), [], [], []
        with bare_database(Path(folder) / "bare.db") as bare:
            for _ in range(ROUNDS):
                commands = [make(logged(desk)) for _ in range(ROUND)]
                began, began_cpu = time.perf_counter(), time.process_time()
                for command in commands:
                    done(desk, command)
                cpu.append((time.process_time() - began_cpu) / ROUND)
                seconds.append((time.perf_counter() - began) / ROUND)
                began_cpu = time.process_time()
                for _ in range(ROUND):
                    commit_bare(bare, number)
                bare_cpu.append((time.process_time() - began_cpu) / ROUND)
        desk.close()
    return Cost(number, median(seconds), median(cpu), median(bare_cpu))


@contextmanager
def counted_statements() -> Iterator[list[str]]:
    """Collect the statements that desks execute in the block."""
    statements: list[str] = []

    def add(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        statements.append(statement)

    event.listen(Engine, "before_cursor_execute", add)
    try:
        yield statements
    finally:
        event.remove(Engine, "before_cursor_execute", add)


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
    with tempfile.TemporaryDirectory() as folder, bare_database(Path(folder) / "bare.db") as bare:
        began = time.perf_counter()
        for _ in range(BARE_COMMITS):
            commit_bare(bare, 1)
        return BARE_COMMITS / (time.perf_counter() - began)


@contextmanager
def bare_database(path: Path) -> Iterator[sqlite3.Connection]:
    """Open a new database with one table, set up as a desk's file is."""
    path.touch()
    connection = database_file.connect(path, busy_timeout=1)
    try:
        database_file.prepare(connection)
        connection.execute("CREATE TABLE bare (number INTEGER PRIMARY KEY, text TEXT)")
        yield connection
    finally:
        connection.close()


def commit_bare(connection: sqlite3.Connection, statements: int) -> None:
    """Commit a transaction of this many statements: an insertion, and for the rest readings of one row."""
    connection.execute("BEGIN IMMEDIATE")
    connection.execute("INSERT INTO bare (text) VALUES (?)", ("x" * 400,))
    for _ in range(statements - 1):
        connection.execute("SELECT text FROM bare WHERE number = ?", (1,)).fetchone()
    connection.execute("COMMIT")


if __name__ == "__main__":
    print(report())
