"""The queue as one operator sees it: a view, a filter, folded groups, and a cursor that stays on its ticket."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from supportdesk.console.queue.cursor import QueueCursor
from supportdesk.console.queue.entry import QueueEntry
from supportdesk.console.queue.filter.filter import Filter
from supportdesk.console.queue.find_next import Match, find_next
from supportdesk.console.queue.folding import FoldedGroups
from supportdesk.console.queue.index import QueueDelta, QueueIndex
from supportdesk.console.queue.lines import Heading, Lines
from supportdesk.console.queue.marks import Marks
from supportdesk.console.queue.views import ALL_OPEN, RESOLVED, View, view_named
from supportdesk.console.queue.visible import VisibleTickets
from supportdesk.store.read_models import QueueRow


class QueueModel:
    """Keeps the visible tickets, the lines and the cursor consistent. Uses no widget and no clock.

    Instants are UTC epoch seconds. `severities` are the keys and names of the policy's severities, the most severe
    first; `me` is the operator's username. The first of the `views` is the one shown at the start.
    """

    def __init__(
        self, severities: Sequence[tuple[str, str]], me: str, views: Sequence[View] | None = None
    ) -> None:
        self.index = QueueIndex(severities, me, views)
        self.marks = Marks()
        self.index.present.marked = self.marks
        self.visible = VisibleTickets(self.index)
        self.folding = FoldedGroups(self.index, self.visible)
        self.cursor = QueueCursor(self.index, self.visible, self.folding)

    @property
    def view(self) -> View:
        """The view that is shown."""
        return self.visible.view

    @property
    def filter(self) -> Filter:
        """The filter that is applied to the view; empty for none."""
        return self.visible.filter

    @property
    def includes_closed(self) -> bool:
        """Whether closed tickets are shown; see `load_closed`."""
        return self.visible.includes_closed

    @property
    def lines(self) -> Lines:
        """The lines that are drawn."""
        return self.folding.lines

    @property
    def matches(self) -> int:
        """The number of tickets that the view and the filter leave."""
        return sum(map(len, self.visible.groups.values()))

    @property
    def ticket(self) -> QueueEntry | None:
        """The ticket under the cursor; None on a heading and in an empty queue."""
        return self.cursor.ticket

    def load(self, rows: Iterable[QueueRow], now: int) -> None:
        """Replace the whole queue; the cursor stays on its ticket where that is still there."""
        self.index.load(rows, now)
        self._restart_search()

    def apply_changes(self, rows: Iterable[QueueRow], now: int) -> QueueDelta:
        """Apply the rows that changed on the desk."""
        self.finish_search()
        position = self.cursor.position
        back = now < self.index.now
        changed = list(rows)
        delta = self._apply_delta(self.index.apply_changes(changed, now), position, back=back)
        self._apply_closed(changed)
        return delta

    def load_closed(self, rows: Iterable[QueueRow]) -> None:
        """Load the tickets that were closed last, the latest first."""
        self.finish_search()
        self.index.load_closed(rows)
        if self.includes_closed:
            self._restart_search()

    def _apply_closed(self, rows: Iterable[QueueRow]) -> None:
        shown, hidden = self.index.apply_closed(rows)
        if not self.includes_closed or not (shown or hidden):
            return
        position = self.cursor.position
        for entry in hidden:
            self.visible.hide(entry)
        for entry in shown:
            self.visible.update(entry)
        self.folding.update()
        self.cursor.restore(self.view.name)
        if self.folding.line_of(self.cursor.line) is None:
            self.cursor.go_to(position)

    def advance(self, now: int) -> QueueDelta:
        """Set the present, in UTC epoch seconds; costs only what changes by then."""
        self.finish_search()
        position = self.cursor.position
        back = now < self.index.now
        return self._apply_delta(self.index.advance(now), position, back=back)

    def _apply_delta(self, delta: QueueDelta, position: int, *, back: bool) -> QueueDelta:
        """Update what is drawn; the cursor stays on its ticket, or else near the line `position`.

        `back` says that the present was set back, which invalidates every planned change.
        """
        if back and self.visible.depends_on_time:
            self._restart_search()
            self.finish_search()
        delta.moved += self.visible.due()
        if not delta:
            return delta
        for previous, entry in delta.changed:
            self.visible.hide(previous)
            self.cursor.replace(previous, entry)
        for entry in delta.left:
            self.visible.hide(entry)
        changed = (entry for _, entry in delta.changed)
        for entry in (*delta.arrived, *delta.crossed, *delta.moved, *changed):
            self.visible.update(entry)
        if self.ticket is not None:
            self.folding.folded.discard(self.ticket.row.severity)
        self.folding.update()
        if self.folding.line_of(self.cursor.line) is None:
            self.cursor.go_to(position)
        return delta

    def set_severities(self, severities: Sequence[tuple[str, str]]) -> None:
        """Replace the keys and names of the severities, the most severe first; tickets, cursor and folds stay."""
        self.index.set_severities(severities)
        self._restart_search()

    def set_views(self, views: Sequence[View]) -> None:
        """Replace the views; where the present one is not among them, the first one is shown."""
        self.index.set_views(views)
        self.visible.view = view_named(views, self.view.name)
        self._restart_search()

    def marks_changed(self) -> bool:
        """Count again what depends on marks; return whether other tickets may be visible, too."""
        self.index.count_marked()
        if self.visible.depends_on_marks:
            self._restart_search()
            self.finish_search()
        return self.visible.depends_on_marks

    def find(self, ref: str) -> bool:
        """Go to a ticket, unfolding its group and clearing the filter or the view that hides it.

        Return False where the ticket is not in the queue.
        """
        entry = self.index.entry(ref)
        if entry is None or (ref not in self.index.entries and self.visible.place(entry) is None):
            return False
        if self.visible.place(entry) is None:
            self.visible.filter = Filter()
            self.visible.view = view_named(self.index.views, ALL_OPEN if entry.row.is_open else RESOLVED)
            self._restart_search()
            self.finish_search()
        self.cursor.put(entry)
        self.fold(entry.row.severity, folded=False)
        return True

    def go_back_to(self, ref: str) -> None:
        """Go to a ticket, if it is visible."""
        entry = self.index.entry(ref)
        if entry is not None and self.visible.place(entry) is not None:
            self.cursor.put(entry)

    def fold(self, severity: str, *, folded: bool) -> None:
        """Fold or unfold a group; a cursor on one of its tickets goes to its heading."""
        if folded:
            self.folding.folded.add(severity)
            if self.ticket is not None and self.ticket.row.severity == severity:
                self.cursor.put(Heading(severity))
        else:
            self.folding.folded.discard(severity)
        self.folding.update()

    def select_view(self, view: str) -> None:
        """Show another view, by its name; see `is_searching`.

        The cursor stays on its ticket where that is in the view, else it goes back to where it was in that view.
        """
        self.cursor.remember(self.view.name)
        self.visible.view = view_named(self.index.views, view)
        self._restart_search()

    @property
    def is_first_view(self) -> bool:
        """Whether the first view is shown, which has every open ticket."""
        return self.view is self.index.views[0]

    def view_after(self, by: int) -> str:
        """Return the name of the view `by` places on from the present one; after the last comes the first."""
        views = self.index.views
        return views[(views.index(self.view) + by) % len(views)].name

    def apply_filter(self, wanted: Filter) -> None:
        """Apply another filter; see `is_searching`."""
        self.visible.set_filter(wanted)
        self.continue_search()

    def seek(self, wanted: Filter, by: int, *, include_start: bool = False) -> Match | None:
        """Go to the next ticket that matches a filter, or with `by` -1 to the previous one, wrapping around.

        With `include_start` the ticket under the cursor may be the match. Return None, and stay, without a match.
        """
        found = find_next(
            self.visible.groups,
            self.cursor.line,
            by,
            lambda entries: wanted.select(entries, self.index.present),
            include_start=include_start,
        )
        if found is not None:
            self.cursor.put(found.entry)
            self.fold(found.entry.row.severity, folded=False)
        return found

    @property
    def is_searching(self) -> bool:
        """Whether a part of a long queue has not been searched yet: `continue_search` goes on."""
        return self.visible.is_searching

    def continue_search(self) -> None:
        """Search the next few thousand tickets for those that the view and the filter leave."""
        self.visible.step()
        self.folding.update()
        self.cursor.restore(self.view.name)

    def finish_search(self) -> None:
        """Search all that is left."""
        while self.is_searching:
            self.continue_search()

    def _restart_search(self) -> None:
        self.visible.restart()
        self.continue_search()
