"""Escalating: two keys and a reason, with the consequences shown beforehand."""

from __future__ import annotations

from types import MappingProxyType

from msgspec.structs import replace
from textual.widgets import Input

from supportdesk.console.commands.escalate_batch_form import batch_escalation_options
from supportdesk.console.commands.escalate_form import EscalateForm
from supportdesk.console.widgets.choices import Choices
from supportdesk.desk_api import Applied
from supportdesk.tickets.documents import Person
from supportdesk.tickets.process.conversation import Reply
from supportdesk.tickets.process.escalation import Escalate
from supportdesk.tickets.process.resolution import Wait
from supportdesk.tickets.process.severity import ChangeSeverity
from tests.console.fixtures.fake_desk import FakeDesk, claritum
from tests.console.fixtures.morning import NOW, morning_desk
from tests.console.harness.dialog import (
    Seat,
    Shown,
    is_open,
    keys,
    left,
    opened,
    typed,
    typed_ahead,
    until,
    words,
)

HIGH = "Purchase order"
"""A ticket of Ann's, on line 2, with which nobody up the ladder was troubled yet."""


def ladder(seat: Seat, about: str = HIGH) -> EscalateForm:
    return EscalateForm(seat.context(), seat.view(about))


def offered(pilot: Shown) -> list[str]:
    return pilot.app.screen.query_one(Choices).render().plain.splitlines()


def notified(seat: Seat) -> list[str]:
    return [notice.text for notice in seat.notices]


def with_staff(desk: FakeDesk, *people: Person) -> None:
    staff = {**desk.records.staff, **{person.username: person for person in people}}
    desk.records = replace(desk.records, staff=MappingProxyType(staff))


async def test_f_a_reason_and_enter_escalate_to_the_next_line(seat: Seat) -> None:
    ref = seat.view(HIGH).ticket.ref
    async with opened(ladder(seat)) as pilot:
        await keys(pilot, "f")
        await typed(pilot, "needs a trace")
        await keys(pilot, "enter")
        assert isinstance(await left(pilot), Applied)
    assert seat.sent == [Escalate(ref, reason="needs a trace", way="functional")]
    assert seat.view(HIGH).ticket.team == "technical-support"


async def test_h_a_reason_and_enter_escalate_to_the_next_person(seat: Seat) -> None:
    ref = seat.view(HIGH).ticket.ref
    async with opened(ladder(seat)) as pilot:
        await keys(pilot, "h")
        await typed(pilot, "the customer insists")
        await keys(pilot, "enter")
        assert isinstance(await left(pilot), Applied)
        assert notified(seat) == [
            f"{ref} is escalated. Ring Maya Brandt on +44 7700 900107: no pager is connected."
        ]
    assert seat.sent == [Escalate(ref, reason="the customer insists", way="hierarchical")]


async def test_keys_typed_ahead_choose_the_option_and_fill_in_the_reason(seat: Seat) -> None:
    ref = seat.view(HIGH).ticket.ref
    async with opened(ladder(seat)) as pilot:
        typed_ahead(pilot, "hhelp for the half-finished fix", "<enter>")
        assert isinstance(await left(pilot), Applied)
    assert seat.sent == [Escalate(ref, reason="help for the half-finished fix", way="hierarchical")]


async def test_enter_accepts_the_preselected_option(seat: Seat) -> None:
    async with opened(ladder(seat)) as pilot:
        await keys(pilot, "enter")
        assert pilot.app.screen.query_one(Input).has_focus
        assert not words(pilot, ".wrong")
        await typed(pilot, "stuck")
        await keys(pilot, "enter")
        assert isinstance(await left(pilot), Applied)
    assert [command.way for command in seat.sent if isinstance(command, Escalate)] == ["functional"]


async def test_without_a_reason_nothing_is_sent(seat: Seat) -> None:
    async with opened(ladder(seat)) as pilot:
        await keys(pilot, "h", "enter")
        assert words(pilot, ".wrong") == "required: why it is escalated"
        assert not seat.sent


async def test_the_form_shows_the_assignment_and_what_happens_to_the_clocks(seat: Seat) -> None:
    async with opened(ladder(seat)) as pilot:
        told = words(pilot, ".fact-text")
    assert told == (
        "User Support, line 2 · owner Ann Lee\n"
        "not escalated yet\n"
        "Response    met\n"
        "Resolution  8:58 left, due Wed 08:40 GMT\n"
        "Escalating does not change the clocks."
    )


async def test_the_form_shows_breached_and_paused_clocks(seat: Seat) -> None:
    async with opened(ladder(seat, "Checkout hangs")) as pilot:
        told = words(pilot, ".fact-text")
        assert "Technical Support, line 3 · owner Priya Nair\nescalated to the Support Manager" in told
        assert "Resolution  0:13:00 over, due 09:29 GMT" in told
    async with opened(ladder(seat, "Invoice totals")) as pilot:
        assert "left, on hold\n" in words(pilot, ".fact-text")


async def test_the_form_offers_every_line_and_rung_above_and_marks_empty_rungs(seat: Seat) -> None:
    async with opened(ladder(seat)) as pilot:
        assert [line.split() for line in offered(pilot)] == [
            ["Next", "line"],
            ["f", "●", "Technical", "Support", "line", "3"],
            ["○", "Development", "line", "4"],
            ["Up", "the", "ladder"],
            ["h", "○", "Support", "Manager", "Maya", "Brandt"],
            ["○", "Head", "of", "Support", "nobody", "holds", "it"],
            ["○", "Director", "nobody", "holds", "it"],
        ]


