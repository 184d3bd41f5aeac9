"""Which tickets are marked, so that one command can act on all of them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

MOST = 500
"""How many tickets can be marked: more are a view of their own, and nobody can answer for them one by one."""


class Marks:
    """References, in the order in which they were marked. They stay whatever view or filter is looked at."""

    def __init__(self) -> None:
        self._refs: dict[str, None] = {}

    def __len__(self) -> int:
        return len(self._refs)

    def __contains__(self, ref: object) -> bool:
        return ref in self._refs

    def __iter__(self) -> Iterator[str]:
        return iter(self._refs)

    def toggle(self, ref: str) -> bool:
        """Marks a ticket, or takes its mark back; False where no more can be marked."""
        if ref in self._refs:
            del self._refs[ref]
            return True
        return self.add((ref,))

    def add(self, refs: Iterable[str]) -> bool:
        """Marks tickets; False where these would be too many, and then none is marked."""
        more = dict.fromkeys(refs)
        if len(self._refs | more) > MOST:
            return False
        self._refs |= more
        return True

    def take_back(self, refs: Iterable[str]) -> list[str]:
        """Takes marks back; returns the references that were marked."""
        taken = [ref for ref in refs if ref in self._refs]
        for ref in taken:
            del self._refs[ref]
        return taken
