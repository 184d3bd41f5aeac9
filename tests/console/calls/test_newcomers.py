"""Customers and contacts who are new: added with the request, and only where that is said."""

from __future__ import annotations

from textual.widgets import Input

from supportdesk.console.calls.call import Call
from supportdesk.console.calls.log_form import LogRequestForm
from supportdesk.console.forms.search_field import SearchField
from supportdesk.console.forms.text_fields import CheckedField
from supportdesk.tickets.process.triage import Log
from tests.console.fixtures.log_keys import (
    caller,
    choose_severity,
    finish,
    log_form,
    save,
)
from tests.console.fixtures.morning import NOW
from tests.console.harness.dialog import (
    Seat,
    keys,
    opened,
    typed,
    words,
)


async def test_an_unknown_customer_and_contact_are_created_only_explicitly(seat: Seat) -> None:
    async with log_form(seat) as pilot:
        await typed(pilot, "Zeta  Foods")
        await keys(pilot, "down", "enter")
        assert words(pilot, "#organisation .field-note") == "add as a new customer"
        await typed(pilot, "Zoe Zack")
        await keys(pilot, "enter")
        await typed(pilot, "+44 20 7946 0999")
        await keys(pilot, "tab", "tab")
        await typed(pilot, "Cannot print")
        await choose_severity(pilot, "h")
        await save(pilot)
        assert "the contact is not registered" in words(pilot)
        await finish(pilot)
    assert seat.sent == [
        Log(
            "high",
            "phone",
            "Zeta Foods",
            "Zoe Zack",
            "Cannot print",
            new_organisation=True,
            new_contact=True,
            contact_telephone="+44 20 7946 0999",
        )
    ]


async def test_leaving_a_typed_name_with_shift_tab_creates_no_customer(seat: Seat) -> None:
    async with log_form(seat) as pilot:
        await typed(pilot, "Zeta Foods")
        await keys(pilot, "shift+tab")
        assert words(pilot, "#organisation .wrong") == "choose one with the arrows and enter, or clear it"


async def test_only_a_new_contact_is_asked_for_a_telephone_number(seat: Seat) -> None:
    async with log_form(seat) as pilot:
        telephone = pilot.app.screen.query_one("#contact_telephone")
        assert not telephone.display
        await typed(pilot, "acme")
        await keys(pilot, "enter")
        await typed(pilot, "Joanna New")
        await keys(pilot, "down", "enter")
        assert telephone.display


async def test_choosing_another_customer_clears_the_contact(seat: Seat) -> None:
    async with log_form(seat) as pilot:
        await caller(pilot, "acme", "jo")
        await keys(pilot, "shift+tab", "shift+tab", *["backspace"] * 8)
        await typed(pilot, "initech")
        await keys(pilot, "enter")
        assert pilot.app.screen.query_one("#contact Input", Input).value == ""


async def test_a_new_callers_email_address_is_filled_in(seat: Seat) -> None:
    async with opened(LogRequestForm(seat.context(), Call(NOW, email="zoe@zack.example"))) as pilot:
        assert pilot.app.screen.query_one("#contact_email", CheckedField).value == "zoe@zack.example"
        assert pilot.app.screen.query_one("#contact", SearchField).value == ""
