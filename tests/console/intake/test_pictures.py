"""The intake and its forms, on a wide terminal and on the smallest, dark and light."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any, cast
from unittest.mock import patch

from textual.pilot import Pilot
from textual.screen import Screen

from supportdesk.console.app import Console
from supportdesk.console.intake.addition_form import MessageAdditionForm, describe_addition
from supportdesk.console.intake.enrolment_form import EnrolmentForm
from supportdesk.console.intake.log_form import MessageLogForm
from supportdesk.console.intake.original import Original
from supportdesk.console.intake.refusal_form import RefusalForm
from supportdesk.console.intake.screen import IntakeScreen
from supportdesk.console.intake.ticket_dialog import TicketDialog, describe_ticket
from supportdesk.console.main import ticker
from supportdesk.intake.sender import KnownSender
from supportdesk.tickets.incoming_message import IncomingMessage, MessageState
from tests.console.fixtures.morning import at, morning_desk
from tests.console.harness.dialog import Seat, Shown, Stage, keys, settled, typed, until
from tests.console.harness.pictures import THEMES, Place, in_every_look
from tests.console.intake.arrivals import PAT, QUOTED, WHERE, arrived

Compare = Callable[..., bool]

MESSAGE = IncomingMessage(
    key="06ea69a8",
    source="support",
    state=MessageState.QUARANTINE,
    received_at=at(24, "9:35"),
    reason="pat@globex.example is not the address of a contact.",
    sender_address="pat@globex.example",
    sender_name="Pat Doe",
    subject="Cannot log in",
)
ORIGINAL = Original(WHERE, QUOTED, summary="Cannot log in", description=f"{WHERE}\n\n{QUOTED}")


async def opened(pilot: Pilot[None]) -> None:
    app = pilot.app
    assert isinstance(app, Console)
    await until(pilot, lambda: app.queue_screen is not None and app.queue_screen.session is not None)
    await pilot.press("Q")
    await until(pilot, lambda: isinstance(app.screen, IntakeScreen) and app.screen.is_read)
    await read(pilot)


async def read(pilot: Pilot[None]) -> None:
    screen = cast(IntakeScreen, pilot.app.screen)
    await until(pilot, lambda: screen.originals.is_read(screen.messages.key))
    await pilot.pause()


async def unfolded(pilot: Pilot[None]) -> None:
    await opened(pilot)
    await pilot.press("space", "U")
    await pilot.pause()


SCREENS: dict[str, tuple[Place, Callable[[Pilot[None]], Any]]] = {
    "waiting": (IntakeScreen, opened),
    "reading": (IntakeScreen, unfolded),
}


@in_every_look(SCREENS)
def test_the_intake_looks_as_it_did(
    picture: str, size: tuple[int, int], theme: str, snap_compare: Compare, tmp_path: Path
) -> None:
    _, script = SCREENS[picture]
    with closing(arrived(tmp_path)) as desk, patch.object(ticker, "SECOND", 3600.0):
        console = Console(lambda: desk, username="ann", name="desk@pg-main")

        async def play(pilot: Pilot[None]) -> None:
            console.theme = theme
            await script(pilot)

        assert snap_compare(console, terminal_size=size, run_before=play)


def log_form(seat: Seat) -> Screen[Any]:
    contact = next(each for each in seat.desk.contacts("acme"))
    caller = seat.desk.caller(contact.key)
    assert caller is not None
    return MessageLogForm(seat.context(), MESSAGE, ORIGINAL, KnownSender(caller.contact, caller.organisation))


def addition_form(seat: Seat) -> Screen[Any]:
    view = seat.view("Export stops")
    return MessageAdditionForm(seat.context(), MESSAGE, f"{WHERE}\n\n[Sent by {PAT}.]", view, None)


def ticket_dialog(seat: Seat) -> Screen[Any]:
    return TicketDialog(describe_addition(MESSAGE), lambda ref: describe_ticket(seat.desk, ref))


async def a_reference(pilot: Shown) -> None:
    await typed(pilot, "4c02q")
    await settled(pilot)


async def a_reason(pilot: Shown) -> None:
    await typed(pilot, "a circular")


async def nothing(pilot: Shown) -> None:
    await settled(pilot)


async def a_customer(pilot: Shown) -> None:
    await typed(pilot, "glob")
    await keys(pilot, "enter")


FORMS: dict[str, tuple[Place, Callable[[Seat], Screen[Any]], Callable[[Shown], Any]]] = {
    "log": (MessageLogForm, log_form, nothing),
    "ticket": (TicketDialog, ticket_dialog, a_reference),
    "add": (MessageAdditionForm, addition_form, nothing),
    "enrol": (EnrolmentForm, lambda seat: EnrolmentForm(seat.context(), MESSAGE), a_customer),
    "refuse": (RefusalForm, lambda seat: RefusalForm(seat.context(), MESSAGE), a_reason),
}


@in_every_look(FORMS)
def test_a_form_about_a_message_looks_as_it_did(
    picture: str, size: tuple[int, int], theme: str, snap_compare: Compare
) -> None:
    _, opening, script = FORMS[picture]
    stage = Stage(opening(Seat(morning_desk())), THEMES[theme])
    assert snap_compare(stage, terminal_size=size, run_before=script)
