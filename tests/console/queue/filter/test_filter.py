"""The filter language: what it accepts, its errors, and the tickets that a filter selects."""

from __future__ import annotations

import dataclasses
from datetime import UTC, datetime
from itertools import product

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import structs
from msgspec.structs import replace

from supportdesk.console.queue.entry import QueueEntry, searchable
from supportdesk.console.queue.filter.fields import FIELDS, FLAGS
from supportdesk.console.queue.filter.filter import Filter, Group, Term
from supportdesk.console.queue.filter.parser import parse
from supportdesk.console.queue.filter.predicates import FilterContext
from supportdesk.console.queue.filter.values import Value, value_as_typed
from supportdesk.console.queue.filter.vocabulary import Vocabulary
from supportdesk.sla.clocks import state_at
from supportdesk.store.read_models import QueueRow
from tests.console.fixtures.queue_rows import SEVERITIES, a_row, promised

HOUR, DAY = 3_600, 86_400
NOW = 10 * DAY
KNOWN = Vocabulary(
    me="ann",
    team="development",
    severities=SEVERITIES,
    channels=[("phone", "Telephone support"), ("email", "Email"), ("hotline", "Critical telephone")],
    teams=[("user-support", "User Support"), ("development", "Development")],
    staff=[("ann", "Ann Lee"), ("anna", "Anna Berg"), ("sam", "Sam Okoro")],
)
DESK = replace(KNOWN, zone="Europe/London", now=lambda: datetime(2026, 11, 24, 12, tzinfo=UTC))
"""It is noon on a Tuesday."""


def entry(row: QueueRow, now: int = NOW) -> QueueEntry:
    return QueueEntry(row, state_at(row.lead, now), row.urgency, row.is_open, searchable(row, row.severity))


def rows() -> dict[str, QueueRow]:
    """Tickets that differ in one thing each from an open High of Acme Ltd, an hour old and due in three days."""

    def row(
        ref: str, severity: str = "high", *, age: int = HOUR, left: int = 3 * DAY, **more: object
    ) -> QueueRow:
        plain = a_row(ref, severity, received_at=NOW - age, target=age + left)
        return structs.replace(plain, **more)

    return {
        each.ref: each
        for each in (
            row("PLAIN"),
            row("GRAVE", "critical"),
            row("MINE", owner="ann", owner_name="Ann Lee"),
            row("ANNA", owner="anna", owner_name="Anna Berg"),
            row("SAM", owner="sam", owner_name="Sam Okoro"),
            row("SOON", left=HOUR),
            row("LATE", age=DAY, left=-60),
            row("OLD", age=4 * DAY, left=30 * DAY),
            row("OTHER", organisation="Globex Acme-Werke", contact="Hana Sato"),
            row("PHONED", channel="phone"),
            row("TRIAGE", stage="triage"),
            row("DEV", team="development"),
            row("WAITS", waiting="third party"),
            row("WRONG", out_of_policy=True),
            row("PAGED", page_open=True),
            row("LADDER", rung=2),
            row("FIX", resolution=promised(for_=NOW + 30 * DAY)),
            row("WORDS", summary="The value of severity:high, it says, is waiting"),
            a_row("DONE", received_at=NOW - HOUR, stage="resolved"),
        )
    }


@pytest.mark.parametrize(
    "text",
    [
        "[CD-4C00-W]",
        "#4C00-W",
        "cd-4c00-w.",
        "\u202a4c00-w\u202c",
        "ref:[cd-4c00",
        "ref:4co0",
        "cd\u20114c00",
    ],
)
def test_a_reference_is_found_with_surrounding_and_invisible_characters(text: str) -> None:
    found = parse(text, KNOWN).filter.select(
        [entry(a_row("CD-4C00-W")), entry(a_row("CD-4C01-T"))], FilterContext(NOW)
    )
    assert [each.row.ref for each in found] == ["CD-4C00-W"]


