"""The queue and the ticket beside each other, one below the other, or one of them: by size and by keys."""

from __future__ import annotations

from pathlib import Path

import pytest
from textual.app import App
from textual.widget import Widget

from supportdesk.settings.files import SettingsFiles
from supportdesk.settings.settings import PaneSettings
from supportdesk.settings.state import load_state
from tests.console.fixtures.morning import morning_desk
from tests.console.harness.console import Running, lines, running
from tests.patience import LAST_RESORT

TALL, WIDE, SMALL, TINY = (100, 60), (160, 50), (80, 24), (50, 10)


async def resize(it: Running, size: tuple[int, int]) -> None:
    await it.pilot.resize_terminal(*size)
    await it.rest()
    await it.pilot.pause()


def extent(it: Running) -> tuple[int, int]:
    return (it.screen.ticket_pane.outer_size.width, it.screen.ticket_pane.outer_size.height)


async def test_the_ticket_is_beside_the_queue_or_below_it_or_replaces_it_by_the_terminals_size() -> None:
    async with running(morning_desk(), WIDE) as it:
        assert (it.panes, extent(it)) == ({"queue", "ticket"}, (56, 45))
        await resize(it, TALL)
        assert (it.panes, extent(it)) == ({"queue", "ticket"}, (100, 24))
        assert it.screen.ticket_pane.region.bottom == it.screen.foot.region.y == 59
        await resize(it, SMALL)
        assert it.panes == {"queue"}


async def test_the_filter_bar_takes_its_lines_from_the_queue_wherever_the_ticket_is() -> None:
    async with running(morning_desk(), TALL) as it:
        await it.press("slash", "a")
        assert extent(it) == (100, 24)
        assert it.screen.filter_bar.region.y == 4
        assert it.screen.ticket_pane.region.bottom == 59


async def test_keys_resize_the_ticket_pane_until_the_queue_needs_the_space() -> None:
    async with running(morning_desk(), WIDE) as it:
        await it.press("greater_than_sign")
        assert extent(it)[0] == 64
        await it.press("less_than_sign", "less_than_sign", "less_than_sign")
        assert extent(it)[0] == 40
        await it.press("less_than_sign")
        assert (extent(it)[0], "The ticket pane is at its smallest." in it.foot) == (40, True)
        await it.press(*["greater_than_sign"] * 9)
        assert (extent(it)[0], "The ticket pane is at its largest." in it.foot) == (86, True)


async def test_the_ticket_pane_can_be_moved_below_and_back() -> None:
    async with running(morning_desk(), WIDE) as it:
        await it.press("backslash")
        assert extent(it)[0] == 160
        assert "below the queue" in it.foot
        await it.press("greater_than_sign")
        assert extent(it) == (160, 22)
        await it.press("backslash")
        assert extent(it) == (56, 45)


async def test_resizing_a_single_pane_says_that_there_is_only_one() -> None:
    async with running(morning_desk(), SMALL) as it:
        await it.press("backslash")
        assert "beside the queue needs 114 columns, below it 30 lines" in it.foot
        await it.press("greater_than_sign")
        assert "Only one pane is shown" in it.foot


@pytest.mark.parametrize("other", [SMALL, TINY, TALL])
async def test_a_screen_resized_and_back_looks_as_before(other: tuple[int, int]) -> None:
    async with running(morning_desk(), WIDE) as it:
        await it.press("greater_than_sign", "enter")
        await resize(it, (160, 16))
        it.screen.ticket_pane.scroll_to(y=3, animate=False)
        await it.pilot.pause()
        before = (
            it.under_cursor,
            it.focus,
            it.panes,
            extent(it),
            it.screen.ticket_pane.scroll_offset.y,
            it.queue,
        )
        await resize(it, other)
        await resize(it, (160, 16))
        after = (
            it.under_cursor,
            it.focus,
            it.panes,
            extent(it),
            it.screen.ticket_pane.scroll_offset.y,
            it.queue,
        )
        assert after == before
        assert before[4] == 3


async def test_a_zoomed_ticket_is_zoomed_again_after_a_small_screen() -> None:
    async with running(morning_desk(), WIDE) as it:
        await it.press("enter", "enter")
        assert it.panes == {"ticket"}
        await resize(it, SMALL)
        assert it.panes == {"ticket"}
        await resize(it, TALL)
        assert it.panes == {"ticket"}
        await it.press("escape")
        assert (it.panes, it.focus) == ({"queue", "ticket"}, "ticket")
        await it.press("escape")
        assert it.focus == "queue"


async def test_on_a_small_screen_one_escape_returns_to_the_queue() -> None:
    async with running(morning_desk(), WIDE) as it:
        await it.press("enter", "enter")
        await resize(it, SMALL)
        await it.press("escape")
        assert (it.panes, it.focus) == ({"queue"}, "queue")
        await resize(it, WIDE)
        assert (it.panes, it.focus) == ({"queue", "ticket"}, "queue")


async def test_the_edge_can_be_dragged_with_the_mouse() -> None:
    async with running(morning_desk(), WIDE) as it:
        await it.pilot.mouse_down(it.screen, offset=(104, 20))
        await it.pilot.hover(it.screen, offset=(90, 20))
        await it.pilot.mouse_up(it.screen, offset=(90, 20))
        await it.pilot.pause()
        assert extent(it)[0] == 70
        await it.pilot.hover(it.screen, offset=(100, 20))
        await it.pilot.pause()
        assert extent(it)[0] == 70


async def test_the_pane_is_remembered_unless_the_settings_file_sets_it(tmp_path: Path) -> None:
    files = SettingsFiles(tmp_path / "config.toml", tmp_path / "console.toml")
    async with running(morning_desk(), WIDE, files=files) as it:
        await it.press("greater_than_sign", "backslash")
    assert load_state(files.remembered).pane == PaneSettings("below", 40)
    async with running(morning_desk(), WIDE, files=files) as it:
        assert extent(it)[0] == 160
    files.config.write_text("[pane]\nplace = 'auto'\n")
    async with running(morning_desk(), WIDE, files=files) as it:
        assert extent(it)[0] == 64


async def click(it: Running, text: str, widget: Widget, times: int = 1) -> None:
    """Clicks on a text where it stands in a widget."""
    line, found = next((y, line) for y, line in enumerate(lines(widget)) if text in line)
    await it.pilot.click(widget, offset=(found.index(text) + 1, line), times=times)
    await it.rest()


async def test_everything_can_be_done_with_the_mouse(monkeypatch: pytest.MonkeyPatch) -> None:
    # On a busy machine two clicks may come far apart.
    monkeypatch.setattr(App, "CLICK_CHAIN_TIME_THRESHOLD", LAST_RESORT)
    async with running(morning_desk(), WIDE) as it:
        await click(it, "Unassigned", it.screen.header)
        assert it.view == "Unassigned"
        await click(it, "CD-4C05-H", it.screen.queue)
        assert it.under_cursor == "CD-4C05-H"
        await click(it, "enter", it.screen.foot)
        assert it.focus == "ticket"
        await click(it, "Articles", it.screen.ticket_pane)
        assert it.screen.ticket_pane.tab == "Articles"
        await click(it, "esc back", it.screen.foot)
        assert it.focus == "queue"
        await click(it, "CD-4C05-H", it.screen.queue, times=2)
        assert it.focus == "ticket"
        await click(it, "reply", it.screen.foot)
        assert it.app.screen is not it.screen
