"""The journals beside a desk's file: whether SQLite would roll one into it, and whether it belongs to it.

SQLite rolls a journal that a killed writer left under NAME-journal (or NAME-wal) into whatever file has the NAME. That
is right for the file in which the writer was stopped, and destroys any other. Neither file names the other, so this is
determined on a copy:

- After the roll-back the file is an intact desk.
- Its change counter is that of the file, or one less: one transaction was under way.
- If the file is an intact desk as it is, one of the two ledgers contains the end of the other.

A backup, a new desk or an earlier state beside the journal fails one of these. They cannot reject a file with exactly
the pages with which the transaction began; a roll-back does not change it. For a write-ahead log, which counts no
changes, `verify` decides.
"""

from __future__ import annotations

import os
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import BinaryIO, NamedTuple

from supportdesk.files import check_regular, follow_links
from supportdesk.store.errors import RESTORE, DeskUnavailableError
from supportdesk.store.sqlite import file_locks

SUFFIXES = ("-journal", "-wal", "-shm")
"""The suffixes of SQLite's own files beside a database."""

ASIDE = ".aside-"
"""Precedes the time in the name of a file that `restore` moved aside."""

_PATIENCE = 20.0
"""Seconds to wait for an active writer."""

_COUNTER_AT = 24
_GENESIS = "0" * 64


class LedgerPosition(NamedTuple):
    """The position of an intact desk: its file's change counter, and the number and hash of its last event."""

    counter: int
    seq: int
    hash: str


def real_path(path: Path) -> Path:
    """Return the file to which a name leads, following links as SQLite does. Raises DeskUnavailableError for a loop."""
    try:
        return follow_links(path)
    except OSError as error:
        raise DeskUnavailableError(
            f"{path} cannot be opened, because it is a link that leads back to itself: remove the link, or choose"
            " another with --db"
        ) from error


def companion_files(path: Path) -> list[Path]:
    """Return SQLite's own files beside a database, or beside the place for one."""
    real = real_path(path)
    return [each for suffix in SUFFIXES if (each := Path(f"{real}{suffix}")).exists()]


def hot_journals(path: Path) -> list[Path]:
    """Return the journals that SQLite would roll into the file, by SQLite's own criteria."""
    return [each for each in companion_files(path) if _waits(each)]


def _waits(journal: Path) -> bool:
    try:
        # Reading a pipe would block, in SQLite as well.
        check_regular(journal.stat().st_mode, journal)
        if journal.name.endswith("-journal"):
            with journal.open("rb") as file:
                return file.read(1) not in {b"", b"\x00"}
        return journal.name.endswith("-wal") and journal.stat().st_size > 0
    except FileNotFoundError:
        return False
    except OSError as error:
        raise DeskUnavailableError(
            f"{journal} cannot be read ({error.strerror}), and may be a part of the desk beside it: move it away if it"
            " is not"
        ) from error


def refuse_leftovers(path: Path) -> None:
    """Raise DeskUnavailableError where a new file would be destroyed by a journal that is there.

    If the file exists by now, the journal is its own, and the file is not overwritten.
    """
    for journal in hot_journals(path):
        if path.exists():
            return
        raise DeskUnavailableError(
            f"{path} was not created, because {journal} is the journal of an earlier file: to bring that desk back,"
            f" {RESTORE}; otherwise move {journal.name} away"
        )


def check_journals(path: Path) -> None:
    """Raise DeskUnavailableError where a journal beside a file would be rolled into it and is not its own.

    It waits for an active writer. What a killed `restore` left beside the new file is removed.
    """
    if not hot_journals(path):
        return
    real = real_path(path)
    try:
        with file_locks.exclusive(real, 0 if Path(f"{real}-wal").exists() else _PATIENCE) as file:
            if file is None:
                return
            finish_restore(real)
            left = hot_journals(real)
            fault = _fault(real, file, left) if left else None
            if fault is not None:
                raise DeskUnavailableError(f"{path} {fault}: {RESTORE}, which moves both files aside")
    except OSError as error:
        raise DeskUnavailableError(
            f"{path} was left in the middle of a change, which you cannot repair ({error.strerror}): ask its"
            " owner to open it"
        ) from error