def left(text: str, marked: frozenset[str] = frozenset()) -> set[str]:
    """The references that a filter without faults leaves."""
    read = parse(text, KNOWN)
    assert not read.faults
    entries = [entry(row) for row in rows().values()]
    return {each.row.ref for each in read.filter.select(entries, FilterContext(NOW, marked))}


def others(*refs: str) -> set[str]:
    return rows().keys() - set(refs)


@pytest.mark.parametrize(
    ("text", "refs"),
    [
        ("severity:critical", {"GRAVE"}),
        ("severity:CRIT", {"GRAVE"}),
        ("sev:crit", {"GRAVE"}),
        ("-severity:high", {"GRAVE"}),
        ("!severity:high", {"GRAVE"}),
        ("severity:critical,low", {"GRAVE"}),
        ("owner:ann", {"MINE"}),
        ("owner:an", {"MINE", "ANNA"}),
        ("owner:berg", {"ANNA"}),
        ('owner:"sam ok"', {"SAM"}),
        ("owner:me", {"MINE"}),
        ("-owner:nobody", {"MINE", "ANNA", "SAM"}),
        ("owner:me,sam", {"MINE", "SAM"}),
        ("-owner:none", {"MINE", "ANNA", "SAM"}),
        ("owner:none -is:resolved severity:crit", {"GRAVE"}),
        ("state:breached", {"LATE"}),
        ("state:risk,breach", {"LATE"}),
        ("org:globex", {"OTHER"}),
        ("org:werke", {"OTHER"}),
        ("organisation:globex", {"OTHER"}),
        ("contact:hana", {"OTHER"}),
        ("channel:phone", {"PHONED"}),
        ("channel:telephone", {"PHONED"}),
        ("stage:triage", {"TRIAGE"}),
        ("stage:resolved", {"DONE"}),
        ("team:mine", {"DEV"}),
        ("team:dev", {"DEV"}),
        ("waiting", {"WAITS"}),
        ("waiting:third", {"WAITS"}),
        ('waiting:"third party",customer', {"WAITS"}),
        ("policy:out", {"WRONG"}),
        ("-policy:in", {"WRONG"}),
        ("paged", {"PAGED"}),
        ("rung:>0", {"LADDER"}),
        ("rung:2", {"LADDER"}),
        ("rung:>=1 rung:<3", {"LADDER"}),
        ("promised", {"FIX"}),
        ("is:resolved", {"DONE"}),
        ("ref:wo", {"WORDS"}),
        ("due:<2h", {"SOON", "LATE"}),
        ("due:<2h -state:breached", {"SOON"}),
        ("due:>3d12h", {"OLD", "FIX"}),
        ("due:none", {"DONE"}),
        ("due:none,<2h", {"DONE", "SOON", "LATE"}),
        ("age:>3d", {"OLD"}),
        ("age:>3d,<1h", {"OLD"}),
        ("age:>=1d", {"OLD", "LATE"}),
        ('"waiting"', {"WAITS", "WORDS"}),
        ('"severity:high,"', {"WORDS"}),
        ("value", {"WORDS"}),
        ("globex hana", {"OTHER"}),
        ('"hana globex"', set()),
        ("marked", {"DEV", "SAM"}),
        ("marked team:dev", {"DEV"}),
        ("nobody-has-this", set()),
    ],
)
def test_a_filter_selects_the_tickets_that_it_names(text: str, refs: set[str]) -> None:
    assert left(text, frozenset({"DEV", "SAM"})) == refs


def test_a_negated_word_or_phrase_selects_the_others() -> None:
    assert left("-globex") == others("OTHER")
    assert left('-"is waiting"') == others("WORDS")
    assert left("-breached") == others("LATE")


def test_an_empty_filter_selects_all() -> None:
    assert left('  "" ') == others()


