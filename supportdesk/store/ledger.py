"""The ledger: every event in the order of the commits, each with the hash of the previous one.

The chain contains a salted digest of the payload, not the payload itself: personal words can be erased later, together
with their salt, and the chain stays intact.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from operator import itemgetter
from typing import Any, NamedTuple

import msgspec
from sqlalchemy import Connection, Select, bindparam, func, insert, literal_column, select, update

from supportdesk.sla.clocks import epoch, instant
from supportdesk.store import payloads, tables
from supportdesk.store.errors import (
    DamagedError,
    DeskMovedError,
    DeskUnavailableError,
    DeskUnfinishedError,
)
from supportdesk.store.statements import Query, Write, execute_writes, fetch, fetch_each, fetch_one, only_row
from supportdesk.tickets.desk_moved import DeskMoved
from supportdesk.tickets.events import NOTED_BESIDE, Event, Undone
from supportdesk.tickets.incoming_message import INCOMING_MESSAGE

GENESIS = "0" * 64
"""The previous hash of the first event."""

TICKET = "ticket"
"""The subject of a ticket's events; other subjects are types of records, and the desk."""

DESK = "desk"
"""The subject of events that concern the desk as a whole."""

_BATCH = 1_000
_SALT_BYTES = 16


class NewEvent(msgspec.Struct, frozen=True):
    """An event to be written. `ref` and `version` are those of its ticket; None for a record.

    `in_memory` says that it changes what desks hold in memory.
    """

    at: datetime
    subject: str
    actor: str
    event: payloads.AnyEvent
    ref: str | None = None
    version: int | None = None
    in_memory: bool = False


class PreparedEvent(NamedTuple):
    """An event to be written, as a row without its number and hash, which follow from the event before it."""

    row: Mapping[str, Any]
    in_memory: bool


class StoredEvent(msgspec.Struct, frozen=True):
    """An event in the ledger; `event` is None once its payload is erased, or where it is of a newer program.

    `is_newer` says that a newer program wrote it, of a type that this one does not know.
    """

    seq: int
    at: datetime
    subject: str
    ref: str | None
    version: int | None
    actor: str
    tag: str
    event: payloads.AnyEvent | None
    command_id: str
    is_newer: bool = False


class Head(msgspec.Struct, frozen=True):
    """The end of the ledger: the last event's number and hash, the next ticket's number, the last record event.

    `is_closed` says that nobody may use the desk: it has moved, or is an unfinished copy. It is stored as the sign of
    `records_seq`, so that everybody who reads the head knows it, and every program refuses what it does not know.
    """

    seq: int
    hash: str
    next_ticket: int
    records_seq: int
    is_closed: bool = False


def lock_head(connection: Connection) -> Head:
    """Lock the head until the commit and return it. Only its holder writes events, so lock it late.

    Raises DamagedError, and DeskUnavailableError for a closed desk.
    """
    return _refuse_closed(connection, lock_any_head(connection))


def lock_head_after(connection: Connection, seen: int | None) -> tuple[Head, bool]:
    """Lock and return the head as `lock_head` does, with whether a record was saved since event number `seen`.

    Messages that arrived do not count: what decides on them locks the head first.
    """
    if seen is None:
        return lock_head(connection), False
    found = fetch_each(connection, [Query(_LOCK_HEAD, {}), Query(_FIRST_RECORD_AFTER, {"after": seen})])
    head = _refuse_closed(connection, make_head(only_row(next(found))))
    return head, head.seq != seen and bool(next(found))


def _refuse_closed(connection: Connection, head: Head) -> Head:
    if head.is_closed:
        raise explain_closure(connection, head)
    return head


def lock_any_head(connection: Connection) -> Head:
    """Lock the head as `lock_head` does, also that of a closed desk."""
    return make_head(fetch_one(connection, _LOCK_HEAD))


def read_head(connection: Connection) -> Head:
    """Return the head as it is now. Raises DamagedError."""
    return make_head(fetch_one(connection, READ_HEAD))


