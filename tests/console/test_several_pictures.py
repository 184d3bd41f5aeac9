"""What marking several tickets, and acting on all of them, looks like."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from unittest.mock import patch

import pytest
from textual.pilot import Pilot
from textual.screen import Screen

from supportdesk.console.screens import desk_screen
from supportdesk.console.screens.batch_form import BatchForm
from supportdesk.console.screens.batch_progress import BatchProgress
from supportdesk.console.screens.escalate_several import EscalateSeveral
from supportdesk.console.screens.queue_screen import QueueScreen
from supportdesk.console.screens.undo_several import UndoSeveral
from supportdesk.tickets.process.triage import Note
from tests.console.a_morning import desk, ref_of
from tests.console.fake_door import FakeDoor
from tests.console.looks import Place, in_every_look
from tests.console.stage import SEARCHES, until, words
from tests.console.test_console_pictures import Compare, Script, pressed, screen, taken

CHOSEN = ("Stock levels", "Export stops", "Checkout hangs", "Nobody can log in", "Logo blurred")


@pytest.fixture(autouse=True)
def _time_stands_still() -> Iterator[None]:
    with patch.object(desk_screen, "SECOND", 3600.0):
        yield


async def shown(pilot: Pilot[None], kind: type[Screen[Any]]) -> None:
    await until(pilot, lambda: isinstance(pilot.app.screen, kind))
    await until(pilot, lambda: not any(worker.group in SEARCHES for worker in pilot.app.workers))
    await pilot.pause()


async def marked(pilot: Pilot[None], door: FakeDoor) -> None:
    for summary in CHOSEN:
        screen(pilot).queue.find(ref_of(door, summary))
        await pressed(pilot, "space")


async def form(pilot: Pilot[None], door: FakeDoor) -> None:
    await marked(pilot, door)
    await pressed(pilot, "a")
    await shown(pilot, BatchForm)


async def escalating(pilot: Pilot[None], door: FakeDoor) -> None:
    await marked(pilot, door)
    await pressed(pilot, "e")
    await shown(pilot, EscalateSeveral)


async def foreseen(pilot: Pilot[None], door: FakeDoor) -> None:
    await marked(pilot, door)
    await pressed(pilot, "c")
    await shown(pilot, BatchForm)
    await until(pilot, lambda: "will be refused" in words(pilot, ".status"))


async def result(pilot: Pilot[None], door: FakeDoor) -> None:
    await foreseen(pilot, door)
    await pressed(pilot, "enter")
    await shown(pilot, BatchProgress)
    await until(pilot, lambda: "enter" in words(pilot, ".keys"))


async def undoing(pilot: Pilot[None], door: FakeDoor) -> None:
    for summary in CHOSEN[-2:]:
        door.by("ann", Note(ref_of(door, summary), "They rang again."))
    await marked(pilot, door)
    await pressed(pilot, "u")
    await shown(pilot, UndoSeveral)
    await until(pilot, lambda: "wrote a note" in words(pilot, ".batch"))


PICTURES: dict[str, tuple[Place, Script]] = {
    "marked": (QueueScreen, marked),
    "form": (BatchForm, form),
    "escalating": (EscalateSeveral, escalating),
    "foreseen": (BatchForm, foreseen),
    "undoing": (UndoSeveral, undoing),
    "result": (BatchProgress, result),
}


@in_every_look(PICTURES)
def test_acting_on_several_looks_as_it_did(
    picture: str, size: tuple[int, int], theme: str, snap_compare: Compare
) -> None:
    assert taken(snap_compare, desk(), PICTURES[picture][1], size, theme=theme)
