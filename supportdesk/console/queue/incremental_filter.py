"""Filtering a hundred thousand tickets in slices, the most severe first, so that no key press waits."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from itertools import chain

from supportdesk.console.queue.entry import QueueEntry

SLICE = 4_096
"""How many tickets are looked at in one go: some 2 ms."""


class IncrementalFilter:
    """What `choose` leaves of each group, in order. `shown` fills up until `go_on` says that all is seen.

    The groups must not change before that.
    """

    def __init__(
        self, groups: Mapping[str, list[QueueEntry]], choose: Callable[[list[QueueEntry]], list[QueueEntry]]
    ) -> None:
        self.shown: dict[str, list[QueueEntry]] = {severity: [] for severity in groups}
        self._choose = choose
        self._slices: Iterator[tuple[str, list[QueueEntry]]] | None = chain.from_iterable(
            _sliced(severity, entries) for severity, entries in groups.items()
        )

    @property
    def unfinished(self) -> bool:
        """Whether there may be more than what is shown."""
        return self._slices is not None

    def go_on(self) -> None:
        """Looks through the next slice, and on through empty ones up to it."""
        looked_at = 0
        while self._slices is not None and looked_at < SLICE:
            severity, entries = next(self._slices, ("", None))
            if entries is None:
                self._slices = None
                return
            self.shown[severity] += self._choose(entries)
            looked_at += len(entries)


def _sliced(severity: str, entries: list[QueueEntry]) -> Iterator[tuple[str, list[QueueEntry]]]:
    for start in range(0, len(entries), SLICE):
        yield severity, entries[start : start + SLICE]
