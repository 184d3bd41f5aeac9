"""`supportdesk db copy`: what it says, and what the old desk says afterwards."""

from __future__ import annotations

from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from supportdesk.store.closure import close_head
from supportdesk.store.database import open_database
from supportdesk.store.errors import DeskUnavailableError
from supportdesk.store.exchange import lost_database
from supportdesk.store.exchange.desk_move import move_desk
from tests.cli.prompt import Prompt, call

pytestmark = pytest.mark.usefixtures("database_kind")


def place_of(address: str) -> str:
    """Where a desk is, as messages say it."""
    with closing(open_database(address)) as database:
        return database.location


def test_a_desk_that_was_copied_goes_on_at_its_new_place(ann: Prompt, tmp_path: Path) -> None:
    ref = ann.log()
    target = str(tmp_path / "moved.db")
    answer = call("db", "copy", ann.address, target, clock=ann.clock)
    assert answer.code == 0, answer
    assert f"{place_of(ann.address)} is intact: " in answer.out
    assert f"{target} is intact: " in answer.out
    assert "Nobody could write for " in answer.out
    assert f"The desk is at {target} now: set SUPPORTDESK_DB" in answer.out
    assert "Verifying both" in answer.err
    point = answer.out.splitlines()[-1]
    moved = replace(ann, address=target)
    assert point in moved.done("verify", "--expect", point)
    moved.done("note", ref, "--text", "it goes on here")


def test_the_old_desk_says_where_it_went_and_can_still_be_verified(ann: Prompt, tmp_path: Path) -> None:
    ref = ann.log()
    target = str(tmp_path / "moved.db")
    assert call("db", "copy", ann.address, target, clock=ann.clock).code == 0
    for line in (["queue"], ["note", ref, "--text", "too late"], ["doctor"], ["init"]):
        answer = ann(*line)
        assert answer.code == 1, line
        assert f"this desk has moved to {target}: open it there, by --db or SUPPORTDESK_DB" in answer.err
    assert "The ledger is intact" in ann.done("verify")
    ann.done("backup", str(tmp_path / "backup.db"))
    ann.done("export", str(tmp_path / "desk.jsonl"))
    again = call("db", "copy", ann.address, target, clock=ann.clock)
    assert (again.code, again.out) == (1, "")
    assert f"{place_of(ann.address)} has moved to {target} already" in again.err


def test_a_move_that_has_to_be_finished_later_has_an_exit_code_of_its_own(
    ann: Prompt, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ann.log()
    target = str(tmp_path / "moved.db")

    def lose(connection: object) -> None:
        raise DeskUnavailableError("the disk is full: make room")

    with monkeypatch.context() as patch:
        patch.setattr(lost_database, "PATIENCE", 0.0)
        patch.setattr("supportdesk.store.exchange.desk_move.open_head", lose)
        answer = call("db", "copy", ann.address, target, clock=ann.clock)
    assert (answer.code, answer.out) == (75, "")
    assert (
        f"The desk has moved to {target}, but is not open there yet, and the disk is full: make room. Then run the same"
        " `supportdesk db copy` again, which finishes the move" in " ".join(answer.err.split())
    )
    assert f"has moved to {target}" in ann("queue").err
    assert call("db", "copy", ann.address, target, clock=ann.clock).code == 0
    replace(ann, address=target).done("queue")


def test_no_desk_is_copied_over_another_or_from_nowhere(ann: Prompt, tmp_path: Path) -> None:
    ref = ann.log()
    answer = call("db", "copy", ann.address, ann.address, clock=ann.clock)
    assert (answer.code, answer.out) == (1, "")
    # A URL is shown without the name of its user.
    place = ann.address.replace("postgres@", "")
    assert f"there is another desk at {place}: choose another place" in answer.err
    nowhere = str(tmp_path / "none.db")
    answer = call("db", "copy", nowhere, str(tmp_path / "new.db"))
    assert (answer.code, answer.out) == (1, "")
    assert f"there is no desk at {nowhere}" in answer.err
    assert not (tmp_path / "new.db").exists()
    assert ann.ticket(ref)


def test_a_move_is_taken_back_by_an_administrator_once_nobody_goes_on_elsewhere(
    ann: Prompt, tmp_path: Path
) -> None:
    ref = ann.log()
    place, target = place_of(ann.address), tmp_path / "moved.db"
    assert call("db", "copy", ann.address, str(target), clock=ann.clock).code == 0
    replace(ann, address=str(target)).done("note", ref, "--text", "it goes on here")
    maya, reopen = ann.by("maya"), ("db", "reopen", ann.address)
    said = maya.refused(*reopen, "--yes", "--leave-both-open")
    assert "Only an administrator (" in said
    assert "may open the desk again; maya may not." in said
    said = ann.refused(*reopen, "--yes")
    assert f"The desk is open at {target}, with 1 event since the move. Two open desks" in said
    target.unlink()
    said = ann.refused(*reopen, "--yes")
    assert f"The desk at {target} cannot be looked at (there is no desk at {target}" in said
    said = ann.refused(*reopen, "--leave-both-open")
    assert f"Open {place} again? What was written at {target} is not on it. To do so, run this" in said
    assert ann("queue").code == 1
    said = ann.done(*reopen, "--leave-both-open", "--yes")
    assert f"{place} is open again. Use no other copy of it, such as {target}." in said
    ann.done("note", ref, "--text", "as if nothing had happened")
    assert "The ledger is intact" in ann.done("verify")
    again = ann(*reopen, "--yes")
    assert (again.code, again.out) == (1, "")
    assert "is open: there is no move to take back" in again.err
    assert call("db", "copy", ann.address, str(tmp_path / "third.db"), clock=ann.clock).code == 0


def test_a_copy_that_nobody_could_use_yet_hinders_no_reopening(ann: Prompt, tmp_path: Path) -> None:
    """The desk was closed, and the copy never opened."""
    target = str(tmp_path / "moved.db")
    with closing(open_database(ann.address)) as database, pytest.MonkeyPatch.context() as patch:

        def fail(*arguments: object) -> None:
            raise DeskUnavailableError("the disk is full")

        patch.setattr(lost_database, "PATIENCE", 0.0)
        patch.setattr("supportdesk.store.exchange.desk_move.open_head", fail)
        with pytest.raises(DeskUnavailableError):
            move_desk(database, target, now=ann.clock.now(), report=lambda step: None)
    assert ann("queue").code == 1
    ann.done("db", "reopen", ann.address, "--yes")
    ann.log()


def test_an_unfinished_copy_is_finished_and_not_reopened(ann: Prompt) -> None:
    with closing(open_database(ann.address)) as database:
        database.write(close_head)
    answer = ann("db", "reopen", ann.address, "--yes")
    assert (answer.code, answer.out) == (1, "")
    assert "this is an unfinished copy of a desk" in answer.err
