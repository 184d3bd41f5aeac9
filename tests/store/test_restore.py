"""A restored desk is the backup's, or the old one is as it was; nothing that was there is lost."""

import itertools
import os
import shutil
import sqlite3
import stat
import threading
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from supportdesk.clock import FixedClock
from supportdesk.desk import Desk
from supportdesk.store.backend import RestoreLoss, RestoreResult
from supportdesk.store.database import restore
from supportdesk.store.errors import DeskUnavailableError
from supportdesk.store.ledger import read_head
from supportdesk.store.sqlite import journal
from supportdesk.store.sqlite import restore as restoring
from supportdesk.store.sqlite.backup import back_up
from supportdesk.tickets.process.conversation import Note
from tests.forked import die, was_killed
from tests.patience import LAST_RESORT
from tests.store.desks import (
    AS_BEFORE_0006,
    done,
    furnished_desk,
    logged,
    open_sqlite,
    sqlite_of,
    verified,
)
from tests.store.killed import journal_of, kill_a_writer
from tests.tickets.scenario import MONDAY_NINE

pytestmark = [pytest.mark.sqlite, pytest.mark.slow]

NOON = datetime(2026, 11, 26, 12, 0, tzinfo=UTC)
ASIDE = "desk.db.aside-20261126-120000"


def never(loss: RestoreLoss) -> bool:
    raise AssertionError(f"nobody is to be asked: {loss}")


def always(_: RestoreLoss) -> bool:
    return True


def note(path: Path) -> None:
    desk = Desk.open(str(path), FixedClock(MONDAY_NINE))
    done(desk, Note(desk.queue().rows[0].ref, "one more"))
    desk.close()


def events(path: Path) -> int:
    """How many events a desk has, which has to verify."""
    desk = Desk.open(str(path), FixedClock(MONDAY_NINE))
    try:
        found = verified(desk)
        assert found.is_intact
        return found.events
    finally:
        desk.close()


@pytest.fixture
def backup(tmp_path: Path) -> Path:
    """A backup of desk.db, which has one event more."""
    with furnished_desk(tmp_path) as desk:
        logged(desk)
        made = back_up(sqlite_of(desk), tmp_path / "backup.db").path
    note(tmp_path / "desk.db")
    return made


@pytest.fixture
def path(backup: Path) -> Path:
    return backup.with_name("desk.db")


def restored(path: Path, backup: Path, confirm_loss: Callable[[RestoreLoss], bool] = never) -> RestoreResult:
    found = restore(str(path), backup, at=NOON, confirm_loss=confirm_loss)
    assert found is not None
    return found


