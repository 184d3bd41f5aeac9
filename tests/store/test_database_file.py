"""A desk's file: made by those who may, refused where it is none of ours, given up only when waiting does not help."""

import sqlite3
import stat
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from sqlalchemy import text

from supportdesk.clock import FixedClock
from supportdesk.desk import Desk
from supportdesk.desk_api import Applied
from supportdesk.store import ledger
from supportdesk.store.database import create_database, open_database
from supportdesk.store.diagnostics import examine
from supportdesk.store.errors import DeskUnavailableError
from supportdesk.store.sqlite import database_file
from supportdesk.store.sqlite.database import SqliteDatabase
from supportdesk.store.sqlite.paths import file_of
from supportdesk.tickets.process.conversation import Note
from supportdesk.tickets.process.triage import Log
from tests.store.desks import (
    REQUEST,
    database_of,
    done,
    furnished,
    furnished_desk,
    logged,
    open_sqlite,
    sqlite_of,
    verified,
)
from tests.tickets.scenario import MONDAY_NINE

pytestmark = pytest.mark.sqlite


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A furnished desk's file."""
    return Path(furnished(tmp_path))


@pytest.fixture
def database(path: Path) -> Iterator[SqliteDatabase]:
    database = open_sqlite(str(path))
    yield database
    database.close()


def reason(address: str | Path) -> str:
    """Why a database is not opened."""
    with pytest.raises(DeskUnavailableError) as refused:
        open_database(str(address))
    return str(refused.value)


def test_a_desk_that_is_not_there_is_not_made_by_opening_it(tmp_path: Path) -> None:
    assert "supportdesk init" in reason(tmp_path / "none.db")
    assert list(tmp_path.iterdir()) == []


def test_an_empty_file_is_not_a_desk(tmp_path: Path) -> None:
    (tmp_path / "empty.db").touch()
    assert "is empty" in reason(tmp_path / "empty.db")
    with pytest.raises(DeskUnavailableError, match="is empty"):
        create_database(str(tmp_path / "empty.db"))
    assert (tmp_path / "empty.db").read_bytes() == b""


def test_a_file_of_another_program_is_left_alone(tmp_path: Path) -> None:
    foreign = tmp_path / "foreign.db"
    with sqlite3.connect(foreign) as connection:
        connection.execute("CREATE TABLE recipes (name TEXT)")
    connection.close()
    (tmp_path / "letter.txt").write_text("Dear Sir or Madam" * 20)
    for path in (foreign, tmp_path / "letter.txt"):
        before = path.read_bytes()
        assert "is not a desk of supportdesk" in reason(path)
        with pytest.raises(DeskUnavailableError, match="is not a desk"):
            create_database(str(path))
        assert path.read_bytes() == before


def test_a_folder_is_not_a_desk(tmp_path: Path) -> None:
    assert "cannot be read" in reason(tmp_path)


def test_a_new_desk_is_its_owner_s_alone_and_nothing_else_is_left_beside_it(tmp_path: Path) -> None:
    path = tmp_path / "deep" / "desk.db"
    create_database(str(path)).close()
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    assert {each.name for each in path.parent.iterdir()} <= {"desk.db", "desk.db-journal"}


