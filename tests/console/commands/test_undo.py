"""`u` takes back what one did last, wherever the cursor is by then."""

from datetime import timedelta

from textual.widgets import Static

from supportdesk.console.dialogs.confirm import Confirm
from supportdesk.tickets.process.assignment import Claim
from supportdesk.tickets.process.resolution import Reply
from supportdesk.tickets.process.triage import Note
from tests.console.fixtures.morning import NOW, morning_desk, ref_of
from tests.console.harness.console import Running, running


async def test_what_one_did_last_is_taken_back_and_said() -> None:
    desk = morning_desk()
    async with running(desk) as it:
        it.screen.queue.find(ref_of(desk, "Stock levels"))
        await it.press("c", "u")
        ref = it.under_cursor
        assert f"{ref}: you undid: acknowledged the request; took it." in it.foot
        assert desk.ticket(ref or "").ticket.owner is None


async def test_what_was_done_to_another_ticket_is_asked_for_first_with_cancel_chosen() -> None:
    desk = morning_desk()
    stock, search = ref_of(desk, "Stock levels"), ref_of(desk, "Search is slow")
    async with running(desk) as it:
        it.screen.queue.find(stock)
        await it.press("c")
        it.screen.queue.find(search)
        await it.press("u")
        assert isinstance(it.app.screen, Confirm)
        await it.press("enter")
        assert desk.ticket(stock).ticket.owner == "ann"
        await it.press("u", "y")
        assert desk.ticket(stock).ticket.owner is None


def question(it: Running) -> str:
    return "\n".join(str(line.visual) for line in it.app.screen.query(Static).results(Static))


async def test_the_question_says_which_ticket_and_all_that_is_undone() -> None:
    desk = morning_desk()
    stock = ref_of(desk, "Stock levels")
    async with running(desk) as it:
        it.screen.queue.find(stock)
        await it.press("c")
        it.screen.queue.find(ref_of(desk, "Search is slow"))
        await it.press("u")
        assert f"Undo your last change to {stock}?" in question(it)
        assert "Northwind Traders" in question(it)
        assert "Stock levels are not updated" in question(it)
        assert "At 09:42 GMT you took it. This will be undone." in question(it)


async def test_the_question_names_the_last_command_alone_though_another_was_given_in_the_same_second() -> (
    None
):
    desk = morning_desk()
    stock = ref_of(desk, "Stock levels")
    desk.do_as("ann", Claim(stock))
    desk.do_as("ann", Note(stock, "rang twice"))
    async with running(desk) as it:
        it.screen.queue.find(ref_of(desk, "Search is slow"))
        await it.press("u")
        assert "At 09:42 GMT you wrote a note. This will be undone." in question(it)
        await it.press("y")
        assert desk.ticket(stock).ticket.owner == "ann"


async def test_nothing_is_undone_that_was_done_after_the_question() -> None:
    desk = morning_desk()
    stock = ref_of(desk, "Stock levels")
    desk.do_as("ann", Claim(stock))
    async with running(desk) as it:
        it.screen.queue.find(ref_of(desk, "Search is slow"))
        await it.press("u")
        assert "you took it. This will be undone." in question(it)
        desk.do_as("ann", Note(stock, "from another console"))
        await it.press("y")
        assert f"{stock} has changed meanwhile; undo again (u)." in it.foot
        assert not any(entry.is_undone for entry in desk.ticket(stock).timeline)
        await it.press("u")
        assert "you wrote a note. This will be undone." in question(it)


async def test_an_undo_that_leads_back_to_another_ticket_asks_though_the_cursor_is_there_by_now() -> None:
    desk = morning_desk()
    stock, users = ref_of(desk, "Stock levels"), ref_of(desk, "Users are logged out")
    async with running(desk) as it:
        it.screen.queue.find(stock)
        await it.press("c")
        it.screen.queue.find(users)
        await it.press("c", "u")
        assert desk.ticket(users).ticket.owner is None
        it.screen.queue.find(stock)
        await it.press("u")
        assert isinstance(it.app.screen, Confirm)
        assert stock in question(it)
        await it.press("escape")
        assert desk.ticket(stock).ticket.owner == "ann"


async def test_what_cannot_be_undone_on_another_ticket_is_refused_and_not_asked_about() -> None:
    desk = morning_desk()
    users = ref_of(desk, "Users are logged out")
    desk.do_as("ann", Reply(users, "hello"))
    async with running(desk) as it:
        it.screen.queue.find(ref_of(desk, "Stock levels"))
        await it.press("u")
        assert it.app.screen is it.screen
        assert f"{users}: " in it.foot
        assert "already been told" in it.foot


async def test_where_nothing_was_done_of_late_it_says_so() -> None:
    desk = morning_desk()
    desk.clock.set(NOW + timedelta(hours=3))
    async with running(desk, username="sam") as it:
        await it.press("u")
        assert "in the last ten minutes" in it.foot


async def test_the_last_act_outlives_the_console_in_which_it_was_done() -> None:
    desk = morning_desk()
    ref = desk.do_as("ann", Claim(ref_of(desk, "Stock levels")))
    async with running(desk) as it:
        it.screen.queue.find(ref)
        await it.press("u")
        assert desk.ticket(ref).ticket.owner is None


async def test_a_refusal_says_what_to_do_instead() -> None:
    desk = morning_desk()
    async with running(desk) as it:
        it.screen.queue.find(ref_of(desk, "Users are logged out"))
        await it.press("r")
        await it.pilot.press(*"hello", "f2")
        await it.rest()
        await it.press("u")
        assert "already been told; reply again" in it.foot


async def test_a_ticket_that_leaves_the_view_is_missed_aloud_and_the_cursor_is_told() -> None:
    desk = morning_desk()
    async with running(desk) as it:
        await it.press("v")
        assert it.view == "Unassigned"
        it.screen.queue.find(ref_of(desk, "Stock levels"))
        ref = it.under_cursor
        await it.press("c")
        assert (
            it.foot.strip()
            == f"{ref}: you took it. It is no longer in Unassigned; the cursor is on {it.under_cursor}."
        )
