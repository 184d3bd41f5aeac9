"""A program that is killed at any moment leaves a whole desk, and does its work when it is started again."""

from __future__ import annotations

import csv
import shutil
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from supportdesk.desk import Desk
from supportdesk.store.database import open_database
from supportdesk.store.errors import DeskUnavailableError
from supportdesk.store.location import find_file
from supportdesk.store.verification.verify import verify
from tests.faults.desk import BEFORE, copy_desk, make_desk, note, read_notes, remove_desk, renew_desk
from tests.faults.interruption import kill_at_any_moment
from tests.faults.program import run
from tests.intake.servicenow.a_log import COLUMNS
from tests.postgres import database_in
from tests.store.desks import running_server, verified
from tests.store.earlier_desk import FIRST, unpack

KILLS = [1, pytest.param(40, marks=pytest.mark.long)]


def is_whole(address: str) -> bool:
    """Whether there is a desk, which then has to be intact."""
    if is_file(address) and not Path(address).exists():
        return False
    try:
        database = open_database(address)
    except DeskUnavailableError as error:
        if "has no desk" in str(error):
            return False
        raise
    with closing(database):
        assert verify(database).is_intact
    return True


def is_file(address: str) -> bool:
    """Whether a desk is in a file of its own."""
    return find_file(address) is not None


@pytest.fixture
def address(tmp_path: Path, database_kind: str) -> Iterator[str]:
    """A desk with one ticket that has a note, on each kind of database."""
    made = make_desk(tmp_path)
    yield made
    if not is_file(made):
        running_server().drop_database(database_in(made))


@pytest.mark.parametrize("kills", [3, pytest.param(300, marks=pytest.mark.long)])
def test_a_note_is_written_or_it_is_not(address: str, kills: int) -> None:
    told = [BEFORE]

    def check(has_ended: bool) -> None:
        notes = read_notes(address)
        assert notes in ([*told, "it is back"], told)[: 1 if has_ended else 2]
        told[:] = notes

    kill_at_any_moment(["--db", address, *note("it is back")], kills=kills, prepare=lambda: None, check=check)
    assert run("--db", address, *note("the end")).code == 0
    assert read_notes(address) == [*told, "the end"]


@pytest.mark.parametrize(
    ("arguments", "kills"),
    [
        pytest.param(["init"], 1, id="init"),
        pytest.param(["init"], 40, id="init often", marks=pytest.mark.long),
        pytest.param(["demo", "--fill-only", "--tickets", "5"], 20, id="demo", marks=pytest.mark.long),
    ],
)
def test_a_desk_is_made_or_it_is_not(address: str, arguments: list[str], kills: int) -> None:
    def check(has_ended: bool) -> None:
        assert is_whole(address) or not has_ended
        assert run("--db", address, "init").code == 0
        assert is_whole(address)

    kill_at_any_moment(
        ["--db", address, *arguments], kills=kills, prepare=lambda: remove_desk(address), check=check
    )


@pytest.mark.parametrize("kills", KILLS)
def test_an_older_desk_is_upgraded_or_as_it_was(tmp_path: Path, kills: int) -> None:
    path = tmp_path / "desk.db"

    def prepare() -> None:
        remove_desk(str(path))
        unpack(tmp_path)

    def check(has_ended: bool) -> None:
        assert has_ended or run("--db", str(path), "init").code == 0
        assert is_whole(str(path))
        with closing(Desk.open(str(path))) as desk:
            assert desk.ticket(FIRST).ticket.ref == FIRST

    kill_at_any_moment(["--db", str(path), "init"], kills=kills, prepare=prepare, check=check)


@pytest.mark.parametrize("kills", KILLS)
def test_a_backup_is_complete_or_there_is_none(tmp_path: Path, address: str, kills: int) -> None:
    backup = tmp_path / "backup.db"

    def check(has_ended: bool) -> None:
        if is_whole(str(backup)):
            assert read_notes(str(backup)) == [BEFORE]
        else:
            assert not has_ended
        assert read_notes(address) == [BEFORE]

    kill_at_any_moment(
        ["--db", address, "backup", str(backup)],
        kills=kills,
        prepare=lambda: backup.unlink(missing_ok=True),
        check=check,
    )


@pytest.mark.parametrize("kills", KILLS)
def test_an_export_is_complete_or_there_is_none(tmp_path: Path, address: str, kills: int) -> None:
    file = tmp_path / "desk.jsonl"

    def check(has_ended: bool) -> None:
        assert file.exists() or not has_ended
        if file.exists():
            assert run("--db", str(tmp_path / "made.db"), "import", "jsonl", str(file)).code == 0
            assert read_notes(str(tmp_path / "made.db")) == [BEFORE]

    def prepare() -> None:
        file.unlink(missing_ok=True)
        for each in tmp_path.glob("made.db*"):
            each.unlink()

    kill_at_any_moment(["--db", address, "export", str(file)], kills=kills, prepare=prepare, check=check)


@pytest.mark.parametrize("kills", KILLS)
def test_a_desk_is_made_from_an_export_or_it_is_not(tmp_path: Path, kills: int) -> None:
    file, made = tmp_path / "desk.jsonl", tmp_path / "made" / "desk.db"
    assert run("--db", str(copy_desk(tmp_path)), "export", str(file)).code == 0
    made.parent.mkdir()

    def check(has_ended: bool) -> None:
        if is_whole(str(made)):
            assert read_notes(str(made)) == [BEFORE]
        else:
            assert not has_ended

    kill_at_any_moment(
        ["--db", str(made), "import", "jsonl", str(file)],
        kills=kills,
        prepare=lambda: remove_desk(str(made)),
        check=check,
    )


@pytest.mark.parametrize("kills", KILLS)
def test_a_desk_is_restored_or_as_it_was(tmp_path: Path, kills: int) -> None:
    folder = tmp_path / "desk"
    folder.mkdir()
    backup, path = copy_desk(tmp_path), folder / "desk.db"

    def prepare() -> None:
        remove_desk(str(path))
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
def test_an_import_goes_on_where_it_was_killed(tmp_path: Path, address: str, kills: int) -> None:
    export = tmp_path / "incidents.csv"
    rows = [{**COLUMNS, "number": f"INC{number:07}"} for number in range(8)]
    with export.open("w", newline="") as file:
        writer = csv.DictWriter(file, COLUMNS)
        writer.writeheader()
        writer.writerows(rows)
    arguments = ["--db", address, "--as", "sue", "import", "servicenow", str(export), "--dates", "dmy"]

    def check(has_ended: bool) -> None:
        assert is_whole(address)
        assert has_ended or run(*arguments).code == 0
        with closing(Desk.open(address)) as desk:
            assert verified(desk).tickets == 1 + len(rows)

    kill_at_any_moment(arguments, kills=kills, prepare=lambda: renew_desk(address), check=check)
