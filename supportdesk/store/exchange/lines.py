"""The lines of an export: what is in each, in which order they come, and how they are written and read.

The first line names the format and the ledger's head, the last one counts the others and has their digest. Between them
is one line for each row of the tables that no other table gives: everything else is made again from these.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from functools import cache, reduce
from operator import or_
from typing import Annotated, Any

import msgspec
from sqlalchemy import BigInteger, Boolean, Column, Integer, LargeBinary, String, Table, Text

from supportdesk.store import tables

FORMAT = "supportdesk export"
VERSION = 1

_NUMBER = Annotated[int, msgspec.Meta(ge=-(2**63), le=2**63 - 1)]
_HEXADECIMAL = Annotated[str, msgspec.Meta(pattern=r"^[0-9a-f]{1,64}\Z")]
_LENGTH_OF_DIGEST = 64
_ESCAPED_NUL = b"\\u0000"


class BadLineError(ValueError):
    """A line is not one of an export; the message says what is wrong with it."""


class Header(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The first line: `head` is the last event as `SEQ:HASH`, `product` the version of the program that wrote it."""

    type: str
    version: int
    head: str
    product: str


class Trailer(msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag_field="type", tag="end"):
    """The last line: how many lines of each type there are, and the SHA-256 of all lines before it."""

    counts: dict[str, int]
    digest: str


class LineType:
    """One type of line: a row of `table`, in the order of the columns `order`, which together are unique."""

    def __init__(self, name: str, table: Table, *order: Column[Any]) -> None:
        self.name = name
        self.table = table
        self.order = order
        self.names = tuple(str(column.name) for column in table.columns)
        self.struct = msgspec.defstruct(
            table.name,
            list(zip(self.names, map(_field_type, table.columns), strict=True)),
            frozen=True,
            forbid_unknown_fields=True,
            tag_field="type",
            tag=name,
        )
        self._key = tuple(str(column.name) for column in order)

    def key(self, line: msgspec.Struct) -> tuple[Any, ...]:
        """Return what the lines of this type ascend by."""
        return tuple(getattr(line, name) for name in self._key)

    def make_line(self, row: dict[str, Any]) -> bytes:
        """Return the line of a row, without its end. Raises BadLineError for what the program cannot have stored."""
        try:
            line = msgspec.convert(row, self.struct)
            encoded = msgspec.json.encode(line)
        except (msgspec.ValidationError, UnicodeEncodeError) as error:
            raise BadLineError(str(error)) from error
        _refuse_nul(encoded, line)
        return encoded


def _field_type(column: Column[Any]) -> Any:
    match column.type:
        case Boolean():
            found: Any = bool
        case BigInteger() | Integer():
            found = _NUMBER
        case LargeBinary():
            found = bytes
        case String(length=length) if length == _LENGTH_OF_DIGEST:
            found = _HEXADECIMAL
        case Text():
            found = str
        case _:
            raise TypeError(f"no lines have a column of the type {column.type}")
    return found | None if column.nullable else found


ATTESTATION = LineType(
    "erased event", tables.erased_events, tables.erased_events.c.erasure, tables.erased_events.c.seq
)
"""Before the events: these are held to it."""

EVENT = LineType("event", tables.ledger, tables.ledger.c.seq)

LINE_TYPES = (
    ATTESTATION,
    EVENT,
    LineType("command", tables.commands, tables.commands.c.seq, tables.commands.c.id),
    LineType("attachment", tables.attachments, tables.attachments.c.digest),
    LineType("message", tables.messages, tables.messages.c.seq, tables.messages.c.id),
    LineType("delivery", tables.deliveries, tables.deliveries.c.id),
    LineType("page link", tables.page_links, tables.page_links.c.digest),
)
"""The types of lines between the first and the last, in this order."""


class Count:
    """Counts the lines between the first and the last, and takes the digest of all lines."""

    def __init__(self) -> None:
        self._digest = hashlib.sha256()
        self._counts: Counter[str] = Counter()

    def add(self, line: bytes, line_type: LineType | None = None) -> None:
        """Add a line with its end; the first one has no type."""
        self._digest.update(line)
        if line_type is not None:
            self._counts[line_type.name] += 1

    def trailer(self) -> Trailer:
        """Return the last line after the lines so far."""
        return Trailer({each.name: self._counts[each.name] for each in LINE_TYPES}, self._digest.hexdigest())


def decode_header(line: bytes) -> Header:
    """Return the first line. Raises BadLineError with what to do about it."""
    try:
        header = msgspec.json.decode(line, type=Header)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        header = None
    if header is None or header.type != FORMAT:
        raise BadLineError(_describe_foreign(line))
    if header.version != VERSION:
        raise BadLineError(
            f"it has version {header.version} of the format, and this program reads version {VERSION}: import it"
            f" with supportdesk {header.product} or newer"
        )
    return header


def _describe_foreign(line: bytes) -> str:
    if line.startswith((b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")):
        return "it begins with a byte order mark, so another program has saved it: use the file as it was exported"
    return (
        "this is not a file that `supportdesk export` wrote; for incidents of ServiceNow use"
        " `supportdesk import servicenow`"
    )


def decode_line(line: bytes) -> tuple[LineType | None, Any]:
    """Return a line after the first one, with its type; None for the last one. Raises BadLineError."""
    try:
        decoded = _decoder().decode(line)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        raise BadLineError(_describe_undecodable(line, error)) from error
    _refuse_nul(line, decoded)
    return _BY_STRUCT.get(type(decoded)), decoded


def place_of(line_type: LineType) -> int:
    """Return the place of a type of line among the others."""
    return LINE_TYPES.index(line_type)


_BY_STRUCT = {each.struct: each for each in LINE_TYPES}


@cache
def _decoder() -> msgspec.json.Decoder[Any]:
    return msgspec.json.Decoder(reduce(or_, _BY_STRUCT, Trailer))


def _describe_undecodable(line: bytes, error: Exception) -> str:
    if b"\0" in line:
        return "it contains null bytes: the file is damaged, export the desk again"
    try:
        line.decode()
    except UnicodeDecodeError:
        return "it is not UTF-8: use the file as it was exported"
    return f"it is not a line of an export: {error}"


def _refuse_nul(encoded: bytes, line: msgspec.Struct) -> None:
    if _ESCAPED_NUL in encoded and any(
        isinstance(value, str) and "\0" in value for value in msgspec.structs.astuple(line)
    ):
        raise BadLineError("it contains a null character")
