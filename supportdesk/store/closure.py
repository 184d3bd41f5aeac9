"""Closes a desk that has moved to another place, and opens it there.

The head says that a desk is closed, and everybody reads it who reads or writes, every writer under its lock. The last
event says where the desk has moved; without such an event it is a copy that is not finished.
"""

from __future__ import annotations

import hashlib
from datetime import datetime
from uuid import uuid4

import msgspec
from sqlalchemy import Connection

from supportdesk.store import ledger
from supportdesk.store.date_guard import read_last_event_time
from supportdesk.store.ledger import DESK, Head, NewEvent
from supportdesk.store.processed_commands import ProcessedCommand, save_processed
from supportdesk.tickets.actors import SYSTEM
from supportdesk.tickets.desk_moved import DeskMoved


def move_away(connection: Connection, head: Head, to: str, now: datetime) -> None:
    """Close a desk, whose head is locked, with an event that says where it has moved.

    The event has the time of the last one, or `now` in an empty ledger: a move does not confirm the machine's date.
    """
    event = DeskMoved(to)
    command_id = str(uuid4())
    digest = hashlib.sha256(ledger.encode(event).encode()).hexdigest()
    after = ledger.append_events(
        connection,
        head,
        [NewEvent(read_last_event_time(connection) or now, DESK, SYSTEM.key, event)],
        command_id=command_id,
        command_digest=digest,
    )
    save_processed(connection, ProcessedCommand(command_id, digest, None, after.seq))
    ledger.save_head(connection, msgspec.structs.replace(after, is_closed=True))


def close_head(connection: Connection) -> None:
    """Close a desk that is not finished."""
    ledger.save_head(connection, msgspec.structs.replace(ledger.read_head(connection), is_closed=True))


def open_head(connection: Connection) -> None:
    """Open a desk that is closed."""
    ledger.save_head(connection, msgspec.structs.replace(ledger.read_head(connection), is_closed=False))


def find_new_place(connection: Connection) -> str | None:
    """Return where a desk has moved; None where it has not."""
    head = ledger.read_head(connection)
    return ledger.find_new_place(connection, head) if head.is_closed else None
