"""A notice acts on the ticket that it names, stays until the operator has responded, and covers nothing."""

from __future__ import annotations

from pathlib import Path

import pytest
from textual.widget import Widget
from textual.widgets import TextArea

from supportdesk.console.board.screen import BoardScreen
from supportdesk.console.calls.incoming import CallReceived
from supportdesk.console.calls.incoming_bar import IncomingCallBar
from supportdesk.console.commands.command_form import CommandForm
from supportdesk.console.directory.screen import DirectoryScreen
from supportdesk.console.forms.form import Form
from supportdesk.console.notifications.controller import READING_TIME, NoticeController
from supportdesk.console.widgets.footer import MESSAGE_TICKS
from supportdesk.console.widgets.notice import Notice, Notices, Rank
from supportdesk.console.widgets.notice_bar import NoticeBar
from supportdesk.settings.files import SettingsFiles
from supportdesk.tickets.command import Command
from supportdesk.tickets.process.assignment import Claim, HandOver
from supportdesk.tickets.process.escalation import Escalate
from supportdesk.tickets.process.page_shown import MarkPageShown
from supportdesk.tickets.process.triage import Acknowledge
from tests.console.fixtures.morning import morning_desk, ref_of
from tests.console.harness.console import Running, running

SIZES = [(80, 24), (160, 50)]


async def seated(it: Running) -> None:
    """Wait for the notice of Maya's page at the start, and dismiss it."""
    await it.until(lambda: bool(it.notice))
    await it.press("f12")
    assert not it.notice


async def paged_elsewhere(it: Running) -> str:
    """Page Maya for a ticket while her cursor is on another one; return that ticket's reference."""
    await seated(it)
    high = ref_of(it.desk, "Purchase order")
    it.screen.queue.find(ref_of(it.desk, "Two reports"))
    it.desk.do_as("ann", Escalate(high, way="hierarchical", reason="stuck"))
    await it.until(lambda: high in it.notice)
    assert it.under_cursor != high
    return high


def given(it: Running, username: str) -> list[Command]:
    """Return the commands that somebody gave, without what their console records by itself."""
    by_hand = (command for command, by, _ in it.desk.commands if by == username)
    return [each for each in by_hand if not isinstance(each, MarkPageShown)]


async def test_the_key_of_a_notice_acts_on_its_ticket_not_on_the_one_under_the_cursor() -> None:
    async with running(morning_desk(), username="maya") as it:
        high = await paged_elsewhere(it)
        cursor = it.under_cursor
        await it.press("f7")
        await it.until(lambda: not it.desk.ticket(high).ticket.page_open)
        await it.until(lambda: not it.notice)
        assert given(it, "maya") == [Acknowledge(high)]
        assert it.under_cursor == cursor


async def test_an_offered_ticket_is_claimed_by_its_notice_wherever_the_cursor_is() -> None:
    async with running(morning_desk(), username="sam") as it:
        await it.rest()
        high = ref_of(it.desk, "Purchase order")
        it.desk.do_as("ann", HandOver(high, "sam", "yours"))
        it.screen.queue.find(ref_of(it.desk, "Two reports"))
        await it.until(lambda: "claim it" in it.notice)
        await it.press("f7")
        await it.until(lambda: not it.notice)
        assert [command for command, by, _ in it.desk.commands if by == "sam"] == [Claim(high)]


async def test_the_notice_opens_its_ticket() -> None:
    async with running(morning_desk(), username="maya") as it:
        high = await paged_elsewhere(it)
        await it.press("f5")
        await it.until(lambda: it.under_cursor == high)
        await it.until(lambda: it.focus == "ticket")
        assert not it.notice
        assert it.desk.ticket(high).ticket.page_open


@pytest.mark.parametrize("place", ["board", "directory"])
async def test_a_notice_opens_its_ticket_from_another_screen(place: str) -> None:
    async with running(morning_desk(), username="maya") as it:
        high = await paged_elsewhere(it)
        it.screen.action_visit(place)
        await it.until(lambda: isinstance(it.app.screen, BoardScreen | DirectoryScreen))
        await it.until(lambda: high in it.notice)
        await it.press("f5")
        await it.until(lambda: it.under_cursor == high)
        await it.until(lambda: it.focus == "ticket")
        assert it.app.screen is it.screen
        assert not it.notice


async def test_opening_the_ticket_in_the_queue_removes_its_notice() -> None:
    async with running(morning_desk(), username="maya") as it:
        high = await paged_elsewhere(it)
        it.screen.queue.find(high)
        await it.press("enter")
        await it.until(lambda: not it.notice)


