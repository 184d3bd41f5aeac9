"""Pictures of an incoming call, over the queue and over an open form."""

from __future__ import annotations

from textual.pilot import Pilot

from supportdesk.console.calls.incoming import CallReceived
from supportdesk.console.calls.incoming_bar import IncomingCallBar
from supportdesk.console.commands.command_form import CommandForm
from supportdesk.console.main.screen import MainScreen
from tests.console.fixtures.fake_desk import FakeDesk
from tests.console.fixtures.morning import morning_desk
from tests.console.harness.dialog import until
from tests.console.harness.pictures import Place, in_every_look
from tests.console.main.test_pictures import Compare, Script, pressed, taken


async def rings(pilot: Pilot[None], desk: FakeDesk) -> None:
    pilot.app.post_message(CallReceived("020 7946 0018"))
    await until(pilot, lambda: bool(pilot.app.screen.query(IncomingCallBar)))
    await pilot.pause()


async def rings_over_a_form(pilot: Pilot[None], desk: FakeDesk) -> None:
    await pressed(pilot, "i")
    await until(pilot, lambda: bool(pilot.app.screen.query("TextArea")))
    await pressed(pilot, *"half a note")
    await rings(pilot, desk)


PICTURES: dict[str, tuple[Place, Script]] = {
    "rings": (MainScreen, rings),
    "rings_over_a_form": (CommandForm, rings_over_a_form),
}


@in_every_look(PICTURES)
def test_a_call_that_rings_looks_as_it_did(
    picture: str, size: tuple[int, int], theme: str, snap_compare: Compare
) -> None:
    assert taken(snap_compare, morning_desk(), PICTURES[picture][1], size, theme=theme)