def test_a_desk_that_cannot_be_made_says_why(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(DeskUnavailableError, match="cannot be created"):
        create_database(str(tmp_path / "file" / "desk.db"))


def test_making_a_desk_that_is_there_keeps_what_it_holds(tmp_path: Path) -> None:
    with furnished_desk(tmp_path) as desk:
        ref = logged(desk)
        create_database(str(tmp_path / "desk.db")).close()
        assert desk.ticket(ref).ticket.ref == ref


def test_two_who_make_the_same_desk_at_once_make_one(tmp_path: Path) -> None:
    address = str(tmp_path / "desk.db")
    with ThreadPoolExecutor(4) as pool:
        for database in pool.map(create_database, [address] * 4):
            assert database.read(ledger.read_head) == ledger.Head(0, ledger.GENESIS, 0, 0)
            database.close()


@pytest.mark.parametrize(
    ("address", "path"),
    [
        ("/var/desk.db", "/var/desk.db"),
        ("~/desk.db", "~/desk.db"),
        ("desk.db", "desk.db"),
        ("sqlite:////var/a b%20c.db", "/var/a b c.db"),
        ("sqlite:///desk.db", "desk.db"),
        ("sqlite+pysqlite:////var/desk.db", "/var/desk.db"),
    ],
)
def test_an_address_is_a_path_or_a_url(address: str, path: str) -> None:
    assert file_of(address) == Path(path).expanduser().absolute()


@pytest.mark.parametrize(
    "address",
    [
        "mysql://desk:s3cret@db.example/desk",
        "oracle://db.example/desk?user=desk&password=s3cret",
        "sqlite://",
        "sqlite:///:memory:",
        "http://desk:s3cret@[",
        "://desk:s3cret@x",
    ],
)
def test_an_address_that_cannot_be_used_is_refused_without_its_password(address: str) -> None:
    refusal = reason(address)
    assert "s3cret" not in refusal
    assert "file" in refusal


def test_a_strange_name_of_a_file_is_a_name_like_any_other(tmp_path: Path) -> None:
    path = tmp_path / "50% of what? #1 ü.db"
    create_database(str(path)).close()
    open_database(str(path)).close()


def test_a_locked_database_is_waited_for(database: SqliteDatabase) -> None:
    patient = SqliteDatabase(database.path, busy_timeout=0.01)
    other = database.connect()
    other.execute("BEGIN IMMEDIATE")
    released = threading.Timer(0.3, other.execute, ("COMMIT",))
    released.start()
    patient.write(lambda connection: connection.execute(text("UPDATE head SET next_ticket = 7")))
    released.join()
    assert other.execute("SELECT next_ticket FROM head").fetchone() == (7,)
    other.close()
    patient.close()


def test_a_database_that_stays_locked_is_given_up_with_a_reason(database: SqliteDatabase) -> None:
    hurried = SqliteDatabase(database.path, busy_timeout=0.01, patience=0.05)
    other = database.connect()
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(DeskUnavailableError, match="has been locked for"):
        hurried.write(lambda connection: connection.execute(text("UPDATE head SET next_ticket = 7")))
    other.close()
    hurried.close()


def test_a_reader_in_the_way_of_a_commit_is_waited_for_and_the_command_is_done_once(tmp_path: Path) -> None:
    with furnished_desk(tmp_path) as desk:
        ref = logged(desk)
        hurried = SqliteDatabase(tmp_path / "desk.db", busy_timeout=0.01)
        reader = sqlite_of(desk).connect()
        reader.execute("BEGIN")
        reader.execute("SELECT count(*) FROM ledger").fetchone()
        done_reading = threading.Timer(0.2, reader.execute, ("COMMIT",))
        done_reading.start()
        other = Desk(hurried, FixedClock(MONDAY_NINE))
        outcome = other.do(Note(ref, "hello"), by="ann")
        done_reading.join()
        assert isinstance(outcome, Applied)
        assert [entry.event for entry in desk.ticket(ref).timeline] == ["logged", "noted"]
        assert outcome.seq == desk.queue().seq
        other.close()
        reader.close()


@pytest.mark.parametrize(
    ("pragma", "advice"),
    [("max_page_count = 1", "the disk is full: make room"), ("query_only = ON", "cannot be written by you")],
)
def test_a_database_that_cannot_be_written_says_what_to_do_and_is_as_it_was(
    path: Path, monkeypatch: pytest.MonkeyPatch, pragma: str, advice: str
) -> None:
    plain = database_file.connect

    def connect(path: Path, busy_timeout: float) -> sqlite3.Connection:
        connection = plain(path, busy_timeout)
        connection.execute(f"PRAGMA {pragma}")
        return connection

    before = path.read_bytes()
    monkeypatch.setattr(database_file, "connect", connect)
    desk = Desk.open(str(path), FixedClock(MONDAY_NINE))
    with pytest.raises(DeskUnavailableError, match=advice):
        desk.do(Log(**{**REQUEST, "description": "x" * 20_000}), by="ann")
    assert desk.queue().rows == []
    desk.close()
    assert path.read_bytes() == before


def test_a_transaction_that_fails_leaves_nothing(database: SqliteDatabase) -> None:
    def work(connection: object) -> None:
        assert hasattr(connection, "execute")
        connection.execute(text("UPDATE head SET next_ticket = 7"))
        raise KeyError("half-way")

    with pytest.raises(KeyError):
        database.write(work)
    assert (
        database.read(lambda connection: connection.execute(text("SELECT next_ticket FROM head")).scalar())
        == 0
    )


def test_a_file_that_is_gone_or_replaced_is_noticed_before_anything_is_lost(tmp_path: Path) -> None:
    with furnished_desk(tmp_path) as desk:
        ref = logged(desk)
        path = tmp_path / "desk.db"
        path.rename(tmp_path / "moved.db")
        for question in (lambda: done(desk, Note(ref, "x")), desk.queue, lambda: desk.wait_for_change(5)):
            with pytest.raises(DeskUnavailableError, match="is gone"):
                question()
        (tmp_path / "moved.db").rename(path)
        done(desk, Note(ref, "back again"))
        other = tmp_path / "other"
        other.mkdir()
        Path(furnished(other)).replace(path)
        with pytest.raises(DeskUnavailableError, match="was replaced"):
            done(desk, Note(ref, "x"))


def test_a_damaged_file_says_so(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[4096:] = b"\xff" * (len(content) - 4096)
    path.write_bytes(content)
    assert "is damaged" in reason(path)


def test_what_no_program_of_ours_wrote_is_reported_and_not_stumbled_over(tmp_path: Path) -> None:
    with furnished_desk(tmp_path) as desk:
        ref = logged(desk)
        connection = sqlite_of(desk).connect()
        connection.execute("UPDATE tickets SET state = '{}', response = 'x'")
        for question in (desk.queue, lambda: desk.ticket(ref), lambda: desk.do(Note(ref, "x"), by="ann")):
            with pytest.raises(DeskUnavailableError, match="supportdesk verify"):
                question()
        connection.close()


def test_every_connection_keeps_foreign_keys_and_syncs_in_full(database: SqliteDatabase) -> None:
    connection = database.connect()
    settings = {
        name: connection.execute(f"PRAGMA {name}").fetchone()[0]
        for name in ("foreign_keys", "synchronous", "trusted_schema", "application_id")
    }
    connection.close()
    assert settings == {
        "foreign_keys": 1,
        "synchronous": 2,
        "trusted_schema": 0,
        "application_id": database_file.APPLICATION_ID,
    }


@pytest.mark.parametrize(
    ("version", "journal"),
    [((3, 40, 1), "persist"), ((3, 51, 2), "persist"), ((3, 51, 3), "wal"), ((3, 52, 0), "wal")],
)
def test_a_write_ahead_log_is_used_only_where_it_is_safe(version: tuple[int, ...], journal: str) -> None:
    assert database_file.journal_mode(version) == journal


def test_a_write_ahead_log_is_given_up_where_it_is_not_safe(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(database_file, "journal_mode", lambda: "persist")
    newer = sqlite3.connect(path)
    newer.execute("PRAGMA journal_mode = WAL")
    newer.execute("SELECT * FROM head").fetchone()
    assert "another program uses" in reason(path)
    newer.close()
    database = open_sqlite(str(path))
    connection = database.connect()
    assert connection.execute("PRAGMA journal_mode").fetchone() == ("persist",)
    connection.close()
    database.close()


def test_a_desk_is_shared_with_a_write_ahead_log_where_it_is_safe(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(database_file, "journal_mode", lambda: "wal")
    with furnished_desk(tmp_path) as desk:
        create_database(str(tmp_path / "desk.db")).close()
        ref = logged(desk)
        done(desk, Note(ref, "hello"))
        assert dict(examine(database_of(desk)).details)["Journal"].startswith("wal: ")
        assert verified(desk).is_intact
