"""A program that is killed at any moment leaves a whole desk, and does its work when it is started again."""

from __future__ import annotations

import csv
import shutil
from contextlib import closing
from pathlib import Path

import pytest

from supportdesk.desk import Desk
from supportdesk.store.database import open_database
from supportdesk.store.verification.verify import verify
from tests.faults.desk import BEFORE, copy_desk, note, read_notes
from tests.faults.interruption import kill_at_any_moment
from tests.faults.program import run
from tests.intake.servicenow.a_log import COLUMNS
from tests.store.desks import verified
from tests.store.earlier_desk import FIRST, unpack

KILLS = [1, pytest.param(40, marks=pytest.mark.long)]


def is_whole(path: Path) -> bool:
    """Whether there is a desk, which then has to be intact."""
    if not path.exists():
        return False
    with closing(open_database(str(path))) as database:
        assert verify(database).is_intact
    return True


def remove_desks(folder: Path) -> None:
    """Remove the files of every desk in a folder, and unfinished ones."""
    for each in (*folder.glob("*.db*"), *folder.glob(".*.new*")):
        each.unlink(missing_ok=True)


@pytest.mark.parametrize("kills", [3, pytest.param(300, marks=pytest.mark.long)])
def test_a_note_is_written_or_it_is_not(tmp_path: Path, kills: int) -> None:
    path = copy_desk(tmp_path)
    told = [BEFORE]

    def check(has_ended: bool) -> None:
        notes = read_notes(str(path))
        assert notes in ([*told, "it is back"], told)[: 1 if has_ended else 2]
        told[:] = notes

    kill_at_any_moment(
        ["--db", str(path), *note("it is back")], kills=kills, prepare=lambda: None, check=check
    )
    assert run("--db", str(path), *note("the end")).code == 0
    assert read_notes(str(path)) == [*told, "the end"]


@pytest.mark.parametrize(
    ("arguments", "kills"),
    [
        pytest.param(["init"], 1, id="init"),
        pytest.param(["init"], 40, id="init often", marks=pytest.mark.long),
        pytest.param(["demo", "--fill-only", "--tickets", "5"], 20, id="demo", marks=pytest.mark.long),
    ],
)
def test_a_desk_is_made_or_it_is_not(tmp_path: Path, arguments: list[str], kills: int) -> None:
    path = tmp_path / "desk.db"

    def check(has_ended: bool) -> None:
        assert is_whole(path) or not has_ended
        assert run("--db", str(path), "init").code == 0
        assert is_whole(path)

    kill_at_any_moment(
        ["--db", str(path), *arguments], kills=kills, prepare=lambda: remove_desks(tmp_path), check=check
    )


@pytest.mark.parametrize("kills", KILLS)
def test_an_older_desk_is_upgraded_or_as_it_was(tmp_path: Path, kills: int) -> None:
    path = tmp_path / "desk.db"

    def prepare() -> None:
        remove_desks(tmp_path)
        unpack(tmp_path)

    def check(has_ended: bool) -> None:
        assert has_ended or run("--db", str(path), "init").code == 0
        assert is_whole(path)
        with closing(Desk.open(str(path))) as desk:
            assert desk.ticket(FIRST).ticket.ref == FIRST

    kill_at_any_moment(["--db", str(path), "init"], kills=kills, prepare=prepare, check=check)


@pytest.mark.parametrize("kills", KILLS)
def test_a_backup_is_complete_or_there_is_none(tmp_path: Path, kills: int) -> None:
    path, backup = copy_desk(tmp_path), tmp_path / "backup.db"

    def check(has_ended: bool) -> None:
        if is_whole(backup):
            assert read_notes(str(backup)) == [BEFORE]
        else:
            assert not has_ended
        assert read_notes(str(path)) == [BEFORE]

    kill_at_any_moment(
        ["--db", str(path), "backup", str(backup)],
        kills=kills,
        prepare=lambda: backup.unlink(missing_ok=True),
        check=check,
    )


@pytest.mark.parametrize("kills", KILLS)
def test_an_export_is_complete_or_there_is_none(tmp_path: Path, kills: int) -> None:
    path, file = copy_desk(tmp_path), tmp_path / "desk.jsonl"

    def check(has_ended: bool) -> None:
        assert file.exists() or not has_ended
        if file.exists():
            assert run("--db", str(tmp_path / "made.db"), "import", "jsonl", str(file)).code == 0
            assert read_notes(str(tmp_path / "made.db")) == [BEFORE]

    def prepare() -> None:
        file.unlink(missing_ok=True)
        for each in tmp_path.glob("made.db*"):
            each.unlink()

    kill_at_any_moment(["--db", str(path), "export", str(file)], kills=kills, prepare=prepare, check=check)


@pytest.mark.parametrize("kills", KILLS)
def test_a_desk_is_made_from_an_export_or_it_is_not(tmp_path: Path, kills: int) -> None:
    file, made = tmp_path / "desk.jsonl", tmp_path / "made" / "desk.db"
    assert run("--db", str(copy_desk(tmp_path)), "export", str(file)).code == 0
    made.parent.mkdir()

    def check(has_ended: bool) -> None:
        if is_whole(made):
            assert read_notes(str(made)) == [BEFORE]
        else:
            assert not has_ended

    kill_at_any_moment(
        ["--db", str(made), "import", "jsonl", str(file)],
        kills=kills,
        prepare=lambda: remove_desks(made.parent),
        check=check,
    )


@pytest.mark.parametrize("kills", KILLS)
def test_a_desk_is_restored_or_as_it_was(tmp_path: Path, kills: int) -> None:
    folder = tmp_path / "desk"
    folder.mkdir()
    backup, path = copy_desk(tmp_path), folder / "desk.db"

    def prepare() -> None:
        remove_desks(folder)
        shutil.copy(backup, path)
        with closing(Desk.open(str(path))) as desk:
            desk.date_is_confirmed = True
        assert run("--db", str(path), *note("after the backup")).code == 0

    def check(has_ended: bool) -> None:
        assert read_notes(str(path)) in ([BEFORE], [BEFORE, "after the backup"])[: 1 if has_ended else 2]
        assert run("--db", str(path), *note("the end")).code == 0
        assert read_notes(str(path))[-1] == "the end"

    kill_at_any_moment(
        ["--db", str(path), "restore", str(backup), "--yes"], kills=kills, prepare=prepare, check=check
    )


@pytest.mark.parametrize("kills", KILLS)
def test_an_import_goes_on_where_it_was_killed(tmp_path: Path, kills: int) -> None:
    export = tmp_path / "incidents.csv"
    rows = [{**COLUMNS, "number": f"INC{number:07}"} for number in range(8)]
    with export.open("w", newline="") as file:
        writer = csv.DictWriter(file, COLUMNS)
        writer.writeheader()
        writer.writerows(rows)
    path = tmp_path / "desk.db"
    arguments = ["--db", str(path), "--as", "sue", "import", "servicenow", str(export), "--dates", "dmy"]

    def prepare() -> None:
        remove_desks(tmp_path)
        copy_desk(tmp_path)

    def check(has_ended: bool) -> None:
        assert is_whole(path)
        assert has_ended or run(*arguments).code == 0
        with closing(Desk.open(str(path))) as desk:
            assert verified(desk).tickets == 1 + len(rows)

    kill_at_any_moment(arguments, kills=kills, prepare=prepare, check=check)
