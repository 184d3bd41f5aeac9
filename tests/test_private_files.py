"""Whatever the umask is, nobody else can read or write a file that the program writes in a day, nor its folders."""

from __future__ import annotations

import os
import stat
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest

from supportdesk.cli.desk_address import drafts_folder
from supportdesk.clock import FixedClock
from supportdesk.console.calls.softphone import Listener
from supportdesk.console.drafts.draft import Draft, StoredDraft
from supportdesk.console.drafts.folder import open_folder
from supportdesk.crash_log import write_crash
from supportdesk.heartbeat import Heartbeat, heartbeat_path, write_heartbeat
from supportdesk.settings.files import settings_files
from supportdesk.settings.inbox_marks import InboxMarks
from supportdesk.settings.save_view import save_view
from supportdesk.settings.state import UiState, save_state
from tests.cli.prompt import Prompt

pytestmark = pytest.mark.sqlite

NOW = datetime(2026, 11, 24, 9, 42, tzinfo=UTC)


@contextmanager
def umask(mask: int) -> Iterator[None]:
    before = os.umask(mask)
    try:
        yield
    finally:
        os.umask(before)


@pytest.fixture
def home(monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A home folder in which nothing is yet, with a name that is short enough for a socket."""
    with tempfile.TemporaryDirectory(prefix="home") as folder:
        for name in ("DATA", "STATE", "CONFIG"):
            monkeypatch.setenv(f"XDG_{name}_HOME", f"{folder}/hidden/{name.lower()}")
        yield Path(folder)


def spend_a_day(home: Path) -> None:
    """Write every kind of file: by the command line, by the console's parts, and by a watcher."""
    desk = home / "hidden" / "desks" / "desk.db"
    ann = Prompt(str(desk), "ann", FixedClock(NOW))
    ann.done("init")
    ann.done("config", "--init")
    ann("organisation", "add", "Acme Ltd")
    ann("contact", "add", "Jo Park", "--organisation", "Acme Ltd", "--super-user")
    ann.log()
    ann("watch", "--once", "--log", str(home / "watch.log"))
    ann.done("backup", str(home / "copy.db"))
    ann.done("export", str(home / "desk.jsonl"))
    ann("anchor", str(home / "anchors"))
    ann.done("restore", str(home / "copy.db"))
    files = settings_files()
    save_state(files.remembered, UiState(theme="supportdesk-dark"))
    save_view(files.config, "mine", "owner:me")
    InboxMarks(files.inbox).mark_done("0123", NOW)
    folder, _, _ = open_folder(drafts_folder(str(desk), "ann"), NOW)
    folder.write(StoredDraft("abc", "note", "CD-4C00-W", Draft({"text": "words"}, NOW)))
    folder.close()
    write_heartbeat(heartbeat_path(desk), Heartbeat("host", 1, "id", NOW, NOW))
    write_crash(ValueError("words"))


def find_open_to_others(home: Path) -> list[str]:
    """The files and folders that somebody else can use, with their modes."""
    return [
        f"{path.relative_to(home)} {stat.S_IMODE(path.lstat().st_mode):o}"
        for path in home.rglob("*")
        if stat.S_IMODE(path.lstat().st_mode) & 0o077
    ]


@pytest.mark.parametrize("mask", [0o000, 0o077])
def test_no_file_of_a_day_can_be_used_by_others(home: Path, mask: int) -> None:
    with umask(mask):
        spend_a_day(home)
        listener = Listener([home / "hidden" / "calls" / "ours"], lambda number: None)
        try:
            assert find_open_to_others(home) == []
            written = {path.name for path in home.rglob("*") if path.is_file()}
            assert any(stat.S_ISSOCK(path.lstat().st_mode) for path in home.rglob("*.sock"))
        finally:
            listener.close()
    assert {
        "desk.db",
        "copy.db",
        "desk.jsonl",
        "anchors",
        "watch.log",
        "config.toml",
        "console.toml",
    } <= written
    assert {"inbox.json", "crash.log", "abc.json", "lock", "desk.db.watcher"} <= written
