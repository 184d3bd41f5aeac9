"""A filter: terms and groups of them that must all hold."""

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

_BARE_WORD = re.compile(r'(?![^\W\d][\w-]*:)[^\s"!()-][^\s"()]*')


@dataclass(frozen=True, slots=True)
class Term:
    """`-severity:high,critical`; a word has no `name`, a flag no `values`.

    Two terms are the same when they would be typed the same.
    """

    name: str
    values: tuple[Value, ...]
    condition: Condition = field(compare=False, repr=False)
    negated: bool = False

    def __str__(self) -> str:
        """As the operator would type it."""
        if not self.name:
            told = _word_as_typed(self.values[0].text)
        elif self.values:
            told = f"{self.name}:{','.join(map(value_as_typed, self.values))}"
        else:
            told = self.name
        return f"-{told}" if self.negated else told

    @property
    def depends_on_time(self) -> bool:
        """Whether it may hold or not as time passes, though the ticket and its state stay."""
        return self.condition.depends_on_time

    @property
    def depends_on_marks(self) -> bool:
        """Whether it may hold or not as tickets are marked."""
        return self.condition.depends_on_marks

    @property
    def includes_closed(self) -> bool:
        """Whether tickets that are closed are asked for."""
        return self.condition.includes_closed and not self.negated

    def select(self, entries: Sequence[QueueEntry], at: FilterContext) -> list[QueueEntry]:
        """Those for which it holds, in their order."""
        return self.condition.select(entries, at, wanted=not self.negated)

    def transitions(self, entries: Sequence[QueueEntry], now: int) -> Iterator[Transition]:
        """See `Condition`."""
        return self.condition.transitions(entries, now)


class Group(msgspec.Struct, frozen=True):
    """`(a b or c)`: at least one of the filters holds, or with `negated` none of them."""

    alternatives: tuple[Filter, ...]
    negated: bool = False

    def __str__(self) -> str:
        """As the operator would type it."""
        return f"{'-' * self.negated}({self.inside})"

    @property
    def inside(self) -> str:
        """What stands between the brackets."""
        return f" {OR} ".join(map(str, self.alternatives))

    @property
    def depends_on_time(self) -> bool:
        """Whether it may hold or not as time passes, though the ticket and its state stay."""
        return any(each.depends_on_time for each in self.alternatives)

    @property
    def depends_on_marks(self) -> bool:
        """Whether it may hold or not as tickets are marked."""
        return any(each.depends_on_marks for each in self.alternatives)

    @property
    def includes_closed(self) -> bool:
        """Whether tickets that are closed are asked for."""
        return not self.negated and any(each.includes_closed for each in self.alternatives)

    def select(self, entries: Sequence[QueueEntry], at: FilterContext) -> list[QueueEntry]:
        """Those for which it holds, in their order."""
        held = set(map(id, chain.from_iterable(each.select(entries, at) for each in self.alternatives)))
        return [each for each in entries if (id(each) in held) is not self.negated]

    def transitions(self, entries: Sequence[QueueEntry], now: int) -> Iterator[Transition]:
        """See `Condition`."""
        for each in self.alternatives:
            yield from each.all_transitions(entries, now)


Part = Term | Group


class Filter(msgspec.Struct, frozen=True):
    """What is left of the queue: the tickets for which every part holds; all of them without any."""

    terms: tuple[Part, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.terms)

    def __str__(self) -> str:
        """As the operator would type it; to parse it gives the same filter."""
        if len(self.terms) == 1 and isinstance(self.terms[0], Group) and not self.terms[0].negated:
            return self.terms[0].inside
        return " ".join(map(str, self.terms))

    def __add__(self, other: Filter) -> Filter:
        """What both leave."""
        return Filter(tuple(dict.fromkeys((*self.terms, *other.terms))))

    def select(self, entries: Iterable[QueueEntry], at: FilterContext) -> list[QueueEntry]:
        """Those that are left, in their order; made for a hundred thousand at a time."""
        left: Sequence[QueueEntry] = entries if isinstance(entries, list) else list(entries)
        for term in self.terms:
            left = term.select(left, at)
        return list(left)

    def matches(self, entry: QueueEntry, at: FilterContext) -> bool:
        """Whether one ticket is left."""
        return bool(self.select((entry,), at))

    def transitions(self, entries: Sequence[QueueEntry], now: int) -> dict[str, int]:
        """The next instant after `now`, in UTC epoch seconds, at which a ticket may come or go by itself, by reference.

        A change of its state is not counted: the index plans that itself.
        """
        soonest: dict[str, int] = {}
        for ref, at in self.all_transitions(entries, now):
            if at < soonest.get(ref, at + 1):
                soonest[ref] = at
        return soonest

    def all_transitions(self, entries: Sequence[QueueEntry], now: int) -> Iterator[Transition]:
        """Every such instant, in no particular order."""
        for term in self.terms:
            yield from term.transitions(entries, now)

    @property
    def depends_on_time(self) -> bool:
        """Whether tickets may come or go by themselves, though their state stays."""
        return any(term.depends_on_time for term in self.terms)

    @property
    def depends_on_marks(self) -> bool:
        """Whether tickets come or go as they are marked."""
        return any(term.depends_on_marks for term in self.terms)

    @property
    def includes_closed(self) -> bool:
        """Whether tickets that are closed are asked for."""
        return any(term.includes_closed for term in self.terms)

    def static_part(self) -> Filter:
        """The parts that change only with the ticket, its state and its marks."""
        return Filter(tuple(term for term in self.terms if not term.depends_on_time))

    def is_subset_of(self, wider: Filter) -> bool:
        """Return whether every ticket that matches this filter also matches `wider`."""
        if len(self.terms) < len(wider.terms):
            return False
        return all(map(_narrows, self.terms, wider.terms))


def _narrows(ours: Part, theirs: Part) -> bool:
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
