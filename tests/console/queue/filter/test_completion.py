"""The completions of a filter that is being typed."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from supportdesk.console.queue.filter.completion import completions
from supportdesk.console.queue.filter.parser import parse
from supportdesk.console.queue.filter.vocabulary import Vocabulary
from tests.console.queue.filter.test_filter import KNOWN

pieces = st.lists(
    st.sampled_from([*'aeosw:,-" d<2h()', "sev", "owner:", "org:", " or ", "received:", "2026-11-20"]),
    max_size=24,
)
ORGANISATIONS = ("Acme Ltd", "Globex", '5" Pipes \x1b[2J', "A, B and C")
DESK = Vocabulary(
    me="ann",
    team="development",
    severities=KNOWN.severities,
    channels=KNOWN.channels,
    teams=KNOWN.teams,
    staff=KNOWN.staff,
    organisations=lambda: ORGANISATIONS,
)


def offered(text: str) -> list[str]:
    """What is offered at the place of the bar."""
    cursor = text.index("|")
    return [offer.text for offer in completions(text.replace("|", ""), cursor, DESK).items]


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("sev|", ["severity:"]),
        ("acme -ow|", ["owner:"]),
        ("st|", ["state:", "stage:"]),
        ("wait|", ["waiting:", "waiting "]),
        ("severity:|", ["critical ", "high ", "medium ", "low ", "change "]),
        ("severity:h|", ["high "]),
        ("severity:high,|", ["critical ", "medium ", "low ", "change "]),
        ("severity:|,high", ["critical ", "medium ", "low ", "change "]),
        ("owner:an|", ["ann ", "anna "]),
        ("owner:lee|", ["ann "]),
        ("org:ac|", ['"Acme Ltd" ']),
        ("org:b|", ['"A, B and C" ']),
        ("due:|", ["<30m ", "<2h ", "<8h ", "<1d ", "none "]),
        ("state:d|", ['"due soon" ']),
    ],
)
def test_fields_and_then_their_values_are_suggested(text: str, first: list[str]) -> None:
    assert offered(text) == first


@pytest.mark.parametrize("text", ["export|", "severity:high|", "nosuch:x|", '"sev|', "s|everity:x", "st|a"])
def test_nothing_is_suggested_where_nothing_can_follow(text: str) -> None:
    assert offered(text) == []


def test_every_field_is_suggested_and_none_marked_before_typing() -> None:
    empty = completions("acme ", 5, DESK)
    assert empty.items[0].text == "severity:"
    assert not empty.begun


def test_an_accepted_completion_replaces_the_beginning_and_leaves_the_rest() -> None:
    text = "-sev acme"
    found = completions(text, 4, DESK)
    accepted, cursor = found.accepted(text, found.items[0])
    assert (accepted, cursor) == ("-severity: acme", 10)
    found = completions(accepted, cursor, DESK)
    assert found.accepted(accepted, found.items[1]) == ("-severity:high acme", 15)


@given(st.data(), pieces.map("".join))
def test_an_accepted_completion_is_a_valid_filter(data: st.DataObject, text: str) -> None:
    cursor = data.draw(st.integers(0, len(text)))
    before = {fault.message for fault in parse(text, DESK).faults}
    found = completions(text, cursor, DESK)
    for offer in found.items:
        accepted, at = found.accepted(text, offer)
        assert 0 <= at <= len(accepted)
        faults = parse(accepted, DESK).faults
        # A fault that reaches past the cursor is about what stood there before.
        about = [fault for fault in faults if fault.end <= at and fault.message not in before]
        assert not offer.text.endswith(" ") or not about


@pytest.mark.parametrize("typed", ["lod", "łód", "ŁO\u0301", "urzad"])
def test_a_name_is_suggested_with_or_without_its_accents(typed: str) -> None:
    known = replace(DESK, organisations=lambda: ["Acme", "Urząd Łódź"])
    assert [each.text for each in completions(f"org:{typed}", len(typed) + 4, known).items] == [
        '"Urząd Łódź" '
    ]


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("(sev|", ["severity:"]),
        ("(|", ["severity:", "owner:"]),
        ("owner:me or |", ["severity:", "owner:"]),
        ("o|", ["owner:", "org:", "overdue "]),
        ("or|", ["org:"]),
        ("(owner:me)|", []),
        ("(owner:an|)", ["ann ", "anna "]),
        ("-(team:de|", ["development "]),
        ('org:"5"|', ['"5"" Pipes \x1b[2J" ']),
        ("org:b|", ['"A, B and C" ']),
        ("received:tod|", ["today "]),
        ("received:>20/11/2025|", [">2025-11-20 "]),
        ('received:"20 nov 2025|', ["2025-11-20 "]),
        ("is:cl|", ["closed "]),
    ],
)
def test_completions_work_in_brackets_and_for_dates(text: str, first: list[str]) -> None:
    assert offered(text)[: len(first) or None] == first


def test_a_date_is_suggested_in_its_complete_form() -> None:
    text = "received:>20/11/2025"
    assert completions(text, len(text), DESK).items[0].note == "after Thu 20 Nov 2025"


def test_a_name_with_a_comma_is_accepted_as_one_value() -> None:
    known = replace(DESK, organisations=lambda: ["Smith,Jones", "(UK) Ltd", "or", ">2h", 'The "Old" Mill'])
    for typed in ("smi", "uk", "o", "2h", "old"):
        text = f"org:{typed}"
        found = completions(text, len(text), known)
        filled, cursor = found.accepted(text, found.items[0])
        read = parse(f"{filled}is:open", known)
        assert not read.faults
        assert [len(term.values) for term in read.filter.terms] == [1, 1]  # type: ignore[union-attr]
        assert cursor == len(filled)


@pytest.mark.parametrize("text", ["is:closed|", "is:open|", "state:ok|", "severity:high|"])
def test_a_complete_value_has_no_completions(text: str) -> None:
    assert offered(text) == []
