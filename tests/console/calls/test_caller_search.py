"""The open line, and the caller search with every kind of query."""

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
    may_use,
    open_voice_channel,
    resume_call,
    voice_channels,
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
def test_a_call_comes_in_on_the_telephone_in_its_hours_and_otherwise_on_the_critical_line(
    day: int, clock: str, line: str
) -> None:
    assert open_voice_channel(claritum(), at(day, clock)) == line


def test_the_voice_channels_are_in_the_order_of_the_policy() -> None:
    assert [each.key for each in voice_channels(claritum())] == ["hotline", "phone", "voicemail"]


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
def test_a_line_may_be_used_by_the_contacts_that_the_policy_names(
    line: str, contact: Contact, may: bool
) -> None:
    assert may_use(claritum(), line, contact) is may


@given(text=st.text(max_size=40) | st.from_regex(r"[Cc][Dd][- ]?[0-9A-Za-z]{0,8}", fullmatch=True))
def test_every_query_finds_a_caller_or_the_reason_why_there_is_none(text: str) -> None:
    found, why = found_callers(text)
    assert all(isinstance(each.record, KnownCaller | UnknownCaller) for each in found)
    assert bool(found) or bool(why) or not text.strip()


def found_callers(text: str) -> tuple[list[Candidate], str]:
    """Return the callers found by a text, or the reason why there are none."""
    try:
        return list(caller_search.callers(DESK, nobody_unfinished)(text)), ""
    except NoMatchError as why:
        return [], str(why)


@given(number=st.integers(min_value=0, max_value=len(DESK.queue().rows) - 1))
def test_the_reference_of_a_ticket_finds_its_contact(number: int) -> None:
    ref = reference.make(number)
    (found,) = caller_search.callers(DESK, nobody_unfinished)(ref)
    assert isinstance(found.record, KnownCaller)
    assert found.record.found_by is not None
    assert found.record.found_by.ref == ref
    assert found.record.contact == DESK.ticket(ref).contact


@pytest.mark.parametrize(
    ("text", "caller"),
    [
        ("Zoe  Zack", UnknownCaller(name="Zoe Zack")),
        ("+44 1632 960999", UnknownCaller(telephone="+44 1632 960999")),
        ("zoe@zack.example", UnknownCaller(email="zoe@zack.example")),
        ("@home", UnknownCaller(name="@home")),
        ("acm", UnknownCaller(organisation=DESK.records.organisations["acme"])),
        ("ac", UnknownCaller(name="ac")),
    ],
)
def test_an_unknown_caller_keeps_the_details_that_were_typed(text: str, caller: UnknownCaller) -> None:
    assert caller_search.callers(DESK, nobody_unfinished)(text)[-1].record == caller


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("jo@@x", "type it as in"),
        ("?", "'?' is not a telephone number"),
        ("999999999999999999", "a country code that does not exist"),
    ],
)
def test_what_can_be_no_number_and_no_address_is_reported_at_once(text: str, why: str) -> None:
    found, told = found_callers(text)
    assert not found
    assert why in told


def test_an_unfinished_call_is_resumed_with_all_its_details() -> None:
    customer, contact = Candidate("acme", "Acme Ltd"), Candidate("jo", "Jo Park", record=JO)
    typed = {
        "organisation": ("Acme Ltd", customer),
        "contact": ("Jo Park", contact),
        "contact_telephone": "",
        "summary": "Labels",
    }
    assert resume_call(Draft(typed, NOW), "jo") == (Call(NOW, customer, contact, draft_key="jo"), "Labels")


@pytest.mark.parametrize("typed", [{}, {"organisation": 1}, {"organisation": ("", 2), "contact": ("", None)}])
def test_a_draft_of_another_form_is_not_resumed_as_a_call(typed: dict[str, object]) -> None:
    assert resume_call(Draft(typed, NOW + timedelta(hours=1)), "") is None


@pytest.mark.parametrize(
    ("text", "caller"),
    [
        (
            '"Pat Jones" <tel:+442079460999>',
            UnknownCaller(name="Pat Jones", telephone="+442079460999"),
        ),
        ("Pat Jones <pat@umbra.example>", UnknownCaller(name="Pat Jones", email="pat@umbra.example")),
        ("<mailto:pat@umbra.example>", UnknownCaller(email="pat@umbra.example")),
    ],
)
def test_a_pasted_name_with_its_number_or_address_is_kept_apart(text: str, caller: UnknownCaller) -> None:
    found, _why = found_callers(text)
    assert found[-1].record == caller
