"""`supportdesk restore`: what it says, and when it does not go on."""

import os
import re
import sqlite3
from pathlib import Path

import pytest

from supportdesk.store.sqlite.issued_references import NextNumber, find_next_number
from supportdesk.tickets import reference
from tests.cli.prompt import Prompt
from tests.store.killed import journal_of, kill_a_writer

pytestmark = pytest.mark.sqlite


def backed_up(ann: Prompt, tmp_path: Path) -> str:
    ann.log()
    ann.done("backup", str(tmp_path / "backup.db"))
    return str(tmp_path / "backup.db")


def test_restore_says_what_it_restored_and_where_the_old_files_are(ann: Prompt, tmp_path: Path) -> None:
    backup = backed_up(ann, tmp_path)
    path = Path(ann.address)
    kill_a_writer(path)
    path.unlink()
    told = ann.done("restore", backup)
    aside = tmp_path / "desk.db.aside-20261124-094200-journal"
    assert f"{path} is restored from {backup}: " in told
    assert "1 ticket." in told
    assert f"Moved aside: {aside}\n" in told
    assert aside.exists()
    assert "The ledger is intact" in ann.done("verify")


def test_a_desk_with_more_than_the_backup_is_replaced_only_with_yes(ann: Prompt, tmp_path: Path) -> None:
    backup = backed_up(ann, tmp_path)
    ref = ann.log(summary="After the backup")
    told = ann.refused("restore", backup)
    assert "The desk is intact" in told
    assert "--yes" in told
    assert ann.ticket(ref)
    assert f"Moved aside: {ann.address}.aside-20261124-094200\n" in ann.done("restore", backup, "--yes")
    assert len(ann("queue", "--json").json) == 1


def test_references_given_after_the_backup_are_not_given_again(ann: Prompt, tmp_path: Path) -> None:
    backup = backed_up(ann, tmp_path)
    assert "given after the backup" not in ann.done("restore", backup)
    refs = [ann.log(summary=f"After the backup, {number}") for number in range(3)]
    assert f"3 references given after the backup, {refs[0]} to {refs[2]}: not given again" in ann.done(
        "restore", backup, "--yes"
    )
    ref = ann.log(summary="Another one")
    assert reference.number(ref) == reference.number(refs[2]) + 1
    assert f"4 references given after the backup, {refs[0]} to {ref}: not" in ann.done(
        "restore", backup, "--yes"
    )
    assert "The ledger is intact" in ann.done("verify")
    assert len(ann("queue", "--json").json) == 1
    assert ann("queue", "--as-of", "today", "--json").code == 0


def test_references_that_a_damaged_desk_still_tells_are_not_given_again(ann: Prompt, tmp_path: Path) -> None:
    backup = backed_up(ann, tmp_path)
    last = [ann.log(), ann.log()][-1]
    desk = sqlite3.connect(ann.address)
    desk.execute("UPDATE head SET next_ticket = 'abc'")
    desk.commit()
    desk.close()
    ann.done("restore", backup, "--yes")
    assert reference.number(ann.log()) > reference.number(last)


def test_a_damaged_page_does_not_hide_the_references_on_the_others(ann: Prompt, tmp_path: Path) -> None:
    backup = backed_up(ann, tmp_path)
    last = [ann.log(summary=f"After the backup, {number}") for number in range(5)][-1]
    content = Path(ann.address).read_bytes()
    told = []
    for page in range(4096, len(content), 4096):
        Path(ann.address).write_bytes(content[:page] + b"\xff" * 4096 + content[page + 4096 :])
        told.append(find_next_number(Path(ann.address), 1))
    assert {each.number for each in told if each} == {reference.number(last) + 1}
    assert NextNumber(reference.number(last) + 1, is_certain=True) in told
    assert f"{last}: not given again" in ann.done("restore", backup, "--yes")


@pytest.mark.slow
@pytest.mark.parametrize("size", [8_192, 100_000])
def test_a_truncated_desk_is_said_not_to_tell_all_its_references(
    ann: Prompt, tmp_path: Path, size: int
) -> None:
    refs = [ann.log(summary=f"Before the backup, {number}") for number in range(20)]
    backup = str(tmp_path / "backup.db")
    ann.done("backup", backup)
    last = [ann.log(summary=f"After the backup, {number}") for number in range(20)][-1]
    os.truncate(ann.address, size)
    said = ann.done("restore", backup)
    at_risk = re.search("references, from (.*) on, would be given again", said)
    assert at_risk is not None
    assert reference.number(refs[-1]) < reference.number(at_risk[1]) <= reference.number(last) + 1
    assert ann.log() == at_risk[1]
    assert "--last-reference REF" in said
    again = ann.done("restore", backup, "--last-reference", last, "--yes")
    assert "not given again" in again
    assert "--last-reference" not in again
    assert reference.number(ann.log()) > reference.number(last)


def test_a_desk_that_does_not_tell_its_references_is_said_not_to(ann: Prompt, tmp_path: Path) -> None:
    backup = backed_up(ann, tmp_path)
    Path(ann.address).write_bytes(b"")
    assert "cannot tell which tickets were logged after the backup" in ann.done("restore", backup)
    given = reference.make(41)
    told = ann.done("restore", backup, "--last-reference", given)
    assert f"{reference.make(1)} to {given}: not given again" in told
    assert ann.log() == reference.make(42)
    assert "The ledger is intact" in ann.done("verify")


def test_every_way_of_opening_a_desk_beside_the_journal_of_another_names_restore(
    ann: Prompt, tmp_path: Path
) -> None:
    backup = Path(backed_up(ann, tmp_path))
    ref = ann.log()
    kill_a_writer(Path(ann.address))
    Path(ann.address).write_bytes(backup.read_bytes())
    for line in (
        ["queue"],
        ["show", ref],
        ["doctor"],
        ["verify"],
        ["init"],
        ["demo"],
        ["note", ref, "--text", "x"],
        ["backup", str(tmp_path / "copy.db")],
    ):
        answer = ann(*line)
        assert answer.code == 1
        assert "desk.db-journal beside it is the journal of another file" in answer.err
        assert "supportdesk restore BACKUP" in answer.err
    assert Path(ann.address).read_bytes() == backup.read_bytes()
    ann.done("restore", str(backup))
    assert journal_of(Path(ann.address)).exists() is False
    assert "The ledger is intact" in ann.done("verify")


def test_a_backup_that_is_not_there_is_reported(ann: Prompt, tmp_path: Path) -> None:
    answer = ann("restore", str(tmp_path / "none.db"))
    assert (answer.code, answer.out) == (1, "")
    assert "there is no backup at" in answer.err
