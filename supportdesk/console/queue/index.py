"""Every ticket that is not closed, sorted by severity and urgency, with the counts that the header shows.

The work for a ticket is done when it changes; a tick costs only what has changed since the one before.
"""

from __future__ import annotations

from bisect import bisect_left, insort
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence

import msgspec

from supportdesk.console.queue.closed_tickets import ClosedTickets
from supportdesk.console.queue.entry import QueueEntry, searchable
from supportdesk.console.queue.filter.predicates import FilterContext
from supportdesk.console.queue.filter.vocabulary import Vocabulary
from supportdesk.console.queue.schedule import TransitionSchedule
from supportdesk.console.queue.view_counts import ViewCounts
from supportdesk.console.queue.views import View, standard_views
from supportdesk.sla.clocks import State, next_change_after, next_target_change_after, state_at
from supportdesk.store.read_models import QueueRow


def by_urgency(entry: QueueEntry) -> tuple[int, int, str]:
    """Return the key by which the tickets of a severity are sorted."""
    return entry.urgency


class QueueDelta(msgspec.Struct):
    """What has changed in the queue.

    `changed` holds pairs of the previous entry and the new one; `crossed` are in another state, `moved` entered or left
    a view as time passed, in the same state. An entry that has been replaced since may still be among them.
    """

    arrived: list[QueueEntry] = msgspec.field(default_factory=list)
    changed: list[tuple[QueueEntry, QueueEntry]] = msgspec.field(default_factory=list)
    crossed: list[QueueEntry] = msgspec.field(default_factory=list)
    moved: list[QueueEntry] = msgspec.field(default_factory=list)
    left: list[QueueEntry] = msgspec.field(default_factory=list)

    def __bool__(self) -> bool:
        return any((self.arrived, self.changed, self.crossed, self.moved, self.left))


