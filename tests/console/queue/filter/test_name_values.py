"""Names as values of a filter: of customers, people and releases, known and unknown."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import structs
from msgspec.structs import replace

from supportdesk.console.queue.filter.parser import parse
from supportdesk.console.queue.filter.predicates import FilterContext
from supportdesk.console.queue.filter.values import name_as_value
from supportdesk.console.queue.filter.vocabulary import LookedUp
from tests.console.fixtures.queue_rows import a_row
from tests.console.queue.filter.test_filter import DESK, KNOWN, NOW, entry

NAMES = [
    *(
        "Smith,Jones",
        "Straße",
        "Strasse",
        "Smith",
        "Jones",
        'The "Old" Mill',
        "or",
        "-Minus",
        "!Bang",
        "(UK) Ltd",
        "Acme (UK",
        "a:b",
    ),
    *(
        "owner:me",
        "<b>",
        ">2h",
        "=",
        "me",
        "none",
        '"',
        '""',
        "-",
        "x or y",
        " spaced  out ",
        "Müller",
        "Muller",
    ),
    *("O'Brien & Söhne", "京都", "severity:high", "Smith, Jones", "N/A", "\\", "#1"),
]


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("field", ["org", "contact"])
def test_a_name_as_a_value_selects_only_the_tickets_of_that_name(field: str, name: str) -> None:
    read = parse(f"{field}:{name_as_value(name)}", DESK)
    attribute = {"org": "organisation", "contact": "contact"}[field]
    named = {each: entry(structs.replace(a_row("X", "high"), **{attribute: each})) for each in NAMES}
    known = replace(
        DESK, organisations=lambda: [" ".join(each.split()) for each in NAMES], contacts=lambda: NAMES
    )
    read = parse(f"is:open {field}:{name_as_value(name)}", known)
    assert not read.faults
    assert [each for each, ticket in named.items() if read.filter.matches(ticket, FilterContext(NOW))] == [
        name
    ]


@pytest.mark.parametrize("name", ["me", "none", "or", "ann,sam", "a-b", "x)"])
def test_a_username_as_a_value_is_that_person(name: str) -> None:
    known = replace(DESK, staff=[*KNOWN.staff, (name, "Somebody Else")])
    read = parse(f"owner:{name_as_value(name)}", known)
    assert not read.faults
    tickets = [
        entry(structs.replace(a_row("X", "high"), owner=owner, owner_name=shown))
        for owner, shown in ((name, "Somebody Else"), ("ann", "Ann Lee"), ("sam", "Sam Okoro"), (None, ""))
    ]
    assert read.filter.select(tickets, FilterContext(NOW)) == tickets[:1]


@given(st.text(min_size=1, max_size=20).filter(str.strip))
def test_any_name_is_one_value(name: str) -> None:
    read = parse(f"org:{name_as_value(name)} is:open", DESK)
    assert not read.faults
    assert [(term.name, len(term.values)) for term in read.filter.terms] == [("org", 1), ("is", 1)]  # type: ignore[union-attr]


def test_an_unknown_customer_is_an_error_and_one_without_open_tickets_is_not() -> None:
    asked: list[tuple[str, str]] = []

    def look_up(field: str, value: str) -> LookedUp | None:
        asked.append((field, value))
        return {"acne": LookedUp(exists=False, near=("Acme Ltd",)), "initech": LookedUp(exists=True)}.get(
            value
        )

    known = replace(DESK, organisations=lambda: ["Globex"], look_up=look_up)
    (fault,) = parse("customer:acne", known).faults
    assert fault.message == 'unknown customer "acne"; did you mean Acme Ltd?'
    for text in ("org:initech", "org:not-known-yet", "org:glob"):
        assert not parse(text, known).faults
    assert list(dict.fromkeys(asked)) == [("org", "acne"), ("org", "initech"), ("org", "not-known-yet")]


def test_a_person_who_has_left_may_still_own_tickets() -> None:
    known = replace(KNOWN, former=[("karen", "Karen Doyle")])
    assert not parse("owner:karen", known).faults
    assert parse("owner:karren", known).faults[0].message == 'unknown owner "karren"; did you mean karen?'


PAGES = {
    "MINE": structs.replace(a_row("MINE"), page_open=True, paged=("ann",)),
    "SAMS": structs.replace(a_row("SAMS"), page_open=True, paged=("sam",), release="8.4"),
    "BOTH": structs.replace(a_row("BOTH", severity="low"), page_open=True, paged=("sam", "ann")),
    "NOBODYS": structs.replace(a_row("NOBODYS"), page_open=True, release="8.40"),
    "DONE": structs.replace(a_row("DONE", stage="resolved"), page_open=True),
    "QUIET": structs.replace(a_row("QUIET"), release="9.0"),
    "BACK": structs.replace(a_row("BACK"), is_undelivered=True),
}


@pytest.mark.parametrize(
    ("text", "refs"),
    [
        ("undelivered", {"BACK"}),
        ("paged:none", {"NOBODYS"}),
        ("paged", {"MINE", "SAMS", "BOTH", "NOBODYS"}),
        ("paged -paged:none", {"MINE", "SAMS", "BOTH"}),
        ("paged:me", {"MINE", "BOTH"}),
        ("paged:nobody", {"NOBODYS"}),
        ("paged:okoro,none", {"SAMS", "BOTH", "NOBODYS"}),
        ("release:8.4", {"SAMS"}),
        ("release:8", {"SAMS", "NOBODYS"}),
        ("release:8.4,9.0", {"SAMS", "QUIET"}),
        ("release:none", {"MINE", "BOTH", "DONE", "BACK"}),
        ("-release:none", {"SAMS", "NOBODYS", "QUIET"}),
    ],
)
def test_tickets_are_found_by_the_person_paged_and_by_release(text: str, refs: set[str]) -> None:
    read = parse(text, replace(KNOWN, releases=[("8.4", ""), ("8.40", ""), ("9.0", "")]))
    assert not read.faults
    assert str(read.filter) == text
    found = read.filter.select([entry(row) for row in PAGES.values()], FilterContext(NOW))
    assert {each.row.ref for each in found} == refs


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("release:>8.4", "release cannot be compared; list the values, as in 8.4,9.0"),
        ("release:8.5", 'unknown release "8.5"; did you mean 8.4?'),
        ("paged:samm", 'unknown member of staff "samm"; did you mean sam?'),
    ],
)
def test_an_unknown_release_or_colleague_is_reported_with_the_closest_name(text: str, message: str) -> None:
    (fault,) = parse(text, replace(KNOWN, releases=[("8.4", ""), ("9.0", "")])).faults
    assert fault.message == message


def test_a_release_planned_later_is_found_by_its_beginning_too() -> None:
    read = parse("release:8", replace(KNOWN, releases=[("8.4", "")]))
    later = entry(structs.replace(a_row("LATER"), release="8.5"))
    assert read.filter.matches(later, FilterContext(NOW))
