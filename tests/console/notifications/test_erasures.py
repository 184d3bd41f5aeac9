"""Once a contact was erased, no draft that may name them is left, in memory or on the disk."""

from __future__ import annotations

import os
from datetime import timedelta
from pathlib import Path

from msgspec.structs import replace

from supportdesk.console.drafts.draft import Draft
from supportdesk.console.drafts.folder import drafts_at
from supportdesk.console.messages import DeskReconnected
from supportdesk.store.read_models import Changes, Erasure
from supportdesk.tickets.process.conversation import Note
from tests.console.fixtures.fake_desk import FakeDesk
from tests.console.fixtures.morning import NOW, morning_desk, ref_of
from tests.console.harness.console import running


class ErasesContact(FakeDesk):
    """A desk on which a contact is erased with each change from now on."""

    def changes(self, since: int) -> Changes:
        return replace(super().changes(since), erased=True)


ERASURE = Erasure(70, NOW)


def test_drafts_begun_before_an_erasure_are_discarded_on_the_disk_too(tmp_path: Path) -> None:
    drafts, _ = drafts_at(tmp_path, NOW)
    later = NOW + timedelta(minutes=1)
    drafts.save("note", "CD-4C00-W", Draft({"text": "Zoë rang"}, NOW))
    drafts.save("note", "CD-4C01-T", Draft({"text": "an earlier version's"}, later))
    drafts.save(
        "note",
        "CD-4C02-P",
        Draft({"text": "Zoë rang while the desk was away"}, later, 69),
    )
    drafts.save("note", "CD-4C03-M", Draft({"text": "begun afterwards"}, later, 70))
    drafts.close()
    next_console, _ = drafts_at(tmp_path, NOW)
    assert next_console.discard_begun_before(ERASURE) == 2
    next_console.close()
    last, _ = drafts_at(tmp_path, NOW)
    assert {ref for _, ref in last.unsent} == {"CD-4C01-T", "CD-4C03-M"}
    last.close()
    assert not any(b"Zo" in each.read_bytes() for each in tmp_path.rglob("*.json"))


def test_a_draft_that_is_continued_stays_as_old_as_it_was(tmp_path: Path) -> None:
    drafts, _ = drafts_at(tmp_path, NOW)
    drafts.save("note", "CD-4C00-W", Draft({"text": "Zoë rang"}, NOW, 69))
    drafts.save("note", "CD-4C00-W", Draft({"text": "Zoë rang twice"}, NOW, 71))
    assert drafts.discard_begun_before(ERASURE) == 1
    drafts.close()


def test_what_could_not_be_read_goes_with_the_drafts_of_its_time(tmp_path: Path) -> None:
    folder = tmp_path / "of an earlier console"
    folder.mkdir()
    for name, at in (("before", NOW), ("after", NOW + timedelta(minutes=1))):
        (folder / f"{name}.json").write_text('"Zoë rang')
        os.utime(folder / f"{name}.json", (at.timestamp(), at.timestamp()))
    drafts, faults = drafts_at(tmp_path, NOW)
    assert len(faults) == 2
    assert not drafts.is_empty
    assert drafts.discard_begun_before(ERASURE) == 0
    drafts.close()
    assert [each.stem for each in tmp_path.rglob("*.json")] == ["after"]


async def test_a_console_that_sees_an_erasure_discards_its_drafts() -> None:
    desk = morning_desk()
    desk.__class__ = ErasesContact
    # Its draft was left after the erasure, of which it did not know.
    desk.find_last_erasure = lambda: Erasure(0, desk.now() - timedelta(hours=1))  # type: ignore[method-assign]
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
        desk.find_last_erasure = lambda: Erasure(1, desk.now())  # type: ignore[method-assign]
        it.screen.post_message(DeskReconnected())
        await it.until(lambda: session.drafts.unsent == [])
