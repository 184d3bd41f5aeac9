"""Closes a desk that has moved to another place, and opens it there, or at its old place again.

The head says that a desk is closed, and everybody reads it who reads or writes, every writer under its lock. The last
event says where the desk has moved; without such an event it is a copy that is not finished.
"""

from __future__ import annotations

from datetime import datetime

import msgspec
from sqlalchemy import Connection

from supportdesk.store import ledger
from supportdesk.store.desk_events import append_desk_event
from supportdesk.store.ledger import Head
from supportdesk.tickets.desk_moved import DeskMoved
from supportdesk.tickets.desk_reopened import DeskReopened


def move_away(connection: Connection, head: Head, to: str, now: datetime) -> None:
    """Close a desk, whose head is locked, with an event that says where it has moved."""
    after = append_desk_event(connection, head, DeskMoved(to), now)
    ledger.save_head(connection, msgspec.structs.replace(after, is_closed=True))


def reopen(connection: Connection, moved_to: str, by: str, now: datetime) -> None:
    """Open a desk that has moved, with an event of the person `by`. May be run again after an unknown outcome."""
    head = ledger.lock_any_head(connection)
    if head.is_closed:
        append_desk_event(connection, head, DeskReopened(moved_to), now, by=by)


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
