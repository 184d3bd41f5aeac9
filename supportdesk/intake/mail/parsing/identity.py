"""Tells whether a message arrived before: by its Message-ID *and* by its content, as some programs use an ID twice."""

from __future__ import annotations

import hashlib
import re

from msgspec import Struct

from supportdesk.intake.mail.parsing.headers import Headers
from supportdesk.intake.mail.parsing.part import Part
from supportdesk.intake.mail.parsing.transfer_encoding import decode_content

LONGEST_ID = 200
"""The most characters of a Message-ID that are read: as many as are stored, so that both can be compared."""

_ID = re.compile(r"<([^<>\s]+)>")
_WRITTEN_ONCE = (
    *("from", "sender", "reply-to", "to", "cc", "subject", "date", "message-id"),
    *("in-reply-to", "references"),
)
"""The fields that the sender writes and that no delivery changes; all others are left out of the digest."""


class MailIdentity(Struct, frozen=True):
    """The Message-ID, empty where there is none, and the SHA-256 of the content in hexadecimal."""

    message_id: str
    content_digest: str


def identify(message: Part) -> MailIdentity:
    """Return the identity of a message, the same each time that it is delivered."""
    return MailIdentity(read_message_id(message.headers), _digest(message))


def read_message_id(headers: Headers) -> str:
    """Return the Message-ID without its brackets; empty where there is none."""
    text = headers.text("message-id")
    found = _ID.search(text)
    named = found[1] if found else text.strip("<> ")
    return named[:LONGEST_ID] if named and " " not in named else ""


def read_message_ids(text: str) -> tuple[str, ...]:
    """Return the Message-IDs in the value of a field such as `References`, in order, each once."""
    return tuple(dict.fromkeys(found[:LONGEST_ID] for found in _ID.findall(text)))


def _digest(message: Part) -> str:
    """Return the digest of the fields and of every part, decoded: a relay may encode a part in another way."""
    digest = hashlib.sha256()

    def add(*texts: bytes) -> None:
        for text in texts:
            digest.update(b"%d:" % len(text))
            digest.update(text)

    for name in _WRITTEN_ONCE:
        for value in message.headers.values(name):
            add(name.encode(), b" ".join(value.split()))
    for part in message.walk():
        add(part.media_type.encode(), b"%d" % len(part.parts))
        if part.parts:
            continue
        content = decode_content(part).data
        if part.main_type in ("text", "message", "multipart"):
            content = content.replace(b"\r\n", b"\n").rstrip(b"\n")
        add(part.file_name.encode("utf-8", "replace"), content)
    return digest.hexdigest()
