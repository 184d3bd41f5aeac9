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
"board.open" = "f5"
"board.next" = "f6"
"board.help" = "f7"
"board.back" = "f11"
"list.open" = "f5"
"list.up" = "u"
"list.down" = "d"
"list.back" = "f11"
"dialog.leave" = "f12"
"dialog.page_down" = "f11"
"form.send" = "f3"
"form.go_on" = "f5"
"confirm.yes" = "j"
"line.take" = "f5"
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
        await it.until(lambda: "F5 open" in foot(it))
        assert foot(it).endswith("F5 open   F6 next part   F7 help   F11 back")
        await it.press("f5")
        await it.until(lambda: isinstance(it.app.screen, FigureScreen))
        assert foot(it) == "u d move   F5 go to the ticket   F11 back"
        await it.press("f11")
        assert not isinstance(it.app.screen, FigureScreen)


async def test_dialogs_and_the_help_show_keys_as_they_are_bound(files: SettingsFiles) -> None:
    async with running(desk(), files=files, size=(100, 40)) as it:
        await it.pilot.press("question_mark")
        await it.until(lambda: "leave" in foot(it))
        assert foot(it) == "↑ ↓ PgUp F11 move   F12 leave"
        await it.press("f12", "slash")
        await it.press("s", "e", "v")
        assert "F5 takes it" in "\n".join(lines(it.screen.line.hint))


async def test_the_set_up_follows_keys_that_are_set_and_shows_them(files: SettingsFiles) -> None:
    app = SetUp(Means(), files)
    async with app.run_test(size=(100, 40)) as pilot:
        await pilot.pause()
        assert isinstance(app.screen, Welcome)
        assert str(app.screen.query_one(".keys", Static).content) == "F5 go on   F12 leave, nothing is made"
        await pilot.press("f12")
        await pilot.pause()
        assert app.start is None
