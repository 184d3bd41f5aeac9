"""Every ticket that is not closed, filed by severity and urgency, with the counts that the header shows.

What costs time for each ticket is done when that ticket changes; what is asked each second costs what has changed
since the last second.
"""

from __future__ import annotations

from bisect import bisect_left, insort
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from itertools import chain

from supportdesk.console.queue.closed_tickets import ClosedTickets
from supportdesk.console.queue.entry import QueueEntry, searchable
from supportdesk.console.queue.filter.filter import Filter, Part
from supportdesk.console.queue.filter.predicates import FilterContext
from supportdesk.console.queue.filter.vocabulary import Vocabulary
from supportdesk.console.queue.schedule import TransitionSchedule
from supportdesk.console.queue.views import View, standard_views
from supportdesk.sla.clocks import State, next_change_after, next_target_change_after, state_at
from supportdesk.store.read_models import QueueRow


def by_urgency(entry: QueueEntry) -> tuple[int, int, str]:
    """The key under which an entry is filed."""
    return entry.urgency


@dataclass(slots=True)
class QueueDelta:
    """What one look at the queue found.

    `changed` holds what an entry was and what it is; `crossed` are in another state, `moved` came into a view or left
    it as time passed, in the state that they had. An entry that another has replaced since may still be among them.
    """

    arrived: list[QueueEntry] = field(default_factory=list)
    changed: list[tuple[QueueEntry, QueueEntry]] = field(default_factory=list)
    crossed: list[QueueEntry] = field(default_factory=list)
    moved: list[QueueEntry] = field(default_factory=list)
    left: list[QueueEntry] = field(default_factory=list)

    def __bool__(self) -> bool:
        return any((self.arrived, self.changed, self.crossed, self.moved, self.left))


