"""The event that undoes a change to a record."""

from __future__ import annotations

from supportdesk.tickets.records.events import AnyRecordEvent, RecordEvent


class RecordUndone(RecordEvent, frozen=True, tag="record undone"):
    """A change to a record was undone by the person who had made it.

    `kind` and `key` name the record as the ledger does, `undone` is the number of the undone event, and `was` the
    record as it is again; None where it no longer exists.
    """

    kind: str
    key: str
    undone: int
    was: AnyRecordEvent | None = None


def find_saved_event(event: RecordEvent) -> RecordEvent | None:
    """Return the event with the record as it is after `event`: itself, or what an undo restored; None once removed."""
    return event.was if isinstance(event, RecordUndone) else event
