"""The cursor of the queue, which stays on its ticket while tickets arrive, leave and change places."""

from __future__ import annotations

from typing import TYPE_CHECKING

from supportdesk.console.queue.entry import QueueEntry
from supportdesk.console.queue.lines import Heading, QueueLine

if TYPE_CHECKING:
    from supportdesk.console.queue.folding import FoldedGroups
    from supportdesk.console.queue.index import QueueIndex
    from supportdesk.console.queue.visible import VisibleTickets


class QueueCursor:
    """The line that the cursor is on, and the tickets to which it returns when they are visible again.

    `line` is a heading or a ticket; None in an empty queue, so that no key acts on a ticket that is not shown.
    """

    def __init__(self, index: QueueIndex, visible: VisibleTickets, folding: FoldedGroups) -> None:
        self.line: QueueLine = None
        self._index = index
        self._visible = visible
        self._folding = folding
        self._wanted: str | None = None
        self._last_in_view: dict[str, str] = {}

    @property
    def ticket(self) -> QueueEntry | None:
        """The ticket under the cursor; None on a heading and in an empty queue."""
        return self.line if isinstance(self.line, QueueEntry) else None

    @property
    def severity(self) -> str | None:
        """The severity of the group that the cursor is in; None in an empty queue."""
        if isinstance(self.line, QueueEntry):
            return self.line.row.severity
        return self.line.severity if self.line is not None else None

    @property
    def position(self) -> int:
        """The number of the line that the cursor is on; 0 in an empty queue."""
        return self._folding.line_of(self.line) or 0

    def put(self, line: QueueLine) -> None:
        """Put the cursor on a heading or a ticket; it returns to that ticket when it is visible again."""
        self.line = line
        self._wanted = line.row.ref if isinstance(line, QueueEntry) else None

    def replace(self, previous: QueueEntry, entry: QueueEntry) -> None:
        """Follow a ticket whose row has changed."""
        if self.line is previous:
            self.line = entry

    def move(self, by: int) -> None:
        """Move the cursor by a number of lines, skipping empty ones."""
        self.go_to(self.position + by, 1 if by > 0 else -1)

    def go_to(self, position: int, over_empty: int = 1) -> None:
        """Put the cursor on a line, or on the closest one that is not empty, first in the direction `over_empty`."""
        lines = self._folding.lines
        if not lines.height:
            self.put(None)
            return
        position = max(0, min(position, lines.height - 1))
        for each in (position, position + over_empty, position - over_empty):
            if lines[each] is not None:
                self.put(lines[each])
                return

    def jump(self, severity: str) -> bool:
        """Go to the first ticket of a group, or to its heading where none is drawn; False without the group."""
        lines = self._folding.lines
        heading = lines.of_heading(severity)
        if heading is None:
            return False
        below = lines[heading + 1]
        self.put(below if isinstance(below, QueueEntry) else Heading(severity))
        return True

    def to_top(self) -> None:
        """Go to the first ticket that is drawn, or to the first line where none is."""
        lines = self._folding.lines
        first = (lines.of_ticket(block.severity, 0) for block in lines.blocks)
        self.go_to(next((line for line in first if line is not None), 0))

    def remember(self, view: str) -> None:
        """Remember the ticket under the cursor as the last one in the view of this name."""
        if self._wanted is not None:
            self._last_in_view[view] = self._wanted

    def restore(self, view: str) -> None:
        """Return to the ticket that the operator chose last, or else to the last one in this view, or to the first."""
        refs = filter(None, (self._wanted, self._last_in_view.get(view)))
        entries = map(self._index.entry, refs)
        visible = self._visible
        wanted = next(
            (each for each in entries if each is not None and visible.place(each) is not None), None
        )
        if wanted is not None:
            self.line = wanted
        elif isinstance(self.line, QueueEntry) or self._folding.line_of(self.line) is None:
            first = next((group[0] for group in visible.groups.values() if group), None)
            self.line = first or self._folding.lines[0]
