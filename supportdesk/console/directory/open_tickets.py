"""The filter that leaves the open tickets of a record: of a customer, or of a member of staff."""

from __future__ import annotations

from supportdesk.console.directory.record_types import RecordEntry
from supportdesk.console.queue.filter.values import name_as_value
from supportdesk.tickets.documents import Contact, Organisation, Person


def filter_for(entry: RecordEntry) -> str | None:
    """Return the filter for the tickets of a record; None for a record that has none."""
    match entry.document:
        case Person(username=username) | str(username):
            return f"owner:{name_as_value(username)}"
        case Organisation(name=name):
            return f"org:{name_as_value(name)}"
        case Contact():
            return f"org:{name_as_value(entry.company)}"
        case _:
            return None
