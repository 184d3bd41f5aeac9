"""The words in what somebody typed: which of them carry weight, and how they are compared without an index."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

MOST_WORDS = 32
"""More words than these are not looked for: a pasted page finds what its beginning finds."""

_WORD = re.compile(r"[^\W_]+")
_LAST_WORD = re.compile(r"[^\W_]+\Z")
_OF_EVERY_SENTENCE = """
    a about after again all also always am an and another any anybody anything are as at be been but by can cannot could
    did do does each every everybody everything for from get gets had has have he her his how i if in into is it its
    just me more most my never no nobody nor not nothing now of off on one only or other our out over same she should
    since so some somebody something still than that the their them then there these they this to too until up us very
    was we were what when where which while who why will with without would yet you your customer customers issue
    problem please
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


@dataclass(frozen=True, slots=True)
class Sought:
    """The telling words of what somebody types; `half_typed` where the last of them may still become another."""

    words: tuple[str, ...]
    half_typed: bool = False

    def hits(self, text: str) -> int:
        """How many of the words stand in a text."""
        there = {folded(word) for word in _WORD.findall(text)}
        whole = sum(folded(word) in there for word in self.words)
        if not self.half_typed or folded(self.words[-1]) in there:
            return whole
        begun = folded(self.words[-1])
        return whole + any(word.startswith(begun) for word in there)

    def is_told_by(self, text: str, one_in: int) -> bool:
        """Whether enough of the words stand in a text for it to be about the same: one in so many."""
        return self.hits(text) * one_in >= len(self.words) > 0


def sought(text: str) -> Sought:
    """What somebody looks for who types a sentence; as long as nothing follows the last word, it may be half typed."""
    found = tuple(telling(text))
    last = _LAST_WORD.search(text)
    return Sought(found, last is not None and found[-1:] == (last[0],))


def folded(text: str) -> str:
    """A text without case and accents."""
    plain = unicodedata.normalize("NFKD", text)
    return "".join(each for each in plain if not unicodedata.combining(each)).casefold()


def all_begin(typed: list[str], text: str) -> bool:
    """Whether each typed word begins a word of a text."""
    there = [folded(word) for word in _WORD.findall(text)]
    return all(any(word.startswith(folded(part)) for word in there) for part in typed)
