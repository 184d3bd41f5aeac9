"""Reads the messages that arrived."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import msgspec
from sqlalchemy import Connection, Select, select

from supportdesk.store import tables
from supportdesk.tickets.incoming_message import IncomingMessage, compute_key_digest

_messages = tables.incoming_messages.c
_LEAST = 8
"""The fewest characters of a key."""
_AFTER_DIGITS = "g"
"""Sorts behind every hexadecimal digit."""


def load_message(connection: Connection, key: str) -> IncomingMessage | None:
    """Return the message with a key; None for an unknown one."""
    return _load(connection, select(_messages.document).where(_messages.key == key)).get(key)


def load_with_content(connection: Connection, message: IncomingMessage) -> Mapping[str, IncomingMessage]:
    """Return the messages with the Message-ID and the content of `message`, by key, in the order of their arrival."""
    same = (_messages.content_digest == message.content_digest, _messages.message_id == message.message_id)
    return _load(
        connection, select(_messages.document).where(*same).order_by(_messages.received_at, _messages.key)
    )


def find_free_key(connection: Connection, message: IncomingMessage) -> str:
    """Return a short key for a new message, which no other has, whatever messages somebody sends."""
    digest = compute_key_digest(message)
    begin = digest[:_LEAST]
    begun = select(_messages.key).where(_messages.key.between(begin, begin + _AFTER_DIGITS))
    taken = set(connection.execute(begun).scalars())
    return next(key for length in range(_LEAST, len(digest) + 1) if (key := digest[:length]) not in taken)


def _load(connection: Connection, query: Select[Any]) -> dict[str, IncomingMessage]:
    found = (msgspec.json.decode(each, type=IncomingMessage) for each in connection.execute(query).scalars())
    return {each.key: each for each in found}