def make_head(row: Sequence[Any]) -> Head:
    """Return the head in a result row of `READ_HEAD`.

    Raises DamagedError, as a column of numbers may contain a text in some databases.
    """
    seq, last_hash, next_ticket, records_seq = row
    is_closed = type(records_seq) is int and records_seq < 0
    if is_closed:
        records_seq = ~records_seq
    numbers = seq, next_ticket, records_seq
    if (
        not all(type(each) is int for each in numbers)
        or not 0 <= records_seq <= seq
        or type(last_hash) is not str
    ):
        raise DamagedError
    return Head(seq, last_hash, next_ticket, records_seq, is_closed)


def save_head(connection: Connection, head: Head) -> None:
    """Write the head."""
    execute_writes(connection, [Write(_UPDATE_HEAD, [_head_row(head)])])


def _head_row(head: Head) -> dict[str, Any]:
    row = msgspec.structs.asdict(head)
    if row.pop("is_closed"):
        row["records_seq"] = ~head.records_seq
    return row


def find_new_place(connection: Connection, head: Head) -> str | None:
    """Return where a closed desk has moved; None for an unfinished copy."""
    last = connection.execute(select(_ledger.payload).where(_ledger.seq == head.seq)).scalar()
    event = payloads.decode(last) if last is not None else None
    return event.to if isinstance(event, DeskMoved) else None


def explain_closure(connection: Connection, head: Head) -> DeskUnavailableError:
    """Return the exception that says why a desk is closed."""
    place = find_new_place(connection, head)
    return DeskMovedError(place) if place is not None else DeskUnfinishedError()


def append_events(
    connection: Connection,
    head: Head,
    events: Sequence[NewEvent],
    *,
    command_id: str,
    command_digest: str = "",
    new_tickets: int = 0,
) -> Head:
    """Write events after a locked head, and return the new head.

    `command_digest` identifies their command, and is part of the chain. `new_tickets` counts the new references. Raises
    UncleanTextError for text that no database should contain.
    """
    prepared = prepare_events(events, command_id=command_id, command_digest=command_digest)
    writes, after = link_events(head, prepared, new_tickets=new_tickets)
    execute_writes(connection, writes)
    return after


def prepare_events(
    events: Iterable[NewEvent], *, command_id: str, command_digest: str = ""
) -> list[PreparedEvent]:
    """Return what can be known of events before the head is locked. Raises UncleanTextError; see `append_events`."""
    return [_prepare(each, command_id, command_digest) for each in events]


def _prepare(new: NewEvent, command_id: str, command_digest: str) -> PreparedEvent:
    payload = payloads.encode(new.event)
    salt = os.urandom(_SALT_BYTES).hex()
    row = {
        "at": epoch(new.at),
        "subject": new.subject,
        "ref": new.ref,
        "version": new.version,
        "actor": new.actor,
        "event": str(new.event.__struct_config__.tag),
        "payload": payload,
        "salt": salt,
        "payload_digest": compute_payload_digest(salt, payload, command_digest),
        "command_id": command_id,
    }
    return PreparedEvent(row, new.in_memory)


def link_events(
    head: Head, prepared: Iterable[PreparedEvent], *, new_tickets: int = 0
) -> tuple[list[Write], Head]:
    """Return the writes that append prepared events to a locked head, and the new head."""
    seq, previous, records_seq = head.seq, head.hash, head.records_seq
    rows = []
    for event in prepared:
        seq += 1
        row = {**event.row, "seq": seq, "previous": previous}
        previous = row["hash"] = compute_link_hash(row)
        rows.append(row)
        if event.in_memory:
            records_seq = seq
    after = Head(seq, previous, head.next_ticket + new_tickets, records_seq)
    return [*([Write(_INSERT, rows)] if rows else []), Write(_UPDATE_HEAD, [_head_row(after)])], after


def compute_payload_digest(salt: str, payload: str, command_digest: str = "") -> str:
    """Return the chained digest of a payload and its command; the salt prevents guessing of short texts.

    Events of older versions do not include a command's digest.
    """
    return hashlib.sha256(f"{salt}{payload}{command_digest}".encode()).hexdigest()


def compute_link_hash(row: Mapping[str, Any]) -> str:
    """Return the hash of an event's row, without the payload itself and its salt."""
    return hashlib.sha256(msgspec.json.encode(_select_chained(row))).hexdigest()


def read_events(connection: Connection, *, after: int = 0, ref: str | None = None) -> Iterator[StoredEvent]:
    """Return the events after number `after` in order, of one ticket or of all."""
    query = select_rows_after(after)
    if ref is not None:
        query = query.where(_ledger.ref == ref)
    for row in stream_rows(connection, query):
        yield to_stored_event(row)


