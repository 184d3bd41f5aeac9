"""Whatever is done to the events, alone or with other changes, is found; with hashes that fit, beside an anchor.

What cannot be found is named in docs/decisions/0009: events behind the last anchor that were rewritten with hashes that
fit, and what no event says.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection, Table, and_, delete, insert, text, update
from sqlalchemy.exc import SQLAlchemyError

from supportdesk.store import tables
from supportdesk.store.anchor_places import anchor_ledger
from supportdesk.store.anchors import Anchor
from supportdesk.store.backend import Database
from supportdesk.store.errors import DeskUnavailableError
from supportdesk.store.verification.verify import verify
from tests.store.forgery import rewrite_hashes
from tests.store.paged_desk import paged_database

FEW = settings().max_examples // 6
"""Each example takes a desk of its own and two verifications."""

pytestmark = [pytest.mark.usefixtures("database_kind"), pytest.mark.long_on_server]

Mutation = Callable[[Connection, random.Random], None]

LEDGER, HEAD = tables.ledger, tables.head
VALUES = (None, "", "x", "0" * 64, 0, -1, 7, 2**40, "1", "ann", "CD-4C00-W", "ticket")


def read(connection: Connection, table: Table) -> list[dict[str, Any]]:
    """The rows of a table as they are stored, whatever their types."""
    order = ", ".join(column.name for column in table.primary_key)
    return [
        dict(row)
        for row in connection.execute(text(f"SELECT * FROM {table.name} ORDER BY {order}")).mappings()
    ]


def write(connection: Connection, table: Table, row: dict[str, Any], changes: dict[str, Any]) -> None:
    """Change a row; what the database refuses changes nothing."""
    here = and_(*(column == row[column.name] for column in table.primary_key))
    with suppress(SQLAlchemyError), connection.begin_nested():
        connection.execute(update(table).where(here).values(changes))


def two(connection: Connection, chance: random.Random, table: Table) -> list[dict[str, Any]]:
    """Two rows; the same one twice where another mutation left only one."""
    rows = read(connection, table)
    return chance.sample(rows, 2) if len(rows) > 1 else rows * 2


def change_cell(table: Table, *free: str) -> Mutation:
    """Gives a cell that is not free another value, or that of another row."""

    def mutate(connection: Connection, chance: random.Random) -> None:
        row, other = two(connection, chance, table)
        name = chance.choice([column.name for column in table.columns if column.name not in free])
        value = chance.choice([*VALUES, other[name]])
        if type(row[name]) is int and chance.random() < 0.5:
            value = row[name] + chance.choice([-1, 1])
        write(connection, table, row, {name: value})

    return mutate


def swap_cells(table: Table, *names: str) -> Mutation:
    """Swaps some columns of two rows."""

    def mutate(connection: Connection, chance: random.Random) -> None:
        one, other = two(connection, chance, table)
        for row, source in ((one, other), (other, one)):
            write(connection, table, row, {name: source[name] for name in names})

    return mutate


def change_head(connection: Connection, chance: random.Random) -> None:
    [row] = read(connection, HEAD)
    name = chance.choice(["seq", "hash", "next_ticket", "records_seq"])
    value = "0" * 64 if name == "hash" else row[name] + chance.choice([-1, 1, 1000])
    write(connection, HEAD, row, {name: value})


def swap_events(connection: Connection, chance: random.Random) -> None:
    """Two events change places, with everything but their numbers."""
    one, other = two(connection, chance, LEDGER)
    connection.execute(delete(LEDGER).where(LEDGER.c.seq.in_([one["seq"], other["seq"]])))
    connection.execute(insert(LEDGER), [{**one, "seq": other["seq"]}, {**other, "seq": one["seq"]}])


def remove_event(connection: Connection, chance: random.Random) -> None:
    row, _ = two(connection, chance, LEDGER)
    connection.execute(delete(LEDGER).where(LEDGER.c.seq == row["seq"]))


def remove_and_close_the_gap(connection: Connection, chance: random.Random) -> None:
    """An event goes, and those behind it move up."""
    row, _ = two(connection, chance, LEDGER)
    behind = [each for each in read(connection, LEDGER) if each["seq"] > row["seq"]]
    connection.execute(delete(LEDGER).where(LEDGER.c.seq >= row["seq"]))
    if behind:
        connection.execute(insert(LEDGER), [{**each, "seq": each["seq"] - 1} for each in behind])


def cut_the_end(connection: Connection, chance: random.Random) -> None:
    row, _ = two(connection, chance, LEDGER)
    connection.execute(delete(LEDGER).where(LEDGER.c.seq > row["seq"]))
    if chance.random() < 0.5:
        connection.execute(update(HEAD).values(seq=row["seq"], hash=row["hash"]))


def repeat_event(connection: Connection, chance: random.Random) -> None:
    """A copy of an event, behind the last one or before the first."""
    row, _ = two(connection, chance, LEDGER)
    end = read(connection, LEDGER)[-1]["seq"]
    copied = {**row, "seq": chance.choice([end + 1, end + 2, 0, -1]), "version": None}
    connection.execute(insert(LEDGER), copied)


def erase_words(connection: Connection, chance: random.Random) -> None:
    row, _ = two(connection, chance, LEDGER)
    write(connection, LEDGER, row, {"payload": None, "salt": chance.choice([None, row["salt"]])})


def remove_row(connection: Connection, chance: random.Random) -> None:
    """A row goes from a table that the events make."""
    table = chance.choice([tables.tickets, tables.staff, tables.escalation_steps, tables.commands])
    rows = read(connection, table)
    if table is tables.commands:
        known = {each["command_id"] for each in read(connection, LEDGER)}
        rows = [row for row in rows if row["id"] in known]
    if rows:
        row = chance.choice(rows)
        here = and_(*(column == row[column.name] for column in table.primary_key))
        with suppress(SQLAlchemyError), connection.begin_nested():
            connection.execute(delete(table).where(here))


EVENTS: tuple[Mutation, ...] = (
    change_cell(LEDGER),
    swap_events,
    *(swap_cells(LEDGER, *names) for names in (
        ["at"], ["actor"], ["command_id"], ["payload", "salt"], ["payload", "salt", "payload_digest"], ["previous"],
        ["hash"], ["subject"], ["event", "payload", "salt", "payload_digest"],
    )),
    remove_event, remove_and_close_the_gap, cut_the_end, repeat_event, erase_words,
)  # fmt: skip
"""What can be done to events; all of it is in their hashes."""

OTHERS: tuple[Mutation, ...] = (
    change_head,
    change_cell(tables.tickets),
    swap_cells(tables.tickets, "state"),
    swap_cells(tables.tickets, "watch_due"),
    swap_cells(tables.commands, "digest"),
    change_cell(tables.messages, "hand_off_due"),
    change_cell(tables.staff),
    swap_cells(tables.staff, "document"),
    change_cell(tables.escalation_steps),
    remove_row,
)


def dump(connection: Connection) -> list[list[dict[str, Any]]]:
    return [read(connection, table) for table in tables.metadata.sorted_tables]


def tamper(chance: random.Random, mutations: Sequence[Mutation], *, fits: bool) -> tuple[bool, bool, bool]:
    """Changes a desk; returns whether anything changed, and whether `verify` finds it alone and beside an anchor of the
    end.

    Where everything `fits`, the hashes were made again from the changed events.
    """
    with paged_database() as database:
        anchor = Anchor(anchor_ledger(database))
        before = database.read(dump)
        # What a database refuses is not done.
        with suppress(SQLAlchemyError, DeskUnavailableError):
            database.write(lambda connection: [mutate(connection, chance) for mutate in mutations])
        if fits and database.read(dump) != before:
            database.write(rewrite_hashes)
        changed = database.read(dump) != before
        return changed, is_found(database), is_found(database, anchor)


def is_found(database: Database, *anchors: Anchor) -> bool:
    try:
        return not verify(database, anchors).is_intact
    except DeskUnavailableError:
        return True


@settings(max_examples=FEW, deadline=None)
@given(
    st.randoms(use_true_random=False), st.lists(st.sampled_from((*EVENTS, *OTHERS)), min_size=1, max_size=3)
)
def test_whatever_was_done_to_events_and_tables_is_found(
    chance: random.Random, mutations: list[Mutation]
) -> None:
    changed, is_found_alone, _ = tamper(chance, mutations, fits=False)
    assert is_found_alone == changed


@settings(max_examples=FEW, deadline=None)
@given(st.randoms(use_true_random=False), st.lists(st.sampled_from(EVENTS), min_size=1, max_size=3))
def test_whatever_was_done_to_events_so_that_all_hashes_fit_is_found_beside_an_anchor(
    chance: random.Random, mutations: list[Mutation]
) -> None:
    changed, _, is_found_beside_it = tamper(chance, mutations, fits=True)
    assert is_found_beside_it == changed
