"""The outbox on a wide terminal and on the smallest, dark and light."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any, cast
from unittest.mock import patch

from textual.pilot import Pilot

from supportdesk.console.app import Console
from supportdesk.console.main import ticker
from supportdesk.console.outbox.screen import OutboxScreen
from tests.console.harness.dialog import until
from tests.console.harness.pictures import Place, in_every_look
from tests.console.outbox.sent import sent

Compare = Callable[..., bool]


async def everything(pilot: Pilot[None]) -> None:
    app = pilot.app
    assert isinstance(app, Console)
    await until(pilot, lambda: app.queue_screen is not None and app.queue_screen.session is not None)
    await pilot.press("O")
    await until(pilot, lambda: isinstance(app.screen, OutboxScreen) and app.screen.is_read)
    await pilot.press("tab")
    screen = cast(OutboxScreen, app.screen)
    await until(pilot, lambda: screen.is_read)
    await pilot.press("down", "down", "down")
    await until(pilot, lambda: screen._attempts is not None and screen._attempts[0].id == screen.messages.key)
    await pilot.pause()


SCREENS: dict[str, tuple[Place, Callable[[Pilot[None]], Any]]] = {"all": (OutboxScreen, everything)}


@in_every_look(SCREENS)
def test_the_outbox_looks_as_it_did(
    picture: str, size: tuple[int, int], theme: str, snap_compare: Compare, tmp_path: Path
) -> None:
    _, script = SCREENS[picture]
    with closing(sent(tmp_path)) as desk, patch.object(ticker, "SECOND", 3600.0):
        console = Console(lambda: desk, username="ann", name="desk@pg-main")

        async def play(pilot: Pilot[None]) -> None:
            console.theme = theme
            await script(pilot)

        assert snap_compare(console, terminal_size=size, run_before=play)