def read_history(connection: Connection, ref: str) -> list[tuple[Event | None, datetime, str]]:
    """Return the events of a ticket in order with their instants and actors; None for one erased or not known.

    The fast form of `read_events`, for every command on a ticket. Raises as `decode` does.
    """
    history: list[tuple[Event | None, datetime, str]] = []
    for payload, at, actor in fetch(connection, _HISTORY, {"of_ref": ref}):
        event = payloads.decode_known(payload) if payload is not None else None
        history.append((event if isinstance(event, Event) else None, instant(at), actor))
    return history


def find_last_time(connection: Connection, ref: str, event_type: type[Event]) -> datetime | None:
    """Return when an event of this type last happened to a ticket; None where it never did."""
    of_type = _ledger.event == str(event_type.__struct_config__.tag)
    at = connection.execute(select(func.max(_ledger.at)).where(_ledger.ref == ref, of_type)).scalar()
    return instant(at) if at is not None else None


def select_rows_after(seq: int) -> Select[Any]:
    """Return the query for the stored rows after an event number, in order."""
    return select(tables.ledger).where(_ledger.seq > seq).order_by(_ledger.seq)


def find_record_types_after(connection: Connection, seq: int) -> frozenset[str]:
    """Return the types of the records that were saved after an event number, and the desk if it has an event."""
    return frozenset(subject for (subject,) in fetch(connection, _RECORDS_AFTER, {"after": seq}))


def to_stored_event(row: Mapping[str, Any]) -> StoredEvent:
    """Return the event in a stored row. Raises as `payloads.decode_known` does."""
    event = payloads.decode_known(row["payload"]) if row["payload"] is not None else None
    return StoredEvent(
        row["seq"],
        instant(row["at"]),
        row["subject"],
        row["ref"],
        row["version"],
        row["actor"],
        row["event"],
        event,
        row["command_id"],
        is_newer=event is None and row["payload"] is not None,
    )


def without_undone(history: Iterable[StoredEvent]) -> list[StoredEvent]:
    """Return a ticket's history without the commands that were undone."""
    remaining: list[StoredEvent] = []
    for entry in history:
        if not isinstance(entry.event, Undone):
            remaining.append(entry)
            continue
        undone_id = next(
            each.command_id for each in reversed(remaining) if type(each.event) not in NOTED_BESIDE
        )
        remaining = [each for each in remaining if each.command_id != undone_id]
    return remaining


def stream_rows(connection: Connection, query: Select[Any]) -> Iterator[dict[str, Any]]:
    """Return the rows of a query as mappings, loading one batch at a time."""
    result = connection.execute(query, execution_options={"yield_per": _BATCH})
    for batch in result.mappings().partitions():
        for row in batch:
            yield dict(row)


_ledger = tables.ledger.c

# Statements are built once: building one takes longer than executing it.
READ_HEAD = select(
    tables.head.c.seq, tables.head.c.hash, tables.head.c.next_ticket, tables.head.c.records_seq
)
_LOCK_HEAD = READ_HEAD.with_for_update()
_UPDATE_HEAD = update(tables.head).values(
    {name: bindparam(name) for name in ("seq", "hash", "next_ticket", "records_seq")}
)
_INSERT = insert(tables.ledger)
_HISTORY = (
    select(_ledger.payload, _ledger.at, _ledger.actor)
    .where(_ledger.ref == bindparam("of_ref"))
    .order_by(_ledger.version)
)
_RECORDS_AFTER = (
    select(_ledger.subject).distinct().where(_ledger.seq > bindparam("after"), _ledger.subject != TICKET)
)
_FIRST_RECORD_AFTER = (
    select(_ledger.seq)
    .where(_ledger.seq > bindparam("after"), _ledger.subject != TICKET, _ledger.subject != INCOMING_MESSAGE)
    .order_by(_ledger.seq)
    # Written out: a server plans once for all only what it knows to be little.
    .limit(literal_column("1"))
)
_select_chained = itemgetter(
    "previous",
    "seq",
    "at",
    "subject",
    "ref",
    "version",
    "actor",
    "event",
    "payload_digest",
    "command_id",
)
