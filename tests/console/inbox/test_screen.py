"""The inbox: what was sent to the operator, and what they do with it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path

from textual.widgets import Static

from supportdesk.console.dialogs.confirm import Confirm
from supportdesk.console.dialogs.help_screen import HelpScreen
from supportdesk.console.inbox.later_dialog import LaterDialog
from supportdesk.console.inbox.screen import InboxScreen
from supportdesk.console.main.screen import MainScreen
from supportdesk.console.rota.screen import RotaScreen
from supportdesk.desk_api import Applied
from supportdesk.settings.files import SettingsFiles
from supportdesk.tickets.documents import Line
from supportdesk.tickets.process.assignment import Assign, Claim
from supportdesk.tickets.process.triage import Acknowledge
from supportdesk.tickets.records.rota_commands import OverrideShifts
from tests.console.fixtures.fake_desk import FakeDesk
from tests.console.fixtures.morning import NOW, at, morning_desk, ref_of
from tests.console.harness.console import Running, running

PAGED, OFFERED = "Nobody can log in", "Purchase order"


def sent_desk() -> FakeDesk:
    """The morning; Priya is paged, was offered a ticket, and was put on call at the weekend."""
    desk = morning_desk()
    desk.clock.set(NOW - timedelta(minutes=20))
    desk.do_as("ann", Assign(ref_of(desk, OFFERED), owner="priya", note="knows the rules"))
    desk.clock.set(NOW - timedelta(minutes=10))
    override = OverrideShifts(Line.FIRST, at(28, "8:00"), at(29, "8:00"), "priya", "Tom is away")
    assert isinstance(desk.do(override, by="maya"), Applied)
    desk.clock.set(NOW)
    return desk


@asynccontextmanager
async def inbox(
    desk: FakeDesk | None = None, username: str = "priya", files: SettingsFiles | None = None
) -> AsyncIterator[Running]:
    """Open a console with its inbox."""
    async with running(desk or sent_desk(), username=username, files=files) as it:
        await open_inbox(it)
        yield it


async def open_inbox(it: Running) -> None:
    """Open the inbox, and wait until it is read."""
    await it.pilot.press("I")
    await it.until(lambda: isinstance(it.app.screen, InboxScreen) and it.app.screen._is_read)
    await it.pilot.pause()


def screen(it: Running) -> InboxScreen:
    return next(each for each in it.app.screen_stack if isinstance(each, InboxScreen))


def entries(it: Running) -> list[str]:
    """The lines of the inbox, without their blanks."""
    text = str(screen(it)._list.render())
    return [" ".join(line.split()) for line in text.split("\n")]


def details(it: Running) -> str:
    return " ".join(str(screen(it).query_one(".entry", Static).visual).split())


def files_in(folder: Path) -> SettingsFiles:
    return SettingsFiles(folder / "config.toml", folder / "console.toml")


async def test_what_is_new_is_first_and_above_all_pages_and_offers_without_an_answer() -> None:
    async with inbox() as it:
        shown = entries(it)
        assert shown[0] == "NEW 3"
        assert "page" in shown[1]
        assert "Nobody can log in" in shown[1]
        assert "offer" in shown[2]
        assert "Purchase order" in shown[2]
        assert "rota Maya Brandt put you on call from Sat 28 Nov" in shown[3]
        assert any(line.startswith("DONE") for line in shown)
        assert "acknowledged in 2 min" in shown[-1]


async def test_the_details_say_why_it_was_sent_and_what_became_of_it() -> None:
    async with inbox() as it:
        await it.pilot.press("down")
        sent = "Offered Tue 24 Nov 09:22 GMT: assigned by Ann Lee: knows the rules Not claimed yet."
        assert sent in details(it)
        await it.pilot.press("G")
        assert "Acknowledged by you at 01:31 GMT, after 2 min." in details(it)


async def test_opening_the_inbox_marks_nothing(tmp_path: Path) -> None:
    files = files_in(tmp_path)
    async with inbox(files=files) as it:
        await it.pilot.press("down", "down", "escape")
        await it.until(lambda: isinstance(it.app.screen, MainScreen))
        session = it.screen.session
        assert session is not None
        assert not session.inbox_marks.done
    assert not files.inbox.exists()


async def test_enter_opens_the_ticket_and_for_a_change_to_the_rota_the_rota() -> None:
    async with inbox() as it:
        await it.pilot.press("down", "down", "enter")
        await it.until(lambda: isinstance(it.app.screen, RotaScreen))
        await it.pilot.press("escape")
        await it.until(lambda: isinstance(it.app.screen, MainScreen))
        await open_inbox(it)
        await it.pilot.press("down", "enter")
        await it.until(lambda: isinstance(it.app.screen, MainScreen))
        await it.until(lambda: it.under_cursor == ref_of(it.desk, OFFERED))


async def test_done_is_remembered_and_a_second_time_makes_the_entry_new_again(tmp_path: Path) -> None:
    files = files_in(tmp_path)
    async with inbox(files=files) as it:
        await it.pilot.press("down", "down", "d")
        await it.until(lambda: entries(it)[0] == "NEW 2")
    async with inbox(files=files) as it:
        assert entries(it)[0] == "NEW 2"
        await it.until(lambda: entries(it)[3].startswith("DONE"))
        await it.pilot.press("down", "down")
        assert "put you on call" in details(it)
        assert "Marked as done." in details(it)
        await it.pilot.press("d")
        await it.until(lambda: entries(it)[0] == "NEW 3")


async def test_an_entry_that_is_put_off_is_new_again_at_its_time() -> None:
    async with inbox() as it:
        await it.pilot.press("down", "l")
        await it.until(lambda: isinstance(it.app.screen, LaterDialog))
        dialog = it.app.screen
        assert isinstance(dialog, LaterDialog)
        dialog.field.restore("24 Nov 9:30")
        await it.pilot.press("enter")
        assert isinstance(it.app.screen, LaterDialog), "a time that has passed is refused"
        dialog.field.restore("10:30")
        await it.pilot.press("enter")
        await it.until(lambda: it.app.screen is screen(it) and entries(it)[0] == "NEW 2")
        shown = entries(it)
        assert shown[3] == "LATER 1"
        assert shown[4].endswith("at 10:30 GMT")
        it.desk.clock.set(NOW.replace(hour=10, minute=31))
        screen(it).tick()
        await it.pilot.pause()
        assert entries(it)[0] == "NEW 3"


async def test_a_mark_that_cannot_be_saved_lasts_until_the_console_is_closed(tmp_path: Path) -> None:
    occupied = tmp_path / "occupied"
    occupied.write_text("a file where the folder should be")
    files = SettingsFiles(tmp_path / "config.toml", occupied / "console.toml")
    async with inbox(files=files) as it:
        await it.pilot.press("d")
        await it.until(lambda: entries(it)[0] == "NEW 2")
        assert screen(it).foot.message.startswith("This lasts until you quit: ")


async def test_acknowledging_from_the_inbox_ends_the_page() -> None:
    desk = sent_desk()
    async with inbox(desk) as it:
        await it.pilot.press("p")
        await it.until(lambda: any(isinstance(command, Acknowledge) for command, *_ in desk.commands))
        await it.until(lambda: entries(it)[0] == "NEW 2")
        await it.until(lambda: ref_of(desk, PAGED) in screen(it).foot.message)


async def test_another_person_s_page_is_acknowledged_only_after_the_question_of_the_queue() -> None:
    desk = morning_desk()
    desk.do_as("maya", Assign(ref_of(desk, PAGED), owner="tom"))
    async with inbox(desk, username="tom") as it:
        await it.pilot.press("p")
        await it.until(lambda: isinstance(it.app.screen, Confirm))
        await it.pilot.press("enter")
        await it.until(lambda: it.app.screen is screen(it))
        assert not any(isinstance(command, Acknowledge) and command.paged for command, *_ in desk.commands)


async def test_a_change_at_another_console_is_shown() -> None:
    desk = sent_desk()
    async with inbox(desk) as it:
        desk.do_as("priya", Claim(ref_of(desk, OFFERED)))
        desk.announce_change()
        await it.until(lambda: entries(it)[0] == "NEW 2")


async def test_the_header_counts_what_is_new_where_there_is_room() -> None:
    async with running(sent_desk(), username="priya") as it:
        await it.until(lambda: "3 in the inbox" in it.header)
    async with running(sent_desk(), size=(60, 24), username="priya") as it:
        await it.until(lambda: it.screen.header.data is not None and it.screen.header.data.inbox == 3)
        assert "in the inbox" not in it.header


async def test_an_empty_inbox_says_so() -> None:
    async with inbox(morning_desk(), username="rosa") as it:
        assert details(it) == "Nothing was sent to you in the last 14 days."
        await it.pilot.press("d")
        assert screen(it).foot.message == "There is nothing here to respond to."


async def test_the_help_shows_the_keys_of_the_inbox() -> None:
    async with inbox() as it:
        await it.pilot.press("question_mark")
        await it.until(lambda: isinstance(it.app.screen, HelpScreen))
