"""Large desks for benches, made by the demo's commands and kept in the user's cache.

One desk grows, by some thousand tickets in each transaction, and is copied at each size. Making all takes some ten
minutes of the processor's time, once; what was interrupted goes on where it stopped. `python -m
tests.bench.large_desks` makes them.

While it grows, nothing waits for the disk: a machine that loses its power may leave a broken desk, to be deleted. A
program that ends does not.
"""

from __future__ import annotations

import gc
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from unittest.mock import patch

import platformdirs

from supportdesk.clock import FixedClock
from supportdesk.demo.business_time import RelativeCalendar
from supportdesk.demo.fill import fill_demo_desk
from supportdesk.demo.history import OFFICE
from supportdesk.demo.records import build_demo_records
from supportdesk.demo.script import DemoContext, ScriptStep
from supportdesk.demo.scripts import merge_steps, write_scripts
from supportdesk.demo.stories import load_stories
from supportdesk.demo.watch import DemoWatch
from supportdesk.desk import Desk
from supportdesk.desk_api import Applied, Outcome, Transaction
from supportdesk.store import processed_commands, schema
from supportdesk.store.database import open_database
from supportdesk.store.read_models import DueTicket
from supportdesk.store.sqlite import database_file
from supportdesk.tickets.command import Command
from supportdesk.tickets.refusal import Refusal

NOW = datetime(2026, 6, 1, 11, tzinfo=UTC)
"""The present of these desks."""

SIZES = (15, 1_000, 10_000, 100_000)
"""The open tickets of the desks. The first has a thousand events, the last some million."""

OPERATOR, _NAME = "ann", "Ann Lee"
_PART = 3_000
"""Open tickets that one transaction adds."""
_CACHE = 1_000_000
"""Kilobytes of a growing desk that are kept in memory."""


def main() -> None:
    """Make every desk that is missing, and say so."""
    for size in SIZES:
        print(large_desk(size), flush=True)


def large_desk(size: int) -> Path:
    """Return the file of the desk with so many open tickets, made where it is missing. Nobody may write to it."""
    made = find_desk(size)
    if made is not None:
        return made
    folder = _folder()
    folder.mkdir(parents=True, exist_ok=True)
    growing = folder / "growing.db"
    if not growing.exists():
        fill_demo_desk(str(growing), now=NOW, username=OPERATOR, full_name=_NAME, tickets=SIZES[0])
    with _fast_file():
        for part, tickets in _list_parts(size):
            _add_part(growing, part, tickets)
    with closing(open_database(str(growing))) as database:
        unfinished = folder / f"{size}.unfinished"
        unfinished.unlink(missing_ok=True)
        database.back_up(unfinished)
    return unfinished.rename(folder / f"{size}.db")


def find_desk(size: int) -> Path | None:
    """Return the file of the desk with so many open tickets, where it was made."""
    wanted = _folder() / f"{size}.db"
    return wanted if wanted.exists() else None


def _folder() -> Path:
    return platformdirs.user_cache_path("supportdesk-bench") / schema.REVISIONS[-1]


def _list_parts(size: int) -> Iterator[tuple[int, int]]:
    """Yield the number of each part of a desk after the first, and its open tickets."""
    total, part = SIZES[0], 0
    while total < size:
        part += 1
        tickets = min(_PART, next(each for each in SIZES if each > total) - total)
        yield part, tickets
        total += tickets


@contextmanager
def _fast_file() -> Iterator[None]:
    """Let connections keep the pages that they change in memory, and wait for no disk."""
    connect = database_file.connect

    def connect_fast(path: Path, busy_timeout: float) -> sqlite3.Connection:
        connection = connect(path, busy_timeout)
        connection.execute("PRAGMA synchronous = OFF")
        connection.execute(f"PRAGMA cache_size = -{_CACHE}")
        return connection

    with patch.object(database_file, "connect", connect_fast):
        yield


def _add_part(path: Path, part: int, tickets: int) -> None:
    """Let so many more tickets be worked on over the demo's weeks, in one transaction, unless it was done before."""
    clock = FixedClock(NOW)
    with closing(open_database(str(path))) as database:
        if database.read(lambda found: processed_commands.find_processed(found, f"part {part}-1")):
            return
    with closing(Desk.open(str(path), clock)) as desk:
        desk.date_is_confirmed = True
        policy = desk.policy_at(NOW)
        records = build_demo_records(OPERATOR, _NAME, RelativeCalendar(policy.calendar(OFFICE), NOW))
        context = DemoContext(records, load_stories(), policy, NOW, desk.roster().staff)
        steps = merge_steps(write_scripts(context, part, tickets))
        steps.sort(key=lambda step: step.at)
        # They live to the end: nobody need look for garbage among them.
        gc.collect()
        gc.freeze()
        outcome = desk.transaction(lambda execute: _run(_Part(execute, part), clock, steps))
        assert not isinstance(outcome, Refusal), outcome


class _Part(Transaction):
    """Gives the commands of a part ids of their own."""

    def __init__(self, execute: Transaction, part: int) -> None:
        self._execute = execute
        self._part = part
        self._commands = 0

    def __call__(self, command: Command, *, by: str, command_id: str, begun: int | None = None) -> Outcome:
        self._commands += 1
        return self._execute(command, by=by, command_id=f"part {self._part}-{self._commands}", begun=begun)

    def find_due(self, at: datetime) -> DueTicket | None:
        return self._execute.find_due(at)

    def list_paged(self, ref: str) -> tuple[str, ...]:
        return self._execute.list_paged(ref)


def _run(execute: Transaction, clock: FixedClock, steps: list[ScriptStep]) -> None:
    refs: dict[int, str] = {}
    watch = DemoWatch(execute, clock)
    for step in steps:
        watch.until(step.at)
        clock.set(step.at)
        outcome = execute(step.command(refs), by=step.by, command_id="")
        # Some are refused: the releases of the demo have shipped at the end of the first part.
        if step.logs is not None:
            assert isinstance(outcome, Applied), outcome
            assert outcome.ref is not None
            refs[step.logs] = outcome.ref
            watch.log(outcome.ref, is_silent=step.is_silent, is_late=step.is_late)
    watch.until(NOW)
    clock.set(NOW)


if __name__ == "__main__":
    main()