def test_a_killed_desk_is_replaced_and_moved_aside_with_its_journal(path: Path, backup: Path) -> None:
    before = events(path)
    kill_a_writer(path)
    with path.open("r+b") as file:
        file.truncate(path.stat().st_size // 2)
    damaged, hot = path.read_bytes(), journal_of(path).read_bytes()
    content = backup.read_bytes()
    found = restored(path, backup)
    assert found.aside == (path.with_name(ASIDE), path.with_name(f"{ASIDE}-journal"))
    assert (found.aside[0].read_bytes(), found.aside[1].read_bytes()) == (damaged, hot)
    assert journal.hot_journals(path) == []
    assert (events(path), found.events) == (before - 1, before - 1)
    assert backup.read_bytes() == content
    assert sorted(each.name for each in path.parent.iterdir() if each.name.startswith(".")) == []


@pytest.mark.parametrize(
    "damage",
    [
        lambda path: path.unlink(),
        lambda path: path.write_bytes(b""),
        lambda path: path.write_bytes(b"Dear Sir or Madam"),
        lambda path: path.chmod(0o400),
        lambda path: path.write_bytes(path.read_bytes()[:4096] + b"\xff" * 8192 + path.read_bytes()[12288:]),
    ],
    ids=["missing", "empty", "not a database", "read-only", "a damaged page"],
)
def test_a_desk_in_whatever_condition_is_replaced(
    path: Path, backup: Path, damage: Callable[[Path], object]
) -> None:
    damage(path)
    there = path.exists()
    found = restored(path, backup, always)
    assert events(path) == found.events
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert path.with_name(ASIDE).exists() == there


def test_a_journal_whose_desk_is_gone_is_moved_aside(path: Path, backup: Path) -> None:
    kill_a_writer(path)
    hot = journal_of(path).read_bytes()
    path.unlink()
    found = restored(path, backup)
    assert found.aside == (path.with_name(f"{ASIDE}-journal"),)
    assert found.aside[0].read_bytes() == hot
    assert events(path) == found.events


def test_a_backup_beside_a_journal_that_is_not_its_own_is_replaced_by_one_from_elsewhere(
    path: Path, backup: Path
) -> None:
    kill_a_writer(path)
    path.unlink()
    shutil.copy(backup, path)
    assert events_after(path, backup) == events(path)


def events_after(path: Path, backup: Path) -> int:
    return restored(path, backup).events


def test_a_desk_that_others_of_a_group_write_stays_theirs(path: Path, backup: Path) -> None:
    path.chmod(0o660)
    restored(path, backup, always)
    assert stat.S_IMODE(path.stat().st_mode) == 0o660


def test_the_file_to_which_a_link_leads_is_replaced(path: Path, backup: Path, tmp_path: Path) -> None:
    link = tmp_path / "link.db"
    link.symlink_to(path)
    found = restored(link, backup, always)
    assert found.path == path
    assert link.is_symlink()
    assert events(link) == found.events


def test_a_sound_desk_with_events_of_its_own_is_replaced_only_where_that_is_agreed(
    path: Path, backup: Path
) -> None:
    asked: list[RestoreLoss] = []

    def no(loss: RestoreLoss) -> bool:
        asked.append(loss)
        return False

    content = path.read_bytes()
    assert restore(str(path), backup, at=NOON, confirm_loss=no) is None
    assert asked == [RestoreLoss(events(path), events(path) - 1)]
    assert path.read_bytes() == content
    assert not path.with_name(ASIDE).exists()
    restored(path, backup, always)
    assert restored(path, backup).events == asked[0].backup, "it has nothing now that the backup has not"
    assert path.with_name(f"{ASIDE}-2").exists()


def tampered_with(backup: Path) -> None:
    connection = sqlite3.connect(backup)
    connection.execute("UPDATE tickets SET rung = 3")
    connection.commit()
    connection.close()


@pytest.mark.parametrize(
    ("spoil", "told"),
    [
        (lambda backup: backup.unlink(), "there is no backup at"),
        (lambda backup: backup.write_bytes(b""), "is not an intact backup"),
        (lambda backup: backup.write_bytes(b"Dear Sir or Madam" * 20), "is not an intact backup"),
        (kill_a_writer, "backup.db-journal beside it"),
        (lambda backup: os.truncate(backup, backup.stat().st_size - 8192), "is not an intact backup"),
        (tampered_with, "verify"),
    ],
    ids=["missing", "empty", "another file", "with a journal", "truncated", "tampered with"],
)
def test_a_backup_that_cannot_be_trusted_is_refused_and_changes_nothing(
    path: Path, backup: Path, spoil: Callable[[Path], object], told: str
) -> None:
    content = path.read_bytes()
    spoil(backup)
    there = sorted(path.parent.iterdir())
    with pytest.raises(DeskUnavailableError, match=told):
        restore(str(path), backup, at=NOON, confirm_loss=always)
    assert path.read_bytes() == content
    assert sorted(path.parent.iterdir()) == there


def test_a_backup_of_an_older_program_is_brought_up_to_date_and_itself_stays_as_it_is(
    path: Path, backup: Path
) -> None:
    connection = sqlite3.connect(backup)
    connection.execute("ALTER TABLE tickets DROP COLUMN paged")
    for later in AS_BEFORE_0006:
        connection.execute(later)
    connection.execute("UPDATE alembic_version SET version_num = '0004'")
    connection.commit()
    connection.close()
    content = backup.read_bytes()
    found = restored(path, backup, always)
    assert events(path) == found.events
    assert backup.read_bytes() == content


def test_the_desk_itself_is_no_backup_of_it(path: Path) -> None:
    with pytest.raises(DeskUnavailableError, match="is the desk itself"):
        restore(str(path), path, at=NOON, confirm_loss=always)


def test_a_folder_is_not_replaced(backup: Path, tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()
    with pytest.raises(DeskUnavailableError, match="is not a file"):
        restore(str(tmp_path / "folder"), backup, at=NOON, confirm_loss=always)


def test_a_desk_that_cannot_be_read_back_is_restored_with_its_journal(
    path: Path, backup: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    kill_a_writer(path)
    with path.open("r+b") as file:
        file.truncate(path.stat().st_size // 2)
    damaged, hot = path.read_bytes(), journal_of(path).read_bytes()

    def fail(*_: object) -> None:
        raise DeskUnavailableError("the disk reports a fault")

    monkeypatch.setattr(restoring, "_check_result", fail)
    with pytest.raises(DeskUnavailableError, match="the disk reports"):
        restore(str(path), backup, at=NOON, confirm_loss=never)
    assert (path.read_bytes(), journal_of(path).read_bytes()) == (damaged, hot)
    assert not path.with_name(f"{ASIDE}-journal").exists()


CALLS = ("open", "link", "replace", "rename", "unlink", "fsync", "chmod", "chown")
"""How a restore changes files and folders."""


def restore_until(step: int, path: Path, backup: Path) -> None:
    """Restore, and die at call number `step`."""
    left = itertools.count(1)

    def counting(call: Callable[..., object]) -> Callable[..., object]:
        def counted(*arguments: Any, **options: Any) -> object:
            if next(left) == step:
                die()
            return call(*arguments, **options)

        return counted

    for name in CALLS:
        setattr(os, name, counting(getattr(os, name)))
    restore(str(path), backup, at=NOON, confirm_loss=always)


@pytest.mark.straggler
@pytest.mark.parametrize(
    "hot",
    [False, pytest.param(True, marks=pytest.mark.long)],
    ids=["with a journal that is ended", "with a journal that waits"],
)
def test_a_kill_at_any_step_leaves_the_old_desk_or_the_new_one(path: Path, backup: Path, hot: bool) -> None:
    old = events(path)
    if hot:
        kill_a_writer(path)
    kept = {each.name: each.read_bytes() for each in path.parent.iterdir()}
    seen: list[int] = []
    for step in itertools.count(1):
        for each in path.parent.iterdir():
            each.unlink()
        for name, content in kept.items():
            (path.parent / name).write_bytes(content)
        killed = was_killed(restore_until, step, path, backup)
        seen.append(events(path))
        if not killed:
            break
    assert seen == sorted(seen, reverse=True)
    assert set(seen) == {old, old - 1}


def test_a_writer_that_waited_for_the_lock_does_not_write_into_the_file_that_was_moved_aside(
    path: Path, backup: Path
) -> None:
    database = open_sqlite(str(path))
    holder = database.connect()
    holder.execute("BEGIN EXCLUSIVE")
    outcome: list[object] = []

    def write() -> None:
        try:
            outcome.append(database.write(read_head))
        except DeskUnavailableError as error:
            outcome.append(str(error))

    waiting = threading.Event()
    connect = database._engine.connect

    def connecting() -> object:
        waiting.set()
        return connect()

    database._engine.connect = connecting  # type: ignore[method-assign, assignment]
    writer = threading.Thread(target=write)
    writer.start()
    assert waiting.wait(LAST_RESORT)
    Path(shutil.copy(backup, path.with_name("new.db"))).replace(path)
    holder.execute("ROLLBACK")
    holder.close()
    writer.join()
    assert outcome == [f"{path} was replaced by another file; start supportdesk again"]
    database.close()
