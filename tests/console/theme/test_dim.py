"""Stale data is dimmed in every theme, also in one that uses the terminal's colours."""

from __future__ import annotations

from itertools import permutations

import pytest
from rich.style import Style
from textual.theme import BUILTIN_THEMES

from supportdesk.console.theme.dim import dimmed
from tests.console.fixtures.morning import morning_desk
from tests.console.harness.console import running

COLOURS = ["default", "red", "bright_white", "color(123)", "#ff8800"]


@pytest.mark.parametrize(("text", "ground"), permutations(COLOURS, 2))
def test_every_kind_of_colour_can_be_dimmed(text: str, ground: str) -> None:
    style = dimmed(Style(color=text), Style(bgcolor=ground))
    assert style.dim or style.color != Style(color=text).color


def test_a_colour_is_dimmed_towards_its_background() -> None:
    style = dimmed(Style(color="#ffffff"), Style(bgcolor="#000000"))
    assert style == Style(color="#a8a8a8")


@pytest.mark.parametrize("theme", ["textual-dark", *(name for name in BUILTIN_THEMES if "ansi" in name)])
async def test_a_disconnected_desk_is_dimmed_in_a_theme_of_the_terminals_colours(theme: str) -> None:
    desk = morning_desk()
    async with running(desk) as it:
        it.app.theme = theme
        await it.press("enter")
        desk.outage = "the disk is gone"
        await it.until(lambda: it.screen.queue.stale)
        await it.pilot.pause()
        assert it.screen.ticket_pane.stale
