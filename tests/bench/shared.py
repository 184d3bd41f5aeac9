"""One desk shared by 1, 10 and 50 consoles, in a SQLite file and on a PostgreSQL server, in one run.

Commands a second at full speed, on PostgreSQL beside bare transactions of as many statements that meet in one row; how
long a claim takes where everybody gives one command a second; and how soon other consoles see a change. The server of
this bench is durable (fsync).
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from statistics import quantiles

from supportdesk.clock import SystemClock
from supportdesk.desk import Desk
from supportdesk.desk_api import Applied, Executor
from supportdesk.tickets.process.conversation import Note
from supportdesk.tickets.process.triage import Log
from tests import databases
from tests.bench.writing import RUNS, counted_statements, measure
from tests.postgres import database_in
from tests.store.desks import REQUEST, done, furnished, logged, running_server

CONSOLES = (1, 10, 50)
SECONDS = 20
"""For how long everybody gives one command a second."""
CHANGES = 30
RATE_GOAL, CLAIM_GOAL = 0.6, 50.0
"""The least ratio to bare transactions of 50 writers on PostgreSQL; the longest p99 of a claim of 50 people, in ms."""
SEEN_GOALS = {databases.SQLITE: 250.0, databases.POSTGRES: 100.0}
"""The longest p95 until one of ten other consoles has read a change, in milliseconds."""

Process = subprocess.Popen[str]


def report() -> str:
    """Return the figures of both kinds of database, by the number of consoles, with the goals."""
    heading = f"{'':10}{'consoles':>9}{'commands/s':>12}{'bare/s':>9}{'ratio':>7}{'lost':>6}{'late':>6}"
    lines = [f"{heading}{'claim p50':>11}{'p95':>7}{'p99':>7}{'seen p95':>10}"]
    # Before the server is started, which the processes share.
    os.environ["DURABLE_POSTGRES"] = "1"
    for kind in databases.KINDS:
        with databases.use(kind):
            lines += [_line(kind, number) for number in CONSOLES]
    lines.append(
        f"{'goals':10}{'':>9}{'':>12}{'':>9}{f'>{RATE_GOAL}':>7}{0:>6}{0:>6}{'':>18}{CLAIM_GOAL:>7.0f}"
        f"{'/'.join(f'{each:.0f}' for each in SEEN_GOALS.values()):>10}  (ratio and p99 with 50, seen with 10)"
    )
    return "\n".join(lines)


def _line(kind: str, consoles: int) -> str:
    run = measure(consoles, RUNS[consoles])
    rate = run.commands / run.seconds
    bare = bare_rate(consoles, RUNS[consoles]) if kind == databases.POSTGRES else None
    claims = quantiles(claim_times(consoles), n=100)
    seen = quantiles(seen_after(consoles), n=20)[-1]
    beside = (f"{bare:,.0f}", f"{rate / bare:.2f}") if bare else ("", "")
    return (
        f"{kind:10}{consoles:>9}{rate:>12,.0f}{beside[0]:>9}{beside[1]:>7}"
        f"{run.lost:>6}{run.late:>6}{claims[49]:>8.0f} ms{claims[94]:>7.0f}{claims[98]:>7.0f}{seen:>7.0f} ms"
    )


@contextmanager
def _desk() -> Iterator[str]:
    with tempfile.TemporaryDirectory() as folder:
        address = furnished(Path(folder))
        yield address
        if databases.chosen_kind() == databases.POSTGRES:
            running_server().drop_database(database_in(address))


@contextmanager
def _processes(module: str, arguments: Sequence[Sequence[object]]) -> Iterator[list[Process]]:
    """Start one process for each of the arguments, all of them ready, and end them with the block."""
    started = [
        subprocess.Popen(
            [sys.executable, "-m", module, *map(str, each)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        for each in arguments
    ]
    try:
        for process in started:
            assert process.stdout is not None
            assert process.stdout.readline() == "ready\n"
        yield started
    finally:
        for process in started:
            process.kill()
            process.communicate()


def _go(processes: Sequence[Process]) -> list[str]:
    """Let the processes begin, and return all that they say."""
    for process in processes:
        assert process.stdin is not None
        process.stdin.write("go\n")
        process.stdin.flush()
    return [line for process in processes if process.stdout is not None for line in process.stdout]


def bare_rate(processes: int, count: int) -> float:
    """Return the bare transactions a second of so many processes, with the statements of a note."""
    with _desk() as address:
        desk = Desk.open(address, SystemClock())
        note = Note(logged(desk), "it is the usual thing")
        with counted_statements() as statements:
            done(desk, note)
        desk.close()
        with running_server().connect(database_in(address)) as connection:
            connection.execute("CREATE TABLE bare (number serial PRIMARY KEY, text text)")
            connection.execute("CREATE TABLE bare_head AS SELECT 0 AS number")
        arguments = [(address, len(statements), count)] * processes
        with _processes("tests.bench.bare_writer", arguments) as writers:
            began = time.perf_counter()
            committed = sum(map(int, _go(writers)))
            return committed / (time.perf_counter() - began)


def claim_times(consoles: int) -> list[float]:
    """Return the milliseconds of each claim of so many people who give one command a second."""
    with _desk() as address:
        _fill(address, consoles * SECONDS)
        arguments = [(address, first, consoles, SECONDS) for first in range(consoles)]
        with _processes("tests.bench.claimant", arguments) as people:
            return [float(line) for line in _go(people)]


def seen_after(consoles: int) -> list[float]:
    """Return the milliseconds until each of so many other consoles has read each of some changes."""
    with _desk() as address:
        refs = _fill(address, CHANGES)
        with _processes("tests.bench.observer", [(address, CHANGES)] * consoles) as observers:
            desk = Desk.open(address, SystemClock())
            acknowledged = []
            for ref in refs:
                time.sleep(0.5)
                done(desk, Note(ref, "something changed"))
                acknowledged.append(time.monotonic())
            desk.close()
            said = [
                list(map(float, process.stdout.read().split()))
                for process in observers
                if process.stdout is not None
            ]
        return [
            (seen - known) * 1_000 for each in said for seen, known in zip(each, acknowledged, strict=True)
        ]


def _fill(address: str, number: int) -> list[str]:
    def log(doing: Executor) -> list[str]:
        outcomes = [doing(Log(**REQUEST), by="ann", command_id=f"fill-{each}") for each in range(number)]
        return [outcome.ref or "" for outcome in outcomes if isinstance(outcome, Applied)]

    desk = Desk.open(address, SystemClock())
    refs = desk.transaction(log)
    desk.close()
    assert isinstance(refs, list)
    return refs


if __name__ == "__main__":
    print(report())
