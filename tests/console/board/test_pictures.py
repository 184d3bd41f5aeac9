"""Pictures of the board: on one page, on the pages of a small terminal, and the list behind a figure."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterator
from typing import cast
from unittest.mock import patch

import pytest
from textual.pilot import Pilot

from supportdesk.console.app import Console
from supportdesk.console.board import screen
from supportdesk.console.board.drilldown_screen import DrilldownScreen
from supportdesk.console.board.screen import BoardScreen
from supportdesk.console.main import ticker
from supportdesk.console.theme.builtin import COLOUR_BLIND, CONTRAST, DARK
from tests.console.fixtures.fake_desk import FakeDesk
from tests.console.fixtures.morning import OPERATOR, calm_desk, empty_desk, morning_desk
from tests.console.harness.dialog import until
from tests.console.harness.pictures import SMALL, THEMES, WIDE, Place, in_every_look

Compare = Callable[..., bool]


@pytest.fixture(autouse=True)
def _time_stands_still() -> Iterator[None]:
    with patch.object(ticker, "SECOND", 3600.0), patch.object(screen, "SECOND", 3600.0):
        yield


def taken(
    compare: Compare, desk: FakeDesk, size: tuple[int, int], *keys: str, theme: str = DARK.name
) -> bool:
    async def script(pilot: Pilot[None]) -> None:
        app = cast(Console, pilot.app)
        await until(pilot, lambda: app.queue_screen is not None and app.queue_screen.session is not None)
        app.theme = theme
        await pilot.press("b")
        await until(pilot, lambda: isinstance(app.screen, BoardScreen) and bool(app.screen.view.names))
        for key in keys:
            await pilot.press(key)
            await pilot.pause()

    console = Console(lambda: desk, username=OPERATOR, name="desk@test")
    run: Callable[[Pilot[None]], Awaitable[None]] = script
    return compare(console, terminal_size=size, run_before=run)


PICTURES: dict[str, tuple[Place, Callable[[], FakeDesk], tuple[str, ...]]] = {
    "board": (BoardScreen, morning_desk, ()),
    "calm": (BoardScreen, calm_desk, ()),
    "figure": (DrilldownScreen, morning_desk, ("down", "right", "enter", "down")),
}


@in_every_look(PICTURES)
def test_the_board_looks_as_it_did(
    picture: str, size: tuple[int, int], theme: str, snap_compare: Compare
) -> None:
    _, opening, keys = PICTURES[picture]
    assert taken(snap_compare, opening(), size, *keys, theme=theme)


@pytest.mark.parametrize("theme", [CONTRAST.name, COLOUR_BLIND.name])
def test_the_board_looks_as_it_did_in_other_colours(snap_compare: Compare, theme: str) -> None:
    assert taken(snap_compare, morning_desk(), WIDE, theme=theme)


@pytest.mark.parametrize("page", ["breaches", "load", "flow"])
@pytest.mark.parametrize("theme", THEMES)
def test_the_board_is_four_pages_on_a_small_terminal(snap_compare: Compare, theme: str, page: str) -> None:
    turns = ["month", "breaches", "load", "flow"].index(page)
    assert taken(snap_compare, morning_desk(), SMALL, *["tab"] * turns, theme=theme)


def test_an_empty_board(snap_compare: Compare) -> None:
    assert taken(snap_compare, empty_desk(), WIDE)


def test_a_board_without_colours(snap_compare: Compare, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    assert taken(snap_compare, morning_desk(), WIDE)


def test_a_board_without_block_characters(snap_compare: Compare, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TERM", "linux")
    assert taken(snap_compare, morning_desk(), WIDE)
