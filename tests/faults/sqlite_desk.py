"""A desk in a SQLite file that breaks for real."""

from __future__ import annotations

import contextlib
import shutil
import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import cache
from pathlib import Path

from tests.faults.database import BreakableDatabase, Fault, FaultList
from tests.faults.desk import copy_desk
from tests.faults.program import NO_LIMITS, Limits, run

FAULTS = FaultList["SqliteDesk"]()
DISK = 8 << 20
"""The size, in bytes, of the disk for a desk of which the disk breaks."""


class SqliteDesk(BreakableDatabase):
    """A desk in a file in a folder of its own."""

    kind = "SQLite"

    def __init__(self, folder: Path, fault: Fault) -> None:
        self.folder = folder
        self.path = copy_desk(folder)
        self.address = str(self.path)
        self._backup = Path(shutil.copy(self.path, folder / "backup.db"))
        self.limits = Limits(is_bound=fault.is_bound)
        self._fault = fault
        self._broken = contextlib.ExitStack()

    @classmethod
    def list_faults(cls) -> Sequence[Fault]:
        """Return the faults; those of a disk only where one can be mounted."""
        from tests.faults import sqlite_causes, sqlite_damage  # noqa: F401 - they register what they cause

        return [fault for fault in FAULTS.causes if not fault.needs_disk or can_mount()]

    @classmethod
    def can_cause_all(cls) -> bool:
        """Return whether a disk can be mounted."""
        return can_mount()

    @classmethod
    @contextmanager
    def started(cls, folder: Path, fault: Fault) -> Iterator[SqliteDesk]:
        """Start a desk in a folder of its own."""
        with mounted(folder) if fault.needs_disk else contextlib.nullcontext():
            desk = cls(folder, fault)
            try:
                yield desk
            finally:
                desk.mend()

    def cause(self) -> None:
        """Cause the fault. It lasts until `mend`."""
        self._broken.enter_context(FAULTS.causes[self._fault](self))
        if self._fault.has_full_quota:
            self.limits = Limits(file_size=self.path.stat().st_size)

    def mend(self) -> None:
        """Do what the remedy says."""
        self._broken.close()
        if self._fault.has_full_quota:
            self.limits = NO_LIMITS

    def anonymise(self, text: str) -> str:
        """Return a sentence without the name of the folder."""
        return text.replace(f"{self.folder}/", "").replace(str(self.folder), "FOLDER")

    def restore(self) -> None:
        """Restore the backup, as the messages say."""
        answer = run("--db", self.address, "restore", str(self._backup), "--yes", limits=self.limits)
        assert answer.code == 0, answer

    def beside(self, suffix: str) -> Path:
        """Return the path of a file whose name begins with that of the desk."""
        return self.path.with_name(f"{self.path.name}{suffix}")


@contextmanager
def mounted(folder: Path, size: int = DISK) -> Iterator[None]:
    """Have a disk of some bytes in a folder, which is in memory."""
    command = ["mount", "-t", "tmpfs", "-o", f"size={size}", "supportdesk", str(folder)]
    subprocess.run(command, check=True, stderr=subprocess.DEVNULL)
    try:
        yield
    finally:
        subprocess.run(["umount", "--lazy", str(folder)], check=True)


@cache
def can_mount() -> bool:
    """Return whether this user may mount a disk."""
    with tempfile.TemporaryDirectory() as folder:
        try:
            with mounted(Path(folder)):
                return True
        except (OSError, subprocess.CalledProcessError):
            return False
