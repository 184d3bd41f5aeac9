"""Handing a ticket over, and acknowledging a page."""

from __future__ import annotations

import pytest
from msgspec.structs import replace
from textual.widgets import TextArea

from supportdesk.console.commands.form_registry import form_for, form_for_batch
from supportdesk.console.commands.hand_over_form import HandOverForm, suggested_colleague
from supportdesk.console.dialogs.confirm import Confirm
from supportdesk.desk_api import Applied
from supportdesk.tickets.documents import Absence
from supportdesk.tickets.process.assignment import Assign, HandBack, HandOver
from supportdesk.tickets.process.triage import Acknowledge
from tests.console.fixtures.morning import at, morning_desk
from tests.console.harness.console import running
from tests.console.harness.dialog import Seat, keys, left, on_screen, opened, typed, until, words

CRITICAL, HIGH = "Checkout", "Purchase order"


def form(seat: Seat, about: str) -> HandOverForm:
    return HandOverForm(seat.context(), seat.view(about))


def away(seat: Seat, username: str) -> None:
    """Let somebody be away to Monday, with Lee as their deputy."""
    absence = Absence(1, username, seat.desk.now(), at(30, "8:00"), "lee")
    seat.desk.records = replace(seat.desk.records, absences=(absence,))


def notified(seat: Seat) -> list[str]:
    return [notice.text for notice in seat.notices]


def offered(seat: Seat, about: str, giver: str) -> str | None:
    view = seat.view(about)
    return suggested_colleague(seat.desk.policy, view, seat.desk.roster(), giver, seat.desk.now())


def test_a_critical_is_suggested_to_the_person_on_call_and_from_them_to_the_next_shift(seat: Seat) -> None:
    seat.desk.do_as("ann", Assign(seat.view(CRITICAL).ticket.ref, owner="sam"))
    assert offered(seat, CRITICAL, "sam") == "priya"
    assert offered(seat, CRITICAL, "priya") == "tom"


def test_another_ticket_is_suggested_to_its_previous_owner_or_to_nobody(seat: Seat) -> None:
    assert offered(seat, "Export stops", "ann") is None
    ref = seat.view("Export stops").ticket.ref
    seat.desk.do_as("sam", HandBack(ref, "x"))
    assert offered(seat, "Export stops", "ann") == "sam"


def test_somebody_who_is_away_is_not_suggested(seat: Seat) -> None:
    ref = seat.view("Export stops").ticket.ref
    seat.desk.do_as("sam", HandBack(ref, "x"))
    away(seat, "sam")
    assert offered(seat, "Export stops", "ann") is None


@pytest.mark.parametrize("command", [Assign, HandOver])
async def test_a_ticket_is_given_to_somebody_who_is_away_only_after_a_question(
    seat: Seat, command: type[Assign | HandOver]
) -> None:
    away(seat, "sam")
    ref = seat.view(HIGH).ticket.ref
    async with opened(form_for(command, seat.context(), seat.view(HIGH))) as pilot:
        await typed(pilot, "sam")
        await keys(pilot, "enter", "enter", "enter")
        await typed(pilot, "The rules are checked.")
        await keys(pilot, "f2")
        await on_screen(pilot, Confirm)
        assert "Sam Okoro is absent to Mon 30 Nov, deputy Lee Wong." in words(pilot)
        await keys(pilot, "enter")
        assert seat.sent == []
        await keys(pilot, "f2")
        await on_screen(pilot, Confirm)
        await keys(pilot, "y")
        assert isinstance(await left(pilot), Applied)
    assert seat.view(HIGH).ticket.owner == "sam"
    assert [each.ref for each in seat.sent] == [ref]  # type: ignore[attr-defined]


async def test_several_tickets_are_given_to_somebody_who_is_away_only_after_a_question(seat: Seat) -> None:
    away(seat, "sam")
    form = form_for_batch(Assign, seat.context(), [seat.view(HIGH).row])
    async with opened(form) as pilot:
        await typed(pilot, "sam")
        await keys(pilot, "enter", "f2")
        await on_screen(pilot, Confirm)
        assert "Sam Okoro is absent to Mon 30 Nov, deputy Lee Wong." in words(pilot)


async def test_handing_over_a_critical_shows_who_must_be_phoned(seat: Seat) -> None:
    ref = seat.view(CRITICAL).ticket.ref
    async with opened(form(seat, CRITICAL)) as pilot:
        assert pilot.app.screen.query_one(TextArea).has_focus
        await typed(pilot, "Step three hangs.")
        await keys(pilot, "f2")
        assert isinstance(await left(pilot), Applied)
        assert notified(seat) == [
            f"{ref} is handed over. Ring Tom Ellis on +44 20 7946 0105: no pager is connected."
        ]
    assert seat.sent == [HandOver(ref, "tom", "Step three hangs.")]
    assert seat.view(CRITICAL).ticket.page_open


async def test_handing_over_a_high_phones_nobody(seat: Seat) -> None:
    async with opened(form(seat, HIGH)) as pilot:
        await typed(pilot, "sam")
        await keys(pilot, "enter", "enter")
        await typed(pilot, "The rules are checked.")
        await keys(pilot, "f2")
        assert isinstance(await left(pilot), Applied)
        assert notified(seat) == []
    assert seat.view(HIGH).ticket.owner == "sam"


async def test_the_form_says_what_happens_next(seat: Seat) -> None:
    async with opened(form(seat, CRITICAL)) as pilot:
        assert "As it is Critical, they are paged until they accept" in words(pilot, ".fact-text")
    async with opened(form(seat, HIGH)) as pilot:
        assert "It appears in their queue" in words(pilot, ".fact-text")


async def test_another_persons_page_is_acknowledged_only_after_a_question() -> None:
    desk = morning_desk()
    async with running(desk) as it:
        await it.find("Nobody can log in")
        await it.press("p")
        await it.until(lambda: isinstance(it.app.screen, Confirm))
        assert "Priya Nair was paged at 08:48 GMT" in words(it.pilot)
        await it.press("enter")
        await it.rest()
        assert not any(isinstance(command, Acknowledge) for command, *_ in desk.commands)
        await it.press("p")
        await it.until(lambda: isinstance(it.app.screen, Confirm))
        await it.press("y")
        await it.until(lambda: any(isinstance(command, Acknowledge) for command, *_ in desk.commands))


async def test_the_operators_own_page_is_acknowledged_at_once() -> None:
    desk = morning_desk()
    async with running(desk, username="priya") as it:
        await it.find("Nobody can log in")
        await it.press("p")
        await it.until(lambda: any(isinstance(command, Acknowledge) for command, *_ in desk.commands))
        assert it.app.screen is it.screen


async def test_the_key_opens_the_form_with_the_colleague_filled_in() -> None:
    async with running(morning_desk(), username="priya") as it:
        await it.find("Checkout")
        await it.press("H")
        await until(it.pilot, lambda: isinstance(it.app.screen, HandOverForm))
        assert it.app.screen.query_one("#to").value == "tom"  # type: ignore[attr-defined]
