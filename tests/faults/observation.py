"""Causes a fault under a command, `verify` and a watcher, mends it, and returns what each of them said."""

from __future__ import annotations

from pathlib import Path

import msgspec

from tests.cli.prompt import Answer
from tests.faults.database import BreakableDatabase, Fault
from tests.faults.desk import BEFORE, note, read_notes
from tests.faults.program import program, run
from tests.faults.watcher import IS_WELL, WatcherProcess, watcher_process

NOTHING, SAME = "–", "the same"
DURING, AFTER = "during the fault", "after the fault"


class Observation(msgspec.Struct, frozen=True):
    """What a command that writes, `verify` and a watcher said of a fault; `NOTHING`, or the `SAME` as the command."""

    command: str
    verify: str
    watcher: str


def observe(kind: type[BreakableDatabase], fault: Fault, folder: Path) -> Observation:
    """Cause a fault, mend it, and return what was said meanwhile.

    Raises AssertionError where a command that was acknowledged is lost, one that was refused is carried out, or where
    the watcher or the next command does not go on by itself once the remedy was applied.
    """
    with (
        kind.started(folder, fault) as database,
        watcher_process(database.address, is_bound=fault.is_bound) as watcher,
    ):
        if not fault.is_closed:
            assert watcher.look()[0] == IS_WELL[0]
        database.cause()
        watcher.begin()
        with program("--db", database.address, *note(DURING, is_long=True), limits=database.limits) as writer:
            written = writer.wait()
        said = [*watcher.end(), *watcher.look()]
        verified = run("--db", database.address, "verify", limits=database.limits)
        database.mend()
        _check_watcher(watcher, said)
        _check_desk(database, written, is_restored="BACKUP" in fault.remedy)
        command, checked, complaint = (
            _sentence(database, written),
            _sentence(database, verified),
            _complaint(database, said),
        )
        return Observation(
            command,
            SAME if checked == command != NOTHING else checked,
            SAME if complaint == command != NOTHING else complaint,
        )


def _complaint(database: BreakableDatabase, said: list[str]) -> str:
    """Return what a watcher said last of the desk, or else of its heartbeat."""
    complaints = [each for each in said if not each.endswith(IS_WELL)]
    of_desk = [each for each in complaints if "heartbeat" not in each]
    return database.anonymise([NOTHING, *complaints, *of_desk][-1])


def _check_watcher(watcher: WatcherProcess, said: list[str]) -> None:
    """Check that the watcher watches again, although nobody started it again."""
    now = [*said, *watcher.look(), *watcher.look()]
    assert not now or now[-1].endswith(IS_WELL), now


def _check_desk(database: BreakableDatabase, written: Answer, *, is_restored: bool) -> None:
    """Check that the next command is carried out, that what was acknowledged is there once, and nothing else."""
    answer = run("--db", database.address, *note(AFTER), limits=database.limits)
    assert answer.code == 0, answer
    # What was written to a damaged file after the last backup is in what the backup replaced.
    during = [DURING] if written.code == 0 and not is_restored else []
    assert read_notes(database.address) == [BEFORE, *during, AFTER]


def _sentence(database: BreakableDatabase, answer: Answer) -> str:
    """Return what an answer says of the fault, after a check that its exit code agrees."""
    assert bool(answer.code) == bool(answer.err), answer
    lines = answer.err.splitlines()
    return database.anonymise(lines[-1].removeprefix("Error: ")) if lines else NOTHING
