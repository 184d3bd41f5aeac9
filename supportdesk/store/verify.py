"""Is the ledger whole, and are the tables true to it? Nothing is changed, and nothing is believed."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from typing import Any

import msgspec
from sqlalchemy import Connection, Table, select

from supportdesk.sla.clocks import Course
from supportdesk.store import ledger, tables, words
from supportdesk.store.connect import Database
from supportdesk.store.ledger import GENESIS
from supportdesk.store.replay import Replay
from supportdesk.tickets.ticket import Ticket

_STRETCH = 5_000
"""Events that are walked along in one go, so that nobody waits for the whole walk."""


@dataclass(frozen=True, slots=True)
class Break:
    """The first event at which the ledger is not what was written."""

    seq: int
    reason: str


@dataclass(frozen=True, slots=True)
class Mismatch:
    """A row of a table that is not what the ledger makes of it."""

    table: str
    key: str
    reason: str


@dataclass(frozen=True, slots=True)
class Verification:
    """What was found. `head` is the hash of the last event: compare it with one noted earlier or elsewhere.

    `erased` counts events whose words were erased; the chain holds without them, but their tickets cannot be made again
    to be compared. Behind a break nothing can be compared.
    """

    events: int
    tickets: int
    erased: int
    head: str
    broken: Break | None
    mismatches: tuple[Mismatch, ...]

    @property
    def holds(self) -> bool:
        """Whether the ledger is whole and the tables are true to it."""
        return self.broken is None and not self.mismatches


class _BrokenError(Exception):
    def __init__(self, seq: int, reason: str) -> None:
        super().__init__(reason)
        self.seq = seq


def verify(database: Database) -> Verification:
    """Walks the whole chain, tells it again and compares; true for the moment at which it ended.

    What is written meanwhile is waited for, and others wait only while the tables are compared.
    """
    walk = _Walk()
    broken: Break | None = None
    mismatches: tuple[Mismatch, ...] = ()
    try:
        while database.read(walk.go_on):
            pass
        mismatches = database.read(walk.end)
    except _BrokenError as error:
        broken = Break(error.seq, str(error))
    return Verification(walk.seq, walk.replay.logged, walk.erased, walk.hash, broken, mismatches)


class _Walk:
    """Along the chain: `seq` and `hash` are those of the last event that holds."""

    def __init__(self) -> None:
        self.seq = 0
        self.hash = GENESIS
        self.erased = 0
        self.replay = Replay()

    def go_on(self, connection: Connection) -> bool:
        """Goes on for a stretch; whether there may be more behind it."""
        before = self.seq
        for row in ledger.in_batches(connection, ledger.rows_after(before).limit(_STRETCH)):
            self._step(row)
        return self.seq == before + _STRETCH

    def end(self, connection: Connection) -> tuple[Mismatch, ...]:
        """Goes to the end, where nothing may be missing and no reference be given twice; what the tables have wrong."""
        for row in ledger.in_batches(connection, ledger.rows_after(self.seq)):
            self._step(row)
        head = ledger.read_head(connection)
        if (head.seq, head.hash) != (self.seq, self.hash):
            raise _BrokenError(self.seq + 1, f"the head tells of {head.seq} events with another end")
        if head.next_ticket != self.replay.logged or head.records_seq != self.replay.records_seq:
            raise _BrokenError(self.seq, "the head does not count tickets and records as the events do")
        return tuple(_mismatches(connection, self.replay))

    def _step(self, row: Mapping[str, Any]) -> None:
        seq, expected = row["seq"], self.seq + 1
        if seq != expected:
            raise _BrokenError(expected, f"event {expected} is missing")
        if row["previous"] != self.hash:
            raise _BrokenError(seq, "it does not follow the event before it")
        if ledger.link_hash(row) != row["hash"]:
            raise _BrokenError(seq, "it was changed after it was written")
        if row["payload"] is None:
            self.erased += 1
        elif (
            row["salt"] is None or ledger.payload_digest(row["salt"], row["payload"]) != row["payload_digest"]
        ):
            raise _BrokenError(seq, "what it says was changed after it was written")
        try:
            self.replay.take(ledger.entry(row))
        except (msgspec.MsgspecError, ValueError, LookupError) as error:
            raise _BrokenError(seq, f"it cannot have happened: {error}") from error
        self.seq, self.hash = seq, row["hash"]


def _mismatches(connection: Connection, replay: Replay) -> Iterator[Mismatch]:
    for table, rows in replay.documents().items():
        yield from _compared(connection, table, rows.keys(), rows.__getitem__)
    yield from _compared(connection, tables.tickets, replay.refs(), replay.ticket, replay.erased)
    for index in words.INDEXES:
        rows = replay.words(index)
        yield from _compared(connection, index, rows.keys(), rows.__getitem__, replay.erased)
    yield from _attachments(connection, replay.cut_texts)
    unknown = select(tables.ledger.c.command_id).distinct().except_(select(tables.commands.c.id))
    for command_id in connection.execute(unknown).scalars():
        yield Mismatch("commands", command_id, "it is missing, so that it could be carried out again")


def _compared(
    connection: Connection,
    table: Table,
    keys: AbstractSet[str],
    made: Callable[[str], Mapping[str, Any]],
    not_known: AbstractSet[str] = frozenset(),
) -> Iterator[Mismatch]:
    """What a table holds against what is made of the ledger, row by row."""
    key_column = next(iter(table.primary_key)).name
    left = set(keys)
    for row in ledger.in_batches(connection, select(table)):
        key = row[key_column]
        if key in not_known:
            continue
        if key not in left:
            yield Mismatch(table.name, key, "the ledger knows nothing of it")
            continue
        left.remove(key)
        expected = made(key)
        wrong = [name for name in row if not _same(name, expected, row)]
        if wrong:
            yield Mismatch(table.name, key, f"not what the ledger makes of it: {', '.join(wrong)}")
    for key in sorted(left):
        yield Mismatch(table.name, key, "it is missing")


def _same(name: str, expected: Mapping[str, Any], stored: Mapping[str, Any]) -> bool:
    if name == "changed_seq" and "ref" in stored:
        # A ticket's line is also drawn anew without an event of its own: a name or a calendar changed.
        return bool(expected[name] <= stored[name])
    if expected[name] == stored[name]:
        return True
    kind = _TYPED.get(name)
    return kind is not None and msgspec.json.decode(expected[name], type=kind) == _decoded(stored[name], kind)


def _decoded(text: str, kind: type) -> Any:
    """A stored value; older programs may have written the same one in other words."""
    try:
        return msgspec.json.decode(text, type=kind)
    except msgspec.MsgspecError:
        return None


_TYPED: Mapping[str, type] = {"state": Ticket, "response": Course, "resolution": Course}


def _attachments(connection: Connection, wanted: AbstractSet[str]) -> Iterator[Mismatch]:
    left = set(wanted)
    for row in ledger.in_batches(connection, select(tables.attachments)):
        digest = row["digest"]
        left.discard(digest)
        if hashlib.sha256(row["content"]).hexdigest() != digest:
            yield Mismatch("attachments", digest, "it is not the text that was cut")
    for digest in sorted(left):
        yield Mismatch("attachments", digest, "it is missing")
