"""The machine's clock is wrong: processes that see another time say what docs/faults.md says, and nothing is lost."""

from __future__ import annotations

import os
import subprocess
import sys
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest

from supportdesk.clock import FixedClock
from supportdesk.desk import Desk
from supportdesk.heartbeat import WATCHING
from supportdesk.tickets.process.conversation import Note
from tests.cli.prompt import Answer
from tests.faults.desk import BEFORE, REF, note, read_notes
from tests.faults.observation import NOTHING
from tests.faults.table import read_cells
from tests.store.desks import done, furnished, logged
from tests.tickets.scenario import MONDAY_NINE
from tests.watcher.test_moved_clock import LIBRARY

MOVED = {
    "two hours slow": "2026-11-23 07:00:00",
    "four months slow": "2026-07-23 09:00:00",
    "a year fast": "2027-11-23 09:00:00",
    "beyond 2038": "2040-03-01 09:00:00",
    "beyond 2100": "2106-03-01 09:00:00",
    "at its beginning": "1970-01-02 09:00:00",
}
"""What the clock shows, in UTC, where it is 23 November 2026; by the fault's name in the document."""
IN_SUITE = "a year fast"
CASES = [pytest.param(name, marks=() if name == IN_SUITE else pytest.mark.long) for name in MOVED]


@pytest.fixture
def address(tmp_path: Path, database_kind: str) -> str:
    """A desk with one ticket that has a note, on 23 November 2026 at nine o'clock."""
    if LIBRARY is None:
        pytest.skip("libfaketime is missing: apt-get install faketime")
    path = furnished(tmp_path)
    with closing(Desk.open(path, FixedClock(MONDAY_NINE - timedelta(minutes=1)))) as desk:
        assert logged(desk, severity="low", channel="email") == REF
        done(desk, Note(REF, BEFORE))
    return path


def run_at(moment: str, *arguments: str) -> Answer:
    """Run the program where the machine's clock shows `moment`, in UTC."""
    faked = {"LD_PRELOAD": str(LIBRARY), "FAKETIME": moment, "DONT_FAKE_MONOTONIC": "1", "TZ": "UTC"}
    command = [sys.executable, "-m", "supportdesk", *arguments]
    ran = subprocess.run(command, env={**os.environ, **faked}, check=False, text=True, capture_output=True)
    return Answer(ran.stdout, ran.stderr, ran.returncode)


@pytest.mark.parametrize("name", CASES)
def test_a_wrong_clock_is_told_as_the_document_says_and_loses_nothing(address: str, name: str) -> None:
    written = run_at(MOVED[name], "--db", address, *note("at a wrong time"))
    watched = run_at(MOVED[name], "--db", address, "watch", "--once")
    assert written.code in (0, 2)
    complaints = [line.partition("Z  ")[2] for line in watched.err.splitlines()]
    seen = [
        written.err.removeprefix("Error: ").strip() or NOTHING,
        next((line for line in complaints if line != WATCHING), NOTHING),
    ]
    with closing(Desk.open(address, FixedClock(MONDAY_NINE + timedelta(hours=1)))) as desk:
        done(desk, Note(REF, "at the right time"))
    wrong = ["at a wrong time"] if written.code == 0 else []
    assert read_notes(address) == [BEFORE, *wrong, "at the right time"]
    assert seen == next(cells[1:] for cells in read_cells("The clock") if cells[0] == name)


def test_the_document_has_a_row_for_each_wrong_clock() -> None:
    assert [cells[0] for cells in read_cells("The clock")] == list(MOVED)
