"""What verifying takes per event, beside a bare loop that reads each row and makes one SHA-256 of it.

The desk is one of the demo's, in a file and on a server. Time is the processor's, of the program and of the server, so
that other programs do not count; of several runs the best one is given.
"""

from __future__ import annotations

import hashlib
import tempfile
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

from supportdesk.demo.fill import fill_demo_desk
from supportdesk.store.backend import Database
from supportdesk.store.database import open_database
from supportdesk.store.findings import Findings
from supportdesk.store.verification.chain import Chain
from supportdesk.store.verification.verify import verify
from tests import databases
from tests.bench.scale import processor_time

TICKETS = 60
"""Open tickets; the demo has some 3,900 events then."""

RUNS = 7
RECENT = 100
"""Events of a day."""


def report() -> str:
    """Return the microseconds per event, and how many times as long as the bare loop each takes."""
    lines = []
    for kind in databases.KINDS:
        with databases.use(kind):
            lines += [kind, *_measure_kind(), ""]
    return "\n".join(lines)


def _measure_kind() -> Iterator[str]:
    with tempfile.TemporaryDirectory() as folder:
        address = databases.address_at(Path(folder) / "desk.db")
        fill_demo_desk(address, now=datetime.now(UTC), username="ann", full_name="Ann Lee", tickets=TICKETS)
        with closing(open_database(address)) as database:
            found = verify(database)  # Also imports what it needs.
            assert found.is_intact
            taken = {
                "a bare loop": measure(lambda: hash_rows(database)),
                "the chain": measure(lambda: walk_chain(database)),
                "everything": measure(lambda: verify(database)),
                f"since the last {RECENT} events": measure(
                    lambda: verify(database, since=found.events - RECENT)
                ),
            }
    bare = taken["a bare loop"]
    yield f"{found.events:,} events, {found.tickets} tickets"
    yield f"{'':<28}{'us an event':>12}{'times':>8}"
    for name, seconds in taken.items():
        yield f"{name:<28}{seconds / found.events * 1e6:>12.1f}{seconds / bare:>8.1f}"


def measure(work: Callable[[], object]) -> float:
    """Return the processor's time of the best run, in seconds."""

    def run() -> float:
        began = processor_time()
        work()
        return processor_time() - began

    return min(run() for _ in range(RUNS))


def hash_rows(database: Database) -> None:
    with closing(database.reader()) as reader:
        for row in reader.rows("SELECT * FROM ledger ORDER BY seq"):
            hashlib.sha256(repr(row).encode()).hexdigest()


def walk_chain(database: Database) -> None:
    with closing(database.reader()) as reader:
        Chain(Findings()).walk(reader)
