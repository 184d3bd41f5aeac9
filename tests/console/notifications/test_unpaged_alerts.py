"""Pages that found nobody (rule 18): who is shown them, when, and until when."""

from __future__ import annotations

from datetime import timedelta

from msgspec.structs import replace

from supportdesk.tickets.documents import Rotation
from supportdesk.tickets.process.triage import Log
from supportdesk.tickets.records.commands import SaveRotation
from tests.console.fixtures.fake_desk import FakeDesk
from tests.console.fixtures.morning import NOW, morning_desk
from tests.console.harness.console import running
from tests.console.notifications.test_operator_alerts import started


def unpaged(*others: Rotation) -> tuple[FakeDesk, str]:
    """Return a desk with a Critical whose page found nobody."""
    desk = morning_desk()
    desk.leave_nobody_on_call()
    desk.records = replace(desk.records, rotations=others)
    return desk, desk.do_as("lee", Log("critical", "hotline", "acme", "jo", "All doors are shut"))


async def test_rule_18_a_page_that_found_nobody_is_shown_as_breached_in_the_queue_and_the_brief() -> None:
    desk, ref = unpaged()
    async with running(desk) as it:
        line = next(each for each in it.queue if ref in each)
        assert "nobody paged" in line
        await it.find("All doors are shut")
        await it.until(lambda: "nobody paged · Critical logged, but nobody is on call" in it.ticket_text)


async def test_rule_18_a_shift_begins_with_the_pages_that_found_nobody() -> None:
    starts = NOW + timedelta(minutes=10)
    desk, ref = unpaged(Rotation(("sam",), starts, "Europe/London"))
    async with started(desk, username="sam") as it:
        assert "nobody was paged" not in it.notice
        await it.at(starts)
        told = f"{ref}: nobody was paged at 09:42 GMT, and you are on call now. All doors are shut"
        await it.until(lambda: told in it.notice)


async def test_rule_18_an_operator_put_on_call_has_a_notice_for_every_page_that_found_nobody() -> None:
    desk, ref = unpaged()
    other = desk.do_as("lee", Log("critical", "hotline", "acme", "jo", "The lift, too"))
    async with started(desk, username="sam") as it:
        desk.do(SaveRotation(Rotation(("sam",), NOW, "Europe/London")), by="maya")
        await it.until(lambda: it.notice.endswith("1 more page"))
        assert f"{ref}: nobody was paged" in it.notice
        await it.press("f12")
        assert f"{other}: nobody was paged" in it.notice


async def test_rule_18_the_person_on_call_starts_at_the_ticket_for_which_nobody_was_paged() -> None:
    desk, ref = unpaged()
    desk.records = replace(desk.records, rotations=(Rotation(("sam",), NOW, "Europe/London"),))
    async with started(desk, username="sam") as it:
        assert f"{ref}: nobody was paged at 09:42 GMT, and you are on call now" in it.notice
        assert it.under_cursor == ref
        await it.press("p")
        await it.until(lambda: not desk.row(ref).page_open)


async def test_rule_18_after_a_shift_the_notices_of_pages_that_found_nobody_go() -> None:
    desk, _ = unpaged()
    desk.records = replace(desk.records, rotations=(Rotation(("sam",), NOW, "Europe/London"),))
    async with running(desk, username="sam") as it:
        await it.until(lambda: "nobody was paged" in it.notice)
        desk.do(SaveRotation(Rotation(("lee",), NOW, "Europe/London")), by="maya")
        await it.until(lambda: not it.notice)
