"""What is typed at once goes to the question or form that a key opens, and what follows the answer to the next screen.

Each burst has the key that opens a dialog, what is meant for that, and often a key for the screen behind it.
"""

from __future__ import annotations

from datetime import date
from pathlib import Path
from threading import Event
from typing import Any

import pytest
from textual.events import Key
from textual.widgets import Input, TextArea

from supportdesk.clock import FixedClock
from supportdesk.console.dialogs.help_screen import HelpScreen
from supportdesk.console.directory.contact_erasure import EraseQuestion
from supportdesk.console.drafts.draft import Draft
from supportdesk.console.rota.forms import RotaForm
from supportdesk.console.shift.form import ShiftForm
from supportdesk.desk import Desk
from supportdesk.desk_api import Applied, Outcome
from supportdesk.tickets.documents import Line
from supportdesk.tickets.records.rota_commands import OverrideShifts
from tests.console.directory import test_contact_erasure as erasure
from tests.console.directory import test_undo as undo
from tests.console.fixtures.directory_keys import directory
from tests.console.fixtures.morning import NOW, at, empty_desk, morning_desk
from tests.console.harness.console import Running, running
from tests.console.inbox import test_screen as inbox
from tests.console.rota import test_screen as rota
from tests.console.shift import test_screen as shift
from tests.store.desks import address_of, furnished_desk
from tests.store.erased import named_desk
from tests.tickets.scenario import MONDAY_NINE

NAMES = {"?": "question_mark", " ": "space", "/": "slash", ":": "colon"}


def type_at_once(it: Running, *keys: str) -> None:
    """Press keys before the console can handle the first of them."""
    for key in keys:
        character = key if len(key) == 1 else None
        it.app.post_message(Key(NAMES.get(key, key), character))


def hold_back(it: Running, monkeypatch: pytest.MonkeyPatch) -> list[bool]:
    """Let a command take a moment, as on a slow database; return whether a key has overtaken each."""
    do, overtaken, moment = it.desk.do, list[bool](), Event()

    def do_slowly(*arguments: Any, **named: Any) -> Outcome:
        moment.wait(0.3)
        overtaken.append(is_helping(it))
        return do(*arguments, **named)

    monkeypatch.setattr(it.desk, "do", do_slowly)
    return overtaken


def is_helping(it: Running) -> bool:
    """Whether the last key of a burst has arrived."""
    return isinstance(it.app.screen, HelpScreen)


@pytest.mark.slow
async def test_what_is_typed_for_a_form_of_the_rota_is_in_its_first_field() -> None:
    async with rota.rota() as it:
        type_at_once(it, "o", *"sam")
        await it.until(lambda: isinstance(it.app.screen, RotaForm))
        await it.until(lambda: it.app.screen.query(Input).first().value == "sam")


@pytest.mark.slow
async def test_what_follows_the_answer_to_the_rota_waits_for_a_slow_desk(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    desk = morning_desk()
    override = OverrideShifts(Line.FIRST, desk.now(), at(30, "8:00"), "sam", "Tom is away")
    assert isinstance(desk.do(override, by="maya"), Applied)
    async with rota.rota(desk) as it:
        overtaken = hold_back(it, monkeypatch)
        type_at_once(it, "x", "y", "?")
        await it.until(lambda: is_helping(it))
        assert overtaken == [False]
        assert rota.said(it) == "End an override: ended."


@pytest.mark.slow
async def test_what_is_typed_for_the_handover_is_in_its_note() -> None:
    async with shift.shift() as it:
        type_at_once(it, "h", *"All quiet")
        await it.until(lambda: isinstance(it.app.screen, ShiftForm))
        await it.until(lambda: it.app.screen.query_one(TextArea).text == "All quiet")


@pytest.mark.long
async def test_what_follows_the_acceptance_of_a_shift_waits_for_a_slow_desk(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    desk = shift.given_desk()
    async with shift.shift(desk, "tom") as it:
        overtaken = hold_back(it, monkeypatch)
        type_at_once(it, "c", "y", "?")
        await it.until(lambda: is_helping(it))
        assert overtaken[0] is False
        assert shift.handovers(it)[0].accepted_by == "tom"


@pytest.mark.long
async def test_what_is_typed_for_a_record_is_in_its_form() -> None:
    async with directory(kind="Contacts") as it:
        type_at_once(it, "n", *"Ada")
        await it.until(lambda: "Ada" in [each.value for each in it.app.screen.query(Input)])


@pytest.mark.sqlite
@pytest.mark.slow
async def test_an_undo_is_agreed_to_at_once_and_what_follows_waits_for_it(tmp_path: Path) -> None:
    with furnished_desk(tmp_path, FixedClock(MONDAY_NINE)) as desk:
        undo.moved(desk)
        async with undo.directory(desk) as it:
            type_at_once(it, "u", "y", "?")
            await it.until(lambda: is_helping(it))
            assert undo.release(desk) == date(2026, 12, 9)


@pytest.mark.sqlite
@pytest.mark.slow
async def test_nobody_agrees_to_an_erasure_before_seeing_what_it_changes(tmp_path: Path) -> None:
    with named_desk(tmp_path) as other:
        address, clock = address_of(other), FixedClock(MONDAY_NINE)
        async with running(empty_desk(), connect=lambda: Desk.open(address, clock), username="sue") as it:
            await erasure.open_contacts(it)
            type_at_once(it, "ctrl+e", "y", "enter")
            await it.until(lambda: isinstance(it.app.screen, EraseQuestion) and it.app.typed.is_idle)
            await it.pilot.pause()
            assert isinstance(it.app.screen, EraseQuestion)
            assert other.caller("acme.zoe") is not None


@pytest.mark.long
async def test_when_an_entry_of_the_inbox_is_put_off_until_is_typed_at_once() -> None:
    async with inbox.inbox() as it:
        type_at_once(it, "down", "l", *"10:30", "enter", "?")
        await it.until(lambda: is_helping(it))
        await it.pilot.press("escape")
        await it.until(lambda: "LATER 1" in inbox.entries(it))


@pytest.mark.long
async def test_the_name_of_a_view_is_typed_at_once_and_the_next_key_goes_to_the_queue() -> None:
    async with running(morning_desk()) as it:
        type_at_once(it, "/", *"sev:crit", "f6", *"Grave", "enter", "?")
        await it.until(lambda: is_helping(it))
        assert it.view == "Grave"


@pytest.mark.long
async def test_to_quit_is_agreed_to_at_once() -> None:
    async with running(morning_desk()) as it:
        assert it.screen.session is not None
        it.screen.session.drafts.save("log", "", Draft({"text": "unsent"}, NOW))
        assert it.screen.session.drafts.is_volatile
        type_at_once(it, "q", "y")
        await it.until(lambda: it.app._exit)
