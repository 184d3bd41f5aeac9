"""How many tickets are in each view, while tickets, marks and the time change."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence
from itertools import chain

from supportdesk.console.queue.entry import QueueEntry
from supportdesk.console.queue.filter.filter import Filter, FilterPart
from supportdesk.console.queue.filter.predicates import FilterContext
from supportdesk.console.queue.views import View


class ViewCounts:
    """Counts the tickets of each view; `totals` holds the numbers by the name of the view.

    Of a view that depends on time it remembers the tickets, so that one that enters or leaves is noticed.
    """

    def __init__(self, views: Sequence[View], context: FilterContext) -> None:
        self.views = tuple(views)
        self.totals: Counter[str] = Counter()
        self._context = context
        self._timed: dict[str, set[str]] = {}

    def __getitem__(self, view: str) -> int:
        return self.totals[view]

    @property
    def depend_on_time(self) -> bool:
        """Whether a ticket may enter or leave a view as time passes, in the same state."""
        return bool(self._timed)

    def count_all(self, entries: Collection[QueueEntry], closed: Collection[QueueEntry]) -> None:
        """Count the tickets of every view; `closed` are the closed ones that have been loaded."""
        self.totals, self._timed = Counter(), {}
        # Most views begin alike: the open tickets are searched for once.
        selected: dict[FilterPart, list[QueueEntry]] = {}
        for view in self.views:
            self._count_view(view, entries, closed, selected)

    def count_closed(self, entries: Collection[QueueEntry], closed: Collection[QueueEntry]) -> None:
        """Count again the views that include closed tickets."""
        for view in self.views:
            if view.filter.includes_closed:
                self._count_view(view, entries, closed, {})

    def count_marked(self, entries: Collection[QueueEntry], closed: Collection[QueueEntry]) -> None:
        """Count again the views that depend on marks."""
        for view in self.views:
            if view.filter.depends_on_marks:
                self._count_view(view, entries, closed, {})

    def add(self, entry: QueueEntry) -> None:
        """Count a ticket that has arrived, or that has changed after it was removed."""
        self._count(entry, 1)
        if self._timed:
            self.update(entry)

    def remove(self, entry: QueueEntry) -> None:
        """Count a ticket no more."""
        self._count(entry, -1)
        if self._timed:
            self.update(entry, gone=True)

    def update(self, entry: QueueEntry, *, gone: bool = False) -> bool:
        """Count a ticket in the views that depend on time; return whether it entered or left one of them."""
        moved = False
        for view in self.views:
            refs = self._timed.get(view.name)
            if refs is None:
                continue
            is_in = not gone and view.filter.matches(entry, self._context)
            if is_in is not (entry.row.ref in refs):
                moved = True
                (refs.add if is_in else refs.discard)(entry.row.ref)
                self.totals[view.name] = len(refs)
        return moved

    def next_change(self, entry: QueueEntry) -> int | None:
        """Return when a ticket may enter or leave a view next, in UTC epoch seconds; None for never."""
        now = self._context.now
        timed = (view for view in self.views if view.name in self._timed)
        changes = (view.filter.transitions((entry,), now).get(entry.row.ref) for view in timed)
        return min((at for at in changes if at is not None), default=None)

    def _count(self, entry: QueueEntry, by: int) -> None:
        for view in self.views:
            if view.name not in self._timed and view.filter.matches(entry, self._context):
                self.totals[view.name] += by

    def _count_view(
        self,
        view: View,
        entries: Collection[QueueEntry],
        closed: Collection[QueueEntry],
        selected: dict[FilterPart, list[QueueEntry]],
    ) -> None:
        """Count one view; `selected` holds what the first parts of other views' filters have selected."""
        first, *rest = view.filter.terms
        if view.filter.includes_closed:
            self.totals[view.name] = len(view.filter.select(chain(entries, closed), self._context))
            return
        if first not in selected:
            selected[first] = Filter((first,)).select(entries, self._context)
        found = Filter(tuple(rest)).select(selected[first], self._context)
        if view.filter.depends_on_time:
            self._timed[view.name] = {entry.row.ref for entry in found}
        self.totals[view.name] = len(found)
