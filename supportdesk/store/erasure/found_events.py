"""Finds, in one walk along the ledger, every event that has something of a person, and how it reads without it."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from itertools import groupby
from typing import Any

import msgspec
from msgspec.structs import replace
from sqlalchemy import Connection, select

from supportdesk.store import ledger, payloads, tables
from supportdesk.store.erasure.message_originals import names_person
from supportdesk.store.payloads import ATTACHED
from supportdesk.store.record_changes import load_history
from supportdesk.tickets.documents import ERASED, Contact
from supportdesk.tickets.erasure.event_eraser import EventEraser
from supportdesk.tickets.erasure.identity import make_identity
from supportdesk.tickets.events import Replied, TextCut
from supportdesk.tickets.incoming_message import INCOMING_MESSAGE
from supportdesk.tickets.record_undone import find_saved_event
from supportdesk.tickets.records.events import (
    ContactErased,
    ContactSaved,
    MessageEvent,
    RecordEvent,
)

_TEXT_CUT = str(TextCut.__struct_config__.tag)
_tickets, _attachments, _messages = tables.tickets.c, tables.attachments.c, tables.incoming_messages.c


class FoundEvent(msgspec.Struct, frozen=True):
    """A stored event and its new form. `is_changed` is False for one whose command only is the same.

    The digest of a command is erased with its texts, and all events of the command include it.
    """

    row: dict[str, Any]
    event: payloads.AnyEvent
    payload: str
    actor: str
    is_changed: bool


class EventSearch:
    """Searches the ledger for a contact, of whom `key` will be left.

    `own` are the references of their tickets. `attachments` are the new contents of the originals of texts, by digest;
    `replaced` are the digests that they had, and `remaining` those of originals that stay.
    """

    def __init__(self, connection: Connection, contact: Contact, key: str, home: str) -> None:
        self._connection = connection
        versions = _load_versions(connection, contact.key)
        self._eraser = EventEraser(make_identity((*versions, contact), home), key)
        self.texts = self._eraser.texts
        self._key = msgspec.json.encode(contact.key).decode()
        theirs = select(_tickets.ref).where(_tickets.contact == contact.key)
        self.own = frozenset(connection.execute(theirs).scalars())
        self._own_messages = self._find_own_messages(contact.key)
        self._naming: dict[str, bool] = {}
        self.attachments: dict[str, bytes] = {}
        self.replaced: set[str] = set()
        self.remaining: set[str] = set()

    def find(self, after: int = 0) -> Iterator[FoundEvent]:
        """Yield the events after a number that change, and the others of the same commands, in order."""
        rows = ledger.stream_rows(self._connection, ledger.select_rows_after(after))
        for _, of_command in groupby(rows, key=lambda row: row["command_id"]):
            found = [(self._look_at(row), row) for row in of_command if row["payload"] is not None]
            if any(each is not None for each, _ in found):
                yield from (each or _unchanged(row) for each, row in found)

    def _look_at(self, row: dict[str, Any]) -> FoundEvent | None:
        if row["subject"] == INCOMING_MESSAGE:
            return self._look_at_message(row)
        is_own = row["ref"] in self.own
        actor, payload = self._eraser.erase_actor(row["actor"]), row["payload"]
        may_change = (
            is_own
            or actor != row["actor"]
            or row["event"] == _TEXT_CUT
            or ATTACHED in payload
            or self._key in payload
            or self.texts.may_contain(payload)
        )
        if not may_change:
            return None
        event = payloads.decode(payload)
        new = self._eraser.erase(event, own=is_own)
        if isinstance(event, TextCut):
            new = self._erase_original(event, own=is_own)
        if isinstance(event, Replied):
            left = {each.digest for each in new.attachments}
            self.remaining |= left
            self.replaced |= {each.digest for each in event.attachments} - left
        if new == event and actor == row["actor"]:
            return None
        return FoundEvent(row, new, payloads.encode(new) if new != event else payload, actor, is_changed=True)

    def _find_own_messages(self, contact: str) -> frozenset[str]:
        """Return the keys of the messages that arrived from the contact, as far as they are known to be, or about one
        of their tickets.
        """
        found = self._connection.execute(select(_messages.key, _messages.contact, _messages.ref))
        return frozenset(key for key, sender, ref in found if sender == contact or ref in self.own)

    def _look_at_message(self, row: dict[str, Any]) -> FoundEvent | None:
        """Erase what is recorded of a message, and all of its original where that names the person."""
        event = payloads.decode(row["payload"])
        assert isinstance(event, MessageEvent)
        message = event.message
        is_own = message.key in self._own_messages or self._eraser.is_from(message)
        new = self._eraser.erase(event, own=is_own)
        if message.original and (is_own or (message.is_mail and self._is_named_in(message.original))):
            self.replaced.add(message.original)
            new = replace(new, message=replace(new.message, original=""))
        elif message.original:
            self.remaining.add(message.original)
        actor = self._eraser.erase_actor(row["actor"])
        if new == event and actor == row["actor"]:
            return None
        return FoundEvent(row, new, payloads.encode(new), actor, is_changed=True)

    def _is_named_in(self, original: str) -> bool:
        if original not in self._naming:
            content = self._connection.execute(
                select(_attachments.content).where(_attachments.digest == original)
            ).scalar()
            self._naming[original] = content is not None and names_person(content, self.texts)
        return self._naming[original]

    def _erase_original(self, event: TextCut, *, own: bool) -> TextCut:
        """Return the event of a cut text with the digest of the original without the person."""
        content = self._connection.execute(
            select(_attachments.content).where(_attachments.digest == event.digest)
        ).scalar()
        if content is None:
            return event
        try:
            text = content.decode("utf-8", "surrogatepass")
        except UnicodeDecodeError:
            erased = ERASED if own else None
        else:
            erased = self.texts.erase(text, own=own)
            erased = erased if erased != text else None
        if erased is None:
            self.remaining.add(event.digest)
            return event
        new = erased.encode("utf-8", "surrogatepass")
        digest = hashlib.sha256(new).hexdigest()
        self.attachments[digest] = new
        self.replaced.add(event.digest)
        return replace(event, digest=digest)


def _unchanged(row: dict[str, Any]) -> FoundEvent:
    return FoundEvent(row, payloads.decode(row["payload"]), row["payload"], row["actor"], is_changed=False)


def _load_versions(connection: Connection, key: str) -> Iterator[Contact]:
    """Yield what a contact's record was at each time."""
    for entry in load_history(connection, "contact", key):
        saved = find_saved_event(entry.event) if isinstance(entry.event, RecordEvent) else None
        if isinstance(saved, ContactSaved | ContactErased):
            yield saved.contact