async def test_a_line_beyond_the_next_is_chosen_with_the_arrows(seat: Seat) -> None:
    async with opened(ladder(seat)) as pilot:
        await keys(pilot, "down", "enter")
        await typed(pilot, "a known fault")
        await keys(pilot, "enter")
        assert isinstance(await left(pilot), Applied)
    ref = seat.view(HIGH).ticket.ref
    assert seat.sent == [Escalate(ref, reason="a known fault", way="functional", to="development")]


async def test_a_rung_beyond_the_next_is_sent_by_its_key(seat: Seat) -> None:
    with_staff(seat.desk, Person("dir", "Di Rector", "user-support", (), "+44 1", "", ("director",)))
    async with opened(ladder(seat)) as pilot:
        await keys(pilot, "up")
        assert words(pilot, "#way .field-note").startswith("Ring Di Rector on +44 1: no pager is connected.")
        await keys(pilot, "enter")
        await typed(pilot, "all else failed")
        await keys(pilot, "enter")
        assert isinstance(await left(pilot), Applied)
    ref = seat.view(HIGH).ticket.ref
    assert seat.sent == [Escalate(ref, reason="all else failed", way="hierarchical", to="director")]


async def test_an_empty_rung_is_skipped_by_h(seat: Seat) -> None:
    with_staff(
        seat.desk,
        Person("maya", "Maya Brandt", "user-support", ()),
        Person("kim", "Kim Ode", "user-support", (), "+44 2", "", ("head-of-support",)),
    )
    async with opened(ladder(seat)) as pilot:
        await keys(pilot, "h")
        assert words(pilot, "#way .field-note").startswith("Ring Kim Ode on +44 2")
        await typed(pilot, "x")
        await keys(pilot, "enter")
        assert isinstance(await left(pilot), Applied)
    assert seat.view(HIGH).ticket.rung == 2


async def test_the_form_names_who_will_be_notified_with_the_number(seat: Seat) -> None:
    async with opened(ladder(seat)) as pilot:
        note = "#way .field-note"
        assert words(pilot, note) == ("Nobody is paged; it appears unassigned in Technical Support's queue.")
        await keys(pilot, "h")
        assert words(pilot, note) == (
            "Ring Maya Brandt on +44 7700 900107: no pager is connected. The ticket stays with User Support."
        )


async def test_a_critical_escalated_to_its_team_pages_the_person_on_call(seat: Seat) -> None:
    ref = seat.view("Checkout hangs").ticket.ref
    from supportdesk.tickets.process.assignment import Assign

    seat.desk.do_as("ann", Assign(ref, team="user-support"))
    async with opened(ladder(seat, "Checkout hangs")) as pilot:
        assert words(pilot, "#way .field-note") == (
            "Critical pages the person on call. Ring Priya Nair on +44 7700 900104: no pager is connected. "
            "On call until Mon 08:00 GMT."
        )


async def test_the_form_says_if_nobody_is_on_call_or_has_a_number(seat: Seat) -> None:
    with_staff(seat.desk, replace_number(seat.desk.records.staff["maya"], ""))
    async with opened(ladder(seat)) as pilot:
        await keys(pilot, "h")
        assert "no number is recorded" in words(pilot, "#way .field-note")


def replace_number(person: Person, telephone: str) -> Person:
    return Person(
        person.username, person.name, person.team, person.roles, telephone, person.email, person.rungs
    )


async def test_without_a_line_or_rung_above_the_form_says_why_and_sends_nothing(seat: Seat) -> None:
    ref = seat.view("Checkout hangs").ticket.ref
    seat.desk.do_as("ann", Escalate(ref, reason="a fault in the code", to="development"))
    async with opened(ladder(seat, "Checkout hangs")) as pilot:
        assert [" ".join(line.split()) for line in offered(pilot)] == [
            "Next line",
            "f ○ The next line Development is the last line",
            "Up the ladder",
            "h ○ The next rung nobody holds a rung above",
        ]
        await keys(pilot, "f", "h", "enter", "enter")
        assert not seat.sent
        assert is_open(pilot)


async def test_a_refusal_keeps_the_reason(seat: Seat) -> None:
    async with opened(ladder(seat)) as pilot:
        await keys(pilot, "f")
        await typed(pilot, "needs a trace")
        seat.desk.outage = "the database is gone"
        await keys(pilot, "enter")
        await until(pilot, lambda: bool(words(pilot, ".status.refused")))
        assert pilot.app.screen.query_one(Input).value == "needs a trace"
        assert notified(seat) == []


async def test_option_and_reason_are_restored_after_escape(seat: Seat) -> None:
    async with opened(ladder(seat)) as pilot:
        await keys(pilot, "h")
        await typed(pilot, "half")
        await keys(pilot, "escape")
    async with opened(ladder(seat)) as pilot:
        assert pilot.app.screen.query_one(Input).value == "half"
        await keys(pilot, "tab", "enter")
        assert isinstance(await left(pilot), Applied)
    assert [command.way for command in seat.sent if isinstance(command, Escalate)] == ["hierarchical"]


async def test_the_clocks_are_those_of_the_present(seat: Seat) -> None:
    ref = seat.view("Two reports").ticket.ref
    seat.desk.do_as("ann", ChangeSeverity(ref, severity="high", reason="month's end"))
    seat.desk.do_as("ann", Reply(ref, text="Which two?"))
    seat.desk.do_as("ann", Wait(ref))
    async with opened(ladder(seat, "Two reports")) as pilot:
        assert "on hold" in words(pilot, ".fact-text")
    assert seat.desk.now() == NOW


def test_the_note_on_pages_names_the_severities_of_the_policy() -> None:
    policy, roster = claritum(), morning_desk().roster()
    note = batch_escalation_options(policy, roster)[0].note
    assert note.startswith("Critical: the person on call is paged")
    silent = replace(policy, severities=tuple(replace(each, pages=False) for each in policy.severities))
    assert not batch_escalation_options(silent, roster)[0].note
