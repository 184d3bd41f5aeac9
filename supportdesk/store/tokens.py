"""The words of a typed text: which are significant, and how they are compared without an index."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from supportdesk.tickets.folding import begins, fold, is_unspaced, spaced
from supportdesk.tickets.folding import words as folded_words

MOST_WORDS = 32
"""The most words that are searched for: of a pasted page, only the beginning counts."""

_PAIR = 2
_OF_EVERY_SENTENCE = """
    a about after again all also always am an and another any anybody anything are as at be been but by can cannot could
    did do does each every everybody everything for from get gets had has have he her his how i if in into is it its
    just me more most my never no nobody nor not nothing now of off on one only or other our out over same she should
    since so some somebody something still than that the their them then there these they this to too until up us very
    was we were what when where which while who why will with without would yet you your customer customers issue
    problem please
"""
_WEIGHTLESS = frozenset(_OF_EVERY_SENTENCE.split())
"""Words that say nothing about the subject of a sentence."""


def unique_words(text: str) -> list[str]:
    """Return the folded words of a text in their order, each once."""
    return list(dict.fromkeys(folded_words(text)))[:MOST_WORDS]


def significant_words(text: str) -> list[str]:
    """Return the significant words of a sentence; all of its words where none is significant."""
    found = list(dict.fromkeys(part for word in folded_words(text) for part in _parts(word)))[:MOST_WORDS]
    return [word for word in found if word not in _WEIGHTLESS] or found


def _parts(word: str) -> Iterator[str]:
    """Yield the overlapping pairs of characters of a run of a script without spaces; any other word as it is."""
    if len(word) <= _PAIR or not is_unspaced(word):
        yield word
        return
    for at in range(len(word) - _PAIR + 1):
        yield word[at : at + _PAIR]


class Query(msgspec.Struct, frozen=True):
    """The significant words of a typed text; `half_typed` where the last of them may be incomplete."""

    words: tuple[str, ...]
    half_typed: bool = False

    def hits(self, text: str) -> int:
        """Return how many of the words are in a text."""
        padded = f" {spaced(text)} "
        whole = sum(f" {spaced(word)} " in padded for word in self.words)
        if not self.half_typed or f" {spaced(self.words[-1])} " in padded:
            return whole
        return whole + (f" {spaced(self.words[-1])}" in padded)

    def matches(self, text: str, one_in: int) -> bool:
        """Return whether a text contains at least one in `one_in` of the words."""
        return self.hits(text) * one_in >= len(self.words) > 0


def parse_query(text: str) -> Query:
    """Return the query for a typed text; its last word may be incomplete while nothing follows it."""
    found, typed = significant_words(text), folded_words(text)
    half_typed = bool(found) and fold(text).endswith(typed[-1]) and [*_parts(typed[-1])][-1] == found[-1]
    return Query(tuple(found), half_typed)


def words_begin_in(typed: list[str], text: str) -> bool:
    """Return whether each typed word begins a word of a text."""
    return all(begins(part, text) for part in typed)
