"""A console beside a newer version says so once, as a notice, and goes on."""

from __future__ import annotations

from supportdesk.console.notifications.newer_version import TEXT
from supportdesk.console.widgets.notice_bar import NoticeBar
from supportdesk.tickets.process.conversation import Note
from tests.console.fixtures.fake_desk import FakeDesk
from tests.console.fixtures.morning import morning_desk, ref_of
from tests.console.harness.console import running


class UpgradedDesk(FakeDesk):
    """A desk that a newer program has upgraded."""

    @property
    def newer_version(self) -> str:
        return "0012"


async def test_the_notice_has_room_on_one_line_of_a_small_terminal() -> None:
    desk = morning_desk()
    desk.__class__ = UpgradedDesk
    async with running(desk, (80, 24)) as it:
        await it.until(lambda: TEXT in it.notice)
        assert it.screen.query_one(NoticeBar).size.height == 1


async def test_the_notice_comes_once_and_goes_when_it_is_dismissed() -> None:
    desk = morning_desk()
    desk.__class__ = UpgradedDesk
    async with running(desk, (160, 50)) as it:
        notices = it.screen.controllers.notices
        await it.until(lambda: "newer version" in notices.notices)
        while (first := notices.notices.first) is not None and first.id != "newer version":
            notices.remove(first.id)
        await it.until(lambda: TEXT in it.notice)
        notices.respond("dismiss")
        await it.until(lambda: not it.notice)
        desk.do_as("priya", Note(ref_of(desk, "Nobody can log in"), "something happens"))
        await it.until(lambda: it.screen.controllers.client.desk_client.watch.seq == desk.queue().seq)
        assert not it.notice
