"""The program keeps running, whatever is pressed, typed or chosen, and whatever happens on the desk meanwhile."""

from __future__ import annotations

import time
from pathlib import Path

import pytest
import textual.screen

from tests.walker.walk import Walk

STEPS = 250
MINUTES = 20


@pytest.fixture(autouse=True)
def _drawn_as_time_goes_by(monkeypatch: pytest.MonkeyPatch) -> None:
    """The walk waits for nothing to be drawn: it is drawn as often as on a screen."""
    monkeypatch.setattr(textual.screen, "UPDATE_PERIOD", 1 / 60)


@pytest.fixture(autouse=True)
def _a_terminal_and_a_crash_log(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("TERM", "xterm-256color")
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))


@pytest.mark.straggler
@pytest.mark.timeout(600)
async def test_the_program_keeps_running_and_the_ledger_is_intact_whatever_is_pressed() -> None:
    walk = Walk(seed=1)
    await walk.go_on(lambda: walk.steps >= STEPS)


@pytest.mark.long
@pytest.mark.walk
@pytest.mark.timeout(3 * 60 * MINUTES)
@pytest.mark.parametrize("seed", [1, 2, 3])
async def test_the_program_keeps_running_for_a_long_time(seed: int) -> None:
    end = time.monotonic() + 60 * MINUTES
    await Walk(seed).go_on(lambda: time.monotonic() > end)
