"""Removes dangerous characters from texts that come from outside.

A text from a customer, a mail or another system may contain terminal escapes, characters that reverse the order of
their neighbours, lone surrogates, and more than anybody will read. `clean_line` and `clean_text` keep the words and
remove the rest; the console uses the same table as a last defence when it draws.
"""

from __future__ import annotations

import re
import unicodedata
from typing import NamedTuple

CONTROLS = "\x00-\x08\x0b-\x1f\x7f-\x9f"
"""C0 and C1 except tab and line feed: escapes, bells, NUL, the beginnings of OSC and CSI."""

REORDERING = "\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\u206a-\u206f"
"""Bidirectional marks, embeddings, overrides and isolates: they make a line read differently from its content."""

INVISIBLE = "\u00ad\u180e\u200b\u2060-\u2065\ufeff\ufff9-\ufffb\U000e0000-\U000e007f"
"""Characters without a glyph that hide or split words. The two joiners are allowed: Persian and Indic need them."""

HALVES = "\ud800-\udfff"
"""Surrogates; a lone one cannot be encoded."""

NONCHARACTERS = "\ufdd0-\ufdef" + "".join(
    f"{chr(plane << 16 | 0xFFFE)}{chr(plane << 16 | 0xFFFF)}" for plane in range(17)
)
"""Code points that are no characters and never will be; spreadsheets and XML refuse them."""

UNWANTED = re.compile(f"[{CONTROLS}{REORDERING}{INVISIBLE}{HALVES}{NONCHARACTERS}]")
"""Matches one character that is not allowed in a plain text."""

_LINE_ENDS = re.compile("\r\n|[\r\x0b\x0c\x85\u2028\u2029]")
_COLOURING = re.compile("(?:\x1b\\[|\x9b)[0-9;:?]*[A-Za-z]")
"""Colour escapes, as in pasted terminal output. Other escapes lose only their control character, and stay visible."""

_LONGEST_CLUSTER = 32


class Cleaned(NamedTuple):
    """A plain text. `length` is its number of characters before it was cut to the limit, if it was `cut`."""

    text: str
    cut: bool
    length: int


def clean_line(text: str, limit: int) -> Cleaned:
    """Return a text as one line of at most `limit` characters, with single spaces and none at the ends."""
    return _cut(" ".join(_plain(text).split()), limit)


def clean_text(text: str, limit: int) -> Cleaned:
    """Return a text of at most `limit` characters with its lines and tabs, without blank lines before or after it."""
    lines = [line.rstrip() for line in _plain(text).split("\n")]
    return _cut("\n".join(lines).strip("\n"), limit)


def _plain(text: str) -> str:
    if not text.isascii():
        text = _whole_characters(text)
    text = UNWANTED.sub("", _COLOURING.sub("", _LINE_ENDS.sub("\n", text)))
    return text if text.isascii() else unicodedata.normalize("NFC", text)


def _whole_characters(text: str) -> str:
    """Return the text with pairs of surrogates joined into the characters that they encode; lone ones are dropped."""
    if not re.search(f"[{HALVES}]", text):
        return text
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "ignore")


def _cut(text: str, limit: int) -> Cleaned:
    """Cut a text between characters as readers see them: an accent stays with its letter."""
    if len(text) <= limit:
        return Cleaned(text, cut=False, length=len(text))
    end = limit
    while end > max(0, limit - _LONGEST_CLUSTER) and _belongs_to_the_one_before(text, end):
        end -= 1
    return Cleaned(text[:end].rstrip(), cut=True, length=len(text))


def _belongs_to_the_one_before(text: str, place: int) -> bool:
    character = text[place]
    return (
        unicodedata.category(character) in ("Mn", "Mc", "Me")
        or character == "\u200d"
        or text[place - 1] == "\u200d"
    )
