"""When each ticket next changes its state as time passes, so that a tick processes only those that do."""

from __future__ import annotations

import heapq
from collections.abc import Iterable, Iterator


class TransitionSchedule:
    """The next change of each ticket, in UTC epoch seconds, soonest first."""

    def __init__(self) -> None:
        self._heap: list[tuple[int, str]] = []
        self._planned: dict[str, int] = {}

    def fill(self, changes: Iterable[tuple[str, int]]) -> None:
        """Replace all planned changes at once."""
        self._planned = dict(changes)
        self._heap = [(at, ref) for ref, at in self._planned.items()]
        heapq.heapify(self._heap)

    def plan(self, ref: str, at: int | None) -> None:
        """Set when a ticket changes next; None if time alone never changes it."""
        if at is None:
            self._planned.pop(ref, None)
        elif self._planned.get(ref) != at:
            self._planned[ref] = at
            heapq.heappush(self._heap, (at, ref))

    def due(self, now: int) -> Iterator[str]:
        """Remove and yield every ticket whose change is due at `now`."""
        heap, planned = self._heap, self._planned
        while heap and heap[0][0] <= now:
            at, ref = heapq.heappop(heap)
            # A change that was planned again has an outdated entry in the heap.
            if planned.get(ref) == at:
                del planned[ref]
                yield ref
