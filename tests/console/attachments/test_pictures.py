"""The list of attachments, on a wide terminal and on the smallest, dark and light."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from unittest.mock import patch

from textual.pilot import Pilot
from textual.widgets import Static

from supportdesk.console.app import Console
from supportdesk.console.attachments.screen import AttachmentsDialog
from supportdesk.console.main import ticker
from supportdesk.console.main.screen import MainScreen
from supportdesk.console.widgets.line_list import LineList
from tests.console.attachments.desks import attached
from tests.console.harness.dialog import until
from tests.console.harness.pictures import in_every_look

Compare = Callable[..., bool]


def is_read(screen: MainScreen) -> bool:
    context = screen.ticket_pane.context
    return context is not None and context.view is not None


def counts_messages(screen: MainScreen) -> bool:
    return screen.session is not None and screen.session.waiting_messages == 2


async def opened(pilot: Pilot[None]) -> None:
    app = pilot.app
    assert isinstance(app, Console)
    await until(pilot, lambda: app.queue_screen is not None and app.queue_screen.row is not None)
    screen = app.queue_screen
    assert screen is not None
    await until(pilot, lambda: counts_messages(screen))
    # Where the ticket is seen behind the dialog, it is read first.
    await until(pilot, lambda: screen.has_class("-alone") or is_read(screen))
    await pilot.press("A")
    await until(pilot, lambda: isinstance(app.screen, AttachmentsDialog) and app.screen.is_read)
    dialog = app.screen
    await until(pilot, lambda: dialog.query_one(LineList).size.height > 0)
    await pilot.press("enter")
    await until(pilot, lambda: dialog.query_one(".status", Static).size.height > 0)
    await pilot.pause()


@in_every_look({"attachments": (AttachmentsDialog, opened)})
def test_the_list_of_attachments_looks_as_it_did(
    picture: str, size: tuple[int, int], theme: str, snap_compare: Compare, tmp_path: Path
) -> None:
    with closing(attached(tmp_path)) as desk, patch.object(ticker, "SECOND", 3600.0):
        console = Console(lambda: desk, username="ann", name="desk@pg-main")

        async def play(pilot: Pilot[None]) -> None:
            console.theme = theme
            await opened(pilot)

        assert snap_compare(console, terminal_size=size, run_before=play)
