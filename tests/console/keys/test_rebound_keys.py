"""Rebound keys are shown as they are bound, wherever the console names them."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from textual.widgets import Static

from supportdesk import console
from supportdesk.console.board.drilldown_screen import DrilldownScreen
from supportdesk.console.calls.screen import CallScreen
from supportdesk.console.commands.command_form import CommandForm
from supportdesk.console.directory.screen import DirectoryScreen
from supportdesk.console.forms.search_field import SearchField
from supportdesk.console.setup.app import SetupApp
from supportdesk.console.setup.pages import DonePage, WelcomePage
from supportdesk.settings.files import SettingsFiles
from tests.console.fixtures.morning import morning_desk
from tests.console.harness.console import Running, lines, running
from tests.console.setup.test_setup import Means

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
"line.keep" = "f2"
"directory.back" = "f11"
"desk.call" = "B"
"desk.directory" = "f6"
"notice.open" = "f14"
"""


@pytest.fixture
def files(tmp_path: Path) -> SettingsFiles:
    found = SettingsFiles(tmp_path / "config.toml", tmp_path / "state" / "console.toml")
    found.config.write_text(REBOUND)
    return found


def foot(it: Running) -> str:
    """Return the last line of key hints on the screen."""
    return str(list(it.app.screen.query(".board-foot, .keys").results(Static))[-1].content)


async def test_the_board_and_its_lists_show_rebound_keys(files: SettingsFiles) -> None:
    async with running(morning_desk(), files=files) as it:
        await it.press("b")
        await it.until(lambda: "F3 open" in foot(it))
        assert foot(it).endswith("F3 open   F6 next part   F8 help   F11 back")
        await it.press("f3")
        await it.until(lambda: isinstance(it.app.screen, DrilldownScreen))
        assert foot(it) == "u d move   F3 go to the ticket   F11 back"
        await it.press("f11")
        await it.until(lambda: not isinstance(it.app.screen, DrilldownScreen))


async def test_dialogs_and_the_help_show_rebound_keys(files: SettingsFiles) -> None:
    async with running(morning_desk(), files=files, size=(100, 40)) as it:
        await it.pilot.press("question_mark")
        await it.until(lambda: "leave" in foot(it))
        assert foot(it) == "↑ ↓ PgUp ^n move   ^l leave"
        await it.press("ctrl+l", "slash")
        await it.press("s", "e", "v")
        assert "^t accept" in "\n".join(lines(it.screen.filter_bar.hint))


async def test_the_set_up_follows_and_shows_rebound_keys(files: SettingsFiles) -> None:
    app = SetupApp(Means(), files)
    async with app.run_test(size=(100, 40)) as pilot:
        await pilot.pause()
        assert isinstance(app.screen, WelcomePage)
        assert (
            str(app.screen.query_one(".keys", Static).content) == "F11 continue   ^l quit, nothing is created"
        )
        await pilot.press("ctrl+l")
        await pilot.pause()
        assert app.start is None


async def test_the_directory_names_the_rebound_key_that_clears_the_search(files: SettingsFiles) -> None:
    async with running(morning_desk(), files=files) as it:
        await it.press("f6")
        await it.until(lambda: isinstance(it.app.screen, DirectoryScreen))
        await it.press("slash", *"zzzz")
        page = it.app.screen.query_one(".page", Static)
        await it.until(lambda: "No people match" in str(page.content))
        assert str(page.content) == "No people match; F11 clears the search"


async def test_a_notice_names_the_rebound_key_that_leaves_a_screen(files: SettingsFiles) -> None:
    async with running(morning_desk(), username="maya", files=files) as it:
        await it.until(lambda: bool(it.notice))
        await it.press("r")
        await it.until(lambda: isinstance(it.app.screen, CommandForm))
        await it.press("f14")
        await it.until(lambda: "Close this first (^l)" in it.notice)


async def test_the_caller_search_names_the_rebound_key_that_picks_one(files: SettingsFiles) -> None:
    async with running(morning_desk(), files=files) as it:
        await it.press("B")
        await it.until(lambda: isinstance(it.app.screen, CallScreen))
        assert foot(it) == "F11 continue   ↑ ↓ choose   ^l leave"
        field = it.app.screen.query_one("#caller", SearchField)
        field.begin("Jo")
        assert field.problem == "choose one with the arrows and F11, or clear it"


async def test_the_last_page_of_the_set_up_shows_rebound_keys(
    files: SettingsFiles,
) -> None:
    app = SetupApp(Means(), files)
    async with app.run_test(size=(100, 40)) as pilot:
        await app.push_screen(DonePage("desk.db", customer=True))
        steps = str(app.screen.query_one(".steps", Static).content).splitlines()
        assert [line.split()[0] for line in steps] == ["F6", "F6", "B", "?"]
        await pilot.pause()


NAMED = re.compile(r"\b(esc|escape|enter|tab|pgup|pgdn|f[0-9]{1,2})\b|\^[a-z]\b", re.IGNORECASE)
BY_NAME = {"keymap.py", "names.py", "overrides.py"}


def sentences(file: Path) -> Iterator[str]:
    """Yield the string constants of a module with more than one word, without its docstrings."""
    tree = ast.parse(file.read_text())
    told = {
        id(node.value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
    }
    for node in ast.walk(tree):
        if not (isinstance(node, ast.Constant) and isinstance(node.value, str)) or id(node) in told:
            continue
        if " " in node.value.strip():
            yield node.value


def test_no_text_of_the_console_has_a_hard_coded_key() -> None:
    files = Path(console.__file__).parent.rglob("*.py")
    named = [
        f"{file.name}: {text}"
        for file in files
        if file.name not in BY_NAME
        for text in sentences(file)
        if NAMED.search(text)
    ]
    assert not named
