"""The inbox, with something in each of its parts, and an empty one."""

from __future__ import annotations

from collections.abc import Callable

from textual.pilot import Pilot

from supportdesk.console.inbox.later_dialog import LaterDialog
from supportdesk.console.inbox.screen import InboxScreen
from tests.console.fixtures.fake_desk import FakeDesk
from tests.console.harness.dialog import until
from tests.console.harness.pictures import Place, in_every_look
from tests.console.inbox.test_screen import sent_desk
from tests.console.main.test_pictures import Script, taken

Compare = Callable[..., bool]


async def opened(pilot: Pilot[None], desk: FakeDesk) -> None:
    await pilot.press("I")
    await until(pilot, lambda: isinstance(pilot.app.screen, InboxScreen) and pilot.app.screen._is_read)
    await pilot.pause()


async def putting_off(pilot: Pilot[None], desk: FakeDesk) -> None:
    await opened(pilot, desk)
    await pilot.press("l")
    await until(pilot, lambda: isinstance(pilot.app.screen, LaterDialog))
    await pilot.press(*"14:00")
    await pilot.pause()


PICTURES: dict[str, tuple[Place, Script, Callable[[], FakeDesk]]] = {
    "inbox": (InboxScreen, opened, sent_desk),
    "later": (LaterDialog, putting_off, sent_desk),
}


@in_every_look(PICTURES)
def test_the_inbox_looks_as_it_did(
    picture: str, size: tuple[int, int], theme: str, snap_compare: Compare
) -> None:
    _, script, desk = PICTURES[picture]
    assert taken(snap_compare, desk(), script, size, theme=theme, username="priya")
