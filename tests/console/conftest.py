"""The console's tests run as in a terminal with all symbols, whatever terminal they are started from."""

from collections.abc import Callable
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pytest
import pytest_textual_snapshot
import textual._doc
from textual.pilot import Pilot

from supportdesk.console.board import reader
from supportdesk.console.calls import summary_field
from supportdesk.console.directory import screen
from supportdesk.console.ticket import loader
from tests.console.fixtures.morning import morning_desk
from tests.console.harness.dialog import Seat
from tests.console.harness.pictures import (
    Script,
    group_of,
    shows,
    take_both_themes,
    told_to_show,
    without_blinking,
)
from tests.svg import with_used_styles, without_fetched_fonts

_normalize = pytest_textual_snapshot.normalize_svg
pytest_textual_snapshot.normalize_svg = lambda svg: with_used_styles(without_fetched_fonts(_normalize(svg)))

AT_ONCE = 0.001
"""Seconds of a pause that counts as none; a timer must have some."""


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "shows(places): which screen each picture of a test is of")


@pytest.fixture(autouse=True)
def _a_terminal_with_every_sign(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TERM", "xterm-256color")


@pytest.fixture(autouse=True)
def _a_crash_log_of_its_own(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))


@pytest.fixture(autouse=True)
def _looks_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Remove the pauses after a key and between two reads of the board, so that no test depends on them."""
    monkeypatch.setattr(summary_field, "PAUSE", AT_ONCE)
    monkeypatch.setattr(loader, "REST", AT_ONCE)
    monkeypatch.setattr(screen, "REST", AT_ONCE)
    monkeypatch.setattr(reader, "THROTTLE_FACTOR", 0)


@pytest.fixture
def seat() -> Seat:
    """An operator at the desk of an ordinary morning, for a dialog without the queue behind it."""
    return Seat(morning_desk())


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Have one worker take a picture dark and light: it runs the program once for both."""
    for item in items:
        if (group := group_of(item)) is not None:
            item.add_marker(pytest.mark.xdist_group(group))


@pytest.fixture
def snap_compare(snap_compare: Callable[..., bool], request: pytest.FixtureRequest) -> Callable[..., bool]:
    """Compare a picture with the saved one; it must show the screen that the test names."""
    place = told_to_show(request.node)
    if place is None:
        return snap_compare

    def compare(app: Any, *, terminal_size: tuple[int, int], run_before: Script) -> bool:
        async def script(pilot: Pilot[Any]) -> None:
            await run_before(pilot)
            assert shows(pilot, place), f"{place.__name__} is not on the screen"

        with without_blinking():
            picture = take_both_themes(request.node, app, terminal_size, script)
        with patch.object(textual._doc, "take_svg_screenshot", lambda **_: picture):
            return snap_compare(app, terminal_size=terminal_size)

    return compare
