"""Decodes the words of a header that are encoded (RFC 2047), also where they are written against its rules.

Not with `email.header`, which gives up all of a header for one bad word, and loses bytes of UTF-8 that is not encoded.
"""

from __future__ import annotations

import binascii
import re

from supportdesk.intake.mail.parsing.charsets import decode

_WORD = re.compile(rb"=\?([^?\s]{1,60})\?([bBqQ])\?(.{0,2000}?)\?=", re.DOTALL)
_NOT_BASE64 = re.compile(rb"[^A-Za-z0-9+/]")


def decode_words(value: bytes) -> str:
    """Return the value of a header as text. Words that are damaged stay as they are."""
    pieces: list[tuple[bytes, str]] = []
    place = 0
    for found in _WORD.finditer(value):
        content = _content(found[2], found[3])
        if content is None:
            continue
        between = value[place : found.start()]
        charset = found[1].partition(b"*")[0].decode("latin-1").lower()
        is_next = bool(pieces) and bool(pieces[-1][1]) and not between.strip()
        if between and not is_next:
            pieces.append((between, ""))
        if is_next and pieces[-1][1] == charset:
            # A letter may be divided between two words.
            content = pieces.pop()[0] + content
        pieces.append((content, charset))
        place = found.end()
    pieces.append((value[place:], ""))
    return "".join(decode(content, charset).text for content, charset in pieces)


def _content(encoding: bytes, text: bytes) -> bytes | None:
    """Return the bytes of an encoded word; None where it is damaged."""
    if encoding in b"qQ":
        return binascii.a2b_qp(text.replace(b" ", b"_"), header=True)
    letters = _NOT_BASE64.sub(b"", text)
    try:
        return binascii.a2b_base64(letters + b"=" * (-len(letters) % 4))
    except binascii.Error:
        return None
