"""Reads what Outlook packs into `winmail.dat` (TNEF, MS-OXTNEF): the files and, where there is one, the text.

Not with tnefparse, which copies the rest of the data for each of its attributes: a small message could stop the
intake for minutes.
"""

from __future__ import annotations

from msgspec import Struct

_SIGNATURE = 0x223E9F78
_HEAD = 6
_ATTRIBUTE_HEAD = 9
_CHECKSUM = 2
_MOST_FILES = 200
_MOST_ATTRIBUTES = 10_000
_BODY = 0x800C
_BEGINS_FILE = 0x9002
_FILE_TITLE = 0x8010
_FILE_DATA = 0x800F


class PackedFile(Struct, frozen=True):
    """A file in `winmail.dat`, with the name as it came."""

    name: bytes
    data: bytes


class PackedMessage(Struct, frozen=True):
    """The text and the files in `winmail.dat`. `is_whole` is false where it ends early."""

    text: bytes
    files: tuple[PackedFile, ...]
    is_whole: bool


def read_tnef(data: bytes) -> PackedMessage | None:
    """Return what is packed in TNEF; None for other data."""
    if _number(data, 0, 4) != _SIGNATURE:
        return None
    text = b""
    files: list[PackedFile] = []
    place = _HEAD
    for _ in range(_MOST_ATTRIBUTES):
        if place + _ATTRIBUTE_HEAD > len(data):
            break
        attribute, size = _number(data, place + 1, 2), _number(data, place + 5, 4)
        start = place + _ATTRIBUTE_HEAD
        value = data[start : start + size] if attribute in (_BODY, _FILE_TITLE, _FILE_DATA) else b""
        if attribute == _BODY:
            text = value.rstrip(b"\0")
        elif attribute == _BEGINS_FILE and len(files) < _MOST_FILES:
            files.append(PackedFile(b"", b""))
        elif attribute == _FILE_TITLE and files:
            files[-1] = PackedFile(value.rstrip(b"\0"), files[-1].data)
        elif attribute == _FILE_DATA and files:
            files[-1] = PackedFile(files[-1].name, value)
        place = start + size + _CHECKSUM
    return PackedMessage(text, tuple(files), is_whole=place == len(data))


def _number(data: bytes, place: int, size: int) -> int:
    return int.from_bytes(data[place : place + size], "little")
