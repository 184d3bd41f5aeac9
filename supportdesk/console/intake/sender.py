"""Finds the contact who sent a message: somebody may have been enrolled since it arrived."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from supportdesk.desk_api import DeskUnavailableError
from supportdesk.tickets.documents import Contact, Organisation

if TYPE_CHECKING:
    from supportdesk.desk_api import DeskReader
    from supportdesk.tickets.incoming_message import IncomingMessage


class KnownSender(msgspec.Struct, frozen=True):
    """The contact who sent a message, and their customer."""

    contact: Contact
    organisation: Organisation


def find_sender(desk: DeskReader, message: IncomingMessage) -> KnownSender | None:
    """Return the contact who has the sender's address; None where nobody has, or several have. Blocks."""
    address = message.sender_address
    contacts = desk.contacts_with_email(address) if address else []
    if message.contact is not None:
        contacts = [each for each in contacts if each.key == message.contact] or contacts
    caller = desk.caller(contacts[0].key) if len(contacts) == 1 else None
    return KnownSender(caller.contact, caller.organisation) if caller is not None else None


def read_new_sender(desk: DeskReader, message: IncomingMessage) -> KnownSender | None:
    """Return the sender of a message that waits, if nobody knew them when it arrived, and they are a contact now.

    None also where the desk cannot be read. Blocks.
    """
    if message.is_settled or message.contact is not None or message.voicemail is not None:
        return None
    try:
        return find_sender(desk, message)
    except DeskUnavailableError:
        return None
