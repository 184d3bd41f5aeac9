"""The open ticket: beside the queue or in its place, with its tabs and its timeline."""

from __future__ import annotations

from supportdesk.tickets.process.assignment import Assign
from supportdesk.tickets.process.closure import Close
from supportdesk.tickets.process.conversation import Note
from tests.console.fixtures.morning import morning_desk
from tests.console.harness.console import running
from tests.console.main.test_console import AT_RISK, CRITICAL, UNOWNED_HIGH


async def test_enter_opens_and_zooms_the_ticket_and_escape_returns_step_by_step() -> None:
    async with running(morning_desk()) as it:
        await it.press("enter")
        assert it.focus == "ticket"
        await it.press("enter")
        assert it.panes == {"ticket"}
        await it.press("escape")
        assert it.panes == {"queue", "ticket"}
        await it.press("escape", "escape", "escape")
        assert it.focus == "queue"
        assert it.app.is_running


async def test_on_a_small_terminal_the_ticket_replaces_the_queue() -> None:
    async with running(morning_desk(), (80, 24)) as it:
        assert it.panes == {"queue"}
        assert (
            it.line(CRITICAL)
            == "▌✖   -0:13:00 breached       CD-4C00-W  Acme Ltd   paging Maya: ↑ Check… Priya"
        )
        await it.press("enter")
        await it.until(lambda: "jo.park@acme.example" in it.ticket_text)
        assert it.panes == {"ticket"}
        await it.press("J")
        await it.until(lambda: "Nobody can log in" in it.ticket_text)
        await it.press("escape")
        assert it.under_cursor == AT_RISK


async def test_the_tabs_of_a_ticket_show_its_clocks_customer_and_articles() -> None:
    async with running(morning_desk()) as it:
        await it.press("enter", "right")
        await it.until(lambda: "9 minutes of 1 hour used" in it.ticket_text)
        assert "01:29 counted 0:09:00 0:09:00" in it.ticket_text
        await it.press("right")
        assert "Rosa Lindt, account manager · +44 20 7946 0106" in it.ticket_text
        assert "Purchase order approval fails" in it.ticket_text
        await it.press("right")
        assert "No article is linked" in it.ticket_text


async def test_the_articles_of_a_closed_ticket_offer_no_command_that_is_refused() -> None:
    desk = morning_desk()
    desk.do_as("ann", Close(UNOWNED_HIGH, "withdrawn", "it was a mistake"))
    async with running(desk) as it:
        await it.press("enter", "right", "right", "right")
        await it.until(lambda: "T sends one to the customer, t links one" in it.ticket_text)
        await it.press("slash", *UNOWNED_HIGH, "enter")
        await it.until(lambda: "No article is linked to this ticket." in it.ticket_text)
        assert "escalate" not in it.foot


async def test_clocks_that_ended_without_a_result_say_so_in_words() -> None:
    desk = morning_desk()
    desk.do_as("ann", Close(UNOWNED_HIGH, "withdrawn", "it was a mistake"))
    async with running(desk) as it:
        await it.press("slash", *"is:closed", "enter")
        await it.until(lambda: it.under_cursor == UNOWNED_HIGH)
        await it.until(lambda: "no longer applies" in it.ticket_text)
        assert "ended" in it.line(UNOWNED_HIGH)
        assert "void" not in it.ticket_text + it.line(UNOWNED_HIGH)


async def test_an_assignment_on_another_console_is_shown_in_the_open_ticket() -> None:
    async with running(morning_desk()) as it:
        await it.press("2", "enter")
        it.desk.do_as("ann", Assign(UNOWNED_HIGH, owner="lee"))
        await it.until(lambda: "offered to Lee Wong" in it.ticket_text)


async def test_a_long_timeline_is_shown_at_once_and_completed_afterwards() -> None:
    desk = morning_desk()
    for number in range(200):
        desk.do(Note(CRITICAL, f"note number {number}"), by="sam")
    async with running(desk) as it:
        assert "note number 199" in it.ticket_text
        await it.until(lambda: it.screen.ticket_pane.virtual_size.height > 200)
        await it.press("enter", "G")
        assert "Restarting the web servers helped for two minutes." in it.ticket_text


async def test_a_reply_keeps_its_lines_on_the_timeline() -> None:
    desk = morning_desk()
    desk.do(Note(CRITICAL, "first line\n\n  - a point\n  - another"), by="sam")
    async with running(desk) as it:
        lines = [line.strip() for line in it.ticket_lines]
        place = next(n for n, line in enumerate(lines) if "note: first line" in line)
        assert lines[place + 1 : place + 4] == ["", "- a point", "- another"]
