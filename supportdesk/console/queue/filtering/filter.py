"""A filter: terms that must all hold."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from supportdesk.console.queue.entry import Entry
from supportdesk.console.queue.filtering.conditions import Condition, Present
from supportdesk.console.queue.filtering.fields import FLAGS
from supportdesk.tickets.folding import fold

_BARE_WORD = re.compile(r'(?![^\W\d][\w-]*:)[^\s"!-][^\s"]*')
_BARE_VALUE = re.compile(r'[^\s",]+')


@dataclass(frozen=True, slots=True)
class Term:
    """`-severity:high,critical`; a word has no `name`, a flag no `values`.

    Two terms are the same when they would be typed the same.
    """

    name: str
    values: tuple[str, ...]
    condition: Condition = field(compare=False, repr=False)
    negated: bool = False

    def __str__(self) -> str:
        """As one would type it."""
        if not self.name:
            bare = _BARE_WORD.fullmatch(self.values[0]) and self.values[0] not in FLAGS
            told = self.values[0] if bare else f'"{self.values[0]}"'
        elif self.values:
            told = f"{self.name}:{','.join(map(value_as_typed, self.values))}"
        else:
            told = self.name
        return f"-{told}" if self.negated else told


def value_as_typed(value: str) -> str:
    """A field's value, in quotes where it needs them."""
    return value if _BARE_VALUE.fullmatch(value) else f'"{value}"'


@dataclass(frozen=True, slots=True)
class Filter:
    """What is left of the queue: the tickets for which every term holds; all of them without any."""

    terms: tuple[Term, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.terms)

    def __str__(self) -> str:
        """As one would type it; to parse it gives the same filter."""
        return " ".join(map(str, self.terms))

    def __add__(self, other: Filter) -> Filter:
        """What both leave."""
        return Filter((*self.terms, *other.terms))

    def among(self, entries: Iterable[Entry], at: Present) -> list[Entry]:
        """Those that are left, in their order; made for a hundred thousand at a time."""
        left: Sequence[Entry] = entries if isinstance(entries, list) else list(entries)
        for term in self.terms:
            left = term.condition.among(left, at, wanted=not term.negated)
        return list(left)

    def matches(self, entry: Entry, at: Present) -> bool:
        """Whether one ticket is left."""
        return bool(self.among((entry,), at))

    def turns(self, entries: Sequence[Entry], now: int) -> dict[str, int]:
        """The next instant after `now`, in UTC epoch seconds, at which a ticket may come or go by itself, by reference.

        A change of its state is not counted: whoever keeps the states knows of it.
        """
        soonest: dict[str, int] = {}
        for term in self.terms:
            for ref, at in term.condition.turns(entries, now):
                if at < soonest.get(ref, at + 1):
                    soonest[ref] = at
        return soonest

    @property
    def heeds_time(self) -> bool:
        """Whether tickets may come or go by themselves, though their state stays."""
        return any(term.name in ("due", "age") for term in self.terms)

    @property
    def heeds_marks(self) -> bool:
        """Whether tickets come or go as they are marked."""
        return any(term.name == "marked" for term in self.terms)

    def steady(self) -> Filter:
        """The terms that change only with the ticket, its state and its marks."""
        return Filter(tuple(term for term in self.terms if term.name not in ("due", "age")))

    def narrows(self, wider: Filter) -> bool:
        """Whether whatever matches this also matches `wider`: somebody typed on."""
        if len(self.terms) < len(wider.terms):
            return False
        return all(map(_narrows, self.terms, wider.terms))


def _narrows(ours: Term, theirs: Term) -> bool:
    typed_on = not (ours.name or theirs.name or ours.negated or theirs.negated)
    alike = type(ours.condition) is type(theirs.condition)
    return ours == theirs or (typed_on and alike and fold(theirs.values[0]) in fold(ours.values[0]))
