"""A list of options that never fails on a key or a click, also before it is drawn."""

from __future__ import annotations

import pytest
from textual.app import App, ComposeResult

from supportdesk.console.widgets.settled_clicks import SettledClicks


class Listing(App[None]):
    """Shows a list of three options for which there is no room yet."""

    CSS = "SettledClicks { display: none; }"

    def compose(self) -> ComposeResult:
        yield SettledClicks("one", "two", "three")


@pytest.mark.parametrize("action", ["page_up", "page_down", "first", "last", "cursor_up", "cursor_down"])
async def test_a_key_before_the_list_is_drawn_is_no_error(action: str) -> None:
    async with Listing().run_test() as pilot:
        options = pilot.app.query_one(SettledClicks)
        await options.run_action(action)
        await pilot.pause()
        assert pilot.app.is_running
