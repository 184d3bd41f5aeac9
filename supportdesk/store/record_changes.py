"""The changes to records that were not undone, read from the ledger, with their actors and previous values."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, select

from supportdesk.sla.clocks import epoch
from supportdesk.store import ledger, tables
from supportdesk.store.ledger import TICKET, StoredEvent
from supportdesk.store.record_tables import record_key
from supportdesk.tickets.record_undo import RecordChange
from supportdesk.tickets.record_undone import RecordUndone
from supportdesk.tickets.records.events import (
    MessageEvent,
    NoticeEnded,
    NoticeSent,
    RecordEvent,
)

_ledger, _commands = tables.ledger.c, tables.commands.c
_FEW = ("rotation", "override", "swap", "absence", "handover", "policy", "day", "notice")
"""Types of records with few events, whose keys are not contained in their events as one text."""
_FAR_BACK = 50_000
"""How many events are searched for a person's last change; fewer are written while it may be undone."""


def find_last_change(connection: Connection, actor: str, since: datetime) -> RecordChange | None:
    """Return the last change to a record by a person since `since` that is not undone; None without one.

    A contact or a customer that was added with a request is part of that request, not a change of its own.
    """
    head = ledger.read_head(connection).seq
    mine = (
        select(tables.ledger)
        .join(tables.commands, _commands.id == _ledger.command_id)
        .where(
            _ledger.seq > head - _FAR_BACK,
            _ledger.subject != TICKET,
            _ledger.actor == actor,
            _ledger.at >= epoch(since),
            _commands.ref.is_(None),
        )
        .order_by(_ledger.seq.desc())
    )
    undone: set[int] = set()
    for row in ledger.stream_rows(connection, mine):
        event = ledger.to_stored_event(row).event
        if isinstance(event, RecordUndone):
            undone.add(event.undone)
        elif isinstance(event, NoticeSent | NoticeEnded | MessageEvent):
            continue
        elif row["seq"] not in undone:
            return find_change(connection, row["seq"])
    return None


def find_change(connection: Connection, seq: int) -> RecordChange | None:
    """Return the change to a record by an event number; None where it is not a change to a record, or was undone."""
    row = connection.execute(select(tables.ledger).where(_ledger.seq == seq)).mappings().one_or_none()
    entry = ledger.to_stored_event(dict(row)) if row is not None and row["subject"] != TICKET else None
    if entry is None or not isinstance(entry.event, RecordEvent) or isinstance(entry.event, RecordUndone):
        return None
    key = record_key(entry.event)
    remaining = _without_undone(load_history(connection, entry.subject, key))
    place = next((place for place, each in enumerate(remaining) if each.seq == seq), None)
    if place is None:
        return None
    was: Any = remaining[place - 1].event if place else None
    event: Any = entry.event
    after = remaining[place + 1 :]
    refs = (
        select(_ledger.ref).distinct().where(_ledger.command_id == entry.command_id, _ledger.ref.is_not(None))
    )
    return RecordChange(
        seq=seq,
        at=entry.at,
        actor=entry.actor,
        kind=entry.subject,
        key=key,
        event=event,
        was=was,
        command_id=entry.command_id,
        refs=tuple(sorted(connection.execute(refs).scalars())),
        since=(after[-1].actor, after[-1].at) if after else None,
    )


def load_history(connection: Connection, subject: str, key: str) -> list[StoredEvent]:
    """Return the events of a record; where possible, the query filters by the text of its key."""
    rows = select(tables.ledger).where(_ledger.subject == subject).order_by(_ledger.seq)
    if subject not in _FEW and key.isprintable() and not set(key) & set('"\\'):
        rows = rows.where(_ledger.payload.contains(key, autoescape=True))
    entries = map(ledger.to_stored_event, ledger.stream_rows(connection, rows))
    return [each for each in entries if isinstance(each.event, RecordEvent) and record_key(each.event) == key]


def _without_undone(history: Iterable[StoredEvent]) -> list[StoredEvent]:
    """Return the events of a record without those that were undone."""
    remaining: list[StoredEvent] = []
    for entry in history:
        if isinstance(entry.event, RecordUndone):
            undone = entry.event.undone
            remaining = [each for each in remaining if each.seq != undone]
        else:
            remaining.append(entry)
    return remaining