@pytest.mark.parametrize(
    ("text", "about", "message"),
    [
        ("acme sevrity:high", "sevrity", 'unknown field "sevrity"; did you mean severity?'),
        ("http://x", "http", 'unknown field "http"; fields: severity, owner, state, '),
        ("s:high", "s", '"s" can be severity, state or stage'),
        ("r:high", "r", '"r" can be received, resolved, release, rung or ref'),
        ("severity:hihg", "hihg", 'unknown severity "hihg"; did you mean high?'),
        ("severity:huge", "huge", 'unknown severity "huge"; use critical, high, medium'),
        ("severity:high,xyz", "xyz", 'unknown severity "xyz"; use critical, high, medium'),
        ("state:angry is:open", "angry", 'unknown state "angry"; use ok, due soon'),
        ("owner: acme", "owner:", "owner: needs a value, such as me"),
        ("age:3d", "3d", "type a duration as in age:>3d"),
        ("due:<2", "<2", "type a duration as in due:<2h"),
        ("owner:karren", "karren", 'unknown owner "karren"; use ann, anna, sam'),
        ("owner:okroo", "okroo", 'unknown owner "okroo"; did you mean Sam Okoro?'),
        ("owner:me,annna", "annna", 'unknown owner "annna"; did you mean anna?'),
        ("team:suport", "suport", 'unknown team "suport"; did you mean'),
        ("channel:fone", "fone", 'unknown channel "fone"; did you mean phone?'),
        ("due:<9999999d", "<9999999d", "type a duration as in due:<2h"),
        ("rung:high", "high", "type a number as in rung:>0"),
        ("acme -", "-", "type what to exclude"),
    ],
)
def test_an_error_has_its_position_and_what_to_type(text: str, about: str, message: str) -> None:
    (fault,) = parse(text, KNOWN).faults
    assert text[fault.start : fault.end] == about
    assert fault.message.startswith(message)


def test_the_valid_parts_beside_an_error_apply() -> None:
    assert parse("severity:critical sevrity:x", KNOWN).filter == parse("severity:critical", KNOWN).filter


pieces = st.sampled_from(
    (
        *'abcdehiknorstuvwy0123 -!":,<>=()\n\x1b',
        *("\u00df", "\u0130", "\u202e", "severity:", "due:<", " or ", '""'),
        *("received:>", "2026-11-20", "is:closed", "yesterday"),
    )
)
typed = st.lists(pieces, max_size=40).map("".join) | st.text(max_size=40)
term = st.builds(
    "{}{}".format,
    st.sampled_from(["", "-", "!"]),
    st.one_of(
        st.sampled_from(["export", '"it says"', "nobody", "-odd", "at", "breached", *FLAGS]),
        st.sampled_from(["severity:crit,high", "owner:me", "owner:none,sam", "state:risk,ok", "org:acme"]),
        st.sampled_from(["stage:res", "team:dev,mine", "waiting:cust", "policy:in", "is:open", "rung:>=1,0"]),
        st.builds("{}:{}{}h".format, st.sampled_from(["due", "age"]), st.sampled_from(["<", "<=", ">", ">="]),
                  st.integers(0, 120)),
        st.sampled_from(["due:none,<2h", "age:>1d,<30m", "contact:hana", "channel:tele", "ref:A"]),
    ),
)  # fmt: skip
filters = st.lists(term, max_size=5).map(" ".join)


@given(typed)
def test_any_text_can_be_parsed_and_each_error_lies_within_it(text: str) -> None:
    for fault in parse(text, KNOWN).faults:
        assert 0 <= fault.start < fault.end <= len(text)
        assert fault.message


@given(typed | filters)
def test_a_filter_written_out_and_parsed_again_is_the_same(text: str) -> None:
    read = parse(text, KNOWN).filter
    again = parse(str(read), KNOWN)
    assert not again.faults
    assert again.filter == read


a_ticket = st.builds(
    a_row,
    st.sampled_from(["A", "B1", "CD-4F7K-9"]),
    st.sampled_from([key for key, _ in SEVERITIES]),
    received_at=st.integers(NOW - 5 * DAY, NOW),
    target=st.integers(1, 6 * DAY),
    stage=st.sampled_from(["triage", "resolution", "resolved"]),
    owner=st.sampled_from([None, "ann", "sam", "anna"]),
    summary=st.sampled_from(["export stops", "nobody can log in", "it says -odd things"]),
).flatmap(
    lambda row: st.builds(
        structs.replace,
        st.just(row),
        waiting=st.sampled_from(["", "customer", "release"]),
        rung=st.integers(0, 3),
        out_of_policy=st.booleans(),
        page_open=st.booleans(),
    )
)