class QueueIndex:
    """Holds the tickets and counts them by state and view; instants are UTC epoch seconds.

    `me` is the operator's username. Without `views` there are those that every desk has. `names` are the names of the
    severities by key, `groups` the sorted tickets of each, `paging` the references of the tickets with an open page.
    """

    def __init__(
        self, severities: Sequence[tuple[str, str]], me: str, views: Sequence[View] | None = None
    ) -> None:
        self.me = me
        self.entries: dict[str, QueueEntry] = {}
        self.names = dict(severities)
        self.groups: dict[str, list[QueueEntry]] = {key: [] for key in self.names}
        self.by_severity: defaultdict[str, Counter[State]] = defaultdict(Counter)
        self.paging: set[str] = set()
        self.closed = ClosedTickets()
        self.present = FilterContext()
        self.view_counts = ViewCounts(
            standard_views(Vocabulary(me=me)) if views is None else views, self.present
        )
        self._schedule = TransitionSchedule()

    @property
    def now(self) -> int:
        """The instant for which the states hold, in UTC epoch seconds."""
        return self.present.now

    @property
    def views(self) -> tuple[View, ...]:
        """The views, in order."""
        return self.view_counts.views

    @property
    def states(self) -> Counter[State]:
        """The number of tickets in each state."""
        return sum(self.by_severity.values(), Counter())

    def entry(self, ref: str) -> QueueEntry | None:
        """Return a ticket of the queue, or one of those closed last where they have been loaded."""
        return self.entries.get(ref) or self.closed.entries.get(ref)

    def load(self, rows: Iterable[QueueRow], now: int) -> None:
        """Replace the whole queue; the closed tickets have to be loaded again."""
        self.present.now = now
        self.closed.clear()
        self.entries = {row.ref: self._entry(row) for row in rows if row.stage != "closed"}
        self.groups = {key: [] for key in self.names}
        for entry in self.entries.values():
            self._group(entry.row.severity).append(entry)
        for group in self.groups.values():
            group.sort(key=by_urgency)
        self.by_severity = defaultdict(Counter)
        for entry in self.entries.values():
            self.by_severity[entry.row.severity][entry.state] += 1
        self.paging = {ref for ref, entry in self.entries.items() if entry.row.is_paging}
        self._count_views()

    def set_severities(self, severities: Sequence[tuple[str, str]]) -> None:
        """Replace the keys and names of the severities, and sort the tickets by them."""
        self.names = dict(severities)
        self.load([entry.row for entry in self.entries.values()], self.now)

    def set_views(self, views: Sequence[View]) -> None:
        """Replace the views, and count the tickets of each."""
        self.view_counts = ViewCounts(views, self.present)
        self._count_views()

    def load_closed(self, rows: Iterable[QueueRow]) -> None:
        """Load the tickets that were closed last, the latest first."""
        self.closed.load(self._entry(row) for row in rows)
        self.view_counts.count_closed(self.entries.values(), self.closed.entries.values())

    def apply_closed(self, rows: Iterable[QueueRow]) -> tuple[list[QueueEntry], list[QueueEntry]]:
        """Apply the changed rows to the closed tickets, once these are loaded; return those to show and to hide."""
        shown, hidden = [], []
        for row in rows if self.closed.loaded else ():
            previous = self.closed.drop(row.ref)
            hidden += [previous] if previous is not None else []
            # In a replay, a ticket of a later moment is no closed one.
            if row.stage == "closed" and row.received_at <= self.now:
                entry = self._entry(row)
                self.closed.add(entry)
                shown.append(entry)
        if shown or hidden:
            self.view_counts.count_closed(self.entries.values(), self.closed.entries.values())
        return shown, hidden

    def count_marked(self) -> None:
        """Count again the views that depend on marks."""
        self.view_counts.count_marked(self.entries.values(), self.closed.entries.values())

    def apply_changes(self, rows: Iterable[QueueRow], now: int) -> QueueDelta:
        """Apply the rows that changed on the desk; a closed ticket leaves, and an outdated row is ignored."""
        delta = self.advance(now)
        for row in rows:
            known = self.entries.get(row.ref)
            if row.stage == "closed":
                if known is not None:
                    self._remove(known)
                    delta.left.append(known)
            elif known is None:
                entry = self._entry(row)
                self.entries[row.ref] = entry
                self._add(entry)
                delta.arrived.append(entry)
            elif row.changed_seq >= known.row.changed_seq:
                self._replace(known, row, delta)
        return delta

    def advance(self, now: int) -> QueueDelta:
        """Set the present, which may also go back, and return the tickets that are in another state or view."""
        delta = QueueDelta()
        if now < self.now:
            self.present.now = now
            for entry in self.entries.values():
                self._update_state(entry, delta)
            self._plan_all()
            return delta
        self.present.now = now
        for ref in self._schedule.due(now):
            entry = self.entries[ref]
            self._update_state(entry, delta)
            self._plan(entry)
        return delta

    def _entry(self, row: QueueRow) -> QueueEntry:
        text = searchable(row, self.names.get(row.severity, row.severity))
        return QueueEntry(row, state_at(row.lead, self.now), row.urgency, row.is_open, text)

    def _group(self, severity: str) -> list[QueueEntry]:
        # A ticket keeps the policy of its arrival, which may have known another severity.
        return self.groups.setdefault(severity, [])

    def _update_state(self, entry: QueueEntry, delta: QueueDelta) -> None:
        state = state_at(entry.row.lead, self.now)
        if state is not entry.state:
            self._count(entry, -1)
            entry.state = state
            self._count(entry, 1)
            delta.crossed.append(entry)
        elif (self.view_counts.depend_on_time and self.view_counts.update(entry)) or state is State.BREACHED:
            # A breach of an earlier promise may read differently now (rule 9).
            delta.moved.append(entry)

    def _replace(self, previous: QueueEntry, row: QueueRow, delta: QueueDelta) -> None:
        self._take_out(previous)
        entry = self._entry(row)
        self.entries[row.ref] = entry
        self._add(entry)
        delta.changed.append((previous, entry))
        if entry.state is not previous.state:
            delta.crossed.append(entry)

    def _remove(self, entry: QueueEntry) -> None:
        self._take_out(entry)
        del self.entries[entry.row.ref]
        self._schedule.plan(entry.row.ref, None)

    def _add(self, entry: QueueEntry) -> None:
        insort(self._group(entry.row.severity), entry, key=by_urgency)
        self._count(entry, 1)
        if entry.row.is_paging:
            self.paging.add(entry.row.ref)
        self._plan(entry)

    def _take_out(self, entry: QueueEntry) -> None:
        """Remove an entry from its group and the counts; another one may follow for its ticket."""
        group = self._group(entry.row.severity)
        place = bisect_left(group, by_urgency(entry), key=by_urgency)
        if place < len(group) and group[place] is entry:
            del group[place]
        self._count(entry, -1)
        self.paging.discard(entry.row.ref)

    def _count(self, entry: QueueEntry, by: int) -> None:
        self.by_severity[entry.row.severity][entry.state] += by
        if by > 0:
            self.view_counts.add(entry)
        else:
            self.view_counts.remove(entry)

    def _count_views(self) -> None:
        self.view_counts.count_all(self.entries.values(), self.closed.entries.values())
        # When a ticket must be looked at next depends on the views, too.
        self._plan_all()

    def _plan(self, entry: QueueEntry) -> None:
        self._schedule.plan(entry.row.ref, self._next_change(entry))

    def _plan_all(self) -> None:
        changes = ((ref, self._next_change(entry)) for ref, entry in self.entries.items())
        self._schedule.fill((ref, at) for ref, at in changes if at is not None)

    def _next_change(self, entry: QueueEntry) -> int | None:
        change = next_change_after(entry.row.lead, self.now)
        if change is None:
            change = next_target_change_after(entry.row.lead, self.now)
        if not self.view_counts.depend_on_time:
            return change
        changes = (change, self.view_counts.next_change(entry))
        return min((at for at in changes if at is not None), default=None)
