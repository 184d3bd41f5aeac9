"""The tickets that a view and a filter leave of the queue."""

from __future__ import annotations

from bisect import bisect_left, insort
from collections.abc import Callable, Sequence

from supportdesk.console.queue.entry import QueueEntry
from supportdesk.console.queue.filter.filter import Filter
from supportdesk.console.queue.incremental_filter import IncrementalFilter
from supportdesk.console.queue.index import QueueIndex
from supportdesk.console.queue.schedule import TransitionSchedule
from supportdesk.console.queue.views import latest_first


class VisibleTickets:
    """Keeps the visible tickets of each severity, sorted, while tickets and the time change.

    A long queue is searched in slices: call `step` while `is_searching`.
    """

    def __init__(self, index: QueueIndex) -> None:
        self.view = index.views[0]
        self.filter = Filter()
        self._index = index
        self._condition = self.view.filter
        self._schedule = TransitionSchedule()
        self._search = IncrementalFilter({}, list)

    @property
    def groups(self) -> dict[str, list[QueueEntry]]:
        """The visible tickets by severity."""
        return self._search.shown

    @property
    def includes_closed(self) -> bool:
        """Whether closed tickets are searched; see `QueueIndex.load_closed`."""
        return self._condition.includes_closed

    @property
    def depends_on_time(self) -> bool:
        """Whether tickets may become visible or hidden as time passes, while their state stays the same."""
        return self._condition.depends_on_time

    @property
    def depends_on_marks(self) -> bool:
        """Whether tickets may become visible or hidden as they are marked."""
        return self._condition.depends_on_marks

    @property
    def is_searching(self) -> bool:
        """Whether a part of the queue has not been searched yet."""
        return self._search.unfinished

    def group(self, severity: str) -> Sequence[QueueEntry]:
        """Return the visible tickets of a severity, in their order."""
        return self._search.shown.get(severity, ())

    def restart(self) -> None:
        """Search the whole queue again with the present view and filter."""
        # Only a filter that names closed tickets includes them; then the filter alone applies, without the view.
        self._condition = self.filter if self.filter.includes_closed else self.view.filter + self.filter
        self._schedule = TransitionSchedule()
        index = self._index
        groups = index.closed.merged_with(index.groups) if self.includes_closed else index.groups
        self._search = IncrementalFilter(groups, self._select)

    def set_filter(self, new: Filter) -> None:
        """Apply another filter; one that only narrows the previous one searches the visible tickets alone."""
        narrower = bool(self.filter) and new.is_subset_of(self.filter) and not self.is_searching
        narrower = narrower and new.includes_closed is self.includes_closed
        self.filter = new
        if narrower:
            self._condition = new if new.includes_closed else self.view.filter + new
            self._search = IncrementalFilter(self._search.shown, self._select)
        else:
            self.restart()

    def step(self) -> None:
        """Search the next few thousand tickets."""
        self._search.step()
        if (self.view.latest_first or self.includes_closed) and not self.is_searching:
            for entries in self._search.shown.values():
                entries.sort(key=self._order)

    def due(self) -> list[QueueEntry]:
        """Return the tickets that time may have made visible or hidden since the last call."""
        entries = (self._index.entries.get(ref) for ref in self._schedule.due(self._index.now))
        return [entry for entry in entries if entry is not None]

    def update(self, entry: QueueEntry) -> None:
        """Show or hide a ticket, as the view and the filter require."""
        if self._index.entry(entry.row.ref) is not entry:
            return
        if self._condition.depends_on_time:
            self._plan((entry,))
        if not self._condition.matches(entry, self._index.present):
            self.hide(entry)
        elif self.place(entry) is None:
            insort(self._search.shown.setdefault(entry.row.severity, []), entry, key=self._order)

    def hide(self, entry: QueueEntry) -> None:
        """Remove a ticket from its group; nothing happens where it is not visible."""
        place = self.place(entry)
        if place is not None:
            del self._search.shown[entry.row.severity][place]

    def place(self, entry: QueueEntry) -> int | None:
        """Return the place of a ticket in its group; None where it is not visible."""
        group = self._search.shown.get(entry.row.severity, [])
        place = bisect_left(group, self._order(entry), key=self._order)
        return place if place < len(group) and group[place] is entry else None

    def _select(self, entries: list[QueueEntry]) -> list[QueueEntry]:
        """Return the entries that match, and plan when time may change the result for the others."""
        if not self._condition.depends_on_time:
            return self._condition.select(entries, self._index.present)
        candidates = self._condition.static_part().select(entries, self._index.present)
        self._plan(candidates)
        return self._condition.select(candidates, self._index.present)

    def _plan(self, entries: Sequence[QueueEntry]) -> None:
        for ref, at in self._condition.transitions(entries, self._index.now).items():
            self._schedule.plan(ref, at)

    @property
    def _order(self) -> Callable[[QueueEntry], tuple[int, int, str]]:
        """The sort key within a group: closed tickets are sorted with the latest first."""
        return latest_first if self.includes_closed else self.view.order
