"""A test page is shown to the person to whom it was sent, until they acknowledge it with the notice's key."""

from __future__ import annotations

from msgspec.structs import replace

from supportdesk.console.dialogs.confirm import Confirm
from supportdesk.tickets.documents import DeskNotice
from supportdesk.tickets.records.commands import SendNotice
from tests.console.fixtures.fake_desk import FakeDesk
from tests.console.fixtures.morning import NOW, morning_desk, ref_of
from tests.console.harness.console import running

KEY = "test page 2026-11 sam"
TEXT = "This is a test page: acknowledge it, to show that pages reach you"


def desk_with_test() -> FakeDesk:
    desk = morning_desk()
    desk.records = replace(
        desk.records, notices={KEY: DeskNotice(KEY, "test", ("sam",), "This is a test", NOW)}
    )
    return desk


async def test_a_test_page_is_acknowledged_with_the_key_of_its_notice() -> None:
    desk = desk_with_test()
    async with running(desk, username="sam") as it:
        await it.until(lambda: TEXT in it.notice)
        assert "F7 acknowledge F12 dismiss" in it.notice
        await it.pilot.press("f7")
        await it.until(lambda: not it.notice)
        assert "The test page is acknowledged" in it.foot
        assert desk.records.notices[KEY].acknowledged_by == "sam"


async def test_p_acknowledges_a_test_page_where_the_ticket_has_no_page_to_acknowledge() -> None:
    desk = desk_with_test()
    login, closed_page = ref_of(desk, "Nobody can log in"), ref_of(desk, "Purchase order")
    async with running(desk, username="sam") as it:
        await it.until(lambda: TEXT in it.notice)
        await it.press("f12")
        it.screen.queue.find(login)
        await it.press("p")
        await it.until(lambda: isinstance(it.app.screen, Confirm))
        await it.press("escape")
        assert desk.records.notices[KEY].acknowledged_by is None
        it.screen.queue.find(closed_page)
        await it.press("p")
        await it.until(lambda: "The test page is acknowledged" in it.foot)
        assert desk.records.notices[KEY].acknowledged_by == "sam"


async def test_a_test_page_that_is_sent_later_is_shown_and_one_acknowledged_elsewhere_is_removed() -> None:
    desk = morning_desk()
    async with running(desk, username="sam") as it:
        desk.do(SendNotice(("sam",), "test", "This is a test", KEY), by="watcher")
        await it.until(lambda: TEXT in it.notice)
        notice = desk.records.notices[KEY]
        desk.records = replace(desk.records, notices={KEY: replace(notice, acknowledged_at=NOW)})
        desk.do(SendNotice(("sam",), "notice", "News", "news"), by="watcher")
        await it.until(lambda: not it.notice)


async def test_the_test_page_of_a_colleague_is_not_shown() -> None:
    desk = desk_with_test()
    async with running(desk, username="ann") as it:
        desk.do(SendNotice(("lee",), "test", "This is a test", "test page 2026-11 lee"), by="watcher")
        await it.rest()
        assert TEXT not in it.notice
