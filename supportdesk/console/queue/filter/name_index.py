"""An index of names, fast enough to be searched on every key."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cached_property
from typing import overload

from supportdesk.tickets.folding import fold, prefix_matcher, same_name, spaced

NameTest = Callable[[Sequence[str]], bool]
"""A test: returns whether a value names a person or record, given all its names."""


class FoldedNames(Sequence[str]):
    """A sequence of names; their folded spellings are computed once, when first needed."""

    def __init__(self, names: Iterable[str] = ()) -> None:
        self._names = tuple(names)

    def __len__(self) -> int:
        return len(self._names)

    def __iter__(self) -> Iterator[str]:
        return iter(self._names)

    @overload
    def __getitem__(self, place: int) -> str: ...
    @overload
    def __getitem__(self, place: slice) -> tuple[str, ...]: ...
    def __getitem__(self, place: int | slice) -> str | tuple[str, ...]:
        return self._names[place]

    @cached_property
    def _spellings(self) -> list[tuple[Callable[[str], str], frozenset[str]]]:
        return [(compared, frozenset(map(compared, self))) for compared in (same_name, fold, spaced)]

    @cached_property
    def _beginnings(self) -> str:
        return "\n".join(f" {spaced(name)}" for name in self)

    def has(self, value: str) -> bool:
        """Return whether a name, or one of its words, begins with `value`."""
        wanted = spaced(value)
        if wanted:
            return f" {wanted}" in self._beginnings
        return any(fold(name).startswith(fold(value)) for name in self)

    def matching(self, value: str) -> NameTest:
        """Return the test for a value: names equal to it or, if there are none, names that begin with it.

        Names are compared with accents first, then without accents, then without punctuation.
        """
        for compared, known in self._spellings:
            if (wanted := compared(value)) and wanted in known:
                return _is_called(wanted, compared)
        begun = prefix_matcher(value)
        return lambda named: any(map(begun, named))


def _is_called(wanted: str, compared: Callable[[str], str]) -> NameTest:
    return lambda named: wanted in map(compared, named)