@given(filters, st.lists(a_ticket, max_size=12), st.sets(st.sampled_from(["A", "B1"])))
def test_selecting_from_many_equals_matching_one_by_one(
    text: str, tickets: list[QueueRow], marked: set[str]
) -> None:
    chosen, present = parse(text, KNOWN).filter, FilterContext(NOW, marked)
    entries = [entry(row) for row in tickets]
    one_by_one = [each for each in entries if all(_holds(one, each, present) for one in chosen.terms)]
    assert list(map(id, chosen.select(entries, present))) == list(map(id, one_by_one))


def _holds(term: Term | Group, ticket: QueueEntry, present: FilterContext) -> bool:
    """Whether a term holds; what is not wanted is the opposite of the same that is."""
    assert isinstance(term, Term)
    wanted = Filter((dataclasses.replace(term, negated=False),)).matches(ticket, present)
    return wanted is not term.negated


@given(filters, a_ticket)
def test_a_ticket_enters_and_leaves_a_filter_only_at_a_planned_instant(text: str, row: QueueRow) -> None:
    chosen = parse(text, KNOWN).filter
    ticket = entry(row)
    turns = chosen.transitions((ticket,), NOW).get(row.ref)
    until = turns if turns is not None else NOW + 40 * DAY
    before = chosen.matches(ticket, FilterContext(NOW))
    for now in (NOW + 1, (NOW + until) // 2, until - 1):
        assert now < NOW or now >= until or chosen.matches(ticket, FilterContext(now)) == before


@given(st.text("abexport", max_size=6), st.text("abexport", max_size=6), filters)
def test_further_typing_narrows_a_filter_and_negation_never_does(begun: str, more: str, rest: str) -> None:
    tickets = [entry(a_row("A", summary=summary)) for summary in map("".join, product("abe", "xpo", "rt"))]
    wider, narrower = (parse(f"{rest} {word}", KNOWN).filter for word in (begun, begun + more))
    if narrower.is_subset_of(wider):
        found = wider.select(tickets, FilterContext(NOW))
        assert set(map(id, narrower.select(tickets, FilterContext(NOW)))) <= set(map(id, found))
    assert (
        not begun
        or not more
        or not parse(f"-{begun}{more}", KNOWN).filter.is_subset_of(parse(f"-{begun}", KNOWN).filter)
    )


def test_every_field_suggests_only_valid_values() -> None:
    for name, field in FIELDS.items():
        for value, _ in field.options(KNOWN):
            assert not parse(f"{name}:{value_as_typed(Value(value))}", KNOWN).faults


@pytest.mark.parametrize(
    "text",
    [
        *(
            "lodz",
            "LO\u0301DZ",
            "ŁÓDŹ",
            "strasse",
            "京都",
            "ﾌﾟﾘﾝﾀ",
            "org:lodz",
            "org:urz\u0105d",
            "contact:orsted",
        ),
        *("contact:鈴", 'org:"urzad łódź"', "owner:đorđe", "owner:dorde", "-lodz"),
    ],
)
def test_a_filter_finds_text_with_or_without_accents(text: str) -> None:
    row = structs.replace(
        a_row("X", "high"),
        summary="Straße: プリンタ at 東京都",
        organisation="Urza\u0328d Łódź",
        contact="鈴木 Ørsted",
        owner="dj",
        owner_name="Đorđe",
    )
    known = msgspec.structs.replace(KNOWN, staff=[*KNOWN.staff, ("dj", "Đorđe")])
    read = parse(text, known)
    assert not read.faults
    assert read.filter.matches(entry(row), FilterContext(NOW)) is not text.startswith("-")


def test_a_letter_composed_while_typing_is_searched_again() -> None:
    wider, narrower = (parse(text, KNOWN).filter for text in ("か", "か\u3099"))
    assert not narrower.is_subset_of(wider)
