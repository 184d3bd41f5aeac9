"""The directory of records: what each type looks like, and a record that is edited."""

from __future__ import annotations

from collections.abc import Callable

from textual.pilot import Pilot

from supportdesk.console.directory.contact_erasure import EraseQuestion
from supportdesk.console.directory.record_form import RecordForm
from supportdesk.console.directory.record_types import RECORD_TYPES
from supportdesk.console.directory.screen import DirectoryScreen
from supportdesk.store.read_models import ErasurePreview
from tests.console.fixtures.fake_desk import FakeDesk
from tests.console.fixtures.morning import morning_desk
from tests.console.harness.dialog import until
from tests.console.harness.pictures import Place, in_every_look
from tests.console.main.test_pictures import Script, taken

Compare = Callable[..., bool]


def at(kind: str) -> Script:
    """Opens the directory at a kind, and goes down to the third record."""

    async def go(pilot: Pilot[None], desk: FakeDesk) -> None:
        await pilot.press("D")
        await until(
            pilot, lambda: isinstance(pilot.app.screen, DirectoryScreen) and pilot.app.screen.ready.is_set()
        )
        await pilot.press(*["tab"] * [each.title for each in RECORD_TYPES].index(kind), "down", "down")
        await pilot.pause()

    return go


async def editing(pilot: Pilot[None], desk: FakeDesk) -> None:
    await at("Contacts")(pilot, desk)
    await pilot.press("e")
    await until(pilot, lambda: isinstance(pilot.app.screen, RecordForm))
    await pilot.pause()


async def erasing(pilot: Pilot[None], desk: FakeDesk) -> None:
    await at("Contacts")(pilot, desk)
    contact = desk.records.contacts["jo"]
    preview = ErasurePreview(contact, "Acme Ltd", 41, tickets=3, open=1, others=2, records=1)
    pilot.app.push_screen(EraseQuestion(preview))
    await until(pilot, lambda: isinstance(pilot.app.screen, EraseQuestion))
    await pilot.pause()


PICTURES: dict[str, tuple[Place, Script]] = {
    **{kind.title: (DirectoryScreen, at(kind.title)) for kind in RECORD_TYPES},
    "editing": (RecordForm, editing),
    "erasing": (EraseQuestion, erasing),
}


@in_every_look(PICTURES)
def test_the_directory_looks_as_it_did(
    picture: str, size: tuple[int, int], theme: str, snap_compare: Compare
) -> None:
    assert taken(snap_compare, morning_desk(), PICTURES[picture][1], size, theme=theme)
