"""The writers of a file take turns in the order in which they came, and none waits for one who is gone."""

import fcntl
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import pytest

from supportdesk.store.sqlite.database import SqliteDatabase
from supportdesk.store.sqlite.write_turns import WriteTurns
from supportdesk.tickets.process.conversation import Note
from tests.patience import LAST_RESORT, wait_for
from tests.store.desks import done, furnished, furnished_desk, logged, open_sqlite, verified

pytestmark = pytest.mark.sqlite

HOLD = """
import sys
from pathlib import Path
from supportdesk.store.sqlite.write_turns import WriteTurns
with WriteTurns(Path(sys.argv[1])).take(1):
    print("mine", flush=True)
    sys.stdin.read()
"""


@pytest.fixture
def database(tmp_path: Path) -> Iterator[SqliteDatabase]:
    database = open_sqlite(furnished(tmp_path))
    # The journal stays from the first commit on.
    database.write(lambda connection: None)
    journal_of(database).touch()
    yield database
    database.close()


def journal_of(database: SqliteDatabase) -> Path:
    """The file whose lock is the turn."""
    return Path(WriteTurns(database.path)._journal)


@contextmanager
def turn_of_another(database: SqliteDatabase) -> Iterator[subprocess.Popen[str]]:
    """Another process has the turn."""
    arguments = [sys.executable, "-c", HOLD, str(database.path)]
    with subprocess.Popen(arguments, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as other:
        assert other.stdout is not None
        assert other.stdout.readline() == "mine\n"
        try:
            yield other
        finally:
            other.kill()


def await_waiting(database: SqliteDatabase, number: int) -> None:
    """Wait until so many wait for their turn, as the system tells it."""
    inode = f":{journal_of(database).stat().st_ino} "

    def list_waiting() -> list[str]:
        locks = Path("/proc/locks").read_text(encoding="ascii").splitlines()
        return [each for each in locks if "->" in each and inode in each]

    wait_for(lambda: len(list_waiting()) == number, lambda: f"{list_waiting()} wait, not {number}")


def test_who_came_first_writes_first(database: SqliteDatabase) -> None:
    turns = WriteTurns(database.path)
    order: list[int] = []

    def write(number: int) -> None:
        with turns.take(LAST_RESORT):
            order.append(number)

    with ThreadPoolExecutor(6) as pool:
        with turn_of_another(database):
            for number in range(6):
                pool.submit(write, number)
                await_waiting(database, number + 1)
        pool.shutdown()
    assert order == list(range(6))


def test_who_has_just_written_waits_for_those_who_wait(database: SqliteDatabase) -> None:
    turns = WriteTurns(database.path)
    order: list[str] = []

    def write(name: str) -> None:
        with turns.take(LAST_RESORT):
            order.append(name)

    with ThreadPoolExecutor(1) as pool:
        with turns.take(LAST_RESORT):
            other = pool.submit(write, "other")
            await_waiting(database, 1)
        write("again")
        other.result(LAST_RESORT)
    assert order == ["other", "again"]


def test_the_turn_of_a_killed_writer_passes_on(database: SqliteDatabase) -> None:
    with turn_of_another(database) as other, ThreadPoolExecutor(1) as pool:
        written = pool.submit(database.write, lambda connection: "written")
        await_waiting(database, 1)
        os.kill(other.pid, signal.SIGKILL)
        assert written.result(LAST_RESORT) == "written"


def test_a_writer_who_is_given_no_turn_writes_without_one(tmp_path: Path, database: SqliteDatabase) -> None:
    hurried = SqliteDatabase(database.path, patience=0.05)
    with turn_of_another(database):
        assert hurried.write(lambda connection: "written") == "written"
        await_waiting(database, 1)
    # The one that was given up took its turn when it came, and passed it on.
    await_waiting(database, 0)
    assert database.write(lambda connection: "written") == "written"
    hurried.close()


@pytest.mark.parametrize("what", ["missing", "unreadable", "a network drive", "a system without such locks"])
def test_a_journal_that_cannot_be_locked_keeps_nobody_from_writing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, what: str
) -> None:
    with furnished_desk(tmp_path) as desk:
        if what == "unreadable":
            monkeypatch.setattr("supportdesk.store.sqlite.write_turns.os.open", _refuse)
        elif what == "a network drive":
            monkeypatch.setattr(fcntl, "fcntl", _refuse)
        elif what == "a system without such locks":
            monkeypatch.delattr(fcntl, "F_OFD_SETLK")
        ref = logged(desk)
        for _ in range(3):
            done(desk, Note(ref, "again"))
        monkeypatch.undo()
        assert verified(desk).is_intact


def _refuse(*_: object) -> int:
    raise OSError


def test_closing_a_database_ends_the_wait_for_a_turn(database: SqliteDatabase) -> None:
    turns = WriteTurns(database.path)
    ended = threading.Event()

    def write() -> None:
        with turns.take(LAST_RESORT):
            ended.set()

    waiting = threading.Thread(target=write)
    with turn_of_another(database):
        waiting.start()
        await_waiting(database, 1)
        turns.close()
        assert ended.wait(LAST_RESORT / 2)
    waiting.join()
