"""Once a contact was erased, no draft that may name them is left, in memory or on the disk."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from msgspec.structs import replace

from supportdesk.console.drafts.draft import Draft
from supportdesk.console.drafts.folder import drafts_at
from supportdesk.console.messages import DeskReconnected
from supportdesk.store.read_models import Changes
from supportdesk.tickets.process.conversation import Note
from tests.console.fixtures.fake_desk import FakeDesk
from tests.console.fixtures.morning import NOW, morning_desk, ref_of
from tests.console.harness.console import running


class ErasesContact(FakeDesk):
    """A desk on which a contact is erased with each change from now on."""

    def changes(self, since: int) -> Changes:
        return replace(super().changes(since), erased=True)


def test_drafts_left_before_an_erasure_are_discarded_on_the_disk_too(tmp_path: Path) -> None:
    drafts, _ = drafts_at(tmp_path, NOW)
    drafts.save("note", "CD-4C00-W", Draft({"text": "Zoë rang"}, NOW))
    drafts.save("note", "CD-4C01-T", Draft({"text": "later"}, NOW + timedelta(minutes=1)))
    assert drafts.discard_left_before(NOW) == 1
    drafts.close()
    later, _ = drafts_at(tmp_path, NOW)
    assert later.unsent == [("note", "CD-4C01-T")]
    later.close()
    assert not any(b"Zo" in each.read_bytes() for each in tmp_path.rglob("*.json"))


async def test_a_console_that_sees_an_erasure_discards_its_drafts() -> None:
    desk = morning_desk()
    desk.__class__ = ErasesContact
    # Its draft was left after the erasure, of which it did not know.
    desk.find_last_erasure = lambda: desk.now() - timedelta(hours=1)  # type: ignore[method-assign]
    login = ref_of(desk, "Nobody can log in")
    async with running(desk, (160, 50)) as it:
        session = it.screen.session
        assert session is not None
        session.drafts.save("note", login, Draft({"text": "Zoë rang"}, desk.now()))
        desk.do_as("priya", Note(login, "something happens"))
        await it.until(lambda: session.drafts.unsent == [])
        await it.until(lambda: "A contact was erased: an unsent form was discarded" in it.foot)


async def test_what_could_not_be_looked_for_at_the_start_is_when_the_desk_is_back() -> None:
    desk = morning_desk()
    login = ref_of(desk, "Nobody can log in")
    async with running(desk, (160, 50)) as it:
        session = it.screen.session
        assert session is not None
        session.drafts.save("note", login, Draft({"text": "Zoë rang"}, desk.now()))
        desk.find_last_erasure = desk.now  # type: ignore[method-assign]
        it.screen.post_message(DeskReconnected())
        await it.until(lambda: session.drafts.unsent == [])
