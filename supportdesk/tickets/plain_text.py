"""Text from outside, made plain on its way in.

What a customer, a mail or another system sends may hold terminal escapes, characters that turn the order of their
neighbours round, halves of characters and more than anybody will read. `clean_line` and `clean_text` leave the words
and take the rest away; the same table is the console's last defence when it draws.
"""

from __future__ import annotations

import re
import unicodedata
from typing import NamedTuple

CONTROLS = "\x00-\x08\x0b-\x1f\x7f-\x9f"
"""C0 and C1 but for tab and line feed: escapes, bells, NUL, the openings of OSC and CSI."""

REORDERING = "\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\u206a-\u206f"
"""Bidirectional marks, embeddings, overrides and isolates: they make a line read otherwise than it is."""

INVISIBLE = "\u00ad\u180e\u200b\u2060-\u2065\ufeff\ufff9-\ufffb\U000e0000-\U000e007f"
"""Characters without a glyph that hide or split words. The two joiners stay: Persian and Indic words need them."""

HALVES = "\ud800-\udfff"
"""Surrogates: no encoding takes a lone one."""

NONCHARACTERS = "\ufdd0-\ufdef" + "".join(
    f"{chr(plane << 16 | 0xFFFE)}{chr(plane << 16 | 0xFFFF)}" for plane in range(17)
)
"""Code points that are no characters and never will be; spreadsheets and XML refuse them."""

UNWANTED = re.compile(f"[{CONTROLS}{REORDERING}{INVISIBLE}{HALVES}{NONCHARACTERS}]")
"""One character that has no place in a plain text, whether of one line or of many."""

_LINE_ENDS = re.compile("\r\n|[\r\x0b\x0c\x85\u2028\u2029]")
_COLOURING = re.compile("(?:\x1b\\[|\x9b)[0-9;:?]*[A-Za-z]")
"""What pasted terminal output is full of. Other escapes lose their control characters and stay to be seen."""

_LONGEST_CLUSTER = 32


class Cleaned(NamedTuple):
    """A plain text. `length` is how many characters it had before it was cut to the limit, if it was `cut`."""

    text: str
    cut: bool
    length: int


def clean_line(text: str, limit: int) -> Cleaned:
    """A text as one line of at most `limit` characters: every run of white space is one space, none at the ends."""
    return _cut(" ".join(_plain(text).split()), limit)


def clean_text(text: str, limit: int) -> Cleaned:
    """A text of at most `limit` characters that keeps its lines and tabs, without blank lines before or after it."""
    lines = [line.rstrip() for line in _plain(text).split("\n")]
    return _cut("\n".join(lines).strip("\n"), limit)


def _plain(text: str) -> str:
    if not text.isascii():
        text = _whole_characters(text)
    text = UNWANTED.sub("", _COLOURING.sub("", _LINE_ENDS.sub("\n", text)))
    return text if text.isascii() else unicodedata.normalize("NFC", text)


def _whole_characters(text: str) -> str:
    """Two halves that belong together become the character that they stand for; others are left alone."""
    if not re.search(f"[{HALVES}]", text):
        return text
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "ignore")


def _cut(text: str, limit: int) -> Cleaned:
    """Cuts between characters as people see them: an accent is not parted from its letter."""
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
