"""How close a text is to a query: the formula of SQLite's FTS5, so that every database gives the same order."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import msgspec
from sqlalchemy import ColumnElement, Integer, String, and_, bindparam, cast, func, literal, or_
from sqlalchemy.dialects.postgresql import TSQUERY
from sqlalchemy.sql import operators

from supportdesk.tickets.folding import spaced

_K1, _B = 1.2, 0.75
_LEAST_WEIGHT = 1e-6
"""The weight of a word that is in more than half of the texts."""


class Phrase(msgspec.Struct, frozen=True):
    """A word that is looked for, in consecutive `parts`: several in a script without spaces.

    `is_prefix` says that only the beginning of the last part is given.
    """

    parts: tuple[str, ...]
    is_prefix: bool = False

    @property
    def query(self) -> ColumnElement[object]:
        """The `tsquery` for texts that have all the parts."""
        quoted = [
            f"'{part.replace(chr(92), chr(92) * 2).replace(chr(39), chr(39) * 2)}'" for part in self.parts
        ]
        if self.is_prefix:
            quoted[-1] += ":*"
        return cast(literal(" & ".join(quoted), String), TSQUERY)

    @property
    def pattern(self) -> str:
        """What the phrase looks like in a text of `_wide`."""
        return f" {'  '.join(self.parts)}{'' if self.is_prefix else ' '}"


def make_phrase(word: str, *, is_prefix: bool = False) -> Phrase:
    """Return the phrase for a word of a query."""
    return Phrase(tuple(spaced(word).split()), is_prefix)


def contains(
    vector: ColumnElement[Any], texts: Sequence[ColumnElement[str]], phrase: Phrase
) -> ColumnElement[bool]:
    """Return the condition that one of the texts, whose words are in the vector, has a phrase."""
    found: ColumnElement[bool] = vector.op("@@", is_comparison=True)(phrase.query)
    if len(phrase.parts) == 1:
        return found
    return and_(found, or_(*(func.strpos(_wide(text), phrase.pattern) > 0 for text in texts)))


def frequency(weighted: Sequence[tuple[ColumnElement[str], float]], phrase: Phrase) -> ColumnElement[float]:
    """Return how often a phrase is in the texts, each occurrence with the weight of its text."""
    return _sum([literal(weight) * _count(text, phrase.pattern) for text, weight in weighted])


def score(
    frequencies: Sequence[ColumnElement[float]],
    weights: Sequence[float],
    size: ColumnElement[int],
    average: float,
) -> ColumnElement[float]:
    """Return how close a text of `size` words is: the sum over the phrases, by the formula BM25."""
    norm = literal(_K1) * (literal(1 - _B) + literal(_B) * size / literal(average))
    return _sum(
        [
            literal(weight) * (each * literal(_K1 + 1)) / (each + norm)
            for each, weight in zip(frequencies, weights, strict=True)
        ]
    )


def weigh(texts: int, having: int) -> float:
    """Return the weight of a phrase that so many of all texts have: the rarer, the more."""
    weight = math.log((texts - having + 0.5) / (having + 0.5))
    return weight if weight > 0 else _LEAST_WEIGHT


def _count(text: ColumnElement[str], pattern: str) -> ColumnElement[int]:
    wide = _wide(text)
    left = func.length(func.replace(wide, bindparam(None, pattern), ""))
    return cast((func.length(wide) - left) / len(pattern), Integer)


def _wide(text: ColumnElement[str]) -> ColumnElement[str]:
    """Return a text with each word between spaces of its own."""
    return func.concat(" ", func.replace(text, " ", "  "), " ")


def _sum(terms: Sequence[ColumnElement[float]]) -> ColumnElement[float]:
    total = terms[0]
    for term in terms[1:]:
        total = operators.add(total, term)
    return total
