"""Pictures of the wall: without and with a breach, small and large, dark and light, and disconnected."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from unittest.mock import patch

import pytest
from textual.pilot import Pilot

from supportdesk.console.wall import app as wall_app
from supportdesk.console.wall.app import Wall, WallOptions
from supportdesk.console.wall.snapshot import WallPage
from tests.console.fixtures.fake_desk import FakeDesk
from tests.console.fixtures.morning import OPERATOR, calm_desk, morning_desk
from tests.console.harness.dialog import until
from tests.console.harness.pictures import Place, in_every_look
from tests.console.wall.test_wall import large, shown

Compare = Callable[..., bool]


@pytest.fixture(autouse=True)
def _time_stands_still() -> Iterator[None]:
    with patch.object(wall_app, "SECOND", 3600.0):
        yield


def taken(
    compare: Compare, desk: FakeDesk, size: tuple[int, int], which: WallPage, *, theme: str, away: str = ""
) -> bool:
    wall = Wall(lambda: desk, username=OPERATOR, name="desk@test", options=WallOptions(page=which))

    async def script(pilot: Pilot[None]) -> None:
        wall.theme = theme
        await until(pilot, lambda: "now" in shown(wall).splitlines()[-1])
        if away:
            desk.outage = away
            stale = large("STALE 09:42", (size[0] - 4, 4))
            await until(pilot, lambda: all(line in shown(wall) for line in stale))

    return compare(wall, terminal_size=size, run_before=script)


PICTURES: dict[str, tuple[Place, Callable[[], FakeDesk], WallPage, str]] = {
    "burning": (Wall, morning_desk, WallPage.NOW, ""),
    "calm": (Wall, calm_desk, WallPage.NOW, ""),
    "next": (Wall, morning_desk, WallPage.NEXT, ""),
    "desk": (Wall, morning_desk, WallPage.DESK, ""),
    "month": (Wall, morning_desk, WallPage.MONTH, ""),
    "lost": (Wall, morning_desk, WallPage.NOW, "The disk is gone."),
}


@in_every_look(PICTURES)
def test_the_wall_looks_as_it_did(
    picture: str, size: tuple[int, int], theme: str, snap_compare: Compare
) -> None:
    _, opening, which, away = PICTURES[picture]
    assert taken(snap_compare, opening(), size, which, theme=theme, away=away)
