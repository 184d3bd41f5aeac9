"""A call that was left is found again by its caller, and restored or discarded."""

from __future__ import annotations

from datetime import timedelta

from textual.widgets import Input

from supportdesk.console.calls.log_form import LogRequestForm
from supportdesk.console.calls.screen import CallScreen
from supportdesk.console.calls.summary_field import SummaryField
from supportdesk.desk_api import Applied
from supportdesk.tickets.process.triage import Log
from tests.console.fixtures.call_keys import offered, read_back
from tests.console.fixtures.morning import NOW
from tests.console.harness.dialog import (
    Seat,
    keys,
    left,
    on_screen,
    opened,
    typed,
    until,
    words,
)


async def test_an_unfinished_call_is_restored_completely(seat: Seat) -> None:
    async with opened(CallScreen(seat.context())) as pilot:
        await typed(pilot, "jo")
        await keys(pilot, "enter", "enter")
        await on_screen(pilot, LogRequestForm)
        await typed(pilot, "Labels print twice")
        await keys(pilot, "enter", "n", "escape", "escape")
        assert await left(pilot) is None
    async with opened(CallScreen(seat.context())) as pilot:
        assert [each.note for each in offered(pilot)] == [
            "Acme Ltd · unfinished call, saved 09:42 GMT · Labels print twice"
        ]
        await keys(pilot, "enter")
        assert len(offered(pilot)) == 1
        assert "required: name, company" in words(pilot)
        await keys(pilot, "down", "enter")
        await on_screen(pilot, LogRequestForm)
        await keys(pilot, "shift+tab", "tab", "y", "f2")
        await read_back(pilot)
        assert isinstance(await left(pilot), Applied)
    assert seat.sent == [Log("high", "phone", "acme", "jo", "Labels print twice", received_at=NOW)]


async def test_a_caller_who_rings_again_starts_anew_or_resumes_the_unfinished_call(
    seat: Seat,
) -> None:
    async with opened(CallScreen(seat.context())) as pilot:
        await typed(pilot, "jo")
        await keys(pilot, "enter", "enter")
        await on_screen(pilot, LogRequestForm)
        await typed(pilot, "Labels print twice")
        await keys(pilot, "escape", "escape")
        assert await left(pilot) is None
    seat.desk.clock.set(NOW + timedelta(minutes=3))
    async with opened(CallScreen(seat.context())) as pilot:
        await typed(pilot, "jo")
        await until(pilot, lambda: any("unfinished" in each.note for each in offered(pilot)))
        assert "unfinished" not in offered(pilot)[0].note
        await keys(pilot, "enter", "enter")
        await on_screen(pilot, LogRequestForm)
        assert pilot.app.screen.query_one(SummaryField).raw_value == ""
        await typed(pilot, "Nothing prints")
        await keys(pilot, "escape", "escape")
        assert await left(pilot) is None
    assert len(seat.drafts.unsent) == 2


async def test_details_of_a_new_caller_do_not_overwrite_what_else_was_typed(seat: Seat) -> None:
    async with opened(CallScreen(seat.context()), (120, 50)) as pilot:
        await typed(pilot, "020 7946 0999")
        await keys(pilot, "enter")
        await on_screen(pilot, LogRequestForm)
        await typed(pilot, "acme")
        await keys(pilot, "enter")
        await typed(pilot, "Zoe Zack")
        await keys(pilot, "enter", "tab", "tab")
        await typed(pilot, "Labels print twice")
        await keys(pilot, "escape", "escape")
    async with opened(CallScreen(seat.context()), (120, 50)) as pilot:
        await keys(pilot, "down", "enter")
        await on_screen(pilot, LogRequestForm)
        assert pilot.app.screen.query_one("#summary Input", Input).value == "Labels print twice"
        await keys(pilot, "2", "f2")
        await read_back(pilot)
    assert seat.drafts.unsent == []


async def test_the_latest_unfinished_call_comes_first_and_can_be_discarded(seat: Seat) -> None:
    for minute, who in enumerate(("jo", "bill", "hana")):
        seat.desk.clock.set(NOW + timedelta(minutes=minute))
        async with opened(CallScreen(seat.context())) as pilot:
            await typed(pilot, who)
            await keys(pilot, "enter", "enter")
            await on_screen(pilot, LogRequestForm)
            await typed(pilot, "Labels")
            await keys(pilot, "escape", "escape")
    seat.desk.clock.set(NOW)
    async with opened(CallScreen(seat.context())) as pilot:
        names = [each.name for each in offered(pilot)]
        assert [name.split()[0] for name in names] == ["Hana", "Bill", "Jo"]
        await keys(pilot, "down", "down", "f8")
        assert [each.name for each in offered(pilot)] == [names[0], names[2]]
        assert "discard" in words(pilot, ".keys")
        await keys(pilot, "down", "f8", "down", "f8")
        assert "discard" not in words(pilot, ".keys")
    assert seat.drafts.unsent == []
