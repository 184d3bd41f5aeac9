"""The option list that accepts keys and clicks before it is drawn."""

from __future__ import annotations

import pytest
from textual.app import App, ComposeResult

from supportdesk.console.widgets.stable_clicks import StableClicks


class Listing(App[None]):
    """Shows a list of three options for which there is no room yet."""

    CSS = "StableClicks { display: none; }"

    def compose(self) -> ComposeResult:
        yield StableClicks("one", "two", "three")


@pytest.mark.parametrize("action", ["page_up", "page_down", "first", "last", "cursor_up", "cursor_down"])
async def test_a_key_before_the_list_is_drawn_raises_nothing(action: str) -> None:
    async with Listing().run_test() as pilot:
        options = pilot.app.query_one(StableClicks)
        await options.run_action(action)
        await pilot.pause()
        assert pilot.app.is_running
