"""What can happen around a desk's file: others hold it, the disk is full, it is moved or replaced, or read-only."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from tests.faults.sqlite_desk import FAULTS, SqliteDesk
from tests.store.desks import furnished
from tests.store.killed import journal_of, kill_a_writer

HOLD = """
import sqlite3, sys, time
desk = sqlite3.connect(sys.argv[1], isolation_level=None)
desk.execute("BEGIN EXCLUSIVE")
print("locked", flush=True)
sys.stdin.read(1)
time.sleep(float(sys.argv[2]))
"""


@contextmanager
def held(path: Path, seconds: float = 0) -> Iterator[subprocess.Popen[str]]:
    """Let another process hold a file exclusively until it reads a letter, and for so many seconds afterwards."""
    command = [sys.executable, "-c", HOLD, str(path), str(seconds)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as holder:
        try:
            assert holder.stdout is not None
            assert holder.stdout.readline() == "locked\n"
            yield holder
        finally:
            holder.kill()


@FAULTS.fault("another program locks it for one second", "nothing: it waits")
def lock_shortly(desk: SqliteDesk) -> Iterator[None]:
    with held(desk.path, 1) as holder:
        assert holder.stdin is not None
        holder.stdin.write("!")
        holder.stdin.flush()
        yield


@FAULTS.fault("another program locks it for 30 seconds", "the other program ends", is_long=True)
def lock_long(desk: SqliteDesk) -> Iterator[None]:
    with held(desk.path):
        began = time.monotonic()
        yield
        # What a command and the watcher say takes them 20 s each, beside each other.
        time.sleep(max(0.0, 30 - (time.monotonic() - began)))


@FAULTS.fault("the disk is full", "make room", needs_disk=True)
def fill_disk(desk: SqliteDesk) -> Iterator[None]:
    filler = desk.folder / "filler"
    with filler.open("wb", buffering=0) as file:
        try:
            while True:
                file.write(bytes(4096))
        except OSError:
            pass
    yield
    filler.unlink()


@FAULTS.fault("no file may grow (quota, ulimit)", "raise the limit", has_full_quota=True)
def reach_quota(desk: SqliteDesk) -> Iterator[None]:
    yield


@FAULTS.fault("the disk is mounted read-only", "mount it for writing", needs_disk=True)
def mount_read_only(desk: SqliteDesk) -> Iterator[None]:
    # A second time over itself: a disk on which files are open for writing is not made read-only.
    folder = str(desk.folder)
    subprocess.run(["mount", "--bind", folder, folder], check=True)
    subprocess.run(["mount", "-o", "remount,bind,ro", folder], check=True)
    yield
    subprocess.run(["umount", str(desk.folder)], check=True)


@FAULTS.fault("the file is read-only for you", "get permission", is_bound=True)
def forbid_writing(desk: SqliteDesk) -> Iterator[None]:
    desk.path.chmod(0o444)
    yield
    desk.path.chmod(0o600)


@FAULTS.fault("its folder is read-only for you", "get permission", is_bound=True, is_long=True)
def forbid_files(desk: SqliteDesk) -> Iterator[None]:
    desk.beside("-journal").unlink(missing_ok=True)
    desk.folder.chmod(0o555)
    yield
    desk.folder.chmod(0o755)


@FAULTS.fault("you may not read the file", "get permission", is_bound=True, is_long=True)
def forbid_reading(desk: SqliteDesk) -> Iterator[None]:
    desk.path.chmod(0)
    yield
    desk.path.chmod(0o600)


@contextmanager
def taken_away(desk: SqliteDesk) -> Iterator[None]:
    """Take the file away, and put it back in the place of whatever is there."""
    away = desk.path.rename(desk.folder / "away.db")
    yield
    if desk.path.is_dir() and not desk.path.is_symlink():
        desk.path.rmdir()
    away.replace(desk.path)


@FAULTS.fault("the file is gone", "put it back")
def take_away(desk: SqliteDesk) -> Iterator[None]:
    with taken_away(desk):
        yield


@FAULTS.fault("its folder is gone", "put it back", is_long=True)
def take_folder_away(desk: SqliteDesk) -> Iterator[None]:
    away = desk.folder.with_name(f"{desk.folder.name} away")
    desk.folder.rename(away)
    yield
    away.rename(desk.folder)


@FAULTS.fault("a text file is in its place", "put it back")
def replace_by_text(desk: SqliteDesk) -> Iterator[None]:
    with taken_away(desk):
        desk.path.write_text("Dear Sir or Madam\n" * 20)
        yield


@FAULTS.fault("an empty file is in its place", "put it back", is_long=True)
def replace_by_nothing(desk: SqliteDesk) -> Iterator[None]:
    with taken_away(desk):
        desk.path.touch()
        yield


@FAULTS.fault("another program's database is in its place", "put it back", is_long=True)
def replace_by_database(desk: SqliteDesk) -> Iterator[None]:
    with taken_away(desk):
        with closing(sqlite3.connect(desk.path)) as other:
            other.execute("CREATE TABLE recipes (name TEXT)")
        yield


@FAULTS.fault("a folder is in its place", "put it back", is_long=True)
def replace_by_folder(desk: SqliteDesk) -> Iterator[None]:
    with taken_away(desk):
        desk.path.mkdir()
        yield


@FAULTS.fault("a pipe is in its place", "put it back")
def replace_by_pipe(desk: SqliteDesk) -> Iterator[None]:
    with taken_away(desk):
        os.mkfifo(desk.path)
        yield


@FAULTS.fault("a link to itself is in its place", "put it back", is_long=True)
def replace_by_loop(desk: SqliteDesk) -> Iterator[None]:
    with taken_away(desk):
        desk.path.symlink_to(desk.path)
        yield


@FAULTS.fault("another desk is in its place", "put it back", is_long=True)
def replace_by_desk(desk: SqliteDesk) -> Iterator[None]:
    with taken_away(desk):
        other = desk.folder / "other"
        other.mkdir()
        Path(furnished(other)).replace(desk.path)
        yield


@FAULTS.fault("the journal of another file is beside it", "`supportdesk restore BACKUP`", is_closed=True)
def put_foreign_journal(desk: SqliteDesk) -> Iterator[None]:
    other = desk.folder / "other"
    other.mkdir()
    path = Path(furnished(other))
    kill_a_writer(path)
    journal_of(path).replace(desk.beside("-journal"))
    yield
    desk.restore()


@FAULTS.fault(
    "a writer was killed in the middle of a change", "nothing: the change is rolled back", is_long=True
)
def kill_writer(desk: SqliteDesk) -> Iterator[None]:
    kill_a_writer(desk.path)
    yield


@FAULTS.fault("a pipe is in the place of its journal", "move it away", is_closed=True, is_long=True)
def put_pipe_beside(desk: SqliteDesk) -> Iterator[None]:
    journal = desk.beside("-journal")
    journal.unlink(missing_ok=True)
    os.mkfifo(journal)
    yield
    journal.unlink()


@FAULTS.fault("a folder is in the place of its journal", "move it away", is_long=True)
def put_folder_beside(desk: SqliteDesk) -> Iterator[None]:
    journal = desk.beside("-journal")
    journal.unlink(missing_ok=True)
    journal.mkdir()
    yield
    journal.rmdir()


@FAULTS.fault("a folder is in the place of the watcher's heartbeat", "move it away", is_long=True)
def put_folder_for_heartbeat(desk: SqliteDesk) -> Iterator[None]:
    heartbeat = desk.beside(".watcher")
    heartbeat.unlink(missing_ok=True)
    heartbeat.mkdir()
    yield
    heartbeat.rmdir()


@contextmanager
def at_revision(desk: SqliteDesk, revision: str) -> Iterator[None]:
    """Have the schema claim another revision."""

    def claim(number: str) -> str:
        with closing(sqlite3.connect(desk.path)) as file, file:
            [(before,)] = file.execute("SELECT version_num FROM alembic_version")
            file.execute("UPDATE alembic_version SET version_num = ?", (number,))
        return str(before)

    before = claim(revision)
    yield
    claim(before)


@FAULTS.fault("a newer supportdesk upgrades it", "install the newest version")
def upgrade(desk: SqliteDesk) -> Iterator[None]:
    with at_revision(desk, "9999"):
        yield
