"""The lines that the groups of the queue take: folded groups, and empty lines between groups."""

from __future__ import annotations

from typing import TYPE_CHECKING

from supportdesk.console.queue.lines import GroupLines, Heading, Lines, QueueLine

if TYPE_CHECKING:
    from supportdesk.console.queue.index import QueueIndex
    from supportdesk.console.queue.visible import VisibleTickets


class FoldedGroups:
    """Lays out the visible tickets in lines. `lines` is current after `update`."""

    def __init__(self, index: QueueIndex, visible: VisibleTickets) -> None:
        self.lines = Lines((), spaced=False)
        self.folded: set[str] = set()
        """The keys of the severities whose groups are folded."""
        self._index = index
        self._visible = visible
        self._spaced = True

    def is_folded(self, severity: str) -> bool:
        """Return whether the tickets of a group are hidden; with a filter, no group is folded."""
        return severity in self.folded and not self._visible.filter

    def space_out(self, *, spaced: bool) -> None:
        """Set whether an empty line separates two groups."""
        if spaced is not self._spaced:
            self._spaced = spaced
            self.update()

    def line_of(self, what: QueueLine) -> int | None:
        """Return the line of a heading or a ticket; for a ticket in a folded group, the line of its heading."""
        if isinstance(what, Heading):
            return self.lines.of_heading(what.severity)
        place = self._visible.place(what) if what is not None else None
        if what is None or place is None:
            return None
        severity = what.row.severity
        line = self.lines.of_ticket(severity, place)
        return self.lines.of_heading(severity) if line is None else line

    def update(self) -> None:
        """Lay out the groups again; empty ones have a heading only where the whole queue is shown."""
        whole = self._visible.view is self._index.views[0] and not self._visible.filter
        self.lines = Lines(
            [
                GroupLines(severity, entries, self.is_folded(severity))
                for severity, entries in self._visible.groups.items()
                if entries or (whole and severity in self._index.names)
            ],
            spaced=self._spaced,
        )
