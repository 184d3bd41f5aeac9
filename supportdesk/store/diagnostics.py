"""The state of a database, for `supportdesk doctor`."""

from __future__ import annotations

from datetime import datetime

import msgspec
from sqlalchemy import Connection

from supportdesk.store import ledger, schema, ticket_queries
from supportdesk.store.backend import Database, DatabaseFacts
from supportdesk.store.date_guard import read_last_event_time
from supportdesk.store.erasure.attestation import has_traces

NEWER = (
    "a newer version of supportdesk has upgraded this desk, and this one goes on for the time being: install the newest"
    " version"
)
"""The advice on a desk of a newer program."""


class Diagnosis(DatabaseFacts, frozen=True, kw_only=True):
    """The facts of the backend, with what the desk's own tables contain.

    `schema` is the number of the revision, `events` the number of events, and `tickets` says whether there are any.
    `ahead` are the references of tickets that a wrong clock dated later than now. `traces` says that free space still
    contains what an erasure left.
    """

    schema: str
    events: int
    tickets: bool
    last_event_at: datetime | None = None
    ahead: tuple[str, ...] = ()
    traces: bool = False


def examine(database: Database, now: datetime | None = None) -> Diagnosis:
    """Return the state of a database. Reads all of it. Raises DeskUnavailableError where it cannot be read."""

    def read(connection: Connection) -> Diagnosis:
        facts = database.describe(connection)
        revision = schema.read_revision(connection)
        if revision is not None and schema.is_newer(revision):
            facts = msgspec.structs.replace(facts, advice=(*facts.advice, NEWER))
        return Diagnosis(
            **msgspec.structs.asdict(facts),
            schema=schema.number_of(revision) if revision is not None else "none",
            events=ledger.read_head(connection).seq,
            tickets=ticket_queries.has_tickets(connection),
            last_event_at=read_last_event_time(connection),
            traces=has_traces(connection),
            ahead=ticket_queries.find_changed_after(connection, now) if now is not None else (),
        )

    return database.read(read)
