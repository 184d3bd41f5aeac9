"""The marked tickets, to which one command applies together."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

MAX_MARKS = 500
"""The most tickets that can be marked: nobody could check the results of more."""


class Marks:
    """The references of the marked tickets, in the order in which they were marked, whatever the view or filter."""

    def __init__(self) -> None:
        self._refs: dict[str, None] = {}

    def __len__(self) -> int:
        return len(self._refs)

    def __contains__(self, ref: object) -> bool:
        return ref in self._refs

    def __iter__(self) -> Iterator[str]:
        return iter(self._refs)

    def toggle(self, ref: str) -> bool:
        """Mark or unmark a ticket. Returns False if no more can be marked."""
        if ref in self._refs:
            del self._refs[ref]
            return True
        return self.add((ref,))

    def add(self, refs: Iterable[str]) -> bool:
        """Mark tickets. Returns False, and marks none, if these would be too many."""
        more = dict.fromkeys(refs)
        if len(self._refs | more) > MAX_MARKS:
            return False
        self._refs |= more
        return True

    def remove(self, refs: Iterable[str]) -> list[str]:
        """Unmark tickets; return the references that were marked."""
        removed = [ref for ref in refs if ref in self._refs]
        for ref in removed:
            del self._refs[ref]
        return removed
