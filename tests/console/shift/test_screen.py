"""The handover of a shift on the screen: what is handed over, given with a note, and accepted."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from msgspec.structs import replace
from textual.widgets import Static, TextArea

from supportdesk.console.dialogs.confirm import Confirm
from supportdesk.console.dialogs.help_screen import HelpScreen
from supportdesk.console.forms.search_field import SearchField
from supportdesk.console.main.screen import MainScreen
from supportdesk.console.shift.form import ShiftForm
from supportdesk.console.shift.screen import ShiftScreen
from supportdesk.desk_api import Applied
from supportdesk.tickets.documents import Absence, Handover
from supportdesk.tickets.records.shift_commands import HandOverShift
from tests.console.fixtures.fake_desk import FakeDesk
from tests.console.fixtures.morning import at, morning_desk, ref_of
from tests.console.harness.console import Running, running
from tests.console.harness.dialog import words

NOTE = "The rollback is under way."


def given_desk(to: str | None = "tom") -> FakeDesk:
    """The morning; Priya, who is on call, has handed her shift over to Tom, who is next."""
    desk = morning_desk()
    assert isinstance(desk.do(HandOverShift(NOTE, to), by="priya"), Applied)
    return desk


@asynccontextmanager
async def shift(desk: FakeDesk | None = None, username: str = "priya") -> AsyncIterator[Running]:
    """Open a console with the handover of the shift."""
    async with running(desk or morning_desk(), username=username) as it:
        await it.pilot.press("S")
        await it.until(lambda: isinstance(it.app.screen, ShiftScreen) and it.app.screen.found is not None)
        await it.pilot.pause()
        yield it


def screen(it: Running) -> ShiftScreen:
    return next(each for each in it.app.screen_stack if isinstance(each, ShiftScreen))


def shown(it: Running) -> list[str]:
    """The lines of the list, without their blanks."""
    return [" ".join(line.split()) for line in str(screen(it)._list.render()).split("\n")]


def details(it: Running) -> str:
    return " ".join(str(screen(it).query_one(".details", Static).visual).split())


def handovers(it: Running) -> tuple[Handover, ...]:
    return it.desk.records.handovers


async def test_criticals_pages_and_what_falls_due_are_listed() -> None:
    async with shift() as it:
        lines = shown(it)
        assert "YOUR HANDOVER not given yet" in lines
        critical = next(place for place, line in enumerate(lines) if line.startswith("OPEN CRITICAL"))
        assert "Checkout hangs for every user" in " ".join(lines[critical : critical + 3])
        pages = next(line for line in lines if line.startswith("PAGES OF THE SHIFT"))
        assert pages.rsplit(" ", 1)[1].isdigit()
        assert any("acknowledged in 2 min" in line for line in lines)
        assert any("not acknowledged" in line for line in lines)
        assert any(line.startswith("DUE IN THE NEXT SHIFT, until 7 Dec 08:00 GMT") for line in lines)
        title = str(screen(it).query_one(".span", Static).visual)
        assert title == "on call from 23 Nov 08:00 to Mon 08:00 GMT, then Tom Ellis"


async def test_h_hands_the_shift_over_to_the_next_person_with_a_note() -> None:
    async with shift() as it:
        await it.pilot.press("h")
        await it.until(lambda: isinstance(it.app.screen, ShiftForm))
        await it.pilot.pause()
        form = it.app.screen
        assert form.query_one(SearchField).value == "tom"
        form.query_one(TextArea).text = NOTE
        await it.pilot.press("f2")
        await it.until(lambda: bool(handovers(it)))
        await it.until(lambda: any("for Tom Ellis" in line for line in shown(it)))
        assert (handovers(it)[0].asked, handovers(it)[0].note) == ("tom", NOTE)


async def test_an_open_handover_is_changed_and_withdrawn() -> None:
    async with shift(given_desk()) as it:
        await it.pilot.press("h")
        await it.until(lambda: isinstance(it.app.screen, ShiftForm))
        await it.pilot.pause()
        text = it.app.screen.query_one(TextArea)
        assert text.text == NOTE
        text.text = "It is rolled back."
        await it.pilot.press("f2")
        await it.until(lambda: handovers(it)[0].note == "It is rolled back.")
        await it.until(lambda: it.app.screen is screen(it))
        await it.pilot.press("x")
        await it.until(lambda: isinstance(it.app.screen, Confirm))
        await it.pilot.press("y")
        await it.until(lambda: handovers(it)[0].withdrawn)
        await it.until(lambda: "YOUR HANDOVER not given yet" in shown(it))


async def test_somebody_who_is_away_is_asked_about_first() -> None:
    desk = morning_desk()
    desk.records = replace(desk.records, absences=(Absence(1, "lee", desk.now(), at(30, "8:00")),))
    async with shift(desk, username="sam") as it:
        await it.pilot.press("h")
        await it.until(lambda: isinstance(it.app.screen, ShiftForm))
        await it.pilot.pause()
        form = it.app.screen
        await it.pilot.press("shift+tab", *"lee", "enter")
        await it.until(lambda: form.query_one(SearchField).value == "lee")
        form.query_one(TextArea).text = NOTE
        await it.pilot.press("f2")
        await it.until(lambda: isinstance(it.app.screen, Confirm))
        assert "Lee Wong is absent to Mon 30 Nov." in words(it.pilot)
        assert not handovers(it)


async def test_the_person_asked_has_a_notice_reads_the_note_and_accepts() -> None:
    async with running(given_desk(), username="tom") as it:
        await it.until(lambda: f"Priya Nair hands the shift over to you: {NOTE}" in it.notice)
        await it.pilot.press("f7")
        await it.until(lambda: isinstance(it.app.screen, ShiftScreen) and it.app.screen.found is not None)
        await it.pilot.pause()
        assert shown(it)[0] == "FOR YOU TO ACCEPT 1"
        assert NOTE in details(it)
        assert "of Priya Nair, on call from 23 Nov 08:00" in str(screen(it).query_one(".span", Static).visual)
        assert any(line.startswith("DUE IN THE NEXT SHIFT, until 7 Dec 08:00 GMT") for line in shown(it))
        await it.pilot.press("tab")
        await it.until(lambda: "YOUR HANDOVER not given yet" in shown(it))
        await it.pilot.press("tab")
        await it.until(lambda: "YOUR HANDOVER not given yet" not in shown(it))
        await it.pilot.press("c")
        await it.until(lambda: isinstance(it.app.screen, Confirm))
        await it.pilot.press("y")
        await it.until(lambda: handovers(it)[0].accepted_by == "tom")
        await it.until(lambda: shown(it)[0] == "YOUR HANDOVER not given yet")
        await it.until(lambda: "hands the shift over" not in it.notice)


async def test_a_handover_at_another_console_has_a_notice_at_once() -> None:
    desk = morning_desk()
    async with running(desk, username="tom") as it:
        assert isinstance(desk.do(HandOverShift(NOTE, "tom"), by="priya"), Applied)
        desk.announce_change()
        await it.until(lambda: NOTE in it.notice)


async def test_one_that_everybody_may_accept_has_a_notice_for_the_person_on_call_only() -> None:
    desk = morning_desk()
    assert isinstance(desk.do(HandOverShift(NOTE), by="sam"), Applied)
    async with running(desk, username="lee") as it:
        await it.rest()
        assert NOTE not in it.notice
    async with running(desk, username="priya") as it:
        await it.until(lambda: len(it.screen.controllers.notices.notices) > 0)
        texts = [each.text for each in it.screen.controllers.notices.notices._open.values()]
        assert any(NOTE in text for text in texts)


async def test_enter_opens_a_ticket_and_nothing_for_a_handover() -> None:
    async with shift(given_desk()) as it:
        await it.pilot.press("enter")
        assert screen(it).foot.message == "Select a ticket to open it."
        await it.pilot.press("down", "enter")
        await it.until(lambda: isinstance(it.app.screen, MainScreen))
        critical = {ref_of(it.desk, "Checkout"), ref_of(it.desk, "Nobody can log in")}
        await it.until(lambda: it.under_cursor in critical)


async def test_nothing_to_accept_or_withdraw_says_so() -> None:
    async with shift() as it:
        await it.pilot.press("c")
        await it.until(lambda: screen(it).foot.message == "No handover waits for you.")
        await it.pilot.press("x")
        await it.until(lambda: screen(it).foot.message == "You have no open handover.")
        await it.pilot.press("tab")
        assert screen(it).foot.message == "No colleague hands their shift over."
        await it.pilot.press("question_mark")
        await it.until(lambda: isinstance(it.app.screen, HelpScreen))
