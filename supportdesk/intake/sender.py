"""The contact who sent a message: somebody may have been enrolled since it arrived."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from supportdesk.tickets.command import TEXT_LIMIT
from supportdesk.tickets.documents import Contact, Organisation

if TYPE_CHECKING:
    from supportdesk.desk_api import DeskReader
    from supportdesk.tickets.incoming_message import IncomingMessage

_NOTE = 500
"""Characters that are left for the line that names a sender."""


class KnownSender(msgspec.Struct, frozen=True):
    """The contact who sent a message, and their customer."""

    contact: Contact
    organisation: Organisation


def describe_sender(message: IncomingMessage) -> str:
    """Return who sent a message, as its header says: `Jo Park <jo@acme.example>`."""
    name, address = message.sender_name, message.sender_address
    return (
        f"{name} <{address}>" if name and address and name != address else name or address or "nobody named"
    )


def find_sender(desk: DeskReader, message: IncomingMessage) -> KnownSender | None:
    """Return the contact who has the sender's address; None where nobody has, or several have. Blocks."""
    address = message.sender_address
    contacts = desk.contacts_with_email(address) if address else []
    if message.contact is not None:
        contacts = [each for each in contacts if each.key == message.contact] or contacts
    caller = desk.caller(contacts[0].key) if len(contacts) == 1 else None
    return KnownSender(caller.contact, caller.organisation) if caller is not None else None


def find_writer(desk: DeskReader, message: IncomingMessage, organisation: str) -> Contact | None:
    """Return the one contact of a customer, by key, who has the sender's address; None for nobody. Blocks."""
    address = message.sender_address
    contacts = desk.contacts_with_email(address) if address else []
    theirs = [each for each in contacts if each.organisation == organisation]
    return theirs[0] if len(theirs) == 1 else None


def name_writer(text: str, message: IncomingMessage, writer: Contact | None) -> str:
    """Return what is added to a ticket of a message's text: with who sent it, where no contact of the customer did."""
    if writer is not None:
        return text
    # The ticket's contact may not be the person who wrote it.
    return f"{text[: TEXT_LIMIT - _NOTE]}\n\n[Sent by {describe_sender(message)}.]".lstrip()
