"""Splits the bytes of a message into its parts (RFC 2046), without copying them.

Not with Python's `email.parser`, which copies each line and nests as deep as a message says: here the levels, the parts
and the fields of each header have a limit.
"""

from __future__ import annotations

import re

from msgspec import Struct
from msgspec.structs import replace

from supportdesk.intake.mail.parsing.headers import Headers, split_head
from supportdesk.intake.mail.parsing.parameters import ParameterValue, read_parameters

DEEPEST = 20
MOST_PARTS = 500

_MEDIA_TYPE = re.compile(r"[\w!#$&^.+-]{1,80}/[\w!#$&^.+-]{1,120}", re.ASCII)
_TEXT = "text/plain"
_CARRIAGE_RETURN = 13


class Part(Struct, frozen=True):
    """A message or a part of one. `content` is not yet decoded, and is all between the delimiters.

    `fault` says what of its structure was not read, in a sentence; it is empty for a sound part.
    """

    headers: Headers
    content: memoryview
    media_type: str
    content_type: ParameterValue
    disposition: ParameterValue
    parts: tuple[Part, ...] = ()
    fault: str = ""

    @property
    def subtype(self) -> str:
        """What follows the slash of the media type."""
        return self.media_type.partition("/")[2]

    @property
    def main_type(self) -> str:
        """What comes before the slash of the media type."""
        return self.media_type.partition("/")[0]

    @property
    def transfer_encoding(self) -> str:
        """How the content is encoded, in lower case."""
        return self.headers.text("content-transfer-encoding", 40).lower().partition(";")[0].strip()

    @property
    def file_name(self) -> str:
        """The name that the sender gave it, as it came; empty where there is none."""
        return self.disposition.get("filename") or self.content_type.get("name")

    def walk(self) -> list[Part]:
        """Return this part and all below it, in order."""
        return [self, *(below for part in self.parts for below in part.walk())]


def split_message(raw: bytes, start: int = 0) -> Part:
    """Return the parts of a message that begins at `start`."""
    return _Splitter(raw).split(start, len(raw), 0, _TEXT)


class _Splitter:
    """Splits one message, into MOST_PARTS parts at most."""

    def __init__(self, raw: bytes) -> None:
        self._raw = raw
        self._left = MOST_PARTS

    def split(self, start: int, end: int, depth: int, default: str) -> Part:
        """Return the part between two places; `default` is the media type of one that does not say it."""
        head = split_head(self._raw, start, end)
        content_type = read_parameters(head.headers.value("content-type"))
        part = Part(
            headers=head.headers,
            content=memoryview(self._raw)[head.content_start : end],
            media_type=_media_type(content_type, default),
            content_type=content_type,
            disposition=read_parameters(head.headers.value("content-disposition")),
        )
        if part.main_type != "multipart":
            return part
        spans, is_ended = _find_spans(self._raw, head.content_start, end, content_type.get("boundary"))
        if not spans:
            return replace(
                part, media_type=_TEXT, fault="its parts could not be told apart, and are shown as text"
            )
        if depth >= DEEPEST:
            return replace(part, fault=f"it has more than {DEEPEST} levels; the rest is in the original only")
        below = "message/rfc822" if part.subtype == "digest" else _TEXT
        parts = []
        fault = "" if is_ended else "its end is missing"
        for first, last in spans:
            if self._left <= 0:
                fault = f"it has more than {MOST_PARTS} parts; the rest is in the original only"
                break
            self._left -= 1
            parts.append(self.split(first, last, depth + 1, below))
        return replace(part, parts=tuple(parts), fault=fault)


def _media_type(content_type: ParameterValue, default: str) -> str:
    """Return the media type; plain text where it is missing or none, as RFC 2045 says, unless it has a file's name."""
    named = content_type.value
    if not named:
        return default
    if _MEDIA_TYPE.fullmatch(named) is None:
        return "application/octet-stream" if content_type.get("name") else _TEXT
    return named


def _find_spans(raw: bytes, start: int, end: int, boundary: str) -> tuple[list[tuple[int, int]], bool]:
    """Return where the parts between the delimiters begin and end, and whether the last delimiter is there."""
    spans: list[tuple[int, int]] = []
    # A boundary is ASCII; one that is not was written in UTF-8, or cannot be found.
    name = boundary.rstrip().encode("utf-8", "replace")
    if not name:
        return spans, False
    # It begins with the end of the line before, so that others are passed over without a step in Python for each.
    delimiter = re.compile(rb"\n--" + re.escape(name) + rb"(--)?[ \t]*(?:\r?\n|\Z)")
    part_start = -1
    found = delimiter.search(raw, max(start - 1, 0), end)
    while found is not None and len(spans) <= MOST_PARTS:
        if part_start >= 0:
            line_end = found.start() - (1 if raw[found.start() - 1] == _CARRIAGE_RETURN else 0)
            spans.append((part_start, max(part_start, line_end)))
        if found[1]:
            return spans, True
        part_start = found.end()
        found = delimiter.search(raw, max(found.end() - 1, found.start() + 1), end)
    if part_start >= 0 and found is None:
        spans.append((part_start, end))
    return spans, False
