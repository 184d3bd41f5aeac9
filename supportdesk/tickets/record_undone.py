"""The event of a change to a record that was undone."""

from __future__ import annotations

from supportdesk.tickets.records.events import AnyRecordEvent, RecordEvent


class RecordUndone(RecordEvent, frozen=True, tag="record undone"):
    """A change to a record was undone by the person who had made it.

    `kind` and `key` name the record as the ledger does, `undone` is the number of the event that is undone, and
    `was` the record as it is again; None where it is there no more.
    """

    kind: str
    key: str
    undone: int
    was: AnyRecordEvent | None = None


def saved_by(event: RecordEvent) -> RecordEvent | None:
    """Return the event whose record is there after an event: itself, or what an undo put back; None after a removal."""
    return event.was if isinstance(event, RecordUndone) else event
