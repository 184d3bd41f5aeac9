"""The API that every surface uses: `Commands`, `Queries`, `Searches`, `WatchQueries`, `IncomingQueries`,
`OutboxQueries` and `Outbox`, and `DeskApi`, which is all.

Only the protocols are here; `desk` implements them over the database and `past` for a moment of the past. A function
asks for the smallest one that it needs. Any thread may call a method; all but `now`, `policies` and `policy_at` block.
Each raises DeskUnavailableError when the database cannot be used, and UnknownTicketError for an unknown reference.
"""

from __future__ import annotations

from typing import Protocol

from supportdesk.desk_api.commands import Applied, Commands, Erasures, Executor, Outcome, Transaction
from supportdesk.desk_api.incoming import IncomingQueries
from supportdesk.desk_api.outbox import Outbox, OutboxQueries, PageLinks
from supportdesk.desk_api.queries import (
    InboxQueries,
    PolicyQueries,
    Queries,
    QueueQueries,
    RecordQueries,
    Searches,
    TicketQueries,
    WatchQueries,
)
from supportdesk.store.errors import DeskReplacedError, DeskUnavailableError, UnknownTicketError

__all__ = [
    "Applied",
    "Commands",
    "DeskApi",
    "DeskReader",
    "DeskReplacedError",
    "DeskUnavailableError",
    "Erasures",
    "Executor",
    "InboxQueries",
    "IncomingQueries",
    "Outbox",
    "OutboxQueries",
    "Outcome",
    "PageLinks",
    "PolicyQueries",
    "Queries",
    "QueueQueries",
    "RecordQueries",
    "Searches",
    "TicketQueries",
    "Transaction",
    "UnknownTicketError",
    "WatchQueries",
]


class DeskReader(Queries, Searches, WatchQueries, IncomingQueries, OutboxQueries, Protocol):
    """Everything that only reads a desk."""


class DeskApi(Commands, Erasures, DeskReader, Outbox, PageLinks, Protocol):
    """A desk, present or past. It has many methods, each of which belongs to one of the protocols above."""

    def close(self) -> None:
        """End every wait and close the database."""
        ...
