"""Pictures of the lock screen: with alarms, and where it asks for a password."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from unittest.mock import patch

import pytest
from textual.pilot import Pilot

from supportdesk.console.app import Console
from supportdesk.console.calls.incoming import CallReceived
from supportdesk.console.lock import screen as lock_screen
from supportdesk.console.lock.screen import LockScreen
from supportdesk.console.main import ticker
from supportdesk.console.main.screen import MainScreen
from supportdesk.settings.files import SettingsFiles
from tests.console.fixtures.morning import OPERATOR, calm_desk, morning_desk
from tests.console.harness.dialog import until
from tests.console.harness.pictures import Place, in_every_look

Compare = Callable[..., bool]


@pytest.fixture(autouse=True)
def _time_stands_still() -> Iterator[None]:
    with patch.object(ticker, "SECOND", 3600.0), patch.object(lock_screen, "SECOND", 3600.0):
        yield


PICTURES: dict[str, tuple[Place, bool]] = {"alarms": (LockScreen, False), "password": (LockScreen, True)}


def _is_read(screen: MainScreen, calm: bool) -> bool:
    session = screen.session
    is_quiet = all(worker.is_finished for worker in screen.app.workers)
    return is_quiet and session is not None and (calm or bool(session.inbox))


@in_every_look(PICTURES)
def test_the_lock_screen_looks_as_it_did(
    picture: str, size: tuple[int, int], theme: str, snap_compare: Compare, tmp_path: Path
) -> None:
    asks = PICTURES[picture][1]
    files = SettingsFiles(tmp_path / "config.toml", tmp_path / "console.toml")
    files.config.write_text('[lock]\nunlock_command = ["true"]\n' if asks else "")
    desk = calm_desk() if asks else morning_desk()
    username = OPERATOR if asks else "maya"
    console = Console(lambda: desk, username=username, name="desk@test", files=files)

    async def script(pilot: Pilot[None]) -> None:
        console.theme = theme
        await until(
            pilot, lambda: console.queue_screen is not None and console.queue_screen.session is not None
        )
        if not asks:
            console.post_message(CallReceived("020 7946 0018"))
            await until(pilot, lambda: console._incoming_calls is not None and console._incoming_calls.rings)
        # The inbox is counted in the header, and what stops an escalation makes the difference of a page.
        await until(pilot, lambda: console.queue_screen is not None and _is_read(console.queue_screen, asks))
        console.action_lock()
        await until(pilot, lambda: isinstance(console.screen, LockScreen) and console.screen.is_mounted)
        assert isinstance(console.screen, LockScreen)
        console.screen.update_status()

    assert snap_compare(console, terminal_size=size, run_before=script)
