"""A form is sent once, shows why it was refused, and saves a draft when it is left."""

from __future__ import annotations

import asyncio

import pytest
from textual.widgets import Input, TextArea

from supportdesk.console.commands.command_form import CommandForm
from supportdesk.console.dialogs.help_screen import HelpScreen
from supportdesk.desk_api import Applied
from supportdesk.tickets.command import TicketCommand
from supportdesk.tickets.process.conversation import Note, Reply
from supportdesk.tickets.process.resolution import Wait
from tests.console.fixtures.morning import morning_desk
from tests.console.harness.console import running
from tests.console.harness.dialog import (
    Seat,
    Shown,
    is_open,
    keys,
    left,
    on_screen,
    opened,
    typed,
    typed_ahead,
    until,
    words,
)


def form(
    seat: Seat, command: type[TicketCommand], about: str = "Export stops", **preset: object
) -> CommandForm:
    return CommandForm(seat.context(), command, seat.view(about), preset)


def refused(pilot: Shown) -> str:
    return words(pilot, ".status.refused")


async def test_a_refusal_is_shown_in_the_form_and_no_text_is_lost(seat: Seat) -> None:
    async with opened(form(seat, Wait, "Stock levels")) as pilot:
        await keys(pilot, "tab")
        await typed(pilot, "an example")
        await keys(pilot, "enter")
        await until(pilot, lambda: bool(refused(pilot)))
        assert "reply with a question first" in refused(pilot)
        reason = pilot.app.screen.query_one("#reason Input", Input)
        assert (reason.value, reason.has_focus) == ("an example", True)
        await keys(pilot, "shift+tab", "t", "enter")
        assert isinstance(await left(pilot), Applied)


async def test_a_disconnected_desk_is_reported_and_the_text_is_kept(seat: Seat) -> None:
    async with opened(form(seat, Reply)) as pilot:
        await typed(pilot, "a long answer")
        seat.desk.outage = "the database is gone"
        await keys(pilot, "f2")
        await until(pilot, lambda: bool(refused(pilot)))
        assert refused(pilot) == "✗ the database is gone"
        assert pilot.app.screen.query_one(TextArea).text == "a long answer"
        seat.desk.outage = None
        await keys(pilot, "f2")
        assert isinstance(await left(pilot), Applied)


async def test_a_form_that_is_being_sent_can_be_neither_sent_again_nor_left(seat: Seat) -> None:
    held = asyncio.Event()

    async def gate() -> None:
        await held.wait()

    seat.gate = gate
    async with opened(form(seat, Note)) as pilot:
        await typed(pilot, "once")
        await keys(pilot, "f2")
        await until(pilot, lambda: bool(seat.sent))
        assert words(pilot, ".status") == "Saving …"
        await keys(pilot, "f2", "ctrl+s", "enter", "escape")
        await typed(pilot, "and more")
        assert is_open(pilot)
        held.set()
        assert isinstance(await left(pilot), Applied)
    assert len(seat.desk.commands) == 1
    assert seat.sent == [Note(seat.view("Export stops").ticket.ref, text="once")]


async def test_two_quick_presses_send_once(seat: Seat) -> None:
    async with opened(form(seat, Note)) as pilot:
        await typed(pilot, "once")
        await pilot.press("f2", "f2", "ctrl+s")
        assert isinstance(await left(pilot), Applied)
    assert len(seat.sent) == 1


@pytest.mark.parametrize(
    "pressed",
    [
        pytest.param(("i", "as discussed", "<f2>"), id="a form"),
        pytest.param(("z", "w", "<tab>", "they need it no longer", "<f2>", "y"), id="a form that asks first"),
    ],
)
async def test_a_key_pressed_while_a_form_is_sent_waits_for_what_follows(pressed: tuple[str, ...]) -> None:
    async with running(morning_desk(), (80, 24)) as it:
        typed_ahead(it.pilot, *pressed, "?")
        await on_screen(it.pilot, HelpScreen)
        await it.rest()
        assert len(it.desk.commands) == 1


async def test_keys_pressed_while_a_form_is_refused_go_nowhere(seat: Seat) -> None:
    held = asyncio.Event()

    async def gate() -> None:
        await held.wait()

    seat.gate = gate
    async with opened(form(seat, Reply)) as pilot:
        await typed(pilot, "a long answer")
        await keys(pilot, "f2")
        await until(pilot, lambda: bool(seat.sent))
        seat.desk.outage = "the database is gone"
        typed_ahead(pilot, "more")
        held.set()
        await until(pilot, lambda: bool(refused(pilot)))
        assert pilot.app.screen.query_one(TextArea).text == "a long answer"


async def test_after_escape_the_same_form_for_the_same_ticket_is_restored(seat: Seat) -> None:
    async with opened(form(seat, Reply)) as pilot:
        await typed(pilot, "half a thou")
        await keys(pilot, "tab", "t", "escape")
        assert await left(pilot) is None
    async with opened(form(seat, Reply, "Search is slow")) as pilot:
        assert pilot.app.screen.query_one(TextArea).text == ""
    async with opened(form(seat, Reply)) as pilot:
        assert pilot.app.screen.query_one(TextArea).text == "half a thou"
        assert words(pilot, ".status") == "Restored what you typed at 09:42 GMT; F8 to start again"
        await typed(pilot, "ght")
        await keys(pilot, "f2")
        assert isinstance(await left(pilot), Applied)
    assert seat.sent == [Reply(seat.view("Export stops").ticket.ref, text="half a thought", by="telephone")]
    async with opened(form(seat, Reply)) as pilot:
        assert pilot.app.screen.query_one(TextArea).text == ""


async def test_f8_discards_the_draft(seat: Seat) -> None:
    async with opened(form(seat, Note)) as pilot:
        await typed(pilot, "never mind")
        await keys(pilot, "escape")
    async with opened(form(seat, Note)) as pilot:
        await keys(pilot, "f8")
        assert pilot.app.screen.query_one(TextArea).text == ""
        await keys(pilot, "escape")
    async with opened(form(seat, Note)) as pilot:
        assert not words(pilot, ".status")


async def test_an_empty_form_saves_no_draft(seat: Seat) -> None:
    async with opened(form(seat, Wait)) as pilot:
        await keys(pilot, "escape")
    assert seat.drafts.find("wait", seat.view("Export stops").ticket.ref) is None
