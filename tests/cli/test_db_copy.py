"""`supportdesk db copy`: what it says, and what the old desk says afterwards."""

from __future__ import annotations

from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from supportdesk.store.database import open_database
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
