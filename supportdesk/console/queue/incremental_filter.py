"""Filters a hundred thousand tickets in slices, the most severe first, so that no key press waits."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from itertools import chain

from supportdesk.console.queue.entry import QueueEntry

SLICE = 4_096
"""The number of tickets in a slice: some 2 ms."""


class IncrementalFilter:
    """Applies `select` to the tickets of each group. `step` adds to `shown` as long as it is `unfinished`.

    The groups must not change until it has finished.
    """

    def __init__(
        self, groups: Mapping[str, list[QueueEntry]], select: Callable[[list[QueueEntry]], list[QueueEntry]]
    ) -> None:
        self.shown: dict[str, list[QueueEntry]] = {severity: [] for severity in groups}
        self._select = select
        self._slices: Iterator[tuple[str, list[QueueEntry]]] | None = chain.from_iterable(
            _sliced(severity, entries) for severity, entries in groups.items()
        )

    @property
    def unfinished(self) -> bool:
        """Whether some tickets have not been searched yet."""
        return self._slices is not None

    def step(self) -> None:
        """Search the next slice; empty groups are skipped."""
        searched = 0
        while self._slices is not None and searched < SLICE:
            severity, entries = next(self._slices, ("", None))
            if entries is None:
                self._slices = None
                return
            self.shown[severity] += self._select(entries)
            searched += len(entries)


def _sliced(severity: str, entries: list[QueueEntry]) -> Iterator[tuple[str, list[QueueEntry]]]:
    for start in range(0, len(entries), SLICE):
        yield severity, entries[start : start + SLICE]
