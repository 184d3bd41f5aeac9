"""The console while the database is unavailable, and when it is back."""

from __future__ import annotations

from datetime import timedelta

from textual.widgets import Static

from supportdesk.desk_api import DeskApi, DeskUnavailableError
from supportdesk.tickets.process.assignment import Claim
from tests.console.fixtures.morning import NOW, morning_desk
from tests.console.harness.console import running

GONE = "The database does not answer; it is tried again."
AT_RISK, UNOWNED_HIGH = "CD-4C01-T", "CD-4C05-H"


async def test_the_last_queue_stays_dimmed_and_its_timers_run_on() -> None:
    desk = morning_desk()
    async with running(desk) as it:
        await it.at(NOW + timedelta(seconds=30))
        desk.outage = GONE
        await it.until(lambda: "stale since 09:42 GMT" in it.header)
        assert it.foot.strip() == GONE
        style = next(iter(it.screen.queue.render_line(4))).style
        assert style is not None
        assert style.color != style.bgcolor
        assert it.screen.queue.stale
        await it.at(NOW + timedelta(minutes=2))
        assert "0:04:00" in it.line(AT_RISK)


async def test_a_desk_that_was_replaced_says_so_and_asks_for_a_new_start() -> None:
    desk = morning_desk()
    async with running(desk) as it:
        # While its file is being replaced, it cannot be read for a moment.
        desk.outage = GONE
        await it.until(lambda: "stale since" in it.header)
        desk.outage, desk.is_replaced = None, True
        await it.until(lambda: "desk replaced: quit and start again" in it.header)
        assert "restored from a backup" in it.foot
        await it.press("escape", "b")
        assert "quit and start again" in "".join(
            str(each.visual) for each in it.app.screen.query(".clock").results(Static)
        )


async def test_a_desk_that_was_put_back_in_its_place_is_up_to_date_again_and_can_be_lost_again() -> None:
    desk = morning_desk()
    async with running(desk) as it:
        desk.is_replaced = True
        await it.until(lambda: "desk replaced" in it.header)
        desk.is_replaced = False
        await it.until(lambda: "desk replaced" not in it.header and not it.screen.queue.stale)
        desk.outage = GONE
        await it.until(lambda: "stale since" in it.header)


async def test_a_desk_that_has_moved_says_so_and_where_it_went() -> None:
    desk = morning_desk()
    async with running(desk) as it:
        desk.moved_to = "/srv/new/desk.db"
        await it.until(lambda: "desk moved: quit and open it there" in it.header)
        assert "this desk has moved to /srv/new/desk.db: open it there, by --db or SUPPORTDESK_DB" in it.foot


async def test_the_console_reconnects_by_itself_and_shows_the_changes() -> None:
    desk = morning_desk()
    async with running(desk) as it:
        desk.outage = GONE
        await it.until(lambda: it.screen.queue.stale)
        desk.outage = None
        desk.do(Claim(UNOWNED_HIGH), by="sam")
        await it.until(lambda: not it.screen.queue.stale)
        assert "Sam O." in it.line(UNOWNED_HIGH)
        assert "stale" not in it.header
        assert "The desk is back." in it.foot


async def test_a_command_is_refused_with_what_to_do_and_applied_once_when_sent_again() -> None:
    desk = morning_desk()
    async with running(desk) as it:
        await it.press("2", "i")
        await it.until(lambda: it.app.screen is not it.screen)
        await it.press("h", "i")
        desk.outage = GONE
        await it.press("f2")
        await it.until(lambda: GONE in "".join(str(each.render()) for each in it.app.screen.query(".status")))
        desk.outage = None
        await it.press("f2")
        await it.until(lambda: it.app.screen is it.screen)
        notes = [command for command, _, _ in desk.commands]
        assert len(notes) == 1
        await it.until(lambda: "note: hi" in it.ticket_text)


async def test_the_console_waits_for_a_desk_that_cannot_be_opened_and_shows_the_reason() -> None:
    desk = morning_desk()
    tries: list[str] = []

    def connect() -> DeskApi:
        tries.append(GONE)
        if len(tries) < 3:
            raise DeskUnavailableError(GONE)
        return desk

    async with running(desk, connect=connect) as it:
        assert len(tries) == 3
        assert "13 open" in it.header
