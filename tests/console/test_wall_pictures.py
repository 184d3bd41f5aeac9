"""What the wall looks like, calm and burning, small and large, dark and light, and when its desk is lost."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import cast
from unittest.mock import patch

import pytest
from textual.pilot import Pilot
from textual.theme import Theme

from supportdesk.console.themes import DARK, LIGHT
from supportdesk.console.wall import app as wall_app
from supportdesk.console.wall.app import Manner, Wall
from supportdesk.console.wall.sight import Face
from supportdesk.door import Door
from tests.console.a_morning import OPERATOR, calm_desk, desk
from tests.console.fake_door import FakeDoor
from tests.console.stage import until
from tests.console.test_wall import large, shown

Compare = Callable[..., bool]
SIZES = pytest.mark.parametrize("size", [(160, 50), (80, 24)], ids=["160x50", "80x24"])
THEMES = pytest.mark.parametrize("theme", [DARK, LIGHT], ids=lambda theme: theme.name)


@pytest.fixture(autouse=True)
def _time_stands_still() -> Iterator[None]:
    with patch.object(wall_app, "SECOND", 3600.0):
        yield


def picture(
    compare: Compare,
    door: FakeDoor,
    size: tuple[int, int],
    face: Face,
    *,
    theme: Theme = DARK,
    away: str = "",
) -> bool:
    wall = Wall(lambda: cast(Door, door), username=OPERATOR, name="desk@test", manner=Manner(face=face))

    async def script(pilot: Pilot[None]) -> None:
        wall.theme = theme.name
        await until(pilot, lambda: "now" in shown(wall).splitlines()[-1])
        if away:
            door.away = away
            stale = large("STALE 09:42", (size[0] - 4, 4))
            await until(pilot, lambda: all(line in shown(wall) for line in stale))

    return compare(wall, terminal_size=size, run_before=script)


@SIZES
@THEMES
def test_the_wall_burning(snap_compare: Compare, size: tuple[int, int], theme: Theme) -> None:
    assert picture(snap_compare, desk(), size, Face.NOW, theme=theme)


@SIZES
@THEMES
def test_the_wall_calm(snap_compare: Compare, size: tuple[int, int], theme: Theme) -> None:
    assert picture(snap_compare, calm_desk(), size, Face.NOW, theme=theme)


@SIZES
@pytest.mark.parametrize("face", [Face.NEXT, Face.DESK, Face.MONTH], ids=str)
def test_the_other_faces_of_the_wall(snap_compare: Compare, size: tuple[int, int], face: Face) -> None:
    assert picture(snap_compare, desk(), size, face)


@SIZES
def test_the_wall_whose_desk_is_lost(snap_compare: Compare, size: tuple[int, int]) -> None:
    assert picture(snap_compare, desk(), size, Face.NOW, away="The disk is gone.")
