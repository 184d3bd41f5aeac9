"""The handover of a shift: before it is given, for the person who accepts it, and its form."""

from __future__ import annotations

from collections.abc import Callable

from textual.pilot import Pilot
from textual.widgets import TextArea

from supportdesk.console.shift.form import ShiftForm
from supportdesk.console.shift.screen import ShiftScreen
from tests.console.fixtures.fake_desk import FakeDesk
from tests.console.fixtures.morning import morning_desk
from tests.console.harness.dialog import until
from tests.console.harness.pictures import Place, in_every_look
from tests.console.main.test_pictures import Script, taken
from tests.console.shift.test_screen import NOTE, given_desk

Compare = Callable[..., bool]


async def opened(pilot: Pilot[None], desk: FakeDesk) -> None:
    await pilot.press("S")
    await until(
        pilot, lambda: isinstance(pilot.app.screen, ShiftScreen) and pilot.app.screen.found is not None
    )
    await pilot.pause()


async def giving(pilot: Pilot[None], desk: FakeDesk) -> None:
    await opened(pilot, desk)
    await pilot.press("h")
    await until(pilot, lambda: isinstance(pilot.app.screen, ShiftForm))
    await pilot.pause()
    pilot.app.screen.query_one(TextArea).text = NOTE
    await pilot.pause()


PICTURES: dict[str, tuple[Place, Script, Callable[[], FakeDesk], str]] = {
    "shift": (ShiftScreen, opened, morning_desk, "priya"),
    "accepting": (ShiftScreen, opened, given_desk, "tom"),
    "giving": (ShiftForm, giving, morning_desk, "priya"),
}


@in_every_look(PICTURES)
def test_the_handover_of_a_shift_looks_as_it_did(
    picture: str, size: tuple[int, int], theme: str, snap_compare: Compare
) -> None:
    _, script, desk, username = PICTURES[picture]
    assert taken(snap_compare, desk(), script, size, theme=theme, username=username)
