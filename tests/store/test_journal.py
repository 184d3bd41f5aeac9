"""A journal is rolled into the file to which it belongs, and into no other; nothing is made where one waits."""

import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from supportdesk.clock import FixedClock
from supportdesk.desk import Desk
from supportdesk.store.database import create_database, create_with_records, open_database
from supportdesk.store.errors import DeskUnavailableError
from supportdesk.store.sqlite import journal
from supportdesk.store.sqlite.backup import back_up
from supportdesk.tickets.process.conversation import Note
from tests.patience import LAST_RESORT
from tests.store.desks import (
    done,
    furnished,
    furnished_desk,
    logged,
    open_sqlite,
    sqlite_of,
    verified,
)
from tests.store.killed import journal_of, kill_a_writer, killed_at_the_end_of
from tests.tickets.scenario import MONDAY_NINE

pytestmark = pytest.mark.sqlite

OF_ANOTHER = "is the journal of another file"


def opened(path: Path) -> Desk:
    return Desk.open(str(path), FixedClock(MONDAY_NINE))


def note(path: Path, words: str = "it is the usual thing") -> None:
    """Write one more note on a desk's first ticket."""
    desk = opened(path)
    done(desk, Note(desk.queue().rows[0].ref, words))
    desk.close()


def notes(path: Path) -> int:
    """How many notes the first ticket of a desk has, which has to be sound."""
    desk = opened(path)
    try:
        assert verified(desk).is_intact
        return len(desk.ticket(desk.queue().rows[0].ref).timeline) - 1
    finally:
        desk.close()


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A desk with a ticket that has one note; nobody has it open."""
    with furnished_desk(tmp_path) as desk:
        logged(desk)
    note(tmp_path / "desk.db")
    return tmp_path / "desk.db"


def copied(path: Path, name: str) -> Path:
    """A copy of a desk's file alone, as `cp` makes it."""
    return Path(shutil.copy(path, path.with_name(name)))


def test_what_a_killed_writer_had_begun_is_rolled_back(path: Path) -> None:
    before = path.read_bytes()
    kill_a_writer(path)
    assert path.read_bytes() != before, "the change was half-way in the file"
    assert notes(path) == 1
    assert path.read_bytes() == before


def test_a_change_of_which_only_the_journal_was_not_ended_is_rolled_back(path: Path) -> None:
    killed_at_the_end_of(lambda: note(path), path)
    assert notes(path) == 1
    note(path)
    assert notes(path) == 2


def test_a_change_that_several_commands_made_together_is_rolled_back(path: Path) -> None:
    def change() -> None:
        desk = opened(path)
        ref = desk.queue().rows[0].ref
        desk.transaction(
            lambda do: [do(Note(ref, "more"), by="ann", command_id=f"id-{n}") for n in range(20)]
        )
        desk.close()

    killed_at_the_end_of(change, path)
    assert notes(path) == 1


def test_a_file_that_was_put_in_the_place_of_a_killed_writer_s_is_not_destroyed(path: Path) -> None:
    earlier = copied(path, "earlier.db")
    note(path)
    kill_a_writer(path)
    path.unlink()
    shutil.copy(earlier, path)
    with pytest.raises(DeskUnavailableError, match=OF_ANOTHER) as refused:
        open_database(str(path))
    assert "supportdesk restore BACKUP" in str(refused.value)
    assert "desk.db-journal" in str(refused.value)
    assert path.read_bytes() == earlier.read_bytes()
    journal_of(path).unlink()
    assert notes(path) == 1


@pytest.mark.parametrize(
    "killed", [kill_a_writer, lambda path: killed_at_the_end_of(lambda: note(path), path)]
)
def test_a_backup_that_was_put_in_its_place_is_not_destroyed(
    path: Path, killed: Callable[[Path], None]
) -> None:
    desk = opened(path)
    backup = back_up(sqlite_of(desk), path.with_name("backup.db")).path
    desk.close()
    note(path)
    killed(path)
    path.unlink()
    shutil.copy(backup, path)
    with pytest.raises(DeskUnavailableError, match=OF_ANOTHER):
        open_database(str(path))
    assert path.read_bytes() == backup.read_bytes()


def test_a_desk_of_the_same_age_and_size_that_was_put_in_its_place_is_not_destroyed(path: Path) -> None:
    other = copied(path, "other.db")
    for desk, words in ((path, "one"), (other, "two")):
        note(desk, words)
    killed_at_the_end_of(lambda: note(path), path)
    for _ in range(2):
        shutil.copy(other, path)
        with pytest.raises(DeskUnavailableError, match=OF_ANOTHER):
            open_database(str(path))
        assert path.read_bytes() == other.read_bytes()
        note(other, "one ahead")


def test_a_copy_of_what_the_change_began_with_loses_nothing(path: Path) -> None:
    before = copied(path, "before.db")
    kill_a_writer(path)
    shutil.copy(before, path)
    assert notes(path) == 1


def test_a_journal_is_found_beside_the_file_to_which_a_link_leads(path: Path) -> None:
    earlier = copied(path, "earlier.db")
    link = path.parent / "links" / "desk.db"
    link.parent.mkdir()
    link.symlink_to(path)
    note(path)
    kill_a_writer(path)
    shutil.copy(earlier, path)
    with pytest.raises(DeskUnavailableError, match=OF_ANOTHER):
        open_database(str(link))
    assert path.read_bytes() == earlier.read_bytes()


