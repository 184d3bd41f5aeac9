"""The rota: a quiet month, one with everything in it, and the form of an override."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

from msgspec.structs import replace
from textual.pilot import Pilot
from textual.screen import Screen

from supportdesk.console.rota.forms import RotaForm
from supportdesk.console.rota.screen import RotaScreen
from supportdesk.console.widgets.notice_bar import NoticeBar
from supportdesk.tickets.documents import Absence, Line, Override, Rotation, Swap, TurnUnit
from tests.console.fixtures.fake_desk import FakeDesk
from tests.console.fixtures.morning import NOW, morning_desk
from tests.console.harness.console import lines
from tests.console.harness.dialog import until
from tests.console.harness.pictures import Place, in_every_look
from tests.console.main.test_pictures import Script, taken

Compare = Callable[..., bool]
DAY = timedelta(days=1)
MONDAY = datetime(2026, 11, 30, 8, tzinfo=UTC)


def busy_desk() -> FakeDesk:
    """A desk with two lines, an override, an offered swap, a deputy and a gap."""
    desk = morning_desk()
    desk.records = replace(
        desk.records,
        rotations=(
            *desk.records.rotations,
            Rotation(
                ("sam", "lee"), MONDAY, "Europe/London", line=Line.SECOND, unit=TurnUnit.HOURS, every=12
            ),
        ),
        overrides=(Override(1, Line.FIRST, MONDAY + DAY, MONDAY + 2 * DAY, "ann", NOW, "training"),),
        swaps=(Swap(1, Line.FIRST, "priya", MONDAY + 7 * DAY, MONDAY + 14 * DAY, asked="tom"),),
        absences=(
            Absence(1, "tom", MONDAY + 3 * DAY, MONDAY + 4 * DAY, "maya"),
            Absence(2, "tom", MONDAY + 5 * DAY, MONDAY + 6 * DAY),
        ),
    )
    return desk


def notice_on(screen: Screen[Any]) -> str:
    """The notice on a screen; empty without one."""
    return " ".join(line for bar in screen.query_children(NoticeBar) for line in lines(bar))


async def opened(pilot: Pilot[None], desk: FakeDesk) -> None:
    await pilot.press("R")
    await until(
        pilot, lambda: isinstance(pilot.app.screen, RotaScreen) and pilot.app.screen.calendar is not None
    )
    await pilot.pause()


async def at_a_day(pilot: Pilot[None], desk: FakeDesk) -> None:
    await opened(pilot, desk)
    # The operator is a supervisor, and is shown the gap a moment after the start.
    await until(pilot, lambda: "Nobody is on call" in notice_on(pilot.app.screen))
    await pilot.press("down", "tab")
    await pilot.pause()


async def overriding(pilot: Pilot[None], desk: FakeDesk) -> None:
    await opened(pilot, desk)
    await pilot.press("o")
    await until(pilot, lambda: isinstance(pilot.app.screen, RotaForm))
    await pilot.pause()


PICTURES: dict[str, tuple[Place, Script, Callable[[], FakeDesk]]] = {
    "quiet": (RotaScreen, opened, morning_desk),
    "busy": (RotaScreen, at_a_day, busy_desk),
    "override": (RotaForm, overriding, morning_desk),
}


@in_every_look(PICTURES)
def test_the_rota_looks_as_it_did(
    picture: str, size: tuple[int, int], theme: str, snap_compare: Compare
) -> None:
    _, script, desk = PICTURES[picture]
    assert taken(snap_compare, desk(), script, size, theme=theme)
