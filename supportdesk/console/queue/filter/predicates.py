"""The conditions of a filter, each fast enough for a hundred thousand tickets at a time.

The result of most conditions changes only with the ticket. Conditions that depend on the time say when it changes.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Hashable, Iterator, Sequence
from itertools import chain, compress
from operator import not_
from typing import Any, Protocol

import msgspec

from supportdesk.console.queue.entry import QueueEntry
from supportdesk.sla.clocks import State, breached_earlier
from supportdesk.tickets import reference
from supportdesk.tickets.folding import fold
from supportdesk.tickets.ticket import Stage


class FilterContext(msgspec.Struct):
    """What a filter needs besides the tickets: the present in UTC epoch seconds, and the marked references."""

    now: int = 0
    marked: Collection[str] = ()


Transition = tuple[str, int]
"""A ticket's reference, and the instant in UTC epoch seconds at which the result for it changes."""


class Condition(Protocol):
    """One condition on a ticket.

    `depends_on_time`: the result may change as time passes, while the ticket and its state stay the same.
    `depends_on_marks`: it may change as tickets are marked. `includes_closed`: it selects closed tickets.
    """

    @property
    def depends_on_time(self) -> bool: ...

    @property
    def depends_on_marks(self) -> bool: ...

    @property
    def includes_closed(self) -> bool: ...

    def select(self, entries: Sequence[QueueEntry], at: FilterContext, *, wanted: bool) -> list[QueueEntry]:
        """Return the entries that meet the condition, in their order; with `wanted` False those that do not."""
        ...

    def transitions(self, entries: Sequence[QueueEntry], now: int) -> Iterator[Transition]:
        """Yield the instants after `now` at which the result changes, except by a change of the clock's state."""
        ...


class StaticCondition:
    """Base of the conditions whose result changes only with the ticket, its state or its marks."""

    __slots__ = ()

    depends_on_time = False
    depends_on_marks = False
    includes_closed = False

    def transitions(self, entries: Sequence[QueueEntry], now: int) -> Iterator[Transition]:
        """Yield nothing: time alone does not change the result."""
        return iter(())


class Word(StaticCondition, msgspec.Struct, frozen=True):
    """A text anywhere in the ticket, or in the name of its state."""

    text: str

    def select(self, entries: Sequence[QueueEntry], at: FilterContext, *, wanted: bool) -> list[QueueEntry]:
        text = fold(self.text)
        states = tuple(state for state in State if text in state)
        if not wanted:
            return [each for each in entries if text not in each.text and each.state not in states]
        if states:
            return [each for each in entries if text in each.text or each.state in states]
        return [each for each in entries if text in each.text]


class InState(StaticCondition, msgspec.Struct, frozen=True):
    """The leading clock is in one of the states."""

    states: tuple[State, ...]

    def select(self, entries: Sequence[QueueEntry], at: FilterContext, *, wanted: bool) -> list[QueueEntry]:
        states = self.states
        return [each for each in entries if (each.state in states) is wanted]


class BreachedEarlier(msgspec.Struct, frozen=True):
    """Breached under an earlier target, and in time for the present one (rule 9)."""

    depends_on_time = True
    depends_on_marks = False
    includes_closed = False

    def select(self, entries: Sequence[QueueEntry], at: FilterContext, *, wanted: bool) -> list[QueueEntry]:
        now, breached = at.now, State.BREACHED
        return [
            each
            for each in entries
            if (each.state is breached and breached_earlier(each.row.lead, now)) is wanted
        ]

    def transitions(self, entries: Sequence[QueueEntry], now: int) -> Iterator[Transition]:
        for each in entries:
            due = each.row.lead.due
            if due is not None and due >= now and breached_earlier(each.row.lead, now):
                yield each.row.ref, due + 1


class Open(StaticCondition, msgspec.Struct, frozen=True):
    """Open or, with `open` False, resolved. Most views begin with it, so it has a loop of its own."""

    open: bool

    def select(self, entries: Sequence[QueueEntry], at: FilterContext, *, wanted: bool) -> list[QueueEntry]:
        wanted = self.open is wanted
        return [each for each in entries if each.is_open is wanted]


class AtStage(StaticCondition, msgspec.Struct, frozen=True):
    """The ticket is at this stage."""

    stage: Stage

    @property
    def includes_closed(self) -> bool:  # type: ignore[override]
        """Whether the stage is `closed`."""
        return self.stage is Stage.CLOSED

    def select(self, entries: Sequence[QueueEntry], at: FilterContext, *, wanted: bool) -> list[QueueEntry]:
        stage = self.stage.value
        return [each for each in entries if (each.row.stage == stage) is wanted]


class _Verdicts(dict[Hashable, bool]):
    """Remembers for each value whether it is accepted."""

    def __init__(self, accepts: Callable[[Any], bool]) -> None:
        super().__init__()
        self._accepts = accepts

    def __missing__(self, value: Hashable) -> bool:
        verdict = self[value] = self._accepts(value)
        return verdict


