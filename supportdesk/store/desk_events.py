"""Writes an event of the desk as a whole: it is a command of its own, and belongs to no ticket and no record."""

from __future__ import annotations

import hashlib
from datetime import datetime
from uuid import uuid4

from sqlalchemy import Connection

from supportdesk.store import ledger, payloads
from supportdesk.store.date_guard import read_last_event_time
from supportdesk.store.ledger import DESK, Head, NewEvent
from supportdesk.store.processed_commands import ProcessedCommand, save_processed
from supportdesk.tickets.actors import SYSTEM


def append_desk_event(
    connection: Connection,
    head: Head,
    event: payloads.AnyEvent,
    now: datetime,
    *,
    by: str = SYSTEM.key,
    new_tickets: int = 0,
) -> Head:
    """Write an event of the desk after a locked head, and return the new head, which is open.

    The event has the time of the last one, or `now` in an empty ledger: it does not confirm the machine's date.
    """
    command_id = str(uuid4())
    digest = hashlib.sha256(payloads.encode(event).encode()).hexdigest()
    after = ledger.append_events(
        connection,
        head,
        [NewEvent(read_last_event_time(connection) or now, DESK, by, event)],
        command_id=command_id,
        command_digest=digest,
        new_tickets=new_tickets,
    )
    save_processed(connection, ProcessedCommand(command_id, digest, None, after.seq))
    return after
