"""What the board looks like: on one broad page, on the pages of a small terminal, and the list behind a figure."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterator
from typing import cast
from unittest.mock import patch

import pytest
from textual.pilot import Pilot
from textual.theme import Theme

from supportdesk.console.app import Console
from supportdesk.console.screens import board, desk_screen
from supportdesk.console.screens.board import BoardScreen
from supportdesk.console.themes import COLOUR_BLIND, CONTRAST, DARK, LIGHT
from supportdesk.door import Door
from tests.console.a_morning import OPERATOR, calm_desk, desk, empty_desk
from tests.console.fake_door import FakeDoor
from tests.console.stage import until

Compare = Callable[..., bool]
WIDE, SMALL = (160, 50), (80, 24)


@pytest.fixture(autouse=True)
def _time_stands_still() -> Iterator[None]:
    with patch.object(desk_screen, "SECOND", 3600.0), patch.object(board, "SECOND", 3600.0):
        yield


def picture(compare: Compare, door: FakeDoor, size: tuple[int, int], *keys: str, theme: Theme = DARK) -> bool:
    async def script(pilot: Pilot[None]) -> None:
        app = cast(Console, pilot.app)
        await until(pilot, lambda: app.queue_screen is not None and app.queue_screen.session is not None)
        app.theme = theme.name
        await pilot.press("b")
        await until(pilot, lambda: isinstance(app.screen, BoardScreen) and bool(app.screen.view.names))
        for key in keys:
            await pilot.press(key)
            await pilot.pause()

    console = Console(lambda: cast(Door, door), username=OPERATOR, name="desk@test")
    run: Callable[[Pilot[None]], Awaitable[None]] = script
    return compare(console, terminal_size=size, run_before=run)


@pytest.mark.parametrize("theme", [DARK, LIGHT, CONTRAST, COLOUR_BLIND], ids=lambda theme: theme.name)
def test_the_board_is_one_page_on_a_wide_terminal(snap_compare: Compare, theme: Theme) -> None:
    assert picture(snap_compare, desk(), WIDE, theme=theme)


@pytest.mark.parametrize("page", ["month", "breaches", "load", "flow"])
@pytest.mark.parametrize("theme", [DARK, LIGHT], ids=lambda theme: theme.name)
def test_the_board_is_four_pages_on_a_small_terminal(snap_compare: Compare, theme: Theme, page: str) -> None:
    turns = ["month", "breaches", "load", "flow"].index(page)
    assert picture(snap_compare, desk(), SMALL, *["tab"] * turns, theme=theme)


@pytest.mark.parametrize("size", [WIDE, SMALL], ids=["160x50", "80x24"])
@pytest.mark.parametrize("theme", [DARK, LIGHT], ids=lambda theme: theme.name)
def test_the_list_behind_a_figure(snap_compare: Compare, size: tuple[int, int], theme: Theme) -> None:
    assert picture(snap_compare, desk(), size, "down", "right", "enter", "down", theme=theme)


@pytest.mark.parametrize("size", [WIDE, SMALL], ids=["160x50", "80x24"])
def test_a_calm_board(snap_compare: Compare, size: tuple[int, int]) -> None:
    assert picture(snap_compare, calm_desk(), size)


def test_an_empty_board(snap_compare: Compare) -> None:
    assert picture(snap_compare, empty_desk(), WIDE)


def test_a_board_without_colours(snap_compare: Compare, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    assert picture(snap_compare, desk(), WIDE)


def test_a_board_without_block_characters(snap_compare: Compare, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TERM", "linux")
    assert picture(snap_compare, desk(), WIDE)
