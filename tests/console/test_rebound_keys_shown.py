"""Keys that the operator has bound otherwise are shown as they are bound, wherever the console names them."""

from __future__ import annotations

from pathlib import Path

import pytest
from textual.widgets import Static

from supportdesk.console.screens.figure import FigureScreen
from supportdesk.console.setting_up.app import SetUp
from supportdesk.console.setting_up.pages import Welcome
from supportdesk.settings.files import SettingsFiles
from tests.console.a_morning import desk
from tests.console.running import Running, lines, running
from tests.console.test_setting_up import Means

REBOUND = """
[keys]
"board.open" = "f3"
"board.next" = "f6"
"board.help" = "f8"
"board.back" = "f11"
"list.open" = "f3"
"list.up" = "u"
"list.down" = "d"
"list.back" = "f11"
"dialog.leave" = "ctrl+l"
"dialog.page_down" = "ctrl+n"
"form.send" = "f9"
"form.go_on" = "f11"
"confirm.yes" = "j"
"line.take" = "ctrl+t"
"""


@pytest.fixture
def files(tmp_path: Path) -> SettingsFiles:
    found = SettingsFiles(tmp_path / "config.toml", tmp_path / "state" / "console.toml")
    found.config.write_text(REBOUND)
    return found


def foot(it: Running) -> str:
    """What the last line of keys on the screen says."""
    return str(list(it.app.screen.query(".board-foot, .keys").results(Static))[-1].content)


async def test_the_board_and_a_figure_show_keys_as_they_are_bound(files: SettingsFiles) -> None:
    async with running(desk(), files=files) as it:
        await it.press("b")
        await it.until(lambda: "F3 open" in foot(it))
        assert foot(it).endswith("F3 open   F6 next part   F8 help   F11 back")
        await it.press("f3")
        await it.until(lambda: isinstance(it.app.screen, FigureScreen))
        assert foot(it) == "u d move   F3 go to the ticket   F11 back"
        await it.press("f11")
        assert not isinstance(it.app.screen, FigureScreen)


async def test_dialogs_and_the_help_show_keys_as_they_are_bound(files: SettingsFiles) -> None:
    async with running(desk(), files=files, size=(100, 40)) as it:
        await it.pilot.press("question_mark")
        await it.until(lambda: "leave" in foot(it))
        assert foot(it) == "↑ ↓ PgUp ^n move   ^l leave"
        await it.press("ctrl+l", "slash")
        await it.press("s", "e", "v")
        assert "^t takes it" in "\n".join(lines(it.screen.line.hint))


async def test_the_set_up_follows_keys_that_are_set_and_shows_them(files: SettingsFiles) -> None:
    app = SetUp(Means(), files)
    async with app.run_test(size=(100, 40)) as pilot:
        await pilot.pause()
        assert isinstance(app.screen, Welcome)
        assert str(app.screen.query_one(".keys", Static).content) == "F11 go on   ^l leave, nothing is made"
        await pilot.press("ctrl+l")
        await pilot.pause()
        assert app.start is None
