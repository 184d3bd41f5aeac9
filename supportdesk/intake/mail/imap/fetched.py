"""What a server answers to FETCH: attributes of messages, in any order, perhaps with others that nobody asked for."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from msgspec import Struct

Answer = Sequence[bytes | tuple[bytes, bytes] | None]
"""As imaplib has it: lines, and pairs of a line and the literal after it; what follows a literal is a line again."""

_UID = re.compile(rb"\bUID (\d{1,20})\b")
_SIZE = re.compile(rb"\bRFC822\.SIZE (\d{1,20})\b")
_DATE = re.compile(rb'\bINTERNALDATE "([^"]*)"')
_EMPTY = re.compile(rb'\bBODY\[\] ""')


class Fetched(Struct, frozen=True):
    """What is told of a message; None for what is not. `delivered_at` is in UTC, `size` in bytes."""

    uid: int
    size: int | None = None
    delivered_at: datetime | None = None
    content: bytes | None = None


def find_fetched(answer: Answer, uid: int) -> Fetched | None:
    """Return what an answer tells of the message with a UID; None where it tells nothing of it."""
    found = None
    for line, content in _split(answer):
        if _find_number(_UID, line) != uid:
            continue
        size, date = _find_number(_SIZE, line), _find_date(line)
        is_empty = content is None and _EMPTY.search(line) is not None
        if size is not None or content is not None or is_empty:
            return Fetched(uid, size, date, b"" if is_empty else content)
        # Perhaps only its flags, which somebody else has changed meanwhile.
        found = found or Fetched(uid)
    return found


def _split(answer: Answer) -> Iterator[tuple[bytes, bytes | None]]:
    """Yield the attributes of each message without its literal, and the literal."""
    line, literal = b"", None
    for each in answer:
        if isinstance(each, tuple):
            if literal is not None:
                yield line, literal
            line, literal = each
        elif each is not None:
            if literal is not None:
                yield line + b" " + each, literal
            else:
                yield each, None
            line, literal = b"", None
    if literal is not None:
        yield line, literal


def _find_number(pattern: re.Pattern[bytes], line: bytes) -> int | None:
    found = pattern.search(line)
    return int(found[1]) if found else None


def _find_date(line: bytes) -> datetime | None:
    found = _DATE.search(line)
    try:
        return parsedate_to_datetime(found[1].decode("ascii")).astimezone(UTC) if found else None
    except (ValueError, OverflowError):
        return None
