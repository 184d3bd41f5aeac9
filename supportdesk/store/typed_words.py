"""The words in what somebody typed: which of them carry weight, and how they are compared without an index."""

from __future__ import annotations

import re
import unicodedata

MOST_WORDS = 32
"""More words than these are not looked for: a pasted page finds what its beginning finds."""

_WORD = re.compile(r"[^\W_]+")
_OF_EVERY_SENTENCE = """
    a about after all also am an and any are as at be been but by can cannot could did do does for from get gets had has
    have he her his how i if in into is it its just me my no nor not of off on one or our out over she should so some
    than that the their them then there these they this to too up us was we were what when where which while who why
    will with would you your customer customers issue problem please
"""
_WEIGHTLESS = frozenset(_OF_EVERY_SENTENCE.split())
"""Words of which a sentence is made and that tell nothing of what it is about."""


def words(text: str) -> list[str]:
    """The words of a text in their order, each once, as they were written."""
    found: dict[str, str] = {}
    for word in _WORD.findall(text):
        found.setdefault(folded(word), word)
    return list(found.values())[:MOST_WORDS]


def telling(text: str) -> list[str]:
    """The words that tell what a sentence is about; all of them where none does."""
    found = words(text)
    return [word for word in found if folded(word) not in _WEIGHTLESS] or found


def folded(text: str) -> str:
    """A text without case and accents."""
    plain = unicodedata.normalize("NFKD", text)
    return "".join(each for each in plain if not unicodedata.combining(each)).casefold()


def all_begin(typed: list[str], text: str) -> bool:
    """Whether each typed word begins a word of a text."""
    there = [folded(word) for word in _WORD.findall(text)]
    return all(any(word.startswith(folded(part)) for word in there) for part in typed)
