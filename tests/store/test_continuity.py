"""A desk that is restored or rolled back while it is open says so, and does nothing until what was there is back."""

from __future__ import annotations

import os
import sqlite3
import threading
from collections.abc import Callable
from contextlib import closing
from functools import partial
from pathlib import Path

import pytest

from supportdesk.clock import FixedClock
from supportdesk.console.desk_client import DeskClient
from supportdesk.console.desk_watch import DeskWatch
from supportdesk.console.messages import DeskDisconnected, DeskOpened
from supportdesk.desk import Desk
from supportdesk.desk_api import DeskApi, DeskUnavailableError
from supportdesk.store import tables
from supportdesk.store.errors import DeskRestoredError, DeskUpgradedError
from supportdesk.store.sqlite.backup import back_up
from supportdesk.tickets.documents import Organisation
from supportdesk.tickets.process.conversation import Note
from supportdesk.tickets.refusal import Refusal
from tests import databases
from tests.store.database_tool import database_tool
from tests.store.desks import address_of, database_of, done, furnished_desk, logged, sqlite_of
from tests.tickets.scenario import MONDAY_NINE

TABLES = [each.name for each in tables.metadata.sorted_tables]

SAID = "this desk was restored"

ASKED: dict[str, Callable[[Desk, str], object]] = {
    "changes": lambda desk, ref: desk.changes(0),
    "queue": lambda desk, ref: desk.queue(),
    "ticket": lambda desk, ref: desk.ticket(ref),
    "wait": lambda desk, ref: desk.wait_for_change(0),
    "do": lambda desk, ref: desk.do(Note(ref, "too late"), by="ann"),
    "transaction": lambda desk, ref: desk.transaction(lambda doing: None),
    "preview": lambda desk, ref: desk.preview([Note(ref, "too late")], by="ann"),
    "history": lambda desk, ref: desk.history(MONDAY_NINE),
    "listed": lambda desk, ref: desk.find_records(Organisation),
    "contacts": lambda desk, ref: desk.contacts("acme"),
}


def save(desk: Desk, name: str = "saved") -> Callable[[], object]:
    """Returns what puts the desk back as it is now, under those who have it open: into the same file, or the same
    tables of the server. `name` is that of the copy.
    """
    address = address_of(desk)
    if databases.chosen_kind() == databases.SQLITE:
        backup = Path(f"{address}.{name}")
        database_of(desk).back_up(backup)
        return partial(_copy_over, backup, address)
    with database_tool(address) as run:
        run(f"CREATE SCHEMA {name}")
        for table in TABLES:
            run(f"CREATE TABLE {name}.{table} AS TABLE public.{table}")
    return partial(_fill_again, address, name)


def _copy_over(backup: Path, address: str) -> None:
    """Copy a backup over a file that others have open, none of whom sees a part of it."""
    with closing(sqlite3.connect(backup)) as source, closing(sqlite3.connect(address)) as target:
        source.backup(target)


def _fill_again(address: str, name: str) -> None:
    with database_tool(address) as run:
        run("BEGIN")
        for table in TABLES:
            run(f"DELETE FROM public.{table}")
            run(f"INSERT INTO public.{table} SELECT * FROM {name}.{table}")
        run("COMMIT")


@pytest.mark.parametrize("asked", ASKED)
def test_a_desk_that_was_rolled_back_refuses_everything(tmp_path: Path, asked: str) -> None:
    with furnished_desk(tmp_path) as desk:
        ref = logged(desk)
        put_back = save(desk)
        done(desk, Note(ref, "after the backup"))
        desk.queue()
        put_back()
        for _ in range(2):
            with pytest.raises(DeskRestoredError, match=SAID):
                ASKED[asked](desk, ref)
        with pytest.raises(DeskRestoredError, match=SAID):
            desk.queue()
        again = Desk.open(address_of(desk), FixedClock(MONDAY_NINE))
        assert [entry.event for entry in again.ticket(ref).timeline] == ["logged"]
        done(again, Note(ref, "it can be worked on"))
        again.close()


def test_a_desk_that_was_replaced_goes_on_where_its_own_ledger_is_put_back(tmp_path: Path) -> None:
    with furnished_desk(tmp_path) as desk:
        ref = logged(desk)
        replace = save(desk)
        done(desk, Note(ref, "after the backup"))
        desk.queue()
        put_back = save(desk, "later")
        replace()
        with pytest.raises(DeskRestoredError, match=SAID):
            desk.queue()
        put_back()
        assert [entry.event for entry in desk.ticket(ref).timeline] == ["logged", "noted"]
        done(desk, Note(ref, "it goes on"))