def test_a_write_ahead_log_of_another_file_is_not_written_into_it(path: Path) -> None:
    code = (
        "import os, signal, sqlite3, sys; d = sqlite3.connect(sys.argv[1], isolation_level=None);"
        "d.execute('PRAGMA journal_mode = wal'); d.execute('UPDATE ledger SET payload = payload || 1');"
        "os.kill(os.getpid(), signal.SIGKILL)"
    )
    earlier = copied(path, "earlier.db")
    note(path)
    subprocess.run([sys.executable, "-c", code, str(path)], check=False)
    assert path.with_name("desk.db-wal").stat().st_size > 0
    path.unlink()
    shutil.copy(earlier, path)
    with pytest.raises(DeskUnavailableError, match=OF_ANOTHER):
        open_database(str(path))
    assert path.read_bytes() == earlier.read_bytes()


def test_a_write_ahead_log_of_the_file_s_own_is_written_into_it(path: Path) -> None:
    code = (
        "import os, signal, sqlite3, sys; d = sqlite3.connect(sys.argv[1], isolation_level=None);"
        "d.execute('PRAGMA journal_mode = wal'); d.execute('UPDATE tickets SET rung = 3');"
        "os.kill(os.getpid(), signal.SIGKILL)"
    )
    subprocess.run([sys.executable, "-c", code, str(path)], check=False)
    desk = opened(path)
    assert desk.queue().rows[0].rung == 3
    desk.close()


def test_nothing_is_left_of_the_copies_on_which_it_was_found_out(path: Path) -> None:
    kill_a_writer(path)
    assert notes(path) == 1
    assert {each.name for each in path.parent.iterdir()} <= {"desk.db", "desk.db-journal"}


def test_a_writer_that_is_at_work_is_no_reason_to_refuse(path: Path) -> None:
    holder = sqlite3.connect(path, isolation_level=None)
    holder.execute("PRAGMA journal_mode = PERSIST")
    holder.execute("BEGIN IMMEDIATE")
    holder.execute("UPDATE head SET seq = seq")
    try:
        code = "import sys; from supportdesk.store.database import open_database; open_database(sys.argv[1])"
        subprocess.run([sys.executable, "-c", code, str(path)], check=True, timeout=LAST_RESORT)
    finally:
        holder.execute("ROLLBACK")
        holder.close()


@pytest.mark.parametrize("left", ["-journal", "-wal"])
def test_no_desk_and_no_copy_is_made_where_a_journal_waits_for_it(
    tmp_path: Path, path: Path, left: str
) -> None:
    new = tmp_path / "new.db"
    beside = tmp_path / f"new.db{left}"
    kill_a_writer(path)
    journal_of(path).rename(beside)
    before = beside.read_bytes()
    (tmp_path / "other").mkdir()
    desk = Desk.open(furnished(tmp_path / "other"), FixedClock(MONDAY_NINE))
    for make in (
        lambda: create_database(str(new)),
        lambda: create_with_records(str(new), lambda address: None),
        lambda: back_up(sqlite_of(desk), new),
    ):
        with pytest.raises(DeskUnavailableError, match="was not created") as refused:
            make()
        assert beside.name in str(refused.value)
        assert "supportdesk restore BACKUP" in str(refused.value)
    desk.close()
    assert not new.exists()
    assert beside.read_bytes() == before


def test_a_journal_that_appears_while_a_desk_is_made_is_noticed(tmp_path: Path) -> None:
    new = tmp_path / "new.db"

    def furnish(_: str) -> None:
        journal_of(new).write_bytes(b"hot")

    with pytest.raises(DeskUnavailableError, match="was not created"):
        create_with_records(str(new), furnish)
    assert not new.exists()


def test_a_desk_is_made_where_a_journal_was_ended(path: Path) -> None:
    path.unlink()
    assert journal_of(path).exists()
    create_database(str(path)).close()
    assert journal.hot_journals(path) == []


def test_a_desk_is_made_where_a_link_leads(tmp_path: Path) -> None:
    (tmp_path / "desk.db").symlink_to(tmp_path / "real.db")
    create_database(str(tmp_path / "desk.db")).close()
    assert (tmp_path / "desk.db").is_symlink()
    assert not (tmp_path / "real.db").is_symlink()


def test_opening_a_desk_again_keeps_the_locks_that_this_process_has_on_it(path: Path) -> None:
    database = open_sqlite(str(path))
    writer = database.connect()
    writer.execute("BEGIN IMMEDIATE")
    open_database(str(path)).close()
    code = (
        "import sqlite3, sys\n"
        "try: sqlite3.connect(sys.argv[1], timeout=0, isolation_level=None).execute('BEGIN IMMEDIATE')\n"
        "except sqlite3.OperationalError as error: print(error)"
    )
    told = subprocess.run([sys.executable, "-c", code, str(path)], check=True, text=True, capture_output=True)
    assert told.stdout == "database is locked\n"
    writer.execute("ROLLBACK")
    writer.close()
    database.close()
