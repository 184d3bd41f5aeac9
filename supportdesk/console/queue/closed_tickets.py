"""The tickets that were closed last: read only when a filter asks for them, and kept up with from then on."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from supportdesk.console.queue.entry import QueueEntry

NEWEST = 500
"""So many closed tickets are looked through."""


class ClosedTickets:
    """Closed tickets by reference; `loaded` says that they have been read. The longest closed give way to new ones."""

    def __init__(self) -> None:
        self.entries: dict[str, QueueEntry] = {}
        self.loaded = False
        self.are_all = True
        """Whether there are no others."""

    def load(self, entries: Iterable[QueueEntry]) -> None:
        """Replace the tickets by those closed last, the latest first; over `NEWEST`, there are others."""
        newest = list(entries)
        self.are_all = len(newest) <= NEWEST
        self.entries = {entry.row.ref: entry for entry in reversed(newest[:NEWEST])}
        self.loaded = True

    def clear(self) -> None:
        """Forgets them until they are read again."""
        self.entries, self.loaded = {}, False

    def add(self, entry: QueueEntry) -> None:
        """Takes in a ticket that was closed, or changed since."""
        self.entries[entry.row.ref] = entry
        if len(self.entries) > NEWEST:
            self.are_all = False
            del self.entries[next(iter(self.entries))]

    def drop(self, ref: str) -> QueueEntry | None:
        """Takes out a ticket that is closed no more."""
        return self.entries.pop(ref, None)

    def beside(self, groups: Mapping[str, list[QueueEntry]]) -> dict[str, list[QueueEntry]]:
        """The groups of the queue by severity, each with its closed tickets."""
        joined = {severity: list(entries) for severity, entries in groups.items()}
        for entry in self.entries.values():
            joined.setdefault(entry.row.severity, []).append(entry)
        return joined

    def count_text(self, matches: int) -> str:
        """How many of them match, as a note beside a filter; it says that they may not be all."""
        if not self.loaded:
            return "loading …"
        if self.are_all:
            return f"{matches:,} of {len(self.entries):,} closed"
        return f"{matches:,} of newest {len(self.entries):,}"
