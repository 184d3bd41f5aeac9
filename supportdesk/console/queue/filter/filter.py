"""A filter: terms, and groups of terms, all of which a ticket must match."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import chain

import msgspec

from supportdesk.console.queue.entry import QueueEntry
from supportdesk.console.queue.filter.fields import FLAGS
from supportdesk.console.queue.filter.lexer import OR
from supportdesk.console.queue.filter.predicates import Condition, FilterContext, Transition
from supportdesk.console.queue.filter.values import Value, value_as_typed
from supportdesk.tickets.folding import fold

_BARE_WORD = re.compile(r'(?![^\W\d][\w-]*:)[^\s"!():-][^\s"()]*')


@dataclass(frozen=True, slots=True)
class Term:
    """One term, such as `-severity:high,critical`; a word has no `name`, a flag no `values`.

    Two terms are equal if they are typed the same.
    """

    name: str
    values: tuple[Value, ...]
    condition: Condition = field(compare=False, repr=False)
    negated: bool = False

    def __str__(self) -> str:
        """Return the text as the operator would type it."""
        if not self.name:
            text = _word_as_typed(self.values[0].text)
        elif self.values:
            text = f"{self.name}:{','.join(map(value_as_typed, self.values))}"
        else:
            text = self.name
        return f"-{text}" if self.negated else text

    @property
    def depends_on_time(self) -> bool:
        return self.condition.depends_on_time

    @property
    def depends_on_marks(self) -> bool:
        return self.condition.depends_on_marks

    @property
    def includes_closed(self) -> bool:
        """Whether closed tickets are selected."""
        return self.condition.includes_closed and not self.negated

    def select(self, entries: Sequence[QueueEntry], at: FilterContext) -> list[QueueEntry]:
        """Return the entries that match, in their order."""
        return self.condition.select(entries, at, wanted=not self.negated)

    def transitions(self, entries: Sequence[QueueEntry], now: int) -> Iterator[Transition]:
        return self.condition.transitions(entries, now)


class Group(msgspec.Struct, frozen=True):
    """A group such as `(a b or c)`: matches if one of the filters does, or with `negated` if none does."""

    alternatives: tuple[Filter, ...]
    negated: bool = False

    def __str__(self) -> str:
        """Return the text as the operator would type it."""
        return f"{'-' * self.negated}({self.inside})"

    @property
    def inside(self) -> str:
        """The text between the brackets, as the operator would type it."""
        return f" {OR} ".join(map(str, self.alternatives))

    @property
    def depends_on_time(self) -> bool:
        return any(each.depends_on_time for each in self.alternatives)

    @property
    def depends_on_marks(self) -> bool:
        return any(each.depends_on_marks for each in self.alternatives)

    @property
    def includes_closed(self) -> bool:
        """Whether closed tickets are selected."""
        return not self.negated and any(each.includes_closed for each in self.alternatives)

    def select(self, entries: Sequence[QueueEntry], at: FilterContext) -> list[QueueEntry]:
        """Return the entries that match, in their order."""
        matching = set(map(id, chain.from_iterable(each.select(entries, at) for each in self.alternatives)))
        return [each for each in entries if (id(each) in matching) is not self.negated]

    def transitions(self, entries: Sequence[QueueEntry], now: int) -> Iterator[Transition]:
        for each in self.alternatives:
            yield from each.all_transitions(entries, now)


FilterPart = Term | Group


class Filter(msgspec.Struct, frozen=True):
    """A filter: matches the tickets that match every part; all tickets without any part."""

    terms: tuple[FilterPart, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.terms)

    def __str__(self) -> str:
        """Return the filter as the operator would type it; parsing the text gives an equal filter."""
        if len(self.terms) == 1 and isinstance(self.terms[0], Group) and not self.terms[0].negated:
            return self.terms[0].inside
        return " ".join(map(str, self.terms))

    def __add__(self, other: Filter) -> Filter:
        """Return the filter that matches the tickets that both match."""
        return Filter(tuple(dict.fromkeys((*self.terms, *other.terms))))

    def select(self, entries: Iterable[QueueEntry], at: FilterContext) -> list[QueueEntry]:
        """Return the entries that match, in their order; fast enough for a hundred thousand."""
        left: Sequence[QueueEntry] = entries if isinstance(entries, list) else list(entries)
        for term in self.terms:
            left = term.select(left, at)
        return list(left)

    def matches(self, entry: QueueEntry, at: FilterContext) -> bool:
        """Return whether one ticket matches."""
        return bool(self.select((entry,), at))

    def transitions(self, entries: Sequence[QueueEntry], now: int) -> dict[str, int]:
        """Return by reference the next instant after `now` at which time alone may change the result for a ticket.

        Instants are UTC epoch seconds. Changes of a clock's state are not included: the index plans those.
        """
        soonest: dict[str, int] = {}
        for ref, at in self.all_transitions(entries, now):
            if at < soonest.get(ref, at + 1):
                soonest[ref] = at
        return soonest

    def all_transitions(self, entries: Sequence[QueueEntry], now: int) -> Iterator[Transition]:
        """Yield all such instants, in no particular order."""
        for term in self.terms:
            yield from term.transitions(entries, now)

    @property
    def depends_on_time(self) -> bool:
        """Whether tickets may begin or cease to match as time passes, while their state stays the same."""
        return any(term.depends_on_time for term in self.terms)

    @property
    def depends_on_marks(self) -> bool:
        """Whether tickets begin or cease to match as they are marked."""
        return any(term.depends_on_marks for term in self.terms)

    @property
    def includes_closed(self) -> bool:
        """Whether closed tickets are selected."""
        return any(term.includes_closed for term in self.terms)

    def static_part(self) -> Filter:
        """Return the parts whose result does not depend on the time."""
        return Filter(tuple(term for term in self.terms if not term.depends_on_time))

    def is_subset_of(self, wider: Filter) -> bool:
        """Return whether every ticket that matches this filter also matches `wider`."""
        if len(self.terms) < len(wider.terms):
            return False
        return all(map(_narrows, self.terms, wider.terms))


def _narrows(ours: FilterPart, theirs: FilterPart) -> bool:
    if ours == theirs:
        return True
    if isinstance(ours, Group) or isinstance(theirs, Group):
        return False
    typed_on = not (ours.name or theirs.name or ours.negated or theirs.negated)
    alike = type(ours.condition) is type(theirs.condition)
    return typed_on and alike and fold(theirs.values[0].text) in fold(ours.values[0].text)


def _word_as_typed(text: str) -> str:
    if _BARE_WORD.fullmatch(text) and text not in FLAGS and text != OR:
        return text
    return value_as_typed(Value(text, literal=True))
