"""Whatever cell or row of whatever table somebody changes is found, except where nothing says what was there."""

from __future__ import annotations

import random
import shutil
import sqlite3
import tempfile
from collections.abc import Mapping
from contextlib import closing, suppress
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from supportdesk.store.database import open_database
from supportdesk.store.errors import DeskUnavailableError
from supportdesk.store.verification.verify import verify
from tests.seeds import examples
from tests.store.paged_desk import copy_paged_desk

pytestmark = pytest.mark.sqlite

VALUES = st.one_of(
    st.none(),
    st.integers(-(2**40), 2**40),
    st.floats(allow_nan=False),
    st.text(max_size=5),
    st.binary(max_size=5),
)
CHANGES = st.sampled_from(["another value", "the value of another row", "one more", "remove", "copy"])


def is_free(row: Mapping[str, Any], table: str, column: str) -> bool:
    """Whether no event says what is in a cell: then only its form is checked, and another value may be right."""
    match table, column:
        case "deliveries", "claimed_by" | "claimed_until":
            return True  # A claim writes no event.
        case "deliveries", "due_at":
            return bool(
                row["held"] == "limit"
            )  # For how long a claim held it back depends on what else was sent.
        case "deliveries", "state":
            # Of one that is not tried again, no event says whether it was still wanted.
            return row["state"] == "failed" or is_tried_notice(row)
        case "deliveries", "attempts" | "tried_at" | "bundled" | "detail":
            return is_tried_notice(row)
        case "page_links", "digest":
            return True  # The secret of a link is nowhere.
        case "commands", _:
            return bool(row["without_event"])  # It did nothing, so that nothing follows from it.
    return table.endswith("_idx")  # Every word is looked up; by which way SQLite finds it is SQLite's own.


def is_free_row(row: Mapping[str, Any], table: str, change: str) -> bool:
    """Whether a row may be there or not."""
    if table == "page_links":
        return change == "remove"  # Links are removed once they have expired.
    if table == "commands":
        return change == "copy" or bool(row["without_event"])  # It would be another command that did nothing.
    return False


def is_tried_notice(row: Mapping[str, Any]) -> bool:
    """Whether a delivery belongs to no ticket on whose timeline its attempts are."""
    return bool(row["attempts"]) and row["about"] is None


READ = {
    "deliveries": "SELECT *, (SELECT ref FROM messages WHERE messages.id = message) AS about FROM deliveries",
    "commands": "SELECT *, id NOT IN (SELECT command_id FROM ledger) AS without_event FROM commands",
}


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return copy_paged_desk(tmp_path_factory.mktemp("paged"))


@pytest.mark.slow
@pytest.mark.straggler
@settings(max_examples=examples(40), deadline=None)
@given(st.randoms(use_true_random=False), CHANGES, VALUES)
def test_whatever_is_changed_in_whatever_table_is_found(
    desk: Path, chance: random.Random, change: str, value: object
) -> None:
    """Every table is tried; inside the full-text indexes only cells are changed."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(shutil.copy(desk, folder))
        with closing(sqlite3.connect(path, isolation_level=None)) as connection:
            connection.execute("PRAGMA ignore_check_constraints = ON")
            before = list(connection.iterdump())
            said, free = tamper(connection, chance, change, value)
            changed = list(connection.iterdump()) != before
        try:
            with closing(open_database(str(path))) as database:
                found = verify(database)
        except DeskUnavailableError:
            assert changed
        else:
            assert found.is_intact != changed or free, said
            assert all(str(each) for each in found.findings)


def tamper(
    connection: sqlite3.Connection, chance: random.Random, change: str, value: object
) -> tuple[str, bool]:
    """Changes something; returns what, and whether the change may remain unnoticed."""
    everything = "SELECT name FROM sqlite_schema WHERE type = 'table' AND sql NOT LIKE 'CREATE VIRTUAL%'"
    table = chance.choice([name for (name,) in connection.execute(everything)])
    rows = connection.execute(READ.get(table, f'SELECT * FROM "{table}"'))
    names = [name for name, *_ in rows.description]
    stored = [dict(zip(names, row, strict=True)) for row in rows]
    if not stored:
        return f"{table} is empty", False
    row = chance.choice(stored)
    about = connection.execute("SELECT name, pk FROM pragma_table_info(?)", (table,)).fetchall()
    keys = [name for name, place in about if place]
    here = " AND ".join(f'"{key}" IS ?' for key in keys)
    values: list[object] = [row[key] for key in keys]
    column = chance.choice([name for name, _ in about])
    if change == "remove" and "_words_" not in table:
        statement = f'DELETE FROM "{table}" WHERE {here}'
        free = is_free_row(row, table, change)
    elif change == "copy" and "_words_" not in table:
        column = chance.choice(keys)
        copied = ", ".join("?" if name == column else f'"{name}"' for name, _ in about)
        statement = f'INSERT INTO "{table}" SELECT {copied} FROM "{table}" WHERE {here}'
        values = [value, *values]
        free = is_free_row(row, table, change)
    else:
        if change == "the value of another row":
            value = chance.choice(stored)[column]
        elif change == "one more" and type(row[column]) is int:
            value = row[column] + 1
        statement = f'UPDATE "{table}" SET "{column}" = ? WHERE {here}'
        values = [value, *values]
        free = is_free(row, table, column)
    with suppress(sqlite3.IntegrityError, sqlite3.OperationalError):
        connection.execute(statement, values)
    return f"{statement} {values} on {row}", free
