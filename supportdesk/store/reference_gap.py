"""Skips references that were given out by a desk that no longer exists, so that no reference stands for two tickets."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection

from supportdesk.store import ledger
from supportdesk.store.desk_events import append_desk_event
from supportdesk.store.ledger import Head
from supportdesk.tickets.references_skipped import ReferencesSkipped


def skip_references(connection: Connection, following: int, now: datetime) -> Head:
    """Record that the next ticket has the number `following`, which is higher than it would be; return the new head."""
    head = ledger.lock_head(connection)
    skipped = following - head.next_ticket
    return append_desk_event(connection, head, ReferencesSkipped(following), now, new_tickets=skipped)