class QueueIndex:
    """The tickets themselves, counted by state and view; instants are UTC epoch seconds.

    `me` is the operator's username. Without `views` there are those that every desk has.
    """

    def __init__(
        self, severities: Sequence[tuple[str, str]], me: str, views: Sequence[View] | None = None
    ) -> None:
        self.me = me
        self.views = tuple(standard_views(Vocabulary(me=me)) if views is None else views)
        self.entries: dict[str, QueueEntry] = {}
        self.names = dict(severities)
        self.groups: dict[str, list[QueueEntry]] = {key: [] for key in self.names}
        self.by_severity: defaultdict[str, Counter[State]] = defaultdict(Counter)
        self.view_counts: Counter[str] = Counter()
        """How many tickets are in each view, by its name."""
        self.closed = ClosedTickets()
        self.present = FilterContext()
        self._timed: dict[str, set[str]] = {}
        self._schedule = TransitionSchedule()

    @property
    def now(self) -> int:
        """The present."""
        return self.present.now

    @property
    def states(self) -> Counter[State]:
        """How many tickets are in each state."""
        return sum(self.by_severity.values(), Counter())

    def entry(self, ref: str) -> QueueEntry | None:
        """Return a ticket of the queue, or one of those closed last where they have been loaded."""
        return self.entries.get(ref) or self.closed.entries.get(ref)

    def load(self, rows: Iterable[QueueRow], now: int) -> None:
        """Replace the whole queue."""
        self.present.now = now
        self.closed.clear()
        self.entries = {row.ref: self._entry(row) for row in rows if row.stage != "closed"}
        self.groups = {key: [] for key in self.names}
        for entry in self.entries.values():
            self._group(entry.row.severity).append(entry)
        for group in self.groups.values():
            group.sort(key=by_urgency)
        self._count_all()
        self._plan_all()

    def set_severities(self, severities: Sequence[tuple[str, str]]) -> None:
        """Replace the keys and names of the severities, and file the tickets by them."""
        self.names = dict(severities)
        self.load([entry.row for entry in self.entries.values()], self.now)

    def count_by(self, views: Sequence[View]) -> None:
        """Counts by other views from now on."""
        self.views = tuple(views)
        self._count_views()
        self._plan_all()

    def load_closed(self, rows: Iterable[QueueRow]) -> None:
        """Takes in the tickets that were closed last, the latest first."""
        self.closed.load(self._entry(row) for row in rows)
        self._count_closed()

    def take_closed(self, rows: Iterable[QueueRow]) -> tuple[list[QueueEntry], list[QueueEntry]]:
        """Takes in which of the changed tickets are closed, once such have been read: those to show, those to drop."""
        shown, dropped = [], []
        for row in rows if self.closed.loaded else ():
            was = self.closed.drop(row.ref)
            dropped += [was] if was is not None else []
            # A ticket of a moment that is still to come, in a replay, is no closed one.
            if row.stage == "closed" and row.received_at <= self.now:
                entry = self._entry(row)
                self.closed.add(entry)
                shown.append(entry)
        if shown or dropped:
            self._count_closed()
        return shown, dropped

    def _count_closed(self) -> None:
        for view in self.views:
            if view.filter.includes_closed:
                self._count_view(view, {})

    def marks_changed(self) -> None:
        """Count again the views that depend on marks."""
        for view in self.views:
            if view.filter.depends_on_marks:
                self._count_view(view, {})

    def apply_changes(self, rows: Iterable[QueueRow], now: int) -> QueueDelta:
        """Takes in what changed; a closed ticket leaves, and what is older than what is known is passed over."""
        turn = self.advance(now)
        for row in rows:
            known = self.entries.get(row.ref)
            if row.stage == "closed":
                if known is not None:
                    self._remove(known)
                    turn.left.append(known)
            elif known is None:
                entry = self._entry(row)
                self.entries[row.ref] = entry
                self._file(entry)
                turn.arrived.append(entry)
            elif row.changed_seq >= known.row.changed_seq:
                self._replace(known, row, turn)
        return turn

    def advance(self, now: int) -> QueueDelta:
        """Moves the present on, and finds the tickets whose state is another now; time may also have gone back."""
        turn = QueueDelta()
        if now < self.now:
            self.present.now = now
            for entry in self.entries.values():
                self._look(entry, turn)
            self._plan_all()
            return turn
        self.present.now = now
        for ref in self._schedule.due(now):
            entry = self.entries[ref]
            self._look(entry, turn)
            self._plan(entry)
        return turn

    def _entry(self, row: QueueRow) -> QueueEntry:
        text = searchable(row, self.names.get(row.severity, row.severity))
        return QueueEntry(row, state_at(row.lead, self.now), row.urgency, row.is_open, text)

    def _group(self, severity: str) -> list[QueueEntry]:
        # A ticket keeps the policy of its arrival, which may have known another severity.
        return self.groups.setdefault(severity, [])

    def _look(self, entry: QueueEntry, turn: QueueDelta) -> None:
        state = state_at(entry.row.lead, self.now)
        if state is not entry.state:
            self._count(entry, -1)
            entry.state = state
            self._count(entry, 1)
            turn.crossed.append(entry)
        elif (self._timed and self._count_timed(entry)) or state is State.BREACHED:
            # A breach of an earlier promise may read differently now (rule 9).
            turn.moved.append(entry)

    def _replace(self, was: QueueEntry, row: QueueRow, turn: QueueDelta) -> None:
        self._unfile(was)
        entry = self._entry(row)
        self.entries[row.ref] = entry
        self._file(entry)
        turn.changed.append((was, entry))
        if entry.state is not was.state:
            turn.crossed.append(entry)

    def _remove(self, entry: QueueEntry) -> None:
        self._unfile(entry)
        del self.entries[entry.row.ref]
        self._schedule.plan(entry.row.ref, None)

    def _file(self, entry: QueueEntry) -> None:
        insort(self._group(entry.row.severity), entry, key=by_urgency)
        self._count(entry, 1)
        self._plan(entry)

    def _unfile(self, entry: QueueEntry) -> None:
        remove_sorted(self._group(entry.row.severity), entry, by_urgency)
        self._count(entry, -1)

    def _count(self, entry: QueueEntry, by: int) -> None:
        self.by_severity[entry.row.severity][entry.state] += by
        for view in self.views:
            if view.name not in self._timed and view.filter.matches(entry, self.present):
                self.view_counts[view.name] += by
        if self._timed:
            self._count_timed(entry, gone=by < 0)

    def _count_timed(self, entry: QueueEntry, *, gone: bool = False) -> bool:
        """Count a ticket in the views that depend on time; return whether it entered or left one of them."""
        moved = False
        for view in self.views:
            refs = self._timed.get(view.name)
            if refs is None:
                continue
            holds = not gone and view.filter.matches(entry, self.present)
            if holds is not (entry.row.ref in refs):
                moved = True
                (refs.add if holds else refs.discard)(entry.row.ref)
                self.view_counts[view.name] = len(refs)
        return moved

    def _count_all(self) -> None:
        self.by_severity = defaultdict(Counter)
        for entry in self.entries.values():
            self.by_severity[entry.row.severity][entry.state] += 1
        self._count_views()

    def _count_views(self) -> None:
        self.view_counts, self._timed = Counter(), {}
        # Most views begin alike: what is open is looked for once.
        begun: dict[Part, list[QueueEntry]] = {}
        for view in self.views:
            self._count_view(view, begun)

    def _count_view(self, view: View, begun: dict[Part, list[QueueEntry]]) -> None:
        first, *rest = view.filter.terms
        if view.filter.includes_closed:
            known = chain(self.entries.values(), self.closed.entries.values())
            self.view_counts[view.name] = len(view.filter.select(known, self.present))
            return
        if first not in begun:
            begun[first] = Filter((first,)).select(self.entries.values(), self.present)
        held = Filter(tuple(rest)).select(begun[first], self.present)
        if view.filter.depends_on_time:
            self._timed[view.name] = {entry.row.ref for entry in held}
        self.view_counts[view.name] = len(held)

    def _plan(self, entry: QueueEntry) -> None:
        self._schedule.plan(entry.row.ref, self._next_change(entry))

    def _plan_all(self) -> None:
        changes = ((ref, self._next_change(entry)) for ref, entry in self.entries.items())
        self._schedule.fill((ref, at) for ref, at in changes if at is not None)

    def _next_change(self, entry: QueueEntry) -> int | None:
        change = next_change_after(entry.row.lead, self.now)
        if change is None:
            change = next_target_change_after(entry.row.lead, self.now)
        if not self._timed:
            return change
        timed = (view for view in self.views if view.name in self._timed)
        turns = (view.filter.transitions((entry,), self.now).get(entry.row.ref) for view in timed)
        return min((at for at in (change, *turns) if at is not None), default=None)


def remove_sorted(
    group: list[QueueEntry], entry: QueueEntry, key: Callable[[QueueEntry], tuple[int, int, str]]
) -> bool:
    """Takes an entry out of a list that is sorted by `key`; False where it is not in it."""
    place = bisect_left(group, key(entry), key=key)
    if place < len(group) and group[place] is entry:
        del group[place]
        return True
    return False
