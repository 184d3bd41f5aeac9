"""A copy is whole, is its owner's alone, never written over anything, and made while others write."""

import sqlite3
import stat
from pathlib import Path

import pytest

from supportdesk.clock import FixedClock
from supportdesk.desk import Desk
from supportdesk.store import ledger
from supportdesk.store.diagnostics import examine
from supportdesk.store.errors import AlreadyExistsError, DeskUnavailableError
from supportdesk.store.schema import REVISIONS, number_of
from supportdesk.tickets.process.conversation import Note
from tests.patience import wait_for
from tests.store.desks import address_of, database_of, done, furnished_desk, logged, verified
from tests.store.writers import go, hear, writers
from tests.tickets.scenario import MONDAY_NINE

pytestmark = pytest.mark.usefixtures("database_kind")


def test_a_copy_is_a_desk_like_the_one_it_was_made_of(tmp_path: Path) -> None:
    with furnished_desk(tmp_path) as desk:
        ref = logged(desk)
        made = database_of(desk).back_up(tmp_path / "copy.db")
        done(desk, Note(ref, "only here"))
        copy = Desk.open(str(made.path), FixedClock(MONDAY_NINE))
        found = verified(copy)
        assert found.is_intact
        assert (found.events, found.head) == (made.events, made.head)
        assert made.size == made.path.stat().st_size
        assert [entry.event for entry in copy.ticket(ref).timeline] == ["logged"]
        done(copy, Note(ref, "it can be worked on"))
        copy.close()


def test_a_copy_is_its_owner_s_alone_and_leaves_nothing_beside_it(tmp_path: Path) -> None:
    folder = tmp_path / "copies"
    folder.mkdir()
    with furnished_desk(tmp_path) as desk:
        database_of(desk).back_up(folder / "copy.db")
    assert [each.name for each in folder.iterdir()] == ["copy.db"]
    assert stat.S_IMODE((folder / "copy.db").stat().st_mode) == 0o600


def test_nothing_is_written_over(tmp_path: Path) -> None:
    (tmp_path / "letter.txt").write_text("Dear Sir or Madam")
    with furnished_desk(tmp_path) as desk, pytest.raises(AlreadyExistsError, match="is there already"):
        database_of(desk).back_up(tmp_path / "letter.txt")
    assert (tmp_path / "letter.txt").read_text() == "Dear Sir or Madam"


def test_a_place_where_no_copy_can_be_made_is_reported(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with furnished_desk(tmp_path) as desk, pytest.raises(DeskUnavailableError, match="cannot be created"):
        database_of(desk).back_up(tmp_path / "file" / "copy.db")


def test_a_missing_folder_is_named_and_not_created(tmp_path: Path) -> None:
    missing = tmp_path / "backups" / "daily"
    with furnished_desk(tmp_path) as desk, pytest.raises(DeskUnavailableError, match=f"no folder {missing}"):
        database_of(desk).back_up(missing / "copy.db")
    assert not missing.parent.exists()


def test_a_copy_that_is_not_sound_is_not_saved(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with furnished_desk(tmp_path) as desk:
        logged(desk)
        monkeypatch.setattr(ledger, "compute_link_hash", lambda row: "another")
        with pytest.raises(DeskUnavailableError, match=r"is damaged: .* No copy was made"):
            database_of(desk).back_up(tmp_path / "copy.db")
    assert not (tmp_path / "copy.db").exists()


def test_a_copy_made_while_others_write_is_true_for_one_moment(tmp_path: Path) -> None:
    with furnished_desk(tmp_path) as desk:
        logged(desk)
        with writers(address_of(desk), 2, 10_000) as busy:
            for writer in busy:
                go(writer)
                hear(writer)
            made = database_of(desk).back_up(tmp_path / "copy.db")
            wait_for(lambda: desk.queue().seq > made.events, lambda: "nobody went on writing")
        copy = Desk.open(str(made.path), FixedClock(MONDAY_NINE))
        assert verified(copy).is_intact
        assert verified(copy).head == made.head
        copy.close()


@pytest.mark.sqlite
def test_the_condition_of_a_desk_is_reported_in_facts(tmp_path: Path) -> None:
    with furnished_desk(tmp_path) as desk:
        found = examine(database_of(desk))
        file = tmp_path / "desk.db"
        assert found.summary == f"SQLite {sqlite3.sqlite_version}, {file.stat().st_size:,} bytes, mode 0600"
        assert (found.schema, found.events, found.tickets) == (
            number_of(REVISIONS[-1]),
            desk.queue().seq,
            False,
        )
        assert dict(found.details)["Journal"].startswith(
            ("persist: rollback journal", "wal: write-ahead log")
        )
        assert found.faults == ()
        logged(desk)
        file.chmod(0o644)
        found = examine(database_of(desk))
        assert (found.summary.endswith("mode 0644"), found.tickets) == (True, True)
        assert [each.partition(" (")[0] for each in found.faults] == [
            f"Everybody on this machine can open {file}"
        ]
