"""Projects an event of a record: its row, its index entry, and its name in the rows of tickets."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Column, Connection, update

from supportdesk.store import record_tables, tables
from supportdesk.store.backend import full_text
from supportdesk.tickets.record_undone import find_saved_event
from supportdesk.tickets.records.events import ContactSaved, OrganisationSaved, PersonSaved, RecordEvent

_tickets = tables.tickets.c

_NAME_COLUMNS: dict[type, tuple[Column[Any], Column[Any]]] = {
    OrganisationSaved: (_tickets.organisation, _tickets.organisation_name),
    ContactSaved: (_tickets.contact, _tickets.contact_name),
    PersonSaved: (_tickets.owner, _tickets.owner_name),
}
"""Records whose names the queue shows: the columns of their key and their name in `tickets`."""


def save_record_event(connection: Connection, event: RecordEvent, seq: int) -> None:
    """Save or remove the record of an event, which has the number `seq`."""
    full_text(connection).remove_record(connection, event)
    saved = find_saved_event(event)
    if saved is None:
        record_tables.remove(connection, event)
        return
    record_tables.save(connection, saved, seq)
    full_text(connection).index_record(connection, saved, seq)
    if type(saved) in _NAME_COLUMNS:
        key, name = _NAME_COLUMNS[type(saved)]
        row = record_tables.make_row(saved, seq)
        connection.execute(
            update(tables.tickets)
            .where(key == row["key"], name != row["name"])
            .values({name: row["name"], _tickets.changed_seq: seq})
        )
