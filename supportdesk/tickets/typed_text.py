"""The text of a typed date, time or duration: made plain before it is read, and quoted where it is refused."""

from __future__ import annotations

import re

from supportdesk.tickets.plain_text import UNWANTED

_LONGEST_TEXT = 60
_DASHES = re.compile("[\u2010-\u2015\u2212]")


class TimeInputError(ValueError):
    """A text is not a date, time or duration; the message says what is wrong and what can be typed."""


class AmbiguousTimeError(TimeInputError):
    """A text can be read in several ways; the message shows them."""


def plain_words(text: str) -> str:
    """Return the words of a typed time in lower case with single spaces and without invisible characters.

    Raises TimeInputError for a text that is too long, and for digits other than 0 to 9.
    """
    short = text[: 4 * _LONGEST_TEXT]
    if not short.isascii():
        short = _DASHES.sub("-", UNWANTED.sub("", short))
    words = " ".join(short.lower().split())
    if not words:
        raise TimeInputError("nothing is typed")
    if len(words) > _LONGEST_TEXT:
        raise TimeInputError(f"{quoted(text)} is too long for a date or time; type 24 Nov 9:15")
    foreign = "" if words.isascii() else next((each for each in words if each > "~" and each.isnumeric()), "")
    if foreign:
        raise TimeInputError(f"{quoted(text)} has a digit other than 0 to 9: {foreign}")
    return words


def quoted(text: str) -> str:
    """Return the first 30 characters of a typed text in quotes, for a message."""
    shown = " ".join(UNWANTED.sub("", text[:120]).split())
    return f'"{shown[:30]}…"' if len(shown) > 30 else f'"{shown}"'
