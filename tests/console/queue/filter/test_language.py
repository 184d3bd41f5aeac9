"""The filter language: `or`, brackets, quotes, dates and unknown names."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import structs

from supportdesk.console.queue.entry import QueueEntry
from supportdesk.console.queue.filter.filter import Filter
from supportdesk.console.queue.filter.parser import DEEPEST, parse
from supportdesk.console.queue.filter.predicates import FilterContext
from supportdesk.console.queue.filter.vocabulary import Vocabulary
from supportdesk.store.read_models import QueueRow
from tests.console.fixtures.queue_rows import a_row
from tests.console.queue.filter.test_filter import DAY, DESK, HOUR, KNOWN, NOW, entry, filters, left, others


@pytest.mark.parametrize(
    ("text", "refs"),
    [
        ("severity:critical or owner:ann", {"GRAVE", "MINE"}),
        ("OWNER:ann OR team:dev", {"MINE", "DEV"}),
        ("severity:critical or owner:ann is:resolved", {"GRAVE"}),
        ("(severity:critical or owner:ann) is:open", {"GRAVE", "MINE"}),
        ("(severity:critical or owner:ann) -(owner:ann)", {"GRAVE"}),
        ("owner:ann or owner:sam or (waiting or paged)", {"MINE", "SAM", "WAITS", "PAGED"}),
        ("((owner:ann))", {"MINE"}),
        ("-(-owner:ann)", {"MINE"}),
        ("!(is:open or severity:low)", {"DONE"}),
        ("due:<0", {"LATE"}),
        ("overdue", {"LATE"}),
        ("overdue or due:<=1h", {"LATE", "SOON"}),
        ('due:<"90 minutes"', {"LATE", "SOON"}),
    ],
)
def test_or_brackets_and_overdue_select_the_tickets_that_they_name(text: str, refs: set[str]) -> None:
    assert left(text) == refs


def test_or_in_quotes_is_a_word() -> None:
    assert {"SAM"} <= left('"or"') < others()


def test_a_negated_group_selects_all_others() -> None:
    assert left("-(severity:critical or owner:ann)") == others("GRAVE", "MINE")
    assert left("-(owner:ann severity:high)") == others("MINE")
    assert left("-overdue") == others("LATE")


@pytest.mark.parametrize(
    ("text", "about", "message"),
    [
        ("(owner:me", "(", "this bracket is not closed; type )"),
        ("acme -(x", "-(", "this bracket is not closed; type )"),
        ("owner:me)", ")", "no bracket is open; to search for"),
        ("acme ()", "(", "these brackets are empty"),
        ("or acme", "or", "or needs a condition on each side"),
        ("acme or", "or", "or needs a condition on each side"),
        ("(acme or) x", "or", "or needs a condition on each side"),
        ("(" * (DEEPEST + 1) + "x" + ")" * (DEEPEST + 1), "(", f"at most {DEEPEST} brackets can be nested"),
        ("received:>30/2/2026", ">30/2/2026", "February 2026 has 28 days"),
        ("received:>2026-02-30", ">2026-02-30", ""),
        ("received:soon", "soon", 'is not a date; type yesterday, 20/11 or "20 Nov 2026"'),
        ("due:someday", "someday", 'is not a date; type tomorrow, 24/11 or "24 Nov 2026"'),
        ("due:soon", "soon", 'did you mean state:"due soon"?'),
        ("received:>24", ">24", "24 is not a whole date; type yesterday"),
        ("due:<24 Nov", "<24 Nov", 'put a date of several words in quotes: due:<"24 nov"'),
        ("received:>24 Nov", ">24 Nov", 'put a date of several words in quotes: received:>"24 nov"'),
        ("waiting:x", "x", 'unknown reason for a hold "x"; use customer, third party, release'),
        ("received:>2h", ">2h", "2h is a duration; for a date type"),
        ("received:<2026-11-20 9:15", "<2026-11-20 9:15", 'in quotes: received:<"2026-11-20 9:15"'),
        ("acme due:fri 9am", "fri 9am", 'put a date with its time in quotes: due:"fri 9am"'),
        ("owner :ann", "owner :ann", "remove the space before the colon: owner:ann"),
        ("severity:>medium", ">medium", "severity cannot be compared; list the values, as in critical,high"),
        ("owner:<=ann", "<=ann", "owner cannot be compared; list the values, as in ann,anna"),
        ("is:clsd", "clsd", 'unknown value of is: "clsd"; did you mean closed?'),
        ("state:under", "under", 'unknown state "under"'),
        ("due:<10/11/12", "<10/11/12", ""),
    ],
)
def test_an_error_in_a_group_or_a_date_has_its_position(text: str, about: str, message: str) -> None:
    fault = parse(text, DESK).faults[0]
    assert text[fault.start : fault.end] == about
    assert message in fault.message


@pytest.mark.parametrize("depth", [DEEPEST + 2, 500, 20_000])
def test_brackets_of_any_depth_are_parsed(depth: int) -> None:
    read = parse("(" * depth + "acme" + ")" * depth + " owner:me", DESK)
    assert [fault.message for fault in read.faults] == [f"at most {DEEPEST} brackets can be nested"]
    assert read.filter == parse("owner:me", DESK).filter


def closed(ref: str = "CLOSED") -> QueueRow:
    """A ticket that is closed."""
    return structs.replace(a_row(ref, "high", stage="resolved"), stage="closed")


def test_open_resolved_and_closed_are_different() -> None:
    tickets = {name: entry(row) for name, row in (("open", a_row("A", "high")), ("closed", closed()),
                                                  ("resolved", a_row("B", "high", stage="resolved")))}  # fmt: skip
    for state, ticket in tickets.items():
        for asked in tickets:
            assert parse(f"is:{asked}", DESK).filter.matches(ticket, FilterContext(NOW)) is (asked == state)
    for text, asks in (
        ("is:closed", True),
        ("is:clo org:acme", True),
        ("owner:me or (is:closed x)", True),
        ("-is:closed", False),
        ("is:open,closed", True),
        ("-(is:closed or x)", False),
        ("closed", False),
    ):
        assert parse(text, DESK).filter.includes_closed is asks


Holds = Callable[[QueueRow], bool]

ATOMS: list[tuple[str, Holds]] = [
    ("export", lambda row: "export" in row.summary),
    ('"log in"', lambda row: "log in" in row.summary),
    ("owner:ann", lambda row: row.owner == "ann"),
    ("owner:none,sam", lambda row: row.owner in (None, "sam")),
    ("severity:high", lambda row: row.severity == "high"),
    ("is:resolved", lambda row: row.stage == "resolved"),
    ("waiting", lambda row: bool(row.waiting)),
    ("rung:>1", lambda row: row.rung > 1),
    ("age:>2d", lambda row: NOW - row.received_at > 2 * DAY),
    ("overdue", lambda row: _due(row) is not None and _due(row) < NOW),  # type: ignore[operator]
    ("due:<3h", lambda row: _due(row) is not None and _due(row) < NOW + 3 * HOUR),  # type: ignore[operator]
]


def _due(row: QueueRow) -> int | None:
    return row.lead.due if row.lead.verdict is None else None


def _both(one: tuple[str, Holds], other: tuple[str, Holds]) -> tuple[str, Holds]:
    return f"({one[0]}) ({other[0]})", lambda row: one[1](row) and other[1](row)


def _either(one: tuple[str, Holds], other: tuple[str, Holds]) -> tuple[str, Holds]:
    return f"{one[0]} or {other[0]}", lambda row: one[1](row) or other[1](row)


def _not(one: tuple[str, Holds]) -> tuple[str, Holds]:
    return f"-({one[0]})", lambda row: not one[1](row)


expressions: st.SearchStrategy[tuple[str, Holds]] = st.recursive(
    st.sampled_from(ATOMS),
    lambda inner: st.builds(_both, inner, inner) | st.builds(_either, inner, inner) | st.builds(_not, inner),
    max_leaves=6,
)
tickets = st.builds(
    lambda row, more: structs.replace(row, **more),
    st.builds(
        a_row,
        st.just("A"),
        st.sampled_from(["high", "low"]),
        received_at=st.integers(NOW - 5 * DAY, NOW),
        target=st.integers(1, 6 * DAY),
        stage=st.sampled_from(["resolution", "resolved"]),
        summary=st.sampled_from(["export stops", "nobody can log in", ""]),
    ),
    st.fixed_dictionaries(
        {
            "owner": st.sampled_from([None, "ann", "sam"]),
            "waiting": st.sampled_from(["", "customer"]),
            "rung": st.integers(0, 3),
        }
    ),
)


@given(expressions, st.lists(tickets, max_size=8))
def test_a_filter_selects_what_its_parts_select(made: tuple[str, Holds], rows: list[QueueRow]) -> None:
    text, holds = made
    read = parse(text, KNOWN)
    assert not read.faults
    entries: list[QueueEntry] = [entry(row) for row in rows]
    found = read.filter.select(entries, FilterContext(NOW))
    assert list(map(id, found)) == [id(each) for each in entries if holds(each.row)]


@given(expressions, filters)
def test_a_filter_of_groups_written_out_and_parsed_again_is_the_same(
    made: tuple[str, Any], more: str
) -> None:
    read = parse(f"{made[0]} or ({more}) -({more} or {made[0]})", KNOWN)
    again = parse(str(read.filter), KNOWN)
    assert not again.faults
    assert again.filter == read.filter
    joined = read.filter + parse(made[0], KNOWN).filter
    assert parse(str(joined), KNOWN).filter == joined


@given(expressions, tickets)
def test_a_group_plans_when_a_ticket_may_enter_it(made: tuple[str, Any], row: QueueRow) -> None:
    chosen, ticket = parse(made[0], KNOWN).filter, entry(row)
    until = chosen.transitions((ticket,), NOW).get(row.ref, NOW + 40 * DAY)
    before = chosen.matches(ticket, FilterContext(NOW))
    for now in (NOW + 1, (NOW + until) // 2, until - 1):
        assert now < NOW or now >= until or chosen.matches(ticket, FilterContext(now)) == before
    if not chosen.depends_on_time:
        assert chosen.static_part() == chosen


def test_a_stopped_clock_is_never_overdue() -> None:
    met = a_row("MET", "high", received_at=NOW - DAY, stage="resolved")
    assert met.resolution.verdict is not None
    assert not parse("overdue", KNOWN).filter.matches(entry(met), FilterContext(NOW))


def test_an_empty_filter_is_written_as_an_empty_text() -> None:
    assert Filter().includes_closed is Filter().depends_on_time is Filter().depends_on_marks is False
    assert not parse("()", Vocabulary()).filter
