"""The queue as a value: its order, its counts, and a cursor that stays on its ticket."""

from __future__ import annotations

from msgspec import structs

from supportdesk.console.queue.filter.filter import Filter
from supportdesk.console.queue.filter.parser import parse
from supportdesk.console.queue.filter.vocabulary import Vocabulary
from supportdesk.console.queue.incremental_filter import SLICE
from supportdesk.console.queue.lines import Heading
from supportdesk.console.queue.model import QueueModel
from supportdesk.console.queue.views import (
    ALL_OPEN,
    AT_RISK_OR_BREACHED,
    MINE,
    MY_TEAM,
    ON_HOLD,
    OUT_OF_POLICY,
    PROMISED_FIXES,
    RESOLVED,
    UNASSIGNED,
    standard_views,
)
from supportdesk.sla.clocks import State
from supportdesk.store.read_models import QueueRow
from tests.console.fixtures.queue_rows import SEVERITIES, a_row, promised


def a_model(*rows: QueueRow, now: int = 0) -> QueueModel:
    model = QueueModel(SEVERITIES, me="ann")
    model.load(rows, now)
    return model


def read(text: str) -> Filter:
    """The filter that a text is, at a desk whose names do not matter."""
    return parse(text, Vocabulary(me="ann", severities=SEVERITIES)).filter


def drawn(model: QueueModel) -> list[str]:
    """The lines from the top: a heading in brackets, a ticket's reference, or nothing."""
    told = []
    for number in range(model.lines.height):
        line = model.lines[number]
        told.append(f"[{line.severity}]" if isinstance(line, Heading) else line.row.ref if line else "")
    return told


def under_cursor(model: QueueModel) -> str:
    """What the cursor is on, as `drawn` tells it."""
    return drawn(model)[model.cursor.position]


def test_tickets_are_sorted_by_severity_and_urgency() -> None:
    model = a_model(
        a_row("LATER", "high", target=9_000),
        a_row("SOONER", "high", target=5_000),
        a_row("GRAVE", "critical", target=90_000),
    )
    assert drawn(model) == [
        *("[critical]", "GRAVE", "", "[high]", "SOONER", "LATER", ""),
        *("[medium]", "[low]", "[change]"),
    ]


def test_a_row_of_a_severity_that_the_policy_does_not_have_any_more_is_drawn_last() -> None:
    model = a_model(a_row("OLD", "urgent"), a_row("NEW", "change"))
    assert [line for line in drawn(model) if line][-4:] == ["[change]", "NEW", "[urgent]", "OLD"]


def test_the_cursor_starts_on_the_first_ticket() -> None:
    model = a_model(a_row("A", "medium"))
    assert model.ticket is not None
    assert model.ticket.row.ref == "A"


def test_the_cursor_of_an_empty_queue_is_on_its_first_heading() -> None:
    model = a_model()
    assert model.cursor.line == Heading("critical")
    assert model.ticket is None


def test_the_cursor_skips_empty_lines_and_stays_within_the_queue() -> None:
    model = a_model(a_row("A", "critical"), a_row("B", "high"))
    places = []
    for step in (1, -1, -100, 100):
        model.cursor.move(step)
        places.append(under_cursor(model))
    assert places == ["[high]", "A", "[critical]", "[change]"]


def test_the_cursor_stays_on_its_ticket_when_another_arrives_above_it() -> None:
    model = a_model(a_row("MINE", "high", target=9_000))
    model.apply_changes([a_row("NEW", "critical", seq=2), a_row("ALSO", "high", target=10, seq=3)], now=5)
    assert model.ticket is not None
    assert model.ticket.row.ref == "MINE"
    assert model.cursor.position == drawn(model).index("MINE")


def test_the_cursor_follows_its_ticket_into_another_severity_even_a_folded_one() -> None:
    model = a_model(a_row("MINE", "high"), a_row("OTHER", "critical"))
    model.find("MINE")
    model.fold("critical", folded=True)
    model.apply_changes([a_row("MINE", "critical", seq=2)], now=5)
    assert model.ticket is not None
    assert model.ticket.row.ref == "MINE"
    assert model.lines[model.cursor.position] is model.ticket


