"""The queue as one person looks at it: a view, a filter, folds, and a cursor that stays on its ticket."""

from __future__ import annotations

from bisect import bisect_left, insort
from collections.abc import Callable, Iterable, Sequence

from supportdesk.console.queue.entry import QueueEntry
from supportdesk.console.queue.filter.filter import Filter
from supportdesk.console.queue.find_next import Match, find_next
from supportdesk.console.queue.incremental_filter import IncrementalFilter
from supportdesk.console.queue.index import QueueDelta, QueueIndex
from supportdesk.console.queue.lines import Block, Heading, Line, Lines
from supportdesk.console.queue.marks import Marks
from supportdesk.console.queue.schedule import TransitionSchedule
from supportdesk.console.queue.views import ALL_OPEN, EMPTY, RESOLVED, View, latest_first
from supportdesk.store.read_models import QueueRow

NO_MATCH = "No ticket matches."


class QueueModel:
    """What is drawn, and where the cursor is. Knows no widget and no clock; instants are UTC epoch seconds.

    `severities` are the keys and names of the policy's severities, gravest first; `me` is the operator's username. The
    first of the `views` is the one that one comes back to.
    """

    def __init__(
        self, severities: Sequence[tuple[str, str]], me: str, views: Sequence[View] | None = None
    ) -> None:
        self.book = QueueIndex(severities, me, views)
        self.marks = Marks()
        self.book.present.marked = self.marks
        self.view = self.book.views[0]
        self.filter = Filter()
        self.folded: set[str] = set()
        self.spaced = True
        self.cursor: Line = None
        self._wanted: str | None = None
        self._was_at: dict[str, str] = {}
        self._cut = self.view.filter
        self._turning = TransitionSchedule()
        self._search = IncrementalFilter({}, list)
        self._lines = Lines((), spaced=False)

    def load(self, rows: Iterable[QueueRow], now: int) -> None:
        """Starts anew with the whole queue; the cursor stays on its ticket where that is still there."""
        self.book.load(rows, now)
        self._choose()

    def apply_changes(self, rows: Iterable[QueueRow], now: int) -> QueueDelta:
        """Takes in what changed."""
        self.finish()
        line = self.cursor_line
        back = now < self.book.now
        changed = list(rows)
        turn = self._settle(self.book.apply_changes(changed, now), line, back=back)
        self._take_closed(changed)
        return turn

    def load_closed(self, rows: Iterable[QueueRow]) -> None:
        """Takes in the tickets that were closed last, the latest first."""
        self.finish()
        self.book.load_closed(rows)
        if self.includes_closed:
            self._choose()

    def _take_closed(self, rows: Iterable[QueueRow]) -> None:
        shown, dropped = self.book.take_closed(rows)
        if not self.includes_closed or not (shown or dropped):
            return
        line = self.cursor_line
        for entry in dropped:
            self._drop(entry)
        for entry in shown:
            self._keep(entry)
        self._lay_out()
        self._place_cursor()
        if self.line_of(self.cursor) is None:
            self.go_to(line)

    def advance(self, now: int) -> QueueDelta:
        """Moves the present on; only what crossed a threshold is looked at."""
        self.finish()
        line = self.cursor_line
        back = now < self.book.now
        return self._settle(self.book.advance(now), line, back=back)

    def set_severities(self, severities: Sequence[tuple[str, str]]) -> None:
        """Replace the keys and names of the severities, gravest first; tickets, cursor and folds stay."""
        self.book.set_severities(severities)
        self._choose()

    def set_views(self, views: Sequence[View]) -> None:
        """Has other views from now on; where the one that is looked at is not among them, the first one is."""
        self.book.count_by(views)
        self.view = self._view_named(self.view.name)
        self._choose()

    def marks_changed(self) -> bool:
        """Counts anew what is counted by marks; whether other tickets may be shown, too."""
        self.book.marks_changed()
        if self._cut.depends_on_marks:
            self._choose()
            self.finish()
        return self._cut.depends_on_marks

    @property
    def includes_closed(self) -> bool:
        """Whether closed tickets are asked for; see `load_closed`."""
        return self._cut.includes_closed

    def entry(self, ref: str) -> QueueEntry | None:
        """A ticket of the queue, or one of those closed last where such are asked for."""
        return self.book.entries.get(ref) or self.book.closed.entries.get(ref)

    @property
    def lines(self) -> Lines:
        """What is drawn, line by line."""
        return self._lines

    @property
    def matches(self) -> int:
        """How many tickets the view and the filter leave."""
        return sum(map(len, self._search.shown.values()))

    def empty_text(self, go_to: str) -> str:
        """Return why no ticket is shown; `go_to` is the key that goes to a ticket whose reference is typed."""
        if self.includes_closed and not self.book.closed.loaded:
            return "Loading closed tickets …"
        if self.unfinished:
            return "Searching …"
        if self.filter:
            told = f"{NO_MATCH} To open any ticket, even a closed one, type its reference and press {go_to}."
            return told if self.is_first_view else f"{told} Only the view {self.view.name} was searched."
        return EMPTY.get(self.view.name, f"No tickets match {self.view.filter}.")

    @property
    def ticket(self) -> QueueEntry | None:
        """The ticket under the cursor; None on a heading and in an empty queue."""
        return self.cursor if isinstance(self.cursor, QueueEntry) else None

    @property
    def cursor_severity(self) -> str | None:
        """The group that the cursor is in; None in an empty queue."""
        if isinstance(self.cursor, QueueEntry):
            return self.cursor.row.severity
        return self.cursor.severity if self.cursor is not None else None

    @property
    def cursor_line(self) -> int:
        """The line that the cursor is on; 0 in an empty queue."""
        return self.line_of(self.cursor) or 0

    def line_of(self, what: Line) -> int | None:
        """The line of a heading or a ticket; a ticket in a folded group is at the group's heading."""
        if isinstance(what, Heading):
            return self._lines.of_heading(what.severity)
        if what is None:
            return None
        place = self._place(what)
        if place is None:
            return None
        severity = what.row.severity
        line = self._lines.of_ticket(severity, place)
        return self._lines.of_heading(severity) if line is None else line

    def is_folded(self, severity: str) -> bool:
        """Whether a group's tickets are hidden; a filter shows its matches wherever they are."""
        return severity in self.folded and not self.filter

    def group(self, severity: str) -> Sequence[QueueEntry]:
        """The tickets of a group that the view and the filter leave."""
        return self._search.shown.get(severity, ())

    def move(self, by: int) -> None:
        """Moves the cursor by so many lines, over empty ones, as far as there are lines."""
        self.go_to(self.cursor_line + by, 1 if by > 0 else -1)

    def go_to(self, line: int, over_empty: int = 1) -> None:
        """Puts the cursor on a line, or on the nearest one that holds something, first in that direction.

        Where nothing is shown any more it is on nothing, and no key is meant for a ticket that nobody sees.
        """
        if not self._lines.height:
            self._put(None)
            return
        line = max(0, min(line, self._lines.height - 1))
        for there in (line, line + over_empty, line - over_empty):
            if self._lines[there] is not None:
                self._put(self._lines[there])
                return

    def jump(self, severity: str) -> bool:
        """Puts the cursor on a group's first ticket, or on its heading where none is drawn; False without the group."""
        line = self._lines.of_heading(severity)
        if line is None:
            return False
        below = self._lines[line + 1]
        self._put(below if isinstance(below, QueueEntry) else self._lines[line])
        return True

    def find(self, ref: str) -> bool:
        """Puts the cursor on a ticket, unfolding and widening what hides it; False where it is not in the queue."""
        entry = self.entry(ref)
        if entry is None or (ref not in self.book.entries and self._place(entry) is None):
            return False
        if self._place(entry) is None:
            self.filter = Filter()
            self.view = self._view_named(ALL_OPEN if entry.row.is_open else RESOLVED)
            self._choose()
            self.finish()
        self._put(entry)
        self.fold(entry.row.severity, folded=False)
        return True

    def go_back_to(self, ref: str) -> None:
        """Puts the cursor on a ticket, if the view and the filter leave it."""
        entry = self.entry(ref)
        if entry is not None and self._place(entry) is not None:
            self._put(entry)

    def to_top(self) -> None:
        """Puts the cursor on the first ticket that is drawn; on the first line where none is."""
        first = (self._lines.of_ticket(block.severity, 0) for block in self._lines.blocks)
        self.go_to(next((line for line in first if line is not None), 0))

    def fold(self, severity: str, *, folded: bool) -> None:
        """Folds or unfolds a group. A cursor on one of its tickets goes to its heading."""
        if folded:
            self.folded.add(severity)
            if isinstance(self.cursor, QueueEntry) and self.cursor.row.severity == severity:
                self._put(Heading(severity))
        else:
            self.folded.discard(severity)
        self._lay_out()

    def space_out(self, *, spaced: bool) -> None:
        """Puts an empty line between groups, or none where lines are dear."""
        if spaced is not self.spaced:
            self.spaced = spaced
            self._lay_out()

    def _put(self, cursor: Line) -> None:
        self.cursor = cursor
        self._wanted = cursor.row.ref if isinstance(cursor, QueueEntry) else None

    def select_view(self, view: str) -> None:
        """Takes another view, by its name; see `unfinished`.

        The cursor stays on its ticket where that is in the view, else it goes back to where it was in that view.
        """
        if self._wanted is not None:
            self._was_at[self.view.name] = self._wanted
        self.view = self._view_named(view)
        self._choose()

    @property
    def is_first_view(self) -> bool:
        """Whether everything that is open is looked at."""
        return self.view is self.book.views[0]

    def view_after(self, by: int) -> str:
        """The name of the view so many places on, round and round."""
        views = self.book.views
        return views[(views.index(self.view) + by) % len(views)].name

    def _view_named(self, name: str) -> View:
        views = self.book.views
        return next((view for view in views if view.name == name), views[0])

    def narrow(self, to: Filter) -> None:
        """Takes another filter; one that was typed on is looked for only among what matched. See `unfinished`."""
        narrower = bool(self.filter) and to.is_subset_of(self.filter) and not self.unfinished
        narrower = narrower and to.includes_closed is self.includes_closed
        self.filter = to
        if narrower:
            self._cut = to if to.includes_closed else self.view.filter + to
            self._start(IncrementalFilter(self._search.shown, self._left))
        else:
            self._choose()

    def seek(self, to: Filter, by: int, *, here: bool = False) -> Match | None:
        """Puts the cursor on the next ticket for which a filter holds, round and round; with `by` -1 on the one before.

        With `here` the ticket under the cursor will do. None, and nothing happens, where no ticket will.
        """
        found = find_next(
            self._search.shown, self.cursor, by, lambda some: to.select(some, self.book.present), here=here
        )
        if found is not None:
            self._put(found.entry)
            self.fold(found.entry.row.severity, folded=False)
        return found

    @property
    def unfinished(self) -> bool:
        """Whether a long queue is not looked through yet, so that `go_on` has to be called again."""
        return self._search.unfinished

    def go_on(self) -> None:
        """Looks through the next few thousand tickets for those that the view and the filter leave."""
        self._search.go_on()
        if (self.view.latest_first or self.includes_closed) and not self.unfinished:
            for entries in self._search.shown.values():
                entries.sort(key=self._order)
        self._lay_out()
        self._place_cursor()

    def finish(self) -> None:
        """Looks through all that is left."""
        while self.unfinished:
            self.go_on()

    def _choose(self) -> None:
        # No view but one that asks for them has closed tickets in it: the filter alone says which are meant.
        self._cut = self.filter if self.filter.includes_closed else self.view.filter + self.filter
        self._turning = TransitionSchedule()
        groups = self.book.closed.beside(self.book.groups) if self.includes_closed else self.book.groups
        self._start(IncrementalFilter(groups, self._left))

    def _left(self, entries: list[QueueEntry]) -> list[QueueEntry]:
        """Those that the view and the filter leave; which of the others time may bring is planned."""
        if not self._cut.depends_on_time:
            return self._cut.select(entries, self.book.present)
        steady = self._cut.static_part().select(entries, self.book.present)
        self._plan(steady)
        return self._cut.select(steady, self.book.present)

    def _plan(self, entries: Sequence[QueueEntry]) -> None:
        for ref, at in self._cut.transitions(entries, self.book.now).items():
            self._turning.plan(ref, at)

    def _start(self, search: IncrementalFilter) -> None:
        self._search = search
        self.go_on()

    def _place_cursor(self) -> None:
        """Puts the cursor on the ticket that somebody last put it on; where that is not shown, on the one where it was
        in this view, else on the first.
        """
        refs = filter(None, (self._wanted, self._was_at.get(self.view.name)))
        known = map(self.entry, refs)
        wanted = next((each for each in known if each is not None and self._place(each) is not None), None)
        if wanted is not None:
            self.cursor = wanted
        elif isinstance(self.cursor, QueueEntry) or self.line_of(self.cursor) is None:
            first = next((entries[0] for entries in self._search.shown.values() if entries), None)
            self.cursor = first or self._lines[0]

    def _settle(self, turn: QueueDelta, line: int, *, back: bool) -> QueueDelta:
        """Brings what is drawn up to date with the book; the cursor stays on its ticket, or near where that was.

        `back` says that the present went back, so that what was planned by time is void.
        """
        if back and self._cut.depends_on_time:
            self._choose()
            self.finish()
        due = (self.book.entries.get(ref) for ref in self._turning.due(self.book.now))
        turn.moved += [entry for entry in due if entry is not None]
        if not turn:
            return turn
        for was, entry in turn.changed:
            self._drop(was)
            if self.cursor is was:
                self.cursor = entry
        for entry in turn.left:
            self._drop(entry)
        for entry in (*turn.arrived, *turn.crossed, *turn.moved, *(entry for _, entry in turn.changed)):
            self._keep(entry)
        if isinstance(self.cursor, QueueEntry):
            self.folded.discard(self.cursor.row.severity)
        self._lay_out()
        if self.line_of(self.cursor) is None:
            self.go_to(line)
        return turn

    def _keep(self, entry: QueueEntry) -> None:
        """Has an entry drawn, or not, as the view and the filter say."""
        if self.entry(entry.row.ref) is not entry:
            return
        if self._cut.depends_on_time:
            self._plan((entry,))
        if not self._cut.matches(entry, self.book.present):
            self._drop(entry)
        elif self._place(entry) is None:
            insort(self._search.shown.setdefault(entry.row.severity, []), entry, key=self._order)

    def _drop(self, entry: QueueEntry) -> None:
        place = self._place(entry)
        if place is not None:
            del self._search.shown[entry.row.severity][place]

    def _place(self, entry: QueueEntry) -> int | None:
        group = self._search.shown.get(entry.row.severity, [])
        place = bisect_left(group, self._order(entry), key=self._order)
        return place if place < len(group) and group[place] is entry else None

    @property
    def _order(self) -> Callable[[QueueEntry], tuple[int, int, str]]:
        """The sort key within a group: closed tickets stand with the latest first."""
        return latest_first if self.includes_closed else self.view.order

    def _lay_out(self) -> None:
        whole = self.is_first_view and not self.filter
        self._lines = Lines(
            [
                Block(severity, entries, self.is_folded(severity))
                for severity, entries in self._search.shown.items()
                if entries or (whole and severity in self.book.names)
            ],
            spaced=self.spaced,
        )
