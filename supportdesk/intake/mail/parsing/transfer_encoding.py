"""Decodes the content of a part: base64, quoted-printable and uuencode, also where they are damaged."""

from __future__ import annotations

import binascii
import re

from msgspec import Struct

from supportdesk.intake.mail.parsing.part import Part

_PLAIN = frozenset({"", "7bit", "8bit", "binary"})
_UUENCODED = frozenset({"uuencode", "x-uue", "x-uuencode"})
_ALPHABET = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
_OTHERS = bytes(set(range(256)) - set(_ALPHABET))
_MOST_PIECES = 1_000
_PADDING = re.compile(rb"=+")


class Content(Struct, frozen=True):
    """The bytes of a part. `fault` says in a sentence what was wrong with them; it is empty for sound ones."""

    data: bytes
    fault: str = ""


def decode_content(part: Part) -> Content:
    """Return the decoded content of a part; what cannot be decoded, as it came."""
    encoding = part.transfer_encoding
    if encoding == "base64":
        return _decode_base64(bytes(part.content))
    if encoding == "quoted-printable":
        return Content(binascii.a2b_qp(part.content))
    if encoding in _UUENCODED:
        return _decode_uuencode(bytes(part.content))
    return Content(bytes(part.content), "" if encoding in _PLAIN else f"its encoding {encoding!r} is unknown")


def _decode_base64(content: bytes) -> Content:
    text = content.rstrip(b" \t\r\n=")
    # Python stops at the first padding, but some programs join pieces that each have their own.
    if b"=" not in text:
        try:
            return Content(binascii.a2b_base64(content))
        except binascii.Error:
            pass
    pieces, is_cut = [], False
    for count, piece in enumerate(_PADDING.split(text, _MOST_PIECES)):
        if count == _MOST_PIECES:
            is_cut = True
            break
        letters = piece.translate(None, _OTHERS)
        if len(letters) % 4 == 1:
            letters, is_cut = letters[:-1], True
        pieces.append(binascii.a2b_base64(letters + b"=" * (-len(letters) % 4)))
    return Content(b"".join(pieces), "its base64 is damaged" if is_cut else "")


def _decode_uuencode(content: bytes) -> Content:
    lines = content.splitlines()
    begin = next((place for place, line in enumerate(lines) if line.startswith(b"begin ")), None)
    if begin is None:
        return Content(content, "it has no uuencoded content")
    data = bytearray()
    for line in lines[begin + 1 :]:
        if line.strip() == b"end":
            return Content(bytes(data))
        try:
            data += binascii.a2b_uu(line)
        except binascii.Error:
            return Content(content, "its uuencoded content is damaged")
    return Content(bytes(data), "its end is missing")
