"""Finds who was erased on a desk and came back with a backup: the files that `restore` moved aside still know it.

An erasure names nobody. But it attests the events that it wrote again by their numbers and hashes, and the backup has
the same events as they were before.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import msgspec

from supportdesk.store import payloads
from supportdesk.store.backend import ReturnedContact
from supportdesk.store.sqlite import journal
from supportdesk.tickets.records.events import ContactSaved

_SAVED = str(ContactSaved.__struct_config__.tag)
_ERASED = (
    "SELECT erased_events.seq, erased_events.hash FROM erased_events JOIN ledger ON ledger.seq = erased_events.seq"
    " WHERE ledger.event = ?"
)
_UNERASED = (
    "SELECT payload FROM ledger WHERE seq = ? AND hash = ?"
    " AND NOT EXISTS (SELECT 1 FROM erased_events WHERE erased_events.seq = ledger.seq)"
)


def find_returned_contacts(path: Path) -> tuple[ReturnedContact, ...]:
    """Return whom a desk has that were erased on an earlier one, which was moved aside. What cannot be read is left
    out.
    """
    found: dict[str, ReturnedContact] = {}
    for aside in journal.list_aside(path):
        for key, name in _find_in(path, aside):
            found[key] = ReturnedContact(key, name)
    return tuple(found.values())


def _find_in(path: Path, aside: Path) -> Iterator[tuple[str, str]]:
    try:
        with (
            closing(journal.open_raw(aside, "mode=ro&immutable=1")) as earlier,
            closing(journal.open_raw(path, "mode=ro")) as desk,
        ):
            for place in earlier.execute(_ERASED, (_SAVED,)).fetchall():
                row = desk.execute(_UNERASED, place).fetchone()
                event = payloads.decode(row[0]) if row is not None else None
                if isinstance(event, ContactSaved):
                    yield event.contact.key, event.contact.name
    except (sqlite3.Error, msgspec.MsgspecError, OSError):
        return
