"""Splits the head of a message or a part into its fields, and reads their values as clean lines."""

from __future__ import annotations

import re

from msgspec import Struct

from supportdesk.intake.mail.parsing.encoded_words import decode_words
from supportdesk.tickets.plain_text import clean_line

MOST_FIELDS = 1_000
LARGEST_HEAD = 256 * 1024
"""The most bytes of a header that are read."""

LONGEST_VALUE = 20_000
"""The most bytes that are read of the value of a field."""

LINE = 1_000
"""The most characters of a value that is shown."""

_LINE_END = re.compile(rb"\r\n|\n|\r|\Z")
_EMPTY_LINE = re.compile(rb"\r\n\r\n|\n\n|\r\r")
_FOLDS = b" \t"
_NAME = re.compile(rb"([!-9;-~]{1,200}):")
_KNOWN_NAME = re.compile(
    rb"(?:bcc|cc|content-[a-z]+|date|delivered-to|dkim-signature|from|in-reply-to|importance|message-id|mime-version"
    rb"|precedence|received|references|reply-to|return-path|sender|subject|thread-[a-z]+|to|x-[a-z0-9-]+):",
    re.IGNORECASE,
)


class Field(Struct, frozen=True):
    """A field of a header: its name in lower case, and its value on one line, undecoded and cut to LONGEST_VALUE."""

    name: str
    value: bytes


class Headers(Struct, frozen=True):
    """The fields of a header, in order. `is_cut` where there are more, or longer ones, than are read."""

    fields: tuple[Field, ...] = ()
    is_cut: bool = False

    def values(self, name: str) -> tuple[bytes, ...]:
        """Return the undecoded values of all fields with a name in lower case."""
        return tuple(field.value for field in self.fields if field.name == name)

    def value(self, name: str) -> bytes:
        """Return the undecoded value of the first field with a name that has one; empty where none has."""
        return next((value for value in self.values(name) if value.strip()), b"")

    def text(self, name: str, limit: int = LINE) -> str:
        """Return the value of the first field with a name, decoded, as one clean line of at most `limit` characters."""
        return plain_value(self.value(name), limit)


class SplitHead(Struct, frozen=True):
    """The header of a message or a part, and where its content begins."""

    headers: Headers
    content_start: int


def plain_value(value: bytes, limit: int = LINE) -> str:
    """Return an undecoded value as one clean line of at most `limit` characters."""
    return clean_line(decode_words(value), limit).text


def split_head(raw: bytes, start: int, end: int) -> SplitHead:
    """Read the fields of a header up to the empty line after them, or to the first line that is none.

    A line that is no field, but is followed by one that every mail program writes, belongs to the field before it.
    """
    fields: list[tuple[str, bytearray]] = []
    is_cut = False
    place = start
    while place < end:
        line_end = _LINE_END.search(raw, place, end)
        assert line_end is not None
        last, following = line_end.span()
        if place == last:
            return _head(fields, is_cut, following)
        if len(fields) >= MOST_FIELDS or place - start > LARGEST_HEAD:
            empty = _EMPTY_LINE.search(raw, place, end)
            return _head(fields, True, empty.end() if empty else end)
        name = _NAME.match(raw, place, last)
        if raw[place] in _FOLDS or (name is None and _KNOWN_NAME.match(raw, following, end)):
            if not fields:
                break
            text_start, glue = place, b" "
        elif name is None:
            break
        else:
            fields.append((name[1].decode("latin-1").lower(), bytearray()))
            text_start, glue = name.end(), b""
        value = fields[-1][1]
        room = LONGEST_VALUE - len(value)
        is_cut = is_cut or last - text_start > room
        if room > 0:
            value += glue + raw[text_start : min(last, text_start + room)]
        place = following
    return _head(fields, is_cut, place)


def _head(fields: list[tuple[str, bytearray]], is_cut: bool, content_start: int) -> SplitHead:
    read = tuple(Field(name, bytes(value)) for name, value in fields)
    return SplitHead(Headers(read, is_cut), content_start)
