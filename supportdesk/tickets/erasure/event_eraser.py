"""Writes events without a person: their record, their key, and what identifies them in texts.

Keys of other records, names of staff and everything that a replay depends on stay, so that the figures do.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, get_args

import msgspec
from msgspec.structs import replace

from supportdesk.tickets import documents, events
from supportdesk.tickets.actors import contact_actor, contact_key
from supportdesk.tickets.documents import ERASED, Contact
from supportdesk.tickets.erasure.identity import Identity
from supportdesk.tickets.erasure.text_eraser import TextEraser
from supportdesk.tickets.incoming_message import IncomingMessage
from supportdesk.tickets.record_undone import RecordUndone
from supportdesk.tickets.records.events import (
    AbsenceSaved,
    ArticleSaved,
    ContactErased,
    ContactSaved,
    DayChanged,
    HandoverSaved,
    MessageEvent,
    NoticeEnded,
    NoticeSent,
    OverrideSaved,
)

S = TypeVar("S", bound=msgspec.Struct)

TEXTS: Mapping[type[msgspec.Struct], tuple[str, ...]] = {
    events.Logged: ("summary", "description", "overruled"),
    events.Paged: ("why",),
    events.PageUnsent: ("reason",),
    events.SendAttempted: ("detail",),
    events.MailPlanned: ("address",),
    events.MailUndelivered: ("reason",),
    events.MailWithheld: ("reason",),
    events.AcknowledgementExtended: ("reason",),
    events.Assigned: ("note",),
    events.HandedOver: ("note",),
    events.HandedBack: ("reason",),
    events.Escalated: ("reason",),
    events.Replied: ("text", "no_response", "article_title", "article_text"),
    events.Called: ("text",),
    events.CustomerWrote: ("text",),
    events.Noted: ("text",),
    events.AccountManagerContacted: ("text", "no_response"),
    events.WaitBegan: ("reason",),
    events.HoldDayChanged: ("reason",),
    events.WaitEnded: ("reason",),
    events.SeverityChanged: ("reason",),
    events.WorkaroundProposed: ("text", "no_response"),
    events.ArticleLinked: ("title",),
    events.Resolved: ("text",),
    events.Reopened: ("reason",),
    events.Closed: ("text",),
    events.DueMoved: ("reason",),
    events.Undone: ("deed",),
    events.TimeCorrected: ("reason",),
    DayChanged: ("reason",),
}
"""The fields that somebody typed, of events that have any."""

MESSAGE_TEXTS = ("identity", "message_id", "sender_address", "sender_name", "subject", "reason")
"""The fields of a message that arrived in which somebody may be named."""

DOCUMENT_TEXTS: Mapping[type[msgspec.Struct], tuple[str, tuple[str, ...]]] = {
    ArticleSaved: ("article", ("title", "text")),
    OverrideSaved: ("override", ("reason",)),
    AbsenceSaved: ("absence", ("reason",)),
    HandoverSaved: ("handover", ("note",)),
    NoticeSent: ("notice", ("text",)),
    NoticeEnded: ("notice", ("text",)),
    **dict.fromkeys(get_args(MessageEvent), ("message", MESSAGE_TEXTS)),
}
"""The document of an event, and its fields that somebody typed."""


class EventEraser:
    """Erases a contact from events. `key` is what their key becomes."""

    def __init__(self, identity: Identity, key: str) -> None:
        self.texts = TextEraser(identity)
        self.key = key
        self._was = identity.key

    def erase_actor(self, actor: str) -> str:
        """Return the key of an actor: another one where the contact themselves acted."""
        if contact_key(actor) != self._was:
            return actor
        return contact_actor(self.key)

    def erase(self, event: Any, *, own: bool) -> Any:
        """Return an event without the person, the same one where it has nothing of them.

        `own` says that it is of one of their tickets.
        """
        match event:
            case ContactSaved(contact) | ContactErased(contact) if contact.key == self._was:
                return replace(event, contact=erase_contact(contact, self.key))
            case RecordUndone(kind="contact", key=self._was):
                was = self.erase(event.was, own=own) if event.was is not None else None
                return replace(event, key=self.key, was=was)
            case RecordUndone() if event.was is not None:
                return replace(event, was=self.erase(event.was, own=own))
            case events.Logged(contact=self._was):
                event = replace(event, contact=self.key)
            case events.Called(contact=self._was) | events.CustomerWrote(contact=self._was):
                event = replace(event, contact=self.key, name=ERASED)
            case events.MailPlanned(contact=self._was):
                event = replace(event, contact=self.key, name=ERASED, address=ERASED)
            case events.MailUndelivered(contact=self._was) | events.MailWithheld(contact=self._was):
                event = replace(event, contact=self.key, name=ERASED)
            case events.SendAttempted(kind=documents.MAIL, person=self._was):
                event = replace(event, person=self.key, target=ERASED)
            case _ if isinstance(event, MessageEvent):
                event = replace(event, message=self._erase_message(event.message, own=own))
            case events.Called(contact=""):
                event = self._erase_fields(event, ("name",), own=own)
        if type(event) in DOCUMENT_TEXTS:
            name, fields = DOCUMENT_TEXTS[type(event)]
            return replace(event, **{name: self._erase_fields(getattr(event, name), fields, own=own)})
        return self._erase_files(self._erase_fields(event, TEXTS.get(type(event), ()), own=own), own=own)

    def _erase_files(self, event: Any, *, own: bool) -> Any:
        """Return a reply without its files; one to somebody else with them, whose names may be about the person."""
        if not isinstance(event, events.Replied) or not event.attachments:
            return event
        files = () if own else event.attachments
        renamed = (replace(each, name=self.texts.erase(each.name, own=False)) for each in files)
        return replace(event, attachments=tuple(renamed))

    def is_from(self, message: IncomingMessage) -> bool:
        """Return whether a message that arrived is from the contact."""
        address = message.sender_address
        return message.contact == self._was or self.texts.erase(address, own=False) != address

    def _erase_message(self, message: IncomingMessage, *, own: bool) -> IncomingMessage:
        """Return a message without the person who sent it, or of whom a transcript speaks."""
        if self.is_from(message):
            message, own = self._erase_sender(message), True
        if message.voicemail is None or not message.voicemail.transcript:
            return message
        transcript = "" if own else self.texts.erase(message.voicemail.transcript, own=False)
        return replace(message, voicemail=replace(message.voicemail, transcript=transcript))

    def _erase_sender(self, message: IncomingMessage) -> IncomingMessage:
        contact = self.key if message.contact == self._was else message.contact
        return replace(message, sender_name=ERASED, sender_address=ERASED, subject=ERASED, contact=contact)

    def _erase_fields(self, struct: S, fields: tuple[str, ...], *, own: bool) -> S:
        if not fields:
            return struct
        return replace(struct, **{name: self.texts.erase(getattr(struct, name), own=own) for name in fields})


def erase_contact(contact: Contact, key: str) -> Contact:
    """Return what is left of a contact's record: the customer, under another key."""
    return Contact(key, contact.organisation, ERASED)
