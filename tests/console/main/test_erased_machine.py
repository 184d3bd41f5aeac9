"""A contact who is erased is in no file that the program keeps on an operator's machine, once a console was started."""

from __future__ import annotations

import os
from datetime import timedelta
from pathlib import Path

import pytest

from supportdesk.cli.desk_address import drafts_folder
from supportdesk.clock import FixedClock
from supportdesk.crash_log import write_crash
from supportdesk.desk import Desk
from supportdesk.settings.files import settings_files
from supportdesk.tickets.records.commands import EraseContact
from tests.cli.prompt import Prompt
from tests.console.fixtures.morning import empty_desk
from tests.console.harness.console import Running, running
from tests.console.main.test_erasure import type_in
from tests.store.desks import address_of, done
from tests.store.erased import NAME, ZOE, find_traces, named_desk
from tests.tickets.scenario import MONDAY_NINE

pytestmark = pytest.mark.usefixtures("database_kind")


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A home folder in which nothing is yet."""
    for name in ("DATA", "STATE", "CONFIG"):
        monkeypatch.setenv(f"XDG_{name}_HOME", str(tmp_path / "home" / name.lower()))
    (tmp_path / "home").mkdir()
    return tmp_path / "home"


async def work(it: Running) -> None:
    """Look for her, begin forms about her, and change what the console saves."""
    await type_in(it, ("slash", "zoe", "enter", "escape"))
    await type_in(it, ("i", "zoe muller-brandt rang", "escape"))
    await type_in(it, ("n", "Zoe", "escape"))
    await type_in(it, ("I",))
    await type_in(it, ("d", "escape"))
    it.app.action_lock()
    await it.pilot.pause()


async def test_no_file_names_them_after_the_next_start(home: Path) -> None:
    desk_folder = home / "desk"
    desk_folder.mkdir()
    with named_desk(desk_folder) as desk:
        address, files = address_of(desk), settings_files()
        drafts = drafts_folder(address, "sue")
        sue = Prompt(address, "sue", FixedClock(MONDAY_NINE + timedelta(days=1)))

        def connect() -> Desk:
            return Desk.open(address, FixedClock(MONDAY_NINE))

        sue.done("config", "--init")
        async with running(empty_desk(), connect=connect, username="sue", files=files, drafts=drafts) as it:
            await work(it)
        assert find_traces(drafts), "a form was begun"
        sue("watch", "--once", "--log", str(home / "watch.log"))
        try:
            raise ValueError(NAME)
        except ValueError as error:
            write_crash(error)
        done(desk, EraseContact(ZOE.key), by="sue")
        desk.remove_traces()
        async with running(empty_desk(), connect=connect, username="sue", files=files, drafts=drafts) as it:
            session = it.screen.session
            assert session is not None
            await it.until(lambda: session.drafts.is_empty)
    written = {name for _, _, names in os.walk(home) for name in names}
    assert {"crash.log", "watch.log", "config.toml", "console.toml"} <= written
    assert find_traces(home) == []
