"""Decodes text whose encoding is named wrongly, not at all, or unknown. No byte is left out.

Names are read as browsers do (WHATWG, Encoding): what calls itself Latin-1 or ASCII is Windows-1252 or UTF-8.
"""

from __future__ import annotations

import codecs
import re

from msgspec import Struct

_NAME = re.compile(r"[A-Za-z0-9][\w.:+-]{0,40}", re.ASCII)
_HALF = re.compile("[\ud800-\udfff]")
_MEANT = {
    "ansi_x3.4-1968": "ascii",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "iso-8859-1": "cp1252",
    "iso-8859-8-i": "iso-8859-8",
    "iso8859-1": "cp1252",
    "iso_8859-1": "cp1252",
    "ks_c_5601-1987": "cp949",
    "latin1": "cp1252",
    "shift_jis": "cp932",
    "unicode-1-1-utf-7": "utf-7",
    "us-ascii": "ascii",
    "utf8mb4": "utf-8",
    "x-sjis": "cp932",
    "x-unknown": "",
}
"""Names that mean another encoding than Python's of that name; an empty one is unknown."""

_NO_CHARSETS = frozenset({"idna", "punycode", "raw-unicode-escape", "undefined", "unicode-escape"})
"""Codecs of Python for texts that are no encodings of mail; some take quadratic time."""


class DecodedText(Struct, frozen=True):
    """A text. `is_guessed` where its encoding was not as it was named, or has bytes that mean nothing in it."""

    text: str
    is_guessed: bool = False


def decode(content: bytes, charset: str = "") -> DecodedText:
    """Return the text of some bytes, with the encoding that is named if they are in it, else UTF-8 or Windows-1252.

    Bytes that mean nothing in an encoding of several bytes become U+FFFD.
    """
    codec = _codec(charset)
    if codec and codec != "ascii":
        try:
            return DecodedText(_without_halves(content.decode(codec)))
        except ValueError:
            pass
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError:
        if codec in ("", "ascii", "cp1252"):
            return DecodedText(_windows(content), is_guessed=True)
        return DecodedText(_without_halves(content.decode(codec, "replace")), is_guessed=True)
    is_named = codec in ("", "ascii", "utf-8") and (text.isascii() or codec != "ascii")
    return DecodedText(text, is_guessed=not is_named or (bool(charset) and not codec))


def _codec(charset: str) -> str:
    """Return the name of Python's codec of an encoding; empty for an unknown one."""
    name = charset.strip(" \t\"'").lower()
    name = _MEANT.get(name, name)
    if _NAME.fullmatch(name) is None:
        return ""
    try:
        found = codecs.lookup(name)
        codec = found.name.replace("_", "-")
        # Python has codecs for other things than text, which it tells only when they decode something.
        bytes(4).decode(name)
    except (LookupError, ValueError):
        return ""
    return "" if codec in _NO_CHARSETS else codec


def _without_halves(text: str) -> str:
    """Return a text without lone surrogates, which UTF-7 may contain, and which can be stored and sent nowhere."""
    return (
        text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
        if _HALF.search(text)
        else text
    )


def _windows(content: bytes) -> str:
    """Return bytes as Windows-1252; its five unused ones as the controls of Latin-1."""
    return content.decode("cp1252", "supportdesk.latin-1")


def _latin_1(error: UnicodeError) -> tuple[str, int]:
    if not isinstance(error, UnicodeDecodeError):
        raise error
    return error.object[error.start : error.end].decode("latin-1"), error.end


codecs.register_error("supportdesk.latin-1", _latin_1)
