"""Reads voicemails on a thread: those that wait, and one with its recording."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from supportdesk.desk_api import DeskUnavailableError
from supportdesk.store.read_models import Caller
from supportdesk.tickets import telephone
from supportdesk.tickets.refusal import Refusal

if TYPE_CHECKING:
    from supportdesk.desk_api import DeskReader
    from supportdesk.tickets.incoming_message import IncomingMessage

MOST = 50
"""How many voicemails are listed; of the others the group shows only that they are there."""
_GONE = Refusal("This voicemail is not here any more.")


class WaitingList(msgspec.Struct, frozen=True):
    """The voicemails that wait, the oldest first, and by their keys the contacts who left them.

    `count` is how many there are, also of those not listed; to `not_heard` recordings nobody has listened.
    """

    messages: tuple[IncomingMessage, ...] = ()
    callers: dict[str, Caller] = {}
    count: int = 0
    not_heard: int = 0


class OpenedVoicemail(msgspec.Struct, frozen=True):
    """One voicemail, with the contact who left it and its recording; None where there is none, or it was erased.

    `words` and `files` are what the mail that brought it says, and the names of what else that brought. `fault` says
    why there is no recording, where it should be there.
    """

    message: IncomingMessage
    caller: Caller | None
    recording: bytes | None
    words: str = ""
    files: tuple[str, ...] = ()
    fault: str = ""


def read_waiting(desk: DeskReader) -> WaitingList | Refusal:
    """Return the voicemails that wait, or why they cannot be read. Blocks."""
    try:
        waiting = desk.waiting_voicemails(MOST)
        contacts = {each.contact for each in waiting.messages if each.contact is not None}
        by_contact = {each: find_caller(desk, each) for each in contacts}
        messages = tuple(_format_number(desk, each) for each in waiting.messages)
    except DeskUnavailableError as error:
        return Refusal(str(error))
    callers = {
        each.key: caller
        for each in waiting.messages
        if each.contact is not None and (caller := by_contact[each.contact]) is not None
    }
    return WaitingList(messages, callers, waiting.count, waiting.not_heard)


def open_voicemail(desk: DeskReader, key: str) -> OpenedVoicemail | Refusal:
    """Return a voicemail with its recording, or why it cannot be read. Blocks."""
    from supportdesk.intake.mail.voicemail_original import read_voicemail_original

    try:
        message = desk.incoming_message(key)
        if message is None or message.voicemail is None:
            return _GONE
        caller = find_caller(desk, message.contact) if message.contact is not None else None
        original = desk.incoming_original(key)
        read = read_voicemail_original(message, original, desk.now())
        shown = _format_number(desk, message)
        return OpenedVoicemail(shown, caller, read.recording, read.words, read.files, read.fault)
    except DeskUnavailableError as error:
        return Refusal(str(error))


def find_caller(desk: DeskReader, contact: str) -> Caller | None:
    """Return a contact with their customer, by key; None for an unknown one. Blocks. Raises DeskUnavailableError."""
    view = desk.caller(contact)
    return Caller(view.contact, view.organisation) if view is not None else None


def _format_number(desk: DeskReader, message: IncomingMessage) -> IncomingMessage:
    """Return a message with the caller's number as numbers are shown; not every program stores them so."""
    if not telephone.is_number(message.sender_address):
        return message
    home = telephone.home_region(desk.policy_at(desk.now()))
    number = telephone.format_number(message.sender_address, home)
    return msgspec.structs.replace(message, sender_address=number)
