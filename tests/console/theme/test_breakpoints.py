"""The classes of a screen that follow from the size of the terminal."""

from __future__ import annotations

import pytest
from textual.screen import Screen

from tests.console.fixtures.morning import morning_desk
from tests.console.harness.console import running

BREAKPOINTS = {"-narrow", "-wide", "-broad", "-low", "-high"}


class Probe(Screen[None]):
    """Remembers which classes it had when it was mounted."""

    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (124, "-wide"), (140, "-broad")]  # noqa: RUF012
    VERTICAL_BREAKPOINTS = [(0, "-low"), (30, "-high")]  # noqa: RUF012

    def on_mount(self) -> None:
        self.mounted_with = self.classes & BREAKPOINTS


@pytest.mark.parametrize(
    ("size", "classes"),
    [
        ((160, 50), {"-broad", "-high"}),
        ((124, 30), {"-wide", "-high"}),
        ((123, 29), {"-narrow", "-low"}),
        ((80, 24), {"-narrow", "-low"}),
    ],
)
async def test_a_screen_has_the_classes_of_the_terminals_size_before_it_is_laid_out(
    size: tuple[int, int], classes: set[str]
) -> None:
    async with running(morning_desk(), size) as it:
        probe = Probe()
        await it.app.push_screen(probe)
        await it.pilot.pause()
        assert probe.mounted_with == classes
        assert probe.classes & BREAKPOINTS == classes
