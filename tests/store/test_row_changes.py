"""What a command reads and writes: of a ticket's row the columns that it changes, and no index of any other."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event
from sqlalchemy.engine import Engine

from supportdesk.desk import Desk
from supportdesk.tickets.command import Command
from supportdesk.tickets.process.assignment import Assign, Claim
from supportdesk.tickets.process.conversation import Note, RecordCall
from supportdesk.tickets.process.linking import MarkDuplicate
from supportdesk.tickets.process.triage import Log
from tests.store.desks import REQUEST, done, furnished_desk, logged, verified

pytestmark = pytest.mark.usefixtures("database_kind")


@contextmanager
def statements() -> Iterator[list[str]]:
    """Collect the statements that any desk executes in the block."""
    seen: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        seen.append(" ".join(statement.split()))

    event.listen(Engine, "before_cursor_execute", note)
    try:
        yield seen
    finally:
        event.remove(Engine, "before_cursor_execute", note)


def written(desk: Desk, command: Command) -> list[set[str]]:
    """The columns that a command writes in rows of `tickets`, by statement."""
    with statements() as seen:
        done(desk, command)
    updates = [each.split(" WHERE ")[0] for each in seen if each.startswith("UPDATE tickets SET")]
    return [set(re.findall(r"(\w+)=[?%]", each)) for each in updates]


def test_a_note_writes_no_column_that_stays_as_it_is(tmp_path: Path) -> None:
    with furnished_desk(tmp_path) as desk:
        ref = logged(desk)
        assert written(desk, Note(ref, "it is the usual thing")) == [{"version", "changed_seq", "state"}]
        assert verified(desk).is_intact


def test_an_assignment_writes_the_owner_and_what_follows_from_it(tmp_path: Path) -> None:
    with furnished_desk(tmp_path) as desk:
        ref = logged(desk)
        [columns] = written(desk, Assign(ref, owner="sam"))
        assert {"owner", "owner_name", "version", "changed_seq", "state"} <= columns
        assert columns.isdisjoint(
            {"ref", "organisation", "contact", "severity_rank", "urgency", "received_at"}
        )
        assert verified(desk).is_intact


def test_tickets_that_change_in_different_columns_are_all_written(tmp_path: Path) -> None:
    with furnished_desk(tmp_path) as desk:
        ref, other = logged(desk), logged(desk)
        closed, kept = sorted(written(desk, MarkDuplicate(ref, other)), key=len, reverse=True)
        assert {"in_queue", "stage"} <= closed
        assert kept == {"version", "changed_seq", "state"}
        assert verified(desk).is_intact


def read(desk: Desk, command: Command, table: str) -> list[str]:
    """The statements by which a command reads a table."""
    with statements() as seen:
        done(desk, command)
    assert seen, "no statement was seen"
    return [
        each
        for each in seen
        if f" FROM {table}" in each and not each.startswith(("SELECT head", "SELECT ledger.seq "))
    ]


def test_the_customer_is_read_only_for_the_commands_that_need_them(tmp_path: Path) -> None:
    with furnished_desk(tmp_path) as desk:
        ref = logged(desk)
        assert read(desk, Note(ref, "it is the usual thing"), "contacts") == []
        assert read(desk, RecordCall(ref, "it is slow again"), "contacts") != []


def test_no_history_is_read_for_a_new_ticket(tmp_path: Path) -> None:
    with furnished_desk(tmp_path) as desk:
        assert read(desk, Log(**REQUEST), "ledger") == []
        [row] = desk.queue().rows
        assert read(desk, Claim(row.ref), "ledger") != []
        assert verified(desk).is_intact
