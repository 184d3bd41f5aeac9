"""Who rings on which line, and what a search for them makes of whatever is typed."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from supportdesk.console.calls import caller_search
from supportdesk.console.calls.call import (
    Call,
    KnownCaller,
    UnknownCaller,
    line_open,
    lines,
    may_use,
    resume_call,
)
from supportdesk.console.drafts.draft import Draft
from supportdesk.console.search.candidate import Candidate, NoMatchError
from supportdesk.tickets import reference
from supportdesk.tickets.documents import Contact
from tests.console.fixtures.fake_desk import claritum
from tests.console.fixtures.morning import CONTACTS, NOW, at, morning_desk

DESK = morning_desk()
JO, HANA = CONTACTS[0], CONTACTS[3]


def nobody_unfinished() -> list[Candidate]:
    return []


@pytest.mark.parametrize(
    ("day", "clock", "line"), [(24, "9:42", "phone"), (24, "18:00", "hotline"), (22, "12:00", "hotline")]
)
def test_a_call_comes_on_the_telephone_while_that_is_open_and_else_on_the_critical_line(
    day: int, clock: str, line: str
) -> None:
    assert line_open(claritum(), at(day, clock)) == line


def test_the_ways_in_by_voice_are_in_the_policy_s_order() -> None:
    assert [each.key for each in lines(claritum())] == ["hotline", "phone", "voicemail"]


@pytest.mark.parametrize(
    ("line", "contact", "may"),
    [
        ("phone", JO, True),
        ("phone", HANA, False),
        ("hotline", HANA, True),
        ("email", HANA, True),
        ("email", Contact("x", "acme", "X", registered=False), False),
    ],
)
def test_a_line_is_for_those_to_whom_the_policy_opens_it(line: str, contact: Contact, may: bool) -> None:
    assert may_use(claritum(), line, contact) is may


@given(text=st.text(max_size=40) | st.from_regex(r"[Cc][Dd][- ]?[0-9A-Za-z]{0,8}", fullmatch=True))
def test_whatever_is_typed_somebody_is_offered_or_it_is_said_why_nobody_is(text: str) -> None:
    found, why = sought(text)
    assert all(isinstance(each.of, KnownCaller | UnknownCaller) for each in found)
    assert bool(found) or bool(why) or not text.strip()


def sought(text: str) -> tuple[list[Candidate], str]:
    """Who is offered for a text, or why nobody is."""
    try:
        return list(caller_search.callers(DESK, nobody_unfinished)(text)), ""
    except NoMatchError as why:
        return [], str(why)


@given(number=st.integers(min_value=0, max_value=len(DESK.queue().rows) - 1))
def test_every_reference_of_a_ticket_finds_who_asked(number: int) -> None:
    ref = reference.make(number)
    (found,) = caller_search.callers(DESK, nobody_unfinished)(ref)
    assert isinstance(found.of, KnownCaller)
    assert found.of.found_by is not None
    assert found.of.found_by.ref == ref
    assert found.of.contact == DESK.ticket(ref).contact


@pytest.mark.parametrize(
    ("text", "newcomer"),
    [
        ("Zoe  Zack", UnknownCaller(name="Zoe Zack")),
        ("+44 1632 960999", UnknownCaller(telephone="+44 1632 960999")),
        ("zoe@zack.example", UnknownCaller(email="zoe@zack.example")),
        ("jane@@x", UnknownCaller(email="jane@@x")),
        ("@home", UnknownCaller(name="@home")),
        ("acm", UnknownCaller(organisation=DESK.records.organisations["acme"])),
        ("ac", UnknownCaller(name="ac")),
    ],
)
def test_somebody_new_is_taken_for_what_they_said_of_themselves(text: str, newcomer: UnknownCaller) -> None:
    assert caller_search.callers(DESK, nobody_unfinished)(text)[-1].of == newcomer


def test_the_call_of_an_unfinished_form_is_taken_up_with_all_that_is_known() -> None:
    customer, contact = Candidate("acme", "Acme Ltd"), Candidate("jo", "Jo Park", of=JO)
    typed = {
        "organisation": ("Acme Ltd", customer),
        "contact": ("Jo Park", contact),
        "contact_telephone": "",
        "summary": "Labels",
    }
    assert resume_call(Draft(typed, NOW), "jo") == (Call(NOW, customer, contact, draft_key="jo"), "Labels")


@pytest.mark.parametrize("typed", [{}, {"organisation": 1}, {"organisation": ("", 2), "contact": ("", None)}])
def test_a_draft_of_another_form_is_no_call(typed: dict[str, object]) -> None:
    assert resume_call(Draft(typed, NOW + timedelta(hours=1)), "") is None
