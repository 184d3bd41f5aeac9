"""How soon a console shows that its desk is away, and how soon after the mending it is back by itself.

A desk is away for so long that the console tries it again at its slowest. The goal is five seconds from the database's
recovery to the console's. Another database joins by its `BreakableDatabase` in `KINDS`.
"""

from __future__ import annotations

import os
import sys
import tempfile
from pathlib import Path
from unittest.mock import patch

from tests.bench.pty import Program
from tests.faults.database import BreakableDatabase, Fault
from tests.faults.desk import REF
from tests.faults.postgres_desk import PostgresDesk
from tests.faults.sqlite_desk import SqliteDesk

KINDS: list[tuple[type[BreakableDatabase], tuple[str, ...]]] = [
    (
        SqliteDesk,
        ("the file is gone", "another desk is in its place", "another program locks it for 30 seconds"),
    ),
    (
        PostgresDesk,
        (
            "the server is stopped",
            "its machine fails (kill -9 of the server)",
            "nothing comes through its port",
        ),
    ),
]
"""The kinds of database, and the faults of each by which a console loses it."""

AWAY_FOR = 6.0
"""Seconds for which the desk is away after the console has said so."""
TRIES = 3
GOAL = 5.0
TREE = Path(__file__).resolve().parents[2]


def report() -> str:
    """Return a line per fault: seconds until it is shown, and until the console is back, p50 and longest."""
    lines = [f"{'database':<12}{'fault':<44}{'shown after':>16}{'back after':>16}"]
    for kind, names in KINDS:
        for fault in (each for each in kind.list_faults() if each.name in names):
            times = [measure(kind, fault) for _ in range(TRIES)]
            columns = [sorted(column) for column in zip(*times, strict=True)]
            shown = "".join(f"{each[TRIES // 2]:>7.2f}/{each[-1]:.2f} s".rjust(16) for each in columns)
            missed = "" if columns[-1][-1] <= GOAL else f"   more than {GOAL:.0f} s"
            lines.append(f"{kind.kind:<12}{fault.name:<44}{shown}{missed}")
    return "\n".join(lines)


def measure(kind: type[BreakableDatabase], fault: Fault) -> tuple[float, float]:
    """Return the seconds from the fault until it is shown, and from its mending until the console is back."""
    with tempfile.TemporaryDirectory() as home:
        folder = Path(home) / "desk"
        folder.mkdir()
        with kind.started(folder, fault) as database:
            own = {"HOME": home, "XDG_STATE_HOME": home, "XDG_CONFIG_HOME": home}
            with patch.dict(os.environ, own):
                console = Program(
                    [sys.executable, "-m", "supportdesk", "--db", database.address, "--as", "ann"], TREE
                )
            try:
                console.until(REF.encode())
                console.quiet(2.0)
                began = console.now
                database.cause()
                shown = console.until(b"stale since") - began
                console.quiet(AWAY_FOR)
                database.mend()
                mended = console.now
                back = console.until(b"The desk is back.") - mended
            finally:
                console.stop()
    return shown, back


if __name__ == "__main__":
    print(report())
