"""Reads messages that arrived, and who sent them, on a thread."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from supportdesk.console.intake.views import Counts, IntakeView, sum_counts
from supportdesk.desk_api import DeskUnavailableError
from supportdesk.intake.sender import find_sender
from supportdesk.tickets.refusal import Refusal

if TYPE_CHECKING:
    from supportdesk.desk_api import DeskReader, IncomingQueries
    from supportdesk.intake.sender import KnownSender
    from supportdesk.tickets.incoming_message import IncomingMessage

PAGE = 100
"""How many messages are read at a time."""


class Wanted(msgspec.Struct, frozen=True):
    """The messages that are asked for: a view of them, of which those that contain the words of a text."""

    view: IntakeView
    text: str = ""


class MessagePage(msgspec.Struct, frozen=True):
    """Messages that were `wanted`, the newest first; `has_more` where there may be older ones. `counts` are of all."""

    wanted: Wanted
    messages: tuple[IncomingMessage, ...]
    has_more: bool
    counts: Counts


def read_page(
    desk: IncomingQueries, wanted: Wanted, before: IncomingMessage | None, limit: int
) -> MessagePage | Refusal:
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