def test_when_its_ticket_leaves_the_cursor_is_on_the_one_that_moves_up() -> None:
    model = a_model(*(a_row(ref, "high", target=target) for ref, target in (("A", 10), ("B", 20), ("C", 30))))
    model.find("B")
    model.apply_changes([a_row("B", "high", stage="closed", seq=2)], now=5)
    assert model.ticket is not None
    assert model.ticket.row.ref == "C"


def test_a_threshold_is_crossed_at_its_instant_and_by_its_ticket_alone() -> None:
    model = a_model(a_row("A", target=1_000), a_row("B", target=5_000))
    assert not model.advance(749)
    delta = model.advance(750)
    assert [entry.row.ref for entry in delta.crossed] == ["A"]
    assert delta.crossed[0].state is State.DUE_SOON
    assert model.index.states == {State.DUE_SOON: 1, State.OK: 1}


def test_a_present_set_back_reverts_crossed_thresholds() -> None:
    model = a_model(a_row("A", target=1_000), now=1_001)
    assert model.index.states[State.BREACHED] == 1
    model.advance(10)
    assert +model.index.states == {State.OK: 1}
    assert [entry.state for entry in model.advance(1_001).crossed] == [State.BREACHED]


def test_an_older_version_of_a_row_does_not_replace_a_newer_one() -> None:
    model = a_model(a_row("A", owner="ann", seq=5))
    model.apply_changes([a_row("A", owner=None, seq=4)], now=1)
    assert model.index.entries["A"].row.owner == "ann"


def test_each_view_has_and_counts_the_tickets_that_it_names() -> None:
    rows = [
        a_row("MINE", owner="ann"),
        a_row("FREE"),
        a_row("LATE", owner="sam", target=10),
        a_row("DONE", owner="ann", stage="resolved"),
        structs.replace(a_row("WAITS"), waiting="customer"),
        structs.replace(a_row("WRONG"), out_of_policy=True),
        structs.replace(a_row("FIX"), team="development", resolution=promised(for_=90_000)),
    ]
    views = standard_views(Vocabulary(me="ann", team="development", teams=[("development", "Development")]))
    model = QueueModel(SEVERITIES, "ann", views)
    model.load(rows, 100)
    held = {}
    for view in model.index.views:
        model.select_view(view.name)
        held[view.name] = {line for line in drawn(model) if line and line[0] != "["}
    assert held == {
        ALL_OPEN: {"MINE", "FREE", "LATE", "WAITS", "WRONG", "FIX"},
        UNASSIGNED: {"FREE", "WAITS", "WRONG", "FIX"},
        MINE: {"MINE"},
        MY_TEAM: {"FIX"},
        AT_RISK_OR_BREACHED: {"LATE"},
        ON_HOLD: {"WAITS"},
        OUT_OF_POLICY: {"WRONG"},
        PROMISED_FIXES: {"FIX"},
        RESOLVED: {"DONE"},
    }
    assert model.index.view_counts.totals == {name: len(refs) for name, refs in held.items()}


def test_resolved_tickets_are_sorted_with_the_latest_first() -> None:
    model = a_model(
        a_row("FIRST", stage="resolved", received_at=10), a_row("LAST", stage="resolved", received_at=90)
    )
    model.select_view(RESOLVED)
    assert drawn(model) == ["[high]", "LAST", "FIRST"]


def test_a_ticket_enters_the_view_at_risk_when_it_becomes_at_risk() -> None:
    model = a_model(a_row("A", target=1_000))
    model.select_view(AT_RISK_OR_BREACHED)
    assert drawn(model) == []
    model.advance(900)
    assert drawn(model) == ["[high]", "A"]