async def test_a_notice_stays_until_there_is_a_response() -> None:
    async with running(morning_desk(), username="maya") as it:
        high = await paged_elsewhere(it)
        for _ in range(3 * MESSAGE_TICKS):
            it.screen.updates.ticker.tick()
        await it.press("down", "escape", "escape", "v", "b", "escape", "question_mark", "escape", "c")
        assert high in it.notice
        await it.press("f12")
        assert not it.notice
        assert it.desk.ticket(high).ticket.page_open


async def test_the_notice_of_a_page_goes_when_somebody_else_acknowledges() -> None:
    async with running(morning_desk(), username="maya") as it:
        high = await paged_elsewhere(it)
        it.desk.do_as("maya", Acknowledge(high))
        await it.until(lambda: not it.notice)


@pytest.mark.parametrize("size", SIZES)
async def test_a_notice_and_an_incoming_call_cover_nothing(size: tuple[int, int]) -> None:
    async with running(morning_desk(), size, username="maya") as it:
        await paged_elsewhere(it)
        it.app.post_message(CallReceived("020 7946 0018"))
        await it.until(lambda: bool(it.app.screen.query(IncomingCallBar)))
        for keys in (
            (),
            ("i",),
            ("escape", "b"),
            ("escape", "D"),
            ("escape", "n"),
            ("escape", "question_mark"),
        ):
            await it.press(*keys)
            await it.until(
                lambda: bool(it.app.screen.query(NoticeBar)) and bool(it.app.screen.query(IncomingCallBar))
            )
            await it.pilot.pause()
            assert_nothing_is_covered(it)


def assert_nothing_is_covered(it: Running) -> None:
    screen = it.app.screen
    lines: list[Widget] = [screen.query_one(NoticeBar), screen.query_one(IncomingCallBar)]
    for line in lines:
        assert line.region.area
        assert screen.region.contains_region(line.region)
    others = [each for each in screen.children if each not in lines and each.display and each.region.area]
    for other in others:
        for line in lines:
            assert not other.region.overlaps(line.region), f"{line} covers {other}"


async def test_responding_to_a_notice_leaves_an_open_form_as_it_is() -> None:
    async with running(morning_desk(), username="maya") as it:
        high = await paged_elsewhere(it)
        await it.press("i")
        await it.until(lambda: isinstance(it.app.screen, Form))
        await it.pilot.press(*"half")
        await it.press("f5")
        assert "Close this first" in it.notice
        await it.press("f7")
        await it.until(lambda: not it.notice)
        assert not it.desk.ticket(high).ticket.page_open
        assert isinstance(it.app.screen, CommandForm)
        assert it.app.screen.query_one(TextArea).text == "half"


async def test_several_notices_are_shown_one_by_one_with_a_count() -> None:
    async with running(morning_desk(), username="maya") as it:
        first = await paged_elsewhere(it)
        second = ref_of(it.desk, "Two reports")
        it.desk.do_as("ann", Escalate(second, way="hierarchical", reason="stuck"))
        await it.until(lambda: it.notice.endswith("1 more page"))
        assert first in it.notice
        await it.press("f12")
        await it.until(lambda: second in it.notice)
        assert "more" not in it.notice
        await it.press("f7")
        await it.until(lambda: not it.notice)
        assert given(it, "maya") == [Acknowledge(second)]


async def test_without_a_notice_its_keys_say_that_there_is_none() -> None:
    async with running(morning_desk()) as it:
        await it.press("f7")
        assert "There is no notice to respond to." in it.foot


async def test_the_instruction_to_phone_somebody_stays_until_dismissed() -> None:
    async with running(morning_desk(), username="maya") as it:
        await seated(it)
        it.screen.controllers.notices.add(
            Notice("ring x", "CD-4C00-W is escalated. Ring Ann", Rank.CALL_SOMEBODY, "CD-4C00-W")
        )
        await it.press("f7")
        assert (
            "There is nothing to do from this notice; open its ticket (F5) or dismiss it (F12)." in it.notice
        )
        await it.press("f12")
        assert not it.notice


async def test_a_notice_shows_rebound_keys(tmp_path: Path) -> None:
    files = SettingsFiles(tmp_path / "config.toml", tmp_path / "console.toml")
    files.config.write_text('[keys]\n"notice.act" = "f11"\n')
    async with running(morning_desk(), username="maya", files=files) as it:
        high = await paged_elsewhere(it)
        assert "F11 acknowledge" in it.notice
        await it.press("f11")
        await it.until(lambda: not it.desk.ticket(high).ticket.page_open)


async def test_text_from_outside_in_a_notice_is_plain_text() -> None:
    async with running(morning_desk()) as it:
        it.screen.controllers.notices.add(Notice("x", "[/oops] [@click=app.quit]x[/] \x1b[2J", Rank.OFFER))
        await it.until(lambda: "[/oops] [@click=app.quit]x[/]" in it.notice)


