"""What the screens that a key opens over the queue have in common."""

from __future__ import annotations

import pytest

from supportdesk.console.commands.feature_screen import FeatureScreen
from supportdesk.console.dialogs.help_screen import HelpScreen
from tests.console.fixtures.morning import morning_desk
from tests.console.harness.console import running

GONE = "The desk is out of reach."


@pytest.mark.parametrize("key", ["I", "R", "S", "D"])
async def test_a_screen_over_the_queue_says_when_the_desk_is_gone_and_when_it_is_back(key: str) -> None:
    desk = morning_desk()
    async with running(desk, username="maya") as it:
        await it.pilot.press(key)
        await it.until(lambda: isinstance(it.app.screen, FeatureScreen))
        screen = it.app.screen
        assert isinstance(screen, FeatureScreen)
        await it.pilot.press("question_mark")
        await it.until(lambda: isinstance(it.app.screen, HelpScreen))
        await it.pilot.press("escape")
        await it.until(lambda: it.app.screen is screen)
        desk.outage = GONE
        await it.until(lambda: GONE in screen.foot.message)
        desk.outage = None
        await it.until(lambda: screen.foot.message == "The desk is back.")
