"""The caller is found by the reference of one of their tickets, wherever it is and however it is typed."""

from __future__ import annotations

import pytest

from supportdesk.console.calls.caller_card import CallerCard
from supportdesk.console.calls.screen import CallScreen
from supportdesk.console.calls.subject_field import SubjectList
from supportdesk.console.commands.command_form import CommandForm
from supportdesk.tickets import reference
from supportdesk.tickets.process.closure import Close
from supportdesk.tickets.process.triage import Log
from tests.console.harness.dialog import (
    Seat,
    is_open,
    keys,
    on_screen,
    opened,
    typed,
    typed_ahead,
    until,
    words,
)


async def test_a_reference_finds_its_ticket_and_contact(seat: Seat) -> None:
    ref = seat.view("Purchase order").ticket.ref
    async with opened(CallScreen(seat.context())) as pilot:
        typed_ahead(pilot, ref.lower().replace("-", ""), "<enter>", "<enter>")
        await on_screen(pilot, CommandForm)
        assert ref in words(pilot)


async def test_a_ticket_closed_long_ago_is_marked_and_shown_as_closed(seat: Seat) -> None:
    refs = [
        seat.desk.do_as("ann", Log("low", "portal", "acme", "jo", f"Wish {number}")) for number in range(6)
    ]
    for ref in refs:
        seat.desk.do_as("ann", Close(ref, reason="withdrawn", text="not needed"))
    for ref in refs:
        async with opened(CallScreen(seat.context())) as pilot:
            await typed(pilot, ref)
            await keys(pilot, "enter")
            marked = pilot.app.screen.query_one(SubjectList).marked
            assert marked is not None
            assert marked.ref == ref
            await keys(pilot, "enter")
            await until(pilot, lambda: "it is closed; reopen it first" in words(pilot, ".status.refused"))


@pytest.mark.parametrize("text", ["CD-4C02-R", "cd4c02r", "cd 4c02 r"])
async def test_a_wrong_reference_is_said_at_once(seat: Seat, text: str) -> None:
    async with opened(CallScreen(seat.context())) as pilot:
        await typed(pilot, text)
        assert words(pilot, "#caller .wrong").startswith(
            f"{text} is not a reference: the check character is wrong"
        )
        await keys(pilot, "enter")
        assert is_open(pilot)
        assert not pilot.app.screen.query_one(CallerCard).display


async def test_an_unknown_reference_is_reported(seat: Seat) -> None:
    async with opened(CallScreen(seat.context())) as pilot:
        await typed(pilot, reference.make(5_000))
        assert words(pilot, "#caller .wrong").startswith("no ticket has the reference")


async def test_an_incomplete_reference_is_not_an_error(seat: Seat) -> None:
    async with opened(CallScreen(seat.context())) as pilot:
        await typed(pilot, "CD-4C")
        assert words(pilot, "#caller .field-note").startswith("type the rest of the reference")
