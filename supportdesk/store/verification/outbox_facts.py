"""Collects, along the ledger, what the outbox was filled from: the staff and the time zone at each event, and notices.

A page of an older program has no message. The outbox is complete from the first event on that only a program with an
outbox writes: a member of staff with their addresses, a notice, an attempt to send, or a page that could not be sent.
A new desk begins with its staff, so that nothing on it is exempt.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping
from typing import Any

from supportdesk.sla.clocks import instant
from supportdesk.store.outbox_rows import MessageEvent, find_newest_policy
from supportdesk.store.reference_data import ReferenceData
from supportdesk.tickets.documents import DeskNotice, Person
from supportdesk.tickets.events import PageUnsent, SendAttempted
from supportdesk.tickets.record_undone import RecordUndone, find_saved_event
from supportdesk.tickets.records.events import (
    ContactErased,
    NoticeEnded,
    NoticeSent,
    PersonSaved,
    PolicyInstalled,
    RecordEvent,
)

_SINCE_OUTBOX = {
    str(event.__struct_config__.tag) for event in (NoticeSent, NoticeEnded, SendAttempted, PageUnsent)
}
_PERSON = str(PersonSaved.__struct_config__.tag)
_ADDRESSES = '"addresses":'
"""Is in the payload of every member of staff that a program with an outbox saves, also of one without addresses."""


class OutboxFacts:
    """What the messages of the ledger's events must be made from. `notices` are those about no ticket, in order.

    `ended` has, by the key of a notice, the events that ended it, each with its number; `erased` the numbers of the
    erasures, by the key of what is left of the contact.
    """

    def __init__(self) -> None:
        self.begins: int | None = None
        self.notices: list[MessageEvent] = []
        self.ended: dict[str, list[tuple[int, DeskNotice]]] = {}
        self.erased: dict[str, int] = {}
        self._staff: dict[str, list[tuple[int, Person | None]]] = {}
        self._zones: list[tuple[int, str]] = []

    def note_event(self, row: Mapping[str, Any]) -> None:
        """Note the first event that only a program with an outbox writes."""
        if self.begins is None and (
            row["event"] in _SINCE_OUTBOX or (row["event"] == _PERSON and _ADDRESSES in row["payload"])
        ):
            self.begins = row["seq"]

    def note_record(
        self, event: RecordEvent, row: Mapping[str, Any], first: int, known: ReferenceData
    ) -> None:
        """Note a record of the command that begins with event `first`, after which `known` is the reference data.

        Messages are made when all events of a command are, and from what is known then.
        """
        saved = find_saved_event(event)
        match saved:
            case PersonSaved(person):
                self._staff.setdefault(person.username, []).append((first, person))
            case NoticeSent():
                source = MessageEvent(saved, row["seq"], instant(row["at"]), None, row["command_id"])
                self.notices.append(source)
            case NoticeEnded(notice):
                self.ended.setdefault(notice.key, []).append((row["seq"], notice))
            case ContactErased(contact):
                self.erased[contact.key] = row["seq"]
        if isinstance(event, RecordUndone) and saved is None and event.kind == "person":
            self._staff.setdefault(event.key, []).append((first, None))
        about_policy = isinstance(saved, PolicyInstalled) or (
            isinstance(event, RecordUndone) and event.kind == "policy"
        )
        if about_policy and known.policies:
            self._zones.append((first, find_newest_policy(known.policies.values()).timezone))

    def has_messages(self, seq: int) -> bool:
        """Return whether an event must have its messages in the outbox."""
        return self.begins is not None and seq >= self.begins

    def find_person(self, username: str, seq: int) -> Person | None:
        """Return a member of staff as they were at the end of the command of an event."""
        known = self._staff.get(username, [])
        place = bisect_right(known, seq, key=lambda each: each[0])
        return known[place - 1][1] if place else None

    def find_timezone(self, seq: int) -> str:
        """Return the time zone of the newest policy at the end of the command of an event."""
        place = bisect_right(self._zones, seq, key=lambda each: each[0])
        return self._zones[place - 1][1] if place else "UTC"
