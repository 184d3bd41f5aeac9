"""A desk's file that is damaged or out of reach: every command says the same, and what to do."""

from __future__ import annotations

import os
import re
import shutil
import sqlite3
import tempfile
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from supportdesk.store.database import open_database
from supportdesk.store.errors import DAMAGED, READ_ONLY, DeskUnavailableError
from tests.cli.prompt import Prompt, call
from tests.store.desks import open_sqlite
from tests.store.killed import journal_of, kill_a_writer

pytestmark = pytest.mark.sqlite

PAGE = 4096
RESTORE = "close all consoles and run `supportdesk restore BACKUP` with your newest backup"


def truncated(path: Path) -> None:
    os.truncate(path, path.stat().st_size // 2 // PAGE * PAGE)


def overwritten(path: Path) -> None:
    """Every page but the first one is nonsense."""
    with path.open("r+b") as file:
        file.seek(PAGE)
        file.write(b"\xff" * (path.stat().st_size - PAGE))


def replaced_by_a_folder(path: Path) -> None:
    path.unlink()
    path.mkdir()


DAMAGES: dict[str, tuple[Callable[[Path], object], str]] = {
    "truncated": (truncated, DAMAGED),
    "cut in a page": (lambda path: os.truncate(path, path.stat().st_size - 1000), DAMAGED),
    "overwritten": (overwritten, DAMAGED),
    "empty": (lambda path: path.write_bytes(b""), f"is empty, so it is not a desk: {RESTORE}"),
    "a letter": (lambda path: path.write_text("Dear Sir or Madam\n" * 9), f"or, if it was one, {RESTORE}"),
    "a folder": (replaced_by_a_folder, "cannot be read (it is a folder): check the file and its folder"),
}


def lines(ref: str, folder: Path) -> list[list[str]]:
    """Commands of every sort."""
    return [
        ["queue"],
        ["show", ref],
        ["doctor"],
        ["init"],
        ["verify"],
        ["backup", str(folder / "copy.db")],
        ["note", ref, "--text", "It is back."],
        ["staff", "list"],
        ["report", "attainment"],
        ["demo", "--fill-only"],
    ]


@pytest.mark.parametrize("damage", DAMAGES)
def test_every_command_says_the_same_of_a_damaged_desk(ann: Prompt, tmp_path: Path, damage: str) -> None:
    ref, path = ann.log(), Path(ann.address)
    spoil, said = DAMAGES[damage]
    spoil(path)
    answers = [ann(*line) for line in lines(ref, tmp_path)]
    assert {answer.code for answer in answers} == {1}
    with pytest.raises(DeskUnavailableError, match=re.escape(str(path))) as refused:
        open_database(str(path))
    assert said in str(refused.value)
    assert {answer.err for answer in answers} == {f"Error: {refused.value}\n"}


def test_damage_that_only_a_thorough_look_finds_is_said_in_the_same_words(ann: Prompt) -> None:
    """The root of an index at which no ordinary command looks."""
    ann.log()
    path = Path(ann.address)
    database = open_sqlite(ann.address)
    connection = database.connect()
    [(root,)] = connection.execute(
        "SELECT rootpage FROM sqlite_schema WHERE name = 'ix_tickets_promised_release'"
    ).fetchall()
    connection.close()
    database.close()
    with path.open("r+b") as file:
        file.seek((root - 1) * PAGE)
        file.write(b"\xff" * PAGE)
    for line in (["doctor"], ["verify"], ["backup", f"{path}.copy"]):
        answer = ann(*line)
        assert answer.code == 1
        assert f"{path} {DAMAGED}" in answer.err


@contextmanager
def another_user() -> Iterator[None]:
    """Run as a user whom file permissions bind: not as root."""
    if os.geteuid():
        yield
        return
    os.seteuid(65534)
    try:
        yield
    finally:
        os.seteuid(0)


@pytest.fixture
def open_folder() -> Iterator[Path]:
    """A folder into which another user can look, and not write."""
    with tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(0o755)
        yield Path(folder)


def test_a_desk_that_may_only_be_read_is_read_and_every_writer_says_the_same(
    ann: Prompt, open_folder: Path
) -> None:
    ref = ann.log()
    path = Path(shutil.copy(ann.address, open_folder / "desk.db"))
    path.chmod(0o444)
    desk = Prompt(str(path), "ann", ann.clock)
    with another_user():
        for line in (["queue"], ["show", ref], ["verify"]):
            assert desk(*line).code == 0
        for line in (
            ["note", ref, "--text", "It is back."],
            ["init"],
            ["staff", "change", "sam", "--name", "S"],
        ):
            answer = desk(*line)
            assert (answer.code, answer.err) == (1, f"Error: {path} {READ_ONLY}\n")
        answer = desk("doctor")
        assert answer.code == 1
        assert f"Error: {path} {READ_ONLY}\n" in answer.err


def test_a_desk_left_in_the_middle_of_a_change_waits_for_somebody_who_may_write_it(
    ann: Prompt, open_folder: Path
) -> None:
    ref = ann.log()
    path = Path(shutil.copy(ann.address, open_folder / "desk.db"))
    kill_a_writer(path)
    path.chmod(0o444)
    journal_of(path).chmod(0o444)
    desk = Prompt(str(path), "ann", ann.clock)
    with another_user():
        answers = [desk(*line) for line in lines(ref, open_folder)]
    assert {answer.code for answer in answers} == {1}
    (told,) = {answer.err for answer in answers}
    assert f"{path} was left in the middle of a change" in told
    assert "ask its owner to open it" in told
    path.chmod(0o600)
    assert desk("show", ref).code == 0


def test_a_desk_that_may_not_be_read_is_reported_in_the_same_words_by_all(
    ann: Prompt, open_folder: Path
) -> None:
    ref = ann.log()
    path = Path(shutil.copy(ann.address, open_folder / "desk.db"))
    path.chmod(0o000)
    desk = Prompt(str(path), "ann", ann.clock)
    with another_user():
        told = {desk(*line).err for line in lines(ref, open_folder)}
    advice = "check the file and its folder, or choose another with --db"
    assert told == {f"Error: {path} cannot be read (Permission denied): {advice}\n"}


def test_a_folder_into_which_nobody_may_look_holds_no_desk_and_gets_none(open_folder: Path) -> None:
    inner = open_folder / "inner"
    inner.mkdir(0)
    for line in (["queue"], ["init"], ["demo", "--fill-only"], ["doctor"]):
        with another_user():
            answer = call("--db", str(inner / "new.db"), *line)
        assert (answer.code, "Permission denied" in answer.err) == (1, True)


@pytest.mark.parametrize(
    "statement", ["UPDATE alembic_version SET version_num = '0002'", "DROP TABLE alembic_version"]
)
def test_a_schema_that_is_not_of_the_revision_that_it_claims_is_damage(ann: Prompt, statement: str) -> None:
    connection = sqlite3.connect(ann.address)
    connection.execute(statement)
    connection.commit()
    connection.close()
    assert "run `supportdesk init`" in ann("verify").err
    answer = ann("init")
    assert (answer.code, answer.err) == (1, f"Error: {ann.address} {DAMAGED}\n")


def test_a_message_of_sqlite_that_is_no_text_is_damage(ann: Prompt) -> None:
    path = Path(ann.address)
    path.write_bytes(path.read_bytes().replace(b") WITHOUT ROWID", b") WITHO\xf0\x92\x8f OWID"))
    for command in ("queue", "verify", "doctor", "init"):
        answer = ann(command)
        assert (answer.code, answer.err) == (1, f"Error: {path} {DAMAGED}\n")


OF_ANOTHER_KIND = [
    "UPDATE head SET seq = 'abc'",
    "UPDATE head SET seq = seq + 0.5",
    "UPDATE head SET next_ticket = 'abc'",
    "UPDATE head SET records_seq = -seq - 2",
    "UPDATE head SET records_seq = seq + 1",
    "UPDATE head SET hash = x'ff00'",
]


@pytest.mark.parametrize("statement", OF_ANOTHER_KIND)
def test_a_head_that_no_program_can_have_written_is_damage_to_every_command(
    ann: Prompt, tmp_path: Path, statement: str
) -> None:
    ref = ann.log("high")
    tamper(ann.address, statement)
    for line in (
        *lines(ref, tmp_path),
        ["note", ref, "--text", "Rang"],
        ["explain", ref],
    ):
        if line[0] == "restore":
            continue
        answer = ann(*line)
        assert (answer.code, f"{ann.address} {DAMAGED}" in answer.err) == (1, True), line


@pytest.mark.parametrize("value", ["'abc'", "1.5", "9223372036854775807", "x'ff00'"])
def test_an_instant_that_no_program_can_have_written_is_damage_to_who_reads_it(
    ann: Prompt, value: str
) -> None:
    ref = ann.log("high")
    tamper(ann.address, f"UPDATE ledger SET at = {value} WHERE seq = (SELECT max(seq) FROM ledger)")
    for line in (["doctor"], ["note", ref, "--text", "Rang"]):
        answer = ann(*line)
        assert (answer.code, f"{ann.address} {DAMAGED}" in answer.err) == (1, True), line


OF_ANOTHER_MEANING = [
    ("UPDATE tickets SET ref = x'ff00'", ["queue"]),
    ("UPDATE tickets SET severity = 'none'", ["queue"]),
    ("UPDATE tickets SET severity = 'none'", ["show", "{ref}"]),
    ("UPDATE tickets SET summary = x'ff00'", ["queue"]),
    ("UPDATE tickets SET summary = x'ff00'", ["show", "{ref}"]),
    ("UPDATE policies SET key = 'other'", ["queue"]),
    ("UPDATE policies SET key = 'other'", ["note", "{ref}", "--text", "Rang"]),
    ("UPDATE policies SET key = 'other'", ["explain", "{ref}"]),
]


@pytest.mark.parametrize(("statement", "line"), OF_ANOTHER_MEANING, ids=str)
def test_what_follows_from_a_value_that_the_program_has_not_written_is_damage(
    ann: Prompt, statement: str, line: list[str]
) -> None:
    ref = ann.log("high")
    tamper(ann.address, statement)
    answer = ann(*(each.format(ref=ref) for each in line))
    assert (answer.code, answer.err) == (1, f"Error: {ann.address} {DAMAGED}\n")


def test_a_console_that_ends_at_a_value_that_the_program_has_not_written_says_that_the_desk_is_damaged(
    ann: Prompt, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("supportdesk.console.app.run", lambda *_, **__: 1)
    assert ann().err == ""
    tamper(ann.address, "UPDATE policies SET key = 'other'")
    answer = ann()
    assert (answer.code, answer.err) == (1, f"Error: {ann.address} {DAMAGED}\n")


def test_a_desk_of_two_revisions_is_not_brought_up_to_date(ann: Prompt) -> None:
    tamper(ann.address, "INSERT INTO alembic_version VALUES ('0001')")
    answer = ann("init")
    assert (answer.code, f"{ann.address} {DAMAGED}" in answer.err) == (1, True)


def tamper(address: str, statement: str) -> None:
    with closing(sqlite3.connect(address)) as desk, desk:
        desk.execute(statement)
