"""Reads messages that arrived, and who sent them, on a thread."""

from __future__ import annotations

from typing import TYPE_CHECKING

from supportdesk.console.commands.message_page import MessagePage, Wanted
from supportdesk.console.intake.views import IntakeView, sum_counts
from supportdesk.desk_api import DeskUnavailableError
from supportdesk.intake.sender import find_sender
from supportdesk.tickets.incoming_message import IncomingMessage
from supportdesk.tickets.refusal import Refusal

if TYPE_CHECKING:
    from supportdesk.desk_api import DeskReader, IncomingQueries
    from supportdesk.intake.sender import KnownSender

IncomingPage = MessagePage[IntakeView, IncomingMessage]
"""A page of messages that arrived."""


def read_page(
    desk: IncomingQueries, wanted: Wanted[IntakeView], before: IncomingMessage | None, limit: int
) -> IncomingPage | Refusal:
    """Return at most `limit` messages, those behind `before` if it is given, or why they cannot be read. Blocks."""
    try:
        found = desk.incoming_messages(
            states=wanted.view.states, text=wanted.text, before=before, limit=limit
        )
        counts = sum_counts(desk.count_incoming())
    except DeskUnavailableError as error:
        return Refusal(str(error))
    return MessagePage(wanted, tuple(found), len(found) == limit, counts)


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


def find_message(desk: IncomingQueries, key: str) -> IncomingMessage | Refusal:
    """Return the message with a key, or why it cannot be read. Blocks."""
    try:
        message = desk.incoming_message(key)
    except DeskUnavailableError as error:
        return Refusal(str(error))
    return message or Refusal("The message of this draft is not here any more.")