def finish_restore(real: Path) -> None:
    """Remove the journals that a killed `restore` had moved aside with their file, but not yet removed beside the new
    one.
    """
    for journal in companion_files(real):
        suffix = journal.name.removeprefix(real.name)
        for other in real.parent.glob(f"{_escaped(real.name)}{ASIDE}*{suffix}"):
            its_file = other.with_name(other.name.removesuffix(suffix))
            if other.samefile(journal) and its_file.exists() and not its_file.samefile(real):
                journal.unlink()
                break


def list_aside(path: Path) -> list[Path]:
    """Return the files that `restore` moved aside from a name, without their journals."""
    real = real_path(path)
    found = real.parent.glob(f"{_escaped(real.name)}{ASIDE}*")
    return sorted(each for each in found if not each.name.endswith(SUFFIXES))


def list_copies(path: Path) -> list[Path]:
    """Return the files that `restore` moved aside, and those that were copied before an upgrade."""
    real = real_path(path)
    before = real.parent.glob(f"{_escaped(real.name)}.before-*")
    return [*list_aside(path), *sorted(each for each in before if not each.name.endswith(SUFFIXES))]


def _escaped(name: str) -> str:
    """Return a name in which no character is a wildcard."""
    return "".join(f"[{each}]" if each in "*?[" else each for each in name)


def _fault(real: Path, file: BinaryIO, journals: list[Path]) -> str | None:
    """Return why journals must not be rolled into the file beside them, determined on a copy; None where they may."""
    untouched, rolled_back = temporary_name(real), temporary_name(real)
    try:
        for target in (untouched, rolled_back):
            file.seek(0)
            copy(file, target)
        for journal in journals:
            with journal.open("rb") as source:
                copy(source, Path(f"{rolled_back}{journal.name.removeprefix(real.name)}"))
        with (
            closing(open_raw(untouched, "mode=ro&immutable=1")) as before,
            closing(open_raw(rolled_back, "mode=rw")) as after,
        ):
            found, made = read_position(before), read_position(after)
            if found is made is None:
                return f"is damaged, with and without what is in {journals[0].name}"
            counts = journals[0].name.endswith("-journal")
            if made is not None and (not counts or _counter(before) - made.counter in {0, 1}):
                earlier, ledger = (made, before) if counts else (found, after)
                if found is None or (earlier is not None and contains(ledger, earlier)):
                    return None
            return f"was not opened, because {journals[0].name} beside it is the journal of another file"
    finally:
        for target in (untouched, rolled_back):
            for suffix in ("", *SUFFIXES):
                Path(f"{target}{suffix}").unlink(missing_ok=True)


def read_position(desk: sqlite3.Connection) -> LedgerPosition | None:
    """Return the position of an intact desk of any schema; None for any other file."""
    try:
        if desk.execute("PRAGMA integrity_check(1)").fetchone() != ("ok",):
            return None
        [(seq, digest)] = desk.execute("SELECT seq, hash FROM head").fetchall()
        end = LedgerPosition(_counter(desk), seq, digest)
        return end if contains(desk, end) else None
    except (sqlite3.Error, ValueError, OSError):
        return None


def contains(desk: sqlite3.Connection, end: LedgerPosition) -> bool:
    """Return whether a desk's ledger contains the last event of another."""
    if end.seq == 0:
        return end.hash == _GENESIS
    found = desk.execute("SELECT hash FROM ledger WHERE seq = ?", (end.seq,)).fetchone()
    return bool(found == (end.hash,))


def _counter(desk: sqlite3.Connection) -> int:
    """Return the file's change counter, which SQLite does not report."""
    (_, _, name) = desk.execute("PRAGMA database_list").fetchone()
    with Path(name).open("rb") as file:
        file.seek(_COUNTER_AT)
        return int.from_bytes(file.read(4), "big")


def open_raw(path: Path, how: str) -> sqlite3.Connection:
    """Open a file as it is; `how` is the query of SQLite's URI."""
    return sqlite3.connect(f"{path.as_uri()}?{how}", uri=True, isolation_level=None)


def temporary_name(real: Path) -> Path:
    """Return a temporary name for a file that will be named `real`."""
    return real.with_name(f".{real.name}.{os.urandom(4).hex()}.new")


def copy(source: BinaryIO, path: Path) -> None:
    """Copy the rest of an open file to a new file of mode 0600."""
    import shutil

    with os.fdopen(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "wb") as target:
        shutil.copyfileobj(source, target, 1 << 20)
