"""Takes back the move of a desk: it goes on at its old place.

Two open desks with the same ledger would give the same references to different tickets, so it looks at the new place
first.
"""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import closing
from datetime import datetime

import msgspec
from sqlalchemy import Connection, select

from supportdesk.store import ledger, tables
from supportdesk.store.backend import Database
from supportdesk.store.closure import find_new_place, reopen
from supportdesk.store.database import open_database
from supportdesk.store.errors import DeskUnavailableError
from supportdesk.store.ledger import Head
from supportdesk.store.reference_data import ReferenceCache
from supportdesk.tickets.documents import Person


class MovedDesk(msgspec.Struct, frozen=True):
    """A desk that has moved to `place`, with its staff. `obstacle` says why it may be in use there; empty where not."""

    place: str
    staff: Mapping[str, Person]
    obstacle: str


def look_at_move(database: Database) -> MovedDesk:
    """Return where a desk has moved, and what is there. Raises DeskUnavailableError for one that has not moved."""
    head = database.read(ledger.read_head)
    if not head.is_closed:
        raise DeskUnavailableError(f"{database.location} is open: there is no move to take back")
    place = database.read(find_new_place)
    if place is None:
        raise database.read(lambda connection: ledger.explain_closure(connection, head))
    staff = database.read(ReferenceCache().refresh).staff
    return MovedDesk(place, staff, _find_obstacle(head, place))


def _find_obstacle(head: Head, place: str) -> str:
    """Return why the desk may be in use at its new place; empty where it is not."""
    try:
        with closing(open_database(place)) as other:
            theirs = other.read(ledger.read_head)
            if not other.read(lambda connection: _has(connection, head)):
                return ""  # The copy was never opened, or there is another desk by now.
            if not theirs.is_closed:
                more = theirs.seq - head.seq
                return f"the desk is open at {place}, with {more:,} event{'' if more == 1 else 's'} since the move"
            further = other.read(find_new_place)
            return f"the desk has moved on from {place} to {further}" if further else ""
    except DeskUnavailableError as error:
        return f"the desk at {place} cannot be looked at ({error})"


def _has(connection: Connection, head: Head) -> bool:
    """Return whether the ledger has the event of a head."""
    found = connection.execute(select(tables.ledger.c.hash).where(tables.ledger.c.seq == head.seq)).scalar()
    return bool(found == head.hash)


def take_back_move(database: Database, moved: MovedDesk, *, by: str, now: datetime) -> None:
    """Open a desk at its old place, with an event of the person `by`. Raises DeskUnavailableError."""
    database.write(lambda connection: reopen(connection, moved.place, by, now))