@pytest.mark.parametrize("asked", ASKED)
def test_a_desk_that_a_newer_program_upgraded_while_it_was_open_refuses_everything(
    tmp_path: Path, asked: str
) -> None:
    with furnished_desk(tmp_path) as desk:
        ref = logged(desk)
        desk.queue()
        with database_tool(address_of(desk)) as run:
            run("UPDATE alembic_version SET version_num = '9999'")
        for _ in range(2):
            with pytest.raises(DeskUpgradedError, match="upgraded by a newer supportdesk: quit and start"):
                ASKED[asked](desk, ref)


@pytest.mark.parametrize("further", [1, 3], ids=["as far", "further"])
def test_a_restored_desk_on_which_others_continued_is_another_one(tmp_path: Path, further: int) -> None:
    with furnished_desk(tmp_path) as desk:
        ref = logged(desk)
        put_back = save(desk)
        done(desk, Note(ref, "after the backup"))
        desk.queue()
        put_back()
        other = Desk.open(address_of(desk), FixedClock(MONDAY_NINE))
        for number in range(further):
            done(other, Note(ref, f"another history, {number}"))
        other.close()
        with pytest.raises(DeskRestoredError, match=SAID):
            desk.changes(desk.now().day)
        refused = Note(ref, "must not get into the other history")
        with pytest.raises(DeskRestoredError, match=SAID):
            desk.do(refused, by="ann")


def test_what_others_write_meanwhile_is_no_restored_desk(tmp_path: Path) -> None:
    with furnished_desk(tmp_path) as desk:
        ref = logged(desk)
        other = Desk.open(address_of(desk), FixedClock(MONDAY_NINE))
        over = threading.Event()
        faults: list[Exception] = []

        def read(asked: Desk) -> None:
            while not over.is_set():
                try:
                    asked.changes(0)
                    asked.ticket(ref)
                except DeskUnavailableError as error:
                    faults.append(error)

        readers = [threading.Thread(target=read, args=(each,)) for each in (desk, desk, other, other)]
        for reader in readers:
            reader.start()
        for number in range(60):
            done(desk if number % 2 else other, Note(ref, f"note {number}"))
        over.set()
        for reader in readers:
            reader.join()
        assert faults == []
        other.close()


def handles() -> int:
    return len(list(Path("/proc/self/fd").iterdir()))


def test_a_console_says_that_its_desk_was_restored_and_sends_nothing(tmp_path: Path) -> None:
    with furnished_desk(tmp_path) as desk:
        ref = logged(desk)
        put_back = save(desk)
        posted: list[object] = []
        news = threading.Condition()

        def post(message: object) -> None:
            with news:
                posted.append(message)
                news.notify_all()

        address = address_of(desk)
        watch = DeskWatch(lambda: Desk.open(address, FixedClock(MONDAY_NINE)), "ann", post)
        thread = threading.Thread(target=watch.run)
        thread.start()
        with news:
            assert news.wait_for(lambda: any(isinstance(each, DeskOpened) for each in posted), 60)
        assert not isinstance(DeskClient(watch).do(Note(ref, "before")), Refusal)
        put_back()
        with news:
            assert news.wait_for(lambda: any(isinstance(each, DeskDisconnected) for each in posted), 60)
        (lost,) = (each for each in posted if isinstance(each, DeskDisconnected))
        assert SAID in lost.reason
        refused = DeskClient(watch).do(Note(ref, "after"))
        assert isinstance(refused, Refusal)
        assert SAID in refused.reason
        assert "what you typed is saved" in refused.reason
        watch.stop()
        thread.join()


def test_tries_to_open_a_desk_that_fail_leave_nothing_open(tmp_path: Path) -> None:
    with furnished_desk(tmp_path) as desk:
        logged(desk)
        address = address_of(desk)

        class HalfWay(Desk):
            def queue(self) -> object:  # type: ignore[override]
                raise DeskUnavailableError("not now")

        def connect() -> DeskApi:
            return HalfWay.open(address, FixedClock(MONDAY_NINE))

        watch = DeskWatch(connect, "ann", lambda message: None)
        counts = []
        for _ in range(12):
            with pytest.raises(DeskUnavailableError):
                watch._open(watch._connect())
            counts.append(handles())
        # What one try leaves open would be there twelve times; a thread that ends has a handle for a moment.
        assert abs(counts[-1] - counts[2]) <= 1, counts


@pytest.mark.sqlite
def test_a_desk_that_cannot_be_read_leaves_nothing_open(tmp_path: Path) -> None:
    with furnished_desk(tmp_path) as desk:
        logged(desk)
        made = back_up(sqlite_of(desk), tmp_path / "copy.db")
    damaged = bytearray(made.path.read_bytes())
    damaged[4096:] = os.urandom(len(damaged) - 4096)
    made.path.write_bytes(damaged)
    counts = []
    for _ in range(12):
        with pytest.raises(DeskUnavailableError):
            Desk.open(str(made.path), FixedClock(MONDAY_NINE)).queue()
        counts.append(handles())
    assert len(set(counts[2:])) == 1, counts
