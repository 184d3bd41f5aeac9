"""Skips references that were given out by a desk that no longer exists, so that no reference stands for two tickets."""

from __future__ import annotations

import hashlib
from datetime import datetime
from uuid import uuid4

from sqlalchemy import Connection

from supportdesk.store import ledger
from supportdesk.store.date_guard import read_last_event_time
from supportdesk.store.ledger import DESK, Head, NewEvent
from supportdesk.store.processed_commands import ProcessedCommand, save_processed
from supportdesk.tickets.actors import SYSTEM
from supportdesk.tickets.references_skipped import ReferencesSkipped


def skip_references(connection: Connection, following: int, now: datetime) -> Head:
    """Record that the next ticket has the number `following`, which is higher than it would be; return the new head.

    The event has the time of the last one, or `now` in an empty ledger: a restore does not confirm the machine's date.
    """
    head = ledger.lock_head(connection)
    event = ReferencesSkipped(following)
    command_id = str(uuid4())
    digest = hashlib.sha256(ledger.encode(event).encode()).hexdigest()
    after = ledger.append_events(
        connection,
        head,
        [NewEvent(read_last_event_time(connection) or now, DESK, SYSTEM.key, event)],
        command_id=command_id,
        command_digest=digest,
        new_tickets=following - head.next_ticket,
    )
    save_processed(connection, ProcessedCommand(command_id, digest, None, after.seq))
    return after