def test_the_most_urgent_notice_is_first_and_those_of_one_rank_keep_their_order() -> None:
    notices = Notices()
    draft, offer, other = (
        Notice(name, name, rank) for name, rank in (("d", Rank.DRAFT), ("o", Rank.OFFER), ("q", Rank.OFFER))
    )
    page = Notice("p", "p", Rank.PAGE, severity=1)
    for each in (draft, offer, page, other):
        notices.add(each)
    seen = []
    while (first := notices.first) is not None:
        seen.append(first)
        assert notices.remove(first.id)
    assert seen == [page, offer, other, draft]


def test_the_newest_page_of_the_most_severe_tickets_is_first_however_many_came_before() -> None:
    notices = Notices()
    high, old, new = (
        Notice(name, name, Rank.PAGE, severity=severity, sent_at=sent_at)
        for name, severity, sent_at in (("high", 1, 30), ("old", 0, 10), ("new", 0, 20))
    )
    for each in (old, new, high):
        notices.add(each)
        notices.add(old)
    assert notices.first is new
    notices.add(Notice("draft", "draft", Rank.DRAFT))
    assert notices.describe_others() == "2 more pages, 1 more"
    notices.remove("new")
    assert notices.first is old


async def test_a_key_for_one_notice_is_refused_if_another_has_just_replaced_it() -> None:
    now = [0.0]
    async with running(morning_desk(), username="maya") as it:
        controller = NoticeController(
            it.app, it.screen, lambda: it.screen.controllers.foot.keys, monotonic=lambda: now[0]
        )
        controller.add(
            Notice("draft", "CD-4C00-W: unfinished note", Rank.DRAFT, "CD-4C00-W", "note", "go on")
        )
        controller.add(Notice("page", "CD-4C01-T: you are paged", Rank.PAGE, "CD-4C01-T", "acknowledge", "x"))
        controller.respond("dismiss")
        assert len(controller.notices) == 2
        now[0] += READING_TIME
        controller.respond("dismiss")
        assert controller.notices.first is not None
        assert controller.notices.first.id == "draft"
        controller.respond("dismiss")
        assert controller.notices.first is None


async def test_a_key_for_a_notice_that_disappeared_is_refused_for_the_next() -> None:
    async with running(morning_desk(), username="maya") as it:
        first = await paged_elsewhere(it)
        second = ref_of(it.desk, "Two reports")
        now = [0.0]
        it.screen.controllers.notices._monotonic = lambda: now[0]
        it.desk.do_as("ann", Escalate(second, way="hierarchical", reason="stuck"))
        await it.until(lambda: it.notice.endswith("1 more page"))
        it.desk.do_as("sam", Acknowledge(first, paged="maya"))
        await it.until(lambda: second in it.notice)
        await it.press("f7")
        assert "A new notice has just appeared: read it first." in it.notice
        assert it.desk.ticket(second).ticket.page_open
        now[0] += READING_TIME
        await it.press("f7")
        await it.until(lambda: not it.desk.ticket(second).ticket.page_open)


async def test_the_notice_of_a_draft_stays_while_the_desk_is_disconnected() -> None:
    async with running(morning_desk()) as it:
        notice = Notice("draft", "CD-4C00-W: unfinished note", Rank.DRAFT, "CD-4C00-W", "note", "go on")
        it.screen.controllers.notices.add(notice)
        it.desk.outage = "The desk is out of reach."
        await it.until(lambda: it.screen.queue.stale)
        await it.press("f7")
        await it.rest()
        assert "unfinished note" in it.notice
        assert "The desk is out of reach." in it.foot


async def test_escape_only_clears_the_refusal_of_a_notice() -> None:
    async with running(morning_desk()) as it:
        await it.press("v")
        view, cursor = it.view, it.under_cursor
        it.screen.controllers.notices.add(Notice("ring", "Ring Ann", Rank.CALL_SOMEBODY))
        await it.press("f7")
        assert "There is nothing to do from this notice; dismiss it (F12)." in it.notice
        await it.press("escape")
        assert (it.view, it.under_cursor) == (view, cursor)
        assert it.notice == "▲ Ring Ann F12 dismiss"
        await it.press("escape")
        assert it.view != view


async def test_a_refusal_goes_when_another_notice_is_shown() -> None:
    async with running(morning_desk()) as it:
        it.screen.queue.find(ref_of(it.desk, "Stock levels"))
        refused = it.under_cursor
        await it.press("X")
        assert f"{refused}: " in it.foot
        await it.press("down")
        assert it.under_cursor != refused
        assert f"{refused}: " not in it.foot
