"""The tickets that were closed last: loaded when a filter includes them, and updated from then on."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from supportdesk.console.queue.entry import QueueEntry

NEWEST = 500
"""The most closed tickets that a filter searches."""


class ClosedTickets:
    """Holds the newest closed tickets by reference; `loaded` is False until they have been read."""

    def __init__(self) -> None:
        self.entries: dict[str, QueueEntry] = {}
        self.loaded = False
        self.are_all = True
        """Whether these are all closed tickets of the desk."""

    def load(self, entries: Iterable[QueueEntry]) -> None:
        """Replace the tickets by those closed last, the latest first; those beyond `NEWEST` are left out."""
        newest = list(entries)
        self.are_all = len(newest) <= NEWEST
        self.entries = {entry.row.ref: entry for entry in reversed(newest[:NEWEST])}
        self.loaded = True

    def clear(self) -> None:
        """Remove all tickets until they are loaded again."""
        self.entries, self.loaded = {}, False

    def add(self, entry: QueueEntry) -> None:
        """Add or replace a closed ticket; beyond `NEWEST` the oldest is removed."""
        self.entries[entry.row.ref] = entry
        if len(self.entries) > NEWEST:
            self.are_all = False
            del self.entries[next(iter(self.entries))]

    def drop(self, ref: str) -> QueueEntry | None:
        """Remove and return a ticket that is no longer closed; None if it is not here."""
        return self.entries.pop(ref, None)

    def merged_with(self, groups: Mapping[str, list[QueueEntry]]) -> dict[str, list[QueueEntry]]:
        """Return the groups of the queue by severity, each with the closed tickets added."""
        joined = {severity: list(entries) for severity, entries in groups.items()}
        for entry in self.entries.values():
            joined.setdefault(entry.row.severity, []).append(entry)
        return joined

    def count_text(self, matches: int) -> str:
        """Return the note beside a filter: how many of the closed tickets match, and whether these are all."""
        if not self.loaded:
            return "loading …"
        if self.are_all:
            return f"{matches:,} of {len(self.entries):,} closed"
        return f"{matches:,} of newest {len(self.entries):,}"
