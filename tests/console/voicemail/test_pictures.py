"""The voicemails above the queue and their dialog, on a wide terminal and on the smallest, dark and light."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any
from unittest.mock import patch

from textual.pilot import Pilot
from textual.screen import Screen

from supportdesk.console.app import Console
from supportdesk.console.intake.ticket_dialog import TicketDialog
from supportdesk.console.main import ticker
from supportdesk.console.main.screen import MainScreen
from supportdesk.console.voicemail.addition_form import VoicemailAdditionForm, describe_addition
from supportdesk.console.voicemail.dismissal_form import DismissalForm
from supportdesk.console.voicemail.log_form import VoicemailLogForm
from supportdesk.console.voicemail.reader import OpenedVoicemail
from supportdesk.console.voicemail.screen import VoicemailScreen
from supportdesk.store.read_models import Caller
from supportdesk.tickets.incoming_message import IncomingMessage, MessageState
from supportdesk.tickets.voicemail import Voicemail
from tests.console.fixtures.morning import at, morning_desk
from tests.console.harness.dialog import Seat, Shown, Stage, settled, typed, until
from tests.console.harness.pictures import THEMES, Place, in_every_look
from tests.console.voicemail.voicemails import waited

Compare = Callable[..., bool]

MESSAGE = IncomingMessage(
    key="06ea69a8",
    source="calls",
    state=MessageState.HEARD,
    received_at=at(24, "8:35"),
    sender_address="+442079460018",
    voicemail=Voicemail("wav", 48.2, 80),
)


async def group(pilot: Pilot[None]) -> None:
    app = pilot.app
    assert isinstance(app, Console)
    await until(
        pilot, lambda: app.queue_screen is not None and app.queue_screen.voicemails.message is not None
    )
    await pilot.press("0", "g")
    await pilot.pause()


async def dialog(pilot: Pilot[None]) -> None:
    await group(pilot)
    await pilot.press("down", "enter")
    await until(pilot, lambda: isinstance(pilot.app.screen, VoicemailScreen))
    await until(
        pilot, lambda: pilot.app.screen.has_class("voicemail") and bool(pilot.app.screen.query(".refused"))
    )
    await pilot.pause()


SCREENS: dict[str, tuple[Place, Callable[[Pilot[None]], Any]]] = {
    "group": (MainScreen, group),
    "dialog": (VoicemailScreen, dialog),
}


@in_every_look(SCREENS, in_one_run=False)
def test_voicemails_look_as_they_did(
    picture: str, size: tuple[int, int], theme: str, snap_compare: Compare, tmp_path: Path
) -> None:
    _, script = SCREENS[picture]
    no_player = patch("shutil.which", lambda _name: None)
    with closing(waited(tmp_path)) as desk, patch.object(ticker, "SECOND", 3600.0), no_player:
        console = Console(lambda: desk, username="ann", name="desk@pg-main")

        async def play(pilot: Pilot[None]) -> None:
            console.theme = theme
            await script(pilot)

        assert snap_compare(console, terminal_size=size, run_before=play)


def of_contact(seat: Seat) -> OpenedVoicemail:
    caller = seat.desk.caller(next(each for each in seat.desk.contacts("acme")).key)
    assert caller is not None
    return OpenedVoicemail(MESSAGE, Caller(caller.contact, caller.organisation), b"RIFF")


def log_form(seat: Seat) -> Screen[Any]:
    return VoicemailLogForm(seat.context(), of_contact(seat))


def addition_form(seat: Seat) -> Screen[Any]:
    return VoicemailAdditionForm(seat.context(), of_contact(seat), seat.view("Export stops"))


def dismissal_form(seat: Seat) -> Screen[Any]:
    return DismissalForm(seat.context(), of_contact(seat))


def ticket_dialog(seat: Seat) -> Screen[Any]:
    return TicketDialog(describe_addition(of_contact(seat)), lambda ref: seat.desk.ticket(ref).ticket.summary)


async def a_reference(pilot: Shown) -> None:
    await typed(pilot, "4c02q")
    await settled(pilot)


async def a_text(pilot: Shown) -> None:
    await typed(pilot, "called back")


async def nothing(pilot: Shown) -> None:
    await settled(pilot)


FORMS: dict[str, tuple[Place, Callable[[Seat], Screen[Any]], Callable[[Shown], Any]]] = {
    "log": (VoicemailLogForm, log_form, nothing),
    "ticket": (TicketDialog, ticket_dialog, a_reference),
    "add": (VoicemailAdditionForm, addition_form, a_text),
    "dismiss": (DismissalForm, dismissal_form, a_text),
}


@in_every_look(FORMS)
def test_a_form_about_a_voicemail_looks_as_it_did(
    picture: str, size: tuple[int, int], theme: str, snap_compare: Compare
) -> None:
    _, opening, script = FORMS[picture]
    stage = Stage(opening(Seat(morning_desk())), THEMES[theme])
    assert snap_compare(stage, terminal_size=size, run_before=script)
