"""What verifying takes per event, beside a bare loop that reads each row and makes one SHA-256 of it.

The desk is one of the demo's. Time is the processor's, so that other programs do not count; of several runs the best
one is given.
"""

from __future__ import annotations

import hashlib
import sqlite3
import tempfile
import time
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

from supportdesk.demo.fill import fill_demo_desk
from supportdesk.store.backend import Database
from supportdesk.store.database import open_database
from supportdesk.store.findings import Findings
from supportdesk.store.verification.chain import Chain
from supportdesk.store.verification.verify import verify

TICKETS = 60
"""Open tickets; the demo has some 3,900 events then."""

RUNS = 7
RECENT = 100
"""Events of a day."""


def report() -> str:
    """Return the microseconds per event, and how many times as long as the bare loop each takes."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "desk.db"
        fill_demo_desk(str(path), now=datetime.now(UTC), username="ann", full_name="Ann Lee", tickets=TICKETS)
        with closing(open_database(str(path))) as database:
            found = verify(database)  # Also imports what it needs.
            assert found.is_intact
            taken = {
                "a bare loop": measure(lambda: hash_rows(path)),
                "the chain": measure(lambda: walk_chain(database)),
                "everything": measure(lambda: verify(database)),
                f"since the last {RECENT} events": measure(
                    lambda: verify(database, since=found.events - RECENT)
                ),
            }
    bare = taken["a bare loop"]
    lines = [f"{found.events:,} events, {found.tickets} tickets", f"{'':<28}{'us an event':>12}{'times':>8}"]
    for name, seconds in taken.items():
        lines.append(f"{name:<28}{seconds / found.events * 1e6:>12.1f}{seconds / bare:>8.1f}")
    return "\n".join(lines)


def measure(work: Callable[[], object]) -> float:
    """Return the processor's time of the best run, in seconds."""

    def run() -> float:
        began = time.process_time()
        work()
        return time.process_time() - began

    return min(run() for _ in range(RUNS))


def hash_rows(path: Path) -> None:
    with closing(sqlite3.connect(path)) as connection:
        for row in connection.execute("SELECT * FROM ledger ORDER BY seq"):
            hashlib.sha256(repr(row).encode()).hexdigest()


def walk_chain(database: Database) -> None:
    with closing(database.reader()) as reader:
        Chain(Findings()).walk(reader)
