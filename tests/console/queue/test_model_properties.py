"""Whatever happens on a desk, the queue is the same as one computed from all tickets again."""

from __future__ import annotations

from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from supportdesk.console.queue.entry import QueueEntry
from supportdesk.console.queue.filter.parser import parse
from supportdesk.console.queue.filter.vocabulary import Vocabulary
from supportdesk.console.queue.model import QueueModel
from supportdesk.console.queue.views import View, parse_user_views, standard_views
from supportdesk.sla.clocks import state_at
from supportdesk.store.read_models import QueueRow
from tests.console.fixtures.queue_rows import SEVERITIES, a_row

REFS = [f"T{number}" for number in range(8)]
VOCABULARY = Vocabulary(me="ann", team="user-support", severities=SEVERITIES, teams=[("user-support", "")])
FILTERS = [
    *("", "e", "ex", "export", "nobody", "breached", "sam o", "-export", "state:due,breached", "age:>10m"),
    *("due:<15m", "due:<15m,none export", "-due:<15m", "-age:<5m severity:high", "marked", "ex -marked"),
]
STANDARD = standard_views(VOCABULARY)
OWN, _ = parse_user_views(
    [("Soon", "due:<20m"), ("Young", "-age:>20m"), ("Picked", "marked")], STANDARD, VOCABULARY
)
VIEWS: list[View] = [*STANDARD, *OWN]

rows = st.builds(
    a_row,
    st.sampled_from(REFS),
    st.sampled_from([key for key, _ in SEVERITIES]),
    received_at=st.integers(0, 2_000),
    target=st.integers(1, 3_000),
    stage=st.sampled_from(["triage", "resolution", "resolved", "closed"]),
    owner=st.sampled_from([None, "ann", "sam"]),
    summary=st.sampled_from(["export stops", "nobody can log in", "logo blurred"]),
    page_open=st.booleans(),
)
happenings = st.lists(
    st.one_of(
        st.tuples(st.just("take"), st.lists(rows, max_size=3)),
        st.tuples(st.just("advance"), st.integers(-50, 900)),
        st.tuples(st.just("view"), st.sampled_from([view.name for view in VIEWS])),
        st.tuples(st.just("filter"), st.sampled_from(FILTERS)),
        st.tuples(st.just("mark"), st.frozensets(st.sampled_from(REFS))),
        st.tuples(st.just("fold"), st.sampled_from([key for key, _ in SEVERITIES]), st.booleans()),
        st.tuples(st.just("move"), st.integers(-4, 4)),
        st.tuples(st.just("find"), st.sampled_from(REFS)),
    ),
    max_size=25,
)


class Desk:
    """The model beside the plainest thing that could work: a mapping of rows, looked through each time."""

    def __init__(self) -> None:
        self.model = QueueModel(SEVERITIES, "ann", VIEWS)
        self.known: dict[str, QueueRow] = {}
        self.now, self.seq = 1_000, 0

    def happen(self, what: str, *how: object) -> None:
        before = self.model.ticket
        getattr(self, what)(*how)
        self.check_counts()
        self.check_order()
        self.check_cursor(what, before)

    def take(self, changed: list[QueueRow]) -> None:
        for place, row in enumerate(changed):
            self.seq += 1
            fields = {name: getattr(row, name) for name in row.__struct_fields__}
            changed[place] = QueueRow(**{**fields, "changed_seq": self.seq})
            self.known[row.ref] = changed[place]
        self.known = {ref: row for ref, row in self.known.items() if row.stage != "closed"}
        self.model.apply_changes(changed, self.now)

    def advance(self, by: int) -> None:
        self.now += by
        self.model.advance(self.now)

    def view(self, view: str) -> None:
        self.model.select_view(view)

    def filter(self, text: str) -> None:
        self.model.apply_filter(parse(text, VOCABULARY).filter)

    def mark(self, marked: frozenset[str]) -> None:
        self.model.marks.remove(list(self.model.marks))
        self.model.marks.add(marked)
        self.model.marks_changed()

    def fold(self, severity: str, folded: bool) -> None:
        self.model.fold(severity, folded=folded)

    def move(self, by: int) -> None:
        self.model.cursor.move(by)

    def find(self, ref: str) -> None:
        assert self.model.find(ref) == (ref in self.known)

    def check_counts(self) -> None:
        index = self.model.index
        assert {ref: entry.row for ref, entry in index.entries.items()} == self.known
        states = Counter(state_at(row.lead, self.now) for row in self.known.values())
        assert +index.states == states
        assert index.paging == {ref for ref, row in self.known.items() if row.is_paging}
        held = {
            view.name: sum(view.filter.matches(entry, index.present) for entry in index.entries.values())
            for view in VIEWS
        }
        assert {view.name: index.view_counts[view.name] for view in VIEWS} == held

    def check_order(self) -> None:
        model = self.model
        for severity, _ in SEVERITIES:
            wanted = [
                entry
                for entry in model.index.entries.values()
                if entry.row.severity == severity
                and model.view.filter.matches(entry, model.index.present)
                and model.filter.matches(entry, model.index.present)
            ]
            wanted.sort(key=model.view.order)
            assert list(model.visible.group(severity)) == wanted

    def check_cursor(self, what: str, before: QueueEntry | None) -> None:
        model = self.model
        line = model.lines[model.cursor.position]
        assert model.cursor.line is None or line == model.cursor.line
        if what in ("take", "advance") and before is not None:
            entry = model.index.entries.get(before.row.ref)
            if entry is not None and entry in model.visible.group(entry.row.severity):
                assert model.ticket is entry


@given(happenings)
def test_order_counts_and_cursor_are_right_after_anything(story: list[tuple[object, ...]]) -> None:
    desk = Desk()
    desk.model.load([], desk.now)
    for what, *how in story:
        desk.happen(str(what), *how)