class Attribute(StaticCondition):
    """An attribute that many tickets share: `accepts` is called once for each value that `read` returns."""

    def __init__(self, read: Callable[[QueueEntry], Hashable], accepts: Callable[[Any], bool]) -> None:
        self._read = read
        self._verdicts = _Verdicts(accepts)

    def select(self, entries: Sequence[QueueEntry], at: FilterContext, *, wanted: bool) -> list[QueueEntry]:
        verdicts = map(self._verdicts.__getitem__, map(self._read, entries))
        return list(compress(entries, verdicts if wanted else map(not_, verdicts)))


class Reference(StaticCondition, msgspec.Struct, frozen=True):
    """One of the parts occurs in the reference, with or without dashes."""

    parts: tuple[str, ...]

    def select(self, entries: Sequence[QueueEntry], at: FilterContext, *, wanted: bool) -> list[QueueEntry]:
        parts = [fold(part) for part in self.parts]
        return [each for each in entries if any(part in _plain(each.row.ref) for part in parts) is wanted]


def _plain(ref: str) -> str:
    return fold(ref.replace("-", ""))


def text_or_reference(text: str) -> Condition:
    """Return the condition of a word: its text anywhere, or the reference that it contains, as in `[CD-4C00-W]`."""
    if not reference.looks_like_reference(text):
        return Word(text)
    return AnyOf((Word(text), Reference((reference.typed_part(text),))))


class Marked(StaticCondition):
    """The ticket is marked."""

    depends_on_marks = True

    def select(self, entries: Sequence[QueueEntry], at: FilterContext, *, wanted: bool) -> list[QueueEntry]:
        marked = at.marked
        return [each for each in entries if (each.row.ref in marked) is wanted]


Instant = Callable[[QueueEntry], int | None]
"""Returns an instant of a ticket, in UTC epoch seconds; None if it has none."""


class Between(StaticCondition, msgspec.Struct, frozen=True):
    """The instant is from `first` up to but not including `end`, in UTC epoch seconds; None for no limit."""

    instant: Instant
    first: int | None
    end: int | None

    def select(self, entries: Sequence[QueueEntry], at: FilterContext, *, wanted: bool) -> list[QueueEntry]:
        return [each for each in entries if self._holds(self.instant(each)) is wanted]

    def _holds(self, at: int | None) -> bool:
        return (
            at is not None
            and (self.first is None or at >= self.first)
            and (self.end is None or at < self.end)
        )


class Threshold(msgspec.Struct, frozen=True):
    """At least `after` seconds have passed since the instant or, with `from_then` False, fewer have."""

    depends_on_time = True
    depends_on_marks = False
    includes_closed = False

    instant: Instant
    after: int
    from_then: bool

    def select(self, entries: Sequence[QueueEntry], at: FilterContext, *, wanted: bool) -> list[QueueEntry]:
        instant, then, from_then = self.instant, at.now - self.after, self.from_then
        return [
            each
            for each in entries
            if ((begin := instant(each)) is not None and (begin <= then) is from_then) is wanted
        ]

    def transitions(self, entries: Sequence[QueueEntry], now: int) -> Iterator[Transition]:
        instant, after, then = self.instant, self.after, now - self.after
        for each in entries:
            begin = instant(each)
            if begin is not None and begin > then:
                yield each.row.ref, begin + after


class IsMissing(StaticCondition, msgspec.Struct, frozen=True):
    """The ticket has no such instant."""

    instant: Instant

    def select(self, entries: Sequence[QueueEntry], at: FilterContext, *, wanted: bool) -> list[QueueEntry]:
        instant = self.instant
        return [each for each in entries if (instant(each) is None) is wanted]


class AnyOf(msgspec.Struct, frozen=True):
    """At least one of the conditions is met."""

    conditions: tuple[Condition, ...]

    @property
    def depends_on_time(self) -> bool:
        """Whether one of the conditions does."""
        return any(each.depends_on_time for each in self.conditions)

    @property
    def depends_on_marks(self) -> bool:
        """Whether one of the conditions does."""
        return any(each.depends_on_marks for each in self.conditions)

    @property
    def includes_closed(self) -> bool:
        """Whether one of the conditions does."""
        return any(each.includes_closed for each in self.conditions)

    def select(self, entries: Sequence[QueueEntry], at: FilterContext, *, wanted: bool) -> list[QueueEntry]:
        found = (condition.select(entries, at, wanted=True) for condition in self.conditions)
        matching = set(map(id, chain.from_iterable(found)))
        return [each for each in entries if (id(each) in matching) is wanted]

    def transitions(self, entries: Sequence[QueueEntry], now: int) -> Iterator[Transition]:
        for condition in self.conditions:
            yield from condition.transitions(entries, now)
