"""Pictures of marked tickets, and of a command for all of them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from unittest.mock import patch

import pytest
from textual.pilot import Pilot
from textual.screen import Screen

from supportdesk.console.commands.batch_form import BatchForm
from supportdesk.console.commands.batch_progress import BatchProgressScreen
from supportdesk.console.commands.escalate_batch_form import EscalateBatchForm
from supportdesk.console.commands.undo_batch_form import UndoBatchForm
from supportdesk.console.main import ticker
from supportdesk.console.main.screen import MainScreen
from supportdesk.tickets.process.conversation import Note
from tests.console.fixtures.fake_desk import FakeDesk
from tests.console.fixtures.morning import morning_desk, ref_of
from tests.console.harness.dialog import SEARCHES, until, words
from tests.console.harness.pictures import Place, in_every_look
from tests.console.main.test_pictures import Compare, Script, pressed, screen, taken

CHOSEN = ("Stock levels", "Export stops", "Checkout hangs", "Nobody can log in", "Logo blurred")


@pytest.fixture(autouse=True)
def _time_stands_still() -> Iterator[None]:
    with patch.object(ticker, "SECOND", 3600.0):
        yield


async def shown(pilot: Pilot[None], kind: type[Screen[Any]]) -> None:
    await until(pilot, lambda: isinstance(pilot.app.screen, kind))
    await until(pilot, lambda: not any(worker.group in SEARCHES for worker in pilot.app.workers))
    await pilot.pause()


async def marked(pilot: Pilot[None], desk: FakeDesk) -> None:
    for summary in CHOSEN:
        screen(pilot).queue.find(ref_of(desk, summary))
        await pressed(pilot, "space")


async def form(pilot: Pilot[None], desk: FakeDesk) -> None:
    await marked(pilot, desk)
    await pressed(pilot, "a")
    await shown(pilot, BatchForm)


async def escalating(pilot: Pilot[None], desk: FakeDesk) -> None:
    await marked(pilot, desk)
    await pressed(pilot, "e")
    await shown(pilot, EscalateBatchForm)


async def preview(pilot: Pilot[None], desk: FakeDesk) -> None:
    await marked(pilot, desk)
    await pressed(pilot, "c")
    await shown(pilot, BatchForm)
    await until(pilot, lambda: "will be refused" in words(pilot, ".status"))


async def result(pilot: Pilot[None], desk: FakeDesk) -> None:
    await preview(pilot, desk)
    await pressed(pilot, "enter")
    await shown(pilot, BatchProgressScreen)
    await until(pilot, lambda: "enter" in words(pilot, ".keys"))


async def undoing(pilot: Pilot[None], desk: FakeDesk) -> None:
    for summary in CHOSEN[-2:]:
        desk.do_as("ann", Note(ref_of(desk, summary), "They rang again."))
    await marked(pilot, desk)
    await pressed(pilot, "u")
    await shown(pilot, UndoBatchForm)
    await until(pilot, lambda: "you wrote a note" in words(pilot, ".batch"))


PICTURES: dict[str, tuple[Place, Script]] = {
    "marked": (MainScreen, marked),
    "form": (BatchForm, form),
    "escalating": (EscalateBatchForm, escalating),
    "foreseen": (BatchForm, preview),
    "undoing": (UndoBatchForm, undoing),
    "result": (BatchProgressScreen, result),
}


@in_every_look(PICTURES)
def test_acting_on_several_looks_as_it_did(
    picture: str, size: tuple[int, int], theme: str, snap_compare: Compare
) -> None:
    assert taken(snap_compare, morning_desk(), PICTURES[picture][1], size, theme=theme)
