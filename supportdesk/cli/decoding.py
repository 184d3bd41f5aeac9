"""Decodes standard input and arguments from the encoding in which they were written."""

from __future__ import annotations

import codecs
import locale
import os
import re
from functools import lru_cache

import msgspec

from supportdesk.cli.errors import BadRequestError
from supportdesk.cli.output import echo_note

_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_SPOKEN = {"cp1252": "Windows-1252", "utf-16": "UTF-16", "utf-32": "UTF-32"}
_FOREIGN_WORD = re.compile(r"\w*[^\x00-\x7f]\w*")
_ESCAPED = re.compile("[\udc80-\udcff]")
_CONVERT = "convert it to UTF-8 first"


class Decoded(msgspec.Struct, frozen=True):
    """A text, and the display name of its encoding; empty for UTF-8."""

    text: str
    encoding: str


def decode(raw: bytes) -> Decoded:
    """Return bytes as text: with a byte order mark, in UTF-8, in the encoding of the locale, or in Windows-1252.

    Raises ValueError, with the reason, for bytes that are text in none of these and for null bytes.
    """
    marked = next((name for mark, name in _MARKS if raw.startswith(mark)), None)
    try:
        decoded = _in_encoding(raw, marked) if marked else _unmarked(raw)
    except UnicodeDecodeError as error:
        raise ValueError(f"is damaged at byte {error.start + 1}; {_CONVERT}") from error
    if "\0" in decoded.text:
        raise ValueError(f"contains a null byte; {_CONVERT}")
    return decoded


def _unmarked(raw: bytes) -> Decoded:
    try:
        return Decoded(raw.decode(), "")
    except UnicodeDecodeError as error:
        # Where some of it is UTF-8 beyond doubt, the rest is damage and no other encoding.
        if not raw.decode(errors="ignore").isascii():
            raise
        damaged = error
    if b"\0" in raw:
        raise ValueError(f"contains a null byte; {_CONVERT}")
    for encoding in (locale.getpreferredencoding(do_setlocale=False).lower(), "cp1252"):
        if codecs.lookup(encoding).name not in ("utf-8", "ascii"):
            try:
                return _in_encoding(raw, encoding)
            except UnicodeDecodeError:
                continue
    raise damaged


def _in_encoding(raw: bytes, encoding: str) -> Decoded:
    spoken = "" if encoding == "utf-8-sig" else _SPOKEN.get(encoding, encoding.upper())
    return Decoded(raw.decode(encoding), spoken)


def decode_stdin(raw: bytes) -> str:
    """Return standard input as text with `\\n` line ends; name its encoding on stderr if it is not UTF-8.

    Raises BadRequestError for bytes that are not text.
    """
    try:
        found = decode(raw)
    except ValueError as error:
        raise BadRequestError(f"Standard input {error}.") from error
    _echo_encoding("Standard input", found)
    return found.text.replace("\r\n", "\n").replace("\r", "\n")


@lru_cache(maxsize=64)
def decode_argument(typed: str) -> str:
    """Return an argument as text; name its encoding once on stderr if it is not the terminal's.

    Raises BadRequestError for bytes that are not text.
    """
    if _ESCAPED.search(typed) is None:
        return typed
    try:
        found = decode(os.fsencode(typed))
    except (ValueError, UnicodeEncodeError) as error:
        why = str(error) if not isinstance(error, UnicodeEncodeError) else f"is not text; {_CONVERT}"
        raise BadRequestError(f"An argument {why}.") from error
    _echo_encoding("An argument", found)
    return found.text


def _echo_encoding(what: str, found: Decoded) -> None:
    if found.encoding:
        foreign = list(dict.fromkeys(_FOREIGN_WORD.findall(found.text)))[:3]
        shown = f": {', '.join(foreign)}" if foreign else ""
        echo_note(f"{what} is not in UTF-8; it was read as {found.encoding}{shown}.")
