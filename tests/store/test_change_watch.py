"""One console notices what another did, without reading the queue again."""

import sqlite3
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path
from threading import Barrier

import pytest

from supportdesk.clock import FixedClock
from supportdesk.desk import Desk
from supportdesk.desk_api import DeskUnavailableError
from supportdesk.store.sqlite import change_watch
from supportdesk.store.sqlite.change_watch import SqliteChangeWatch
from supportdesk.tickets.process.assignment import Claim
from supportdesk.tickets.process.conversation import Note
from tests.store.desks import address_of, done, furnished_desk, logged, open_sqlite
from tests.tickets.scenario import MONDAY_NINE

pytestmark = pytest.mark.usefixtures("database_kind")

LONG = 60.0
"""Seconds that a test never waits: whatever it waits for comes at once."""


@pytest.fixture
def mine(tmp_path: Path) -> Iterator[Desk]:
    with furnished_desk(tmp_path) as desk:
        yield desk


@pytest.fixture
def yours(mine: Desk) -> Iterator[Desk]:
    """Another desk on the same database."""
    desk = Desk.open(address_of(mine), FixedClock(MONDAY_NINE))
    yield desk
    desk.close()


def test_nothing_happens_while_nobody_does_anything(yours: Desk) -> None:
    assert not yours.wait_for_change(0)
    yours.queue()
    assert not yours.wait_for_change(0.01)


@pytest.mark.sqlite
def test_a_desk_opens_while_its_file_is_locked_and_then_looks(
    mine: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    database = open_sqlite(str(tmp_path / "desk.db"))

    def locked() -> sqlite3.Connection:
        raise sqlite3.OperationalError("database is locked")

    with monkeypatch.context() as patched:
        patched.setattr(database, "connect", locked)
        watch = SqliteChangeWatch(database)
    assert watch.wait(0), "what was written meanwhile may have been missed"
    assert not watch.wait(0)
    watch.close()
    database.close()


@pytest.mark.sqlite
def test_a_file_that_stays_locked_counts_as_unavailable_until_it_is_free(
    mine: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    database = open_sqlite(str(tmp_path / "desk.db"))
    monkeypatch.setattr(database, "_busy_timeout", 0.01)
    watch = SqliteChangeWatch(database)
    assert not watch.wait(0)
    monkeypatch.setattr(change_watch, "LONGEST_LOCK", 0.05)
    with closing(sqlite3.connect(tmp_path / "desk.db", isolation_level=None)) as other:
        other.execute("BEGIN EXCLUSIVE")
        with pytest.raises(DeskUnavailableError, match="has been locked for 0 s by another program"):
            watch.wait(0)
        other.execute("ROLLBACK")
    assert not watch.wait(0)
    watch.close()
    database.close()


@pytest.mark.sqlite
def test_a_file_that_was_cut_and_is_written_back_in_its_place_is_used_again(
    mine: Desk, tmp_path: Path
) -> None:
    ref = logged(mine)
    path = tmp_path / "desk.db"
    whole = path.read_bytes()
    with path.open("r+b", buffering=0) as file:
        file.truncate()
        for _ in range(2):
            with pytest.raises(DeskUnavailableError):
                mine.queue()
        with pytest.raises(DeskUnavailableError):
            mine.do(Note(ref, "one"), by="ann")
        file.write(whole)
    assert [row.ref for row in mine.queue().rows] == [ref]
    done(mine, Note(ref, "two"))


def test_what_one_desk_does_wakes_the_other_which_reads_that_ticket_only(mine: Desk, yours: Desk) -> None:
    ref, _ = logged(mine), logged(mine)
    since = yours.queue().seq
    yours.wait_for_change(0)
    with ThreadPoolExecutor(1) as pool:
        waiting = pool.submit(yours.wait_for_change, LONG)
        done(mine, Claim(ref))
        assert waiting.result()
    assert [(row.ref, row.owner_name) for row in yours.changes(since).rows] == [(ref, "Ann")]


def test_what_happened_between_two_waits_is_not_missed(mine: Desk, yours: Desk) -> None:
    ref = logged(mine)
    assert yours.wait_for_change(LONG)
    done(mine, Note(ref, "one"))
    done(mine, Note(ref, "two"))
    assert yours.wait_for_change(LONG)
    assert not yours.wait_for_change(0), "a burst is told once"


def test_everybody_who_waits_is_woken(mine: Desk, yours: Desk) -> None:
    begun = Barrier(5)

    def wait() -> bool:
        begun.wait()
        return yours.wait_for_change(LONG)

    with ThreadPoolExecutor(4) as pool:
        waiting = [pool.submit(wait) for _ in range(4)]
        # Who begins to wait after the others have been woken is not concerned.
        begun.wait()
        logged(mine)
        assert all(each.result() for each in waiting)


def test_closing_a_desk_ends_a_wait(mine: Desk) -> None:
    with ThreadPoolExecutor(1) as pool:
        waiting = pool.submit(mine.wait_for_change, LONG)
        mine.close()
        assert not waiting.result()


def test_a_refused_command_wakes_nobody(mine: Desk, yours: Desk) -> None:
    ref = logged(mine)
    done(mine, Claim(ref))
    yours.wait_for_change(0)
    mine.do(Claim(ref), by="sam")
    assert not yours.wait_for_change(0)