def test_a_filter_finds_words_anywhere_and_the_present_state() -> None:
    model = a_model(
        a_row("A", summary="Nobody can log in", owner="sam"),
        a_row("B", summary="Export stops", organisation="Initech", target=1_000),
        a_row("C", "critical", summary="Nobody can pay"),
        now=950,
    )
    found = {}
    for text in ("nobody", "NOBODY can", "sam", "initech exp", "at risk", "critical", "nothing at all"):
        model.apply_filter(read(text))
        found[text] = "".join(sorted(line for line in drawn(model) if line and line[0] != "["))
    assert found == {
        "nobody": "ABC",  # B and C have no owner
        "NOBODY can": "AC",
        "sam": "A",
        "initech exp": "B",
        "at risk": "B",
        "critical": "C",
        "nothing at all": "",
    }


def test_a_ticket_that_crosses_a_threshold_enters_a_filter_by_state() -> None:
    model = a_model(a_row("A", target=1_000))
    model.apply_filter(read("breached"))
    assert model.matches == 0
    model.advance(1_001)
    assert model.matches == 1


def test_a_filter_shows_its_matches_in_folded_groups_too() -> None:
    model = a_model(a_row("A", "low"))
    model.fold("low", folded=True)
    assert "A" not in drawn(model)
    model.apply_filter(read("acme"))
    assert drawn(model) == ["[low]", "A"]


def test_the_cursor_returns_to_its_ticket_when_the_filter_that_hid_it_is_cleared() -> None:
    model = a_model(a_row("A", target=10, summary="first"), a_row("B", target=20, summary="second"))
    model.find("B")
    model.apply_filter(read("first"))
    assert model.ticket is not None
    assert model.ticket.row.ref == "A"
    model.apply_filter(read(""))
    assert model.ticket.row.ref == "B"


def test_find_clears_the_view_the_filter_and_the_fold_that_hide_a_ticket() -> None:
    model = a_model(a_row("A", "low"), a_row("DONE", stage="resolved"))
    model.select_view(MINE)
    model.apply_filter(read("no such"))
    model.fold("low", folded=True)
    assert model.find("A")
    assert model.lines[model.cursor.position] is model.ticket
    assert model.find("DONE")
    assert model.view.name == RESOLVED
    assert not model.find("ELSEWHERE")


def test_a_fold_moves_the_cursor_to_the_heading_and_hides_the_tickets() -> None:
    model = a_model(a_row("A", "high"))
    model.fold("high", folded=True)
    assert model.cursor.line == Heading("high")
    assert "A" not in drawn(model)


def test_jumping_to_a_severity_goes_to_its_first_ticket_or_its_heading() -> None:
    model = a_model(a_row("A", "high"), a_row("B", "low"))
    assert model.cursor.jump("low")
    assert under_cursor(model) == "B"
    assert model.cursor.jump("medium")
    assert under_cursor(model) == "[medium]"
    model.select_view(MINE)
    assert not model.cursor.jump("medium")


def test_a_long_queue_is_searched_in_slices_that_cover_all_of_it() -> None:
    wrong = [7, SLICE - 1, SLICE, 2 * SLICE + 5]
    rows = [
        a_row(f"T{n}", "low", received_at=n, summary="wrong" if n in wrong else "") for n in range(3 * SLICE)
    ]
    model = a_model(*rows)
    model.find("T5000")
    model.apply_filter(read("wrong"))
    assert model.is_searching
    assert model.matches == 2
    model.finish_search()
    assert drawn(model) == ["[low]", *(f"T{n}" for n in wrong)]


def test_a_change_while_a_long_queue_is_searched_is_shown() -> None:
    model = a_model(*(a_row(f"T{n}", "low", received_at=n) for n in range(2 * SLICE)))
    model.apply_filter(read("urgent"))
    model.apply_changes([a_row("T3", "low", summary="urgent", seq=2)], now=1)
    assert drawn(model) == ["[low]", "T3"]


def test_the_cursor_is_on_nothing_when_the_last_ticket_has_left_the_view() -> None:
    model = a_model(a_row("CD-1"))
    model.select_view(UNASSIGNED)
    assert model.cursor.severity == "high"
    model.apply_changes([a_row("CD-1", owner="sam", seq=2)], 0)
    assert model.ticket is None
    assert model.cursor.line is None
    model.apply_changes([a_row("CD-1", seq=3)], 0)
    model.cursor.move(1)
    assert model.cursor.severity == "high"
