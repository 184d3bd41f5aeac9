"""A console with an unlock command asks for a password, and stays locked without it, also after it was ended."""

from __future__ import annotations

import stat
import sys
from pathlib import Path

import pytest
from textual.widgets import Input

from supportdesk.console.lock import unlock_command
from supportdesk.console.lock.screen import LockScreen
from supportdesk.console.lock.unlock_command import REFUSED, refuse_password
from supportdesk.console.preferences.validation import load_validated
from supportdesk.settings.files import SettingsFiles
from supportdesk.settings.state import load_state
from tests.console.fixtures.morning import morning_desk
from tests.console.harness.console import Running, running
from tests.console.lock.test_lock import drawn, lock_of, locked

PROGRAM = """#!{python}
import sys
sys.exit(0 if sys.stdin.readline() == "open sesame\\n" and not sys.stdin.read() else 1)
"""


@pytest.fixture
def program(tmp_path: Path) -> Path:
    """A program that accepts one password."""
    path = tmp_path / "unlock"
    path.write_text(PROGRAM.format(python=sys.executable))
    path.chmod(path.stat().st_mode | stat.S_IXUSR)
    return path


@pytest.fixture
def files(tmp_path: Path, program: Path) -> SettingsFiles:
    """The settings of an operator whose console asks for a password."""
    files = SettingsFiles(tmp_path / "config.toml", tmp_path / "console.toml")
    files.config.write_text(f'[lock]\nunlock_command = ["{program}"]\n')
    return files


async def enter(it: Running, password: str) -> None:
    """Type a password and have it checked."""
    for letter in password:
        await it.pilot.press("space" if letter == " " else letter)
    await it.pilot.press("enter")
    await it.until(lambda: it.app.typed.is_idle and all(each.is_finished for each in it.app.workers))


async def test_only_the_password_unlocks_and_wrong_ones_are_counted(files: SettingsFiles) -> None:
    async with running(morning_desk(), files=files) as it:
        lock = await locked(it)
        assert isinstance(it.app.focused, Input)
        assert "Type the password of ann to unlock." in drawn(it)
        await enter(it, "quit")
        await it.until(lambda: REFUSED in drawn(it))
        assert "quit" not in drawn(it)
        assert lock.refused == 1
        await enter(it, "open sesame")
        await it.until(lambda: it.app.screen is it.screen)
        assert "1 wrong password was typed while the console was locked." in it.foot


@pytest.mark.parametrize(
    "key",
    [
        "escape",
        "f2",
        "f4",
        "f5",
        "f7",
        "f9",
        "f10",
        "shift+f11",
        "f12",
        "ctrl+p",
        "ctrl+q",
        "ctrl+c",
        "ctrl+z",
        "tab",
    ],
)
async def test_no_key_acts_while_the_console_asks_for_a_password(files: SettingsFiles, key: str) -> None:
    desk = morning_desk()
    async with running(desk, files=files, username="maya") as it:
        await it.until(lambda: bool(it.notice))
        await locked(it, "shift+f11")
        before = len(desk.commands)
        await it.pilot.press(key)
        await it.pilot.pause()
        lock_of(it)
        assert it.app.is_running
        assert not it.app._exit
        assert len(desk.commands) == before


async def test_a_password_is_checked_while_a_key_before_the_lock_still_waits_for_the_desk(
    files: SettingsFiles,
) -> None:
    async with running(morning_desk(), files=files) as it:
        waits = it.app.typed.hold()
        it.app.action_lock()
        await it.until(lambda: isinstance(it.app.screen, LockScreen) and it.app.screen.is_mounted)
        for letter in ("o", "p"):
            await it.pilot.press(letter)
        await it.until(lambda: lock_of(it).query_one(Input).value == "op")
        waits.release()


async def test_a_console_that_was_left_locked_begins_locked(files: SettingsFiles) -> None:
    async with running(morning_desk(), files=files) as it:
        await locked(it)
        await it.until(lambda: load_state(files.remembered).locked)
    async with running(morning_desk(), files=files) as it:
        await it.until(lambda: isinstance(it.app.screen, LockScreen))
        await enter(it, "open sesame")
        await it.until(lambda: it.app.screen is it.screen)
        await it.until(lambda: not load_state(files.remembered).locked)
    async with running(morning_desk(), files=files) as it:
        assert it.app.screen is it.screen


async def test_a_command_that_cannot_be_run_leaves_the_console_locked_and_says_why(
    files: SettingsFiles, program: Path
) -> None:
    async with running(morning_desk(), files=files) as it:
        await locked(it)
        program.unlink()  # noqa: ASYNC240 - a file of this test
        await enter(it, "open sesame")
        await it.until(lambda: "cannot be run: No such file or directory." in " ".join(drawn(it).split()))
        lock_of(it)


def test_a_command_that_does_not_answer_is_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(unlock_command, "LONGEST", 0.05)
    assert "has not answered" in refuse_password(["sleep", "60"], "x")


def test_a_command_that_reads_nothing_decides_all_the_same() -> None:
    assert refuse_password(["true"], "x" * 1_000_000) == ""
    assert refuse_password(["false"], "x" * 1_000_000) == REFUSED


@pytest.mark.parametrize(
    ("setting", "reason"),
    [
        ("unlock_command = []", "give a program and its arguments"),
        ('unlock_command = [""]', "give a program and its arguments"),
        ('unlock_command = ["no-such-program"]', "there is no program 'no-such-program'"),
        ('unlock_command = "su"', "give a list in brackets"),
        ("after_minutes = 0", "give a whole number of at least 1"),
        ('after_minutes = "soon"', "give a whole number, not a text"),
        ("idle = 3", "idle"),
    ],
)
def test_faulty_settings_are_named_and_ignored(tmp_path: Path, setting: str, reason: str) -> None:
    files = SettingsFiles(tmp_path / "config.toml", tmp_path / "console.toml")
    files.config.write_text(f"[lock]\n{setting}\n")
    loaded = load_validated(files)
    assert len(loaded.fault_lines()) == 1
    assert reason in loaded.fault_lines()[0]
    assert loaded.settings.lock.unlock_command == ()
    assert loaded.settings.lock.after_minutes is None
