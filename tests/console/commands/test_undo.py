"""`u` undoes the operator's last action, wherever the cursor is."""

from datetime import timedelta

from textual.widgets import Static

from supportdesk.console.dialogs.confirm import Confirm
from supportdesk.tickets.process.assignment import Claim
from supportdesk.tickets.process.conversation import Note, Reply
from tests.console.fixtures.morning import NOW, morning_desk, ref_of
from tests.console.harness.console import Running, running


async def test_the_operators_last_action_is_undone_and_described() -> None:
    desk = morning_desk()
    async with running(desk) as it:
        it.screen.queue.find(ref_of(desk, "Stock levels"))
        await it.press("c", "u")
        ref = it.under_cursor
        assert f"Undone on {ref}: acknowledged the request; claimed it." in it.foot
        assert desk.ticket(ref or "").ticket.owner is None


async def test_undoing_on_another_ticket_asks_first_with_cancel_marked() -> None:
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


async def test_the_question_names_the_ticket_and_the_actions() -> None:
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
        assert "At 09:42 GMT you claimed it. This will be undone." in question(it)


async def test_the_question_describes_only_the_last_of_two_commands_in_one_second() -> None:
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


async def test_an_action_after_the_question_is_not_undone() -> None:
    desk = morning_desk()
    stock = ref_of(desk, "Stock levels")
    desk.do_as("ann", Claim(stock))
    async with running(desk) as it:
        it.screen.queue.find(ref_of(desk, "Search is slow"))
        await it.press("u")
        assert "you claimed it. This will be undone." in question(it)
        desk.do_as("ann", Note(stock, "from another console"))
        await it.press("y")
        assert f"{stock} has changed meanwhile; undo again (u)." in it.foot
        assert not any(entry.is_undone for entry in desk.ticket(stock).timeline)
        await it.press("u")
        assert "you wrote a note. This will be undone." in question(it)


async def test_an_undo_on_another_ticket_than_the_last_one_asks_even_at_the_cursor() -> None:
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


async def test_an_impossible_undo_on_another_ticket_is_refused_without_a_question() -> None:
    desk = morning_desk()
    users = ref_of(desk, "Users are logged out")
    desk.do_as("ann", Reply(users, "hello"))
    async with running(desk) as it:
        it.screen.queue.find(ref_of(desk, "Stock levels"))
        await it.press("u")
        assert it.app.screen is it.screen
        assert f"{users}: " in it.foot
        assert "already been told" in it.foot


async def test_without_a_recent_action_undo_is_refused() -> None:
    desk = morning_desk()
    desk.clock.set(NOW + timedelta(hours=3))
    async with running(desk, username="sam") as it:
        await it.press("u")
        assert "in the last ten minutes" in it.foot


async def test_an_action_can_be_undone_in_another_console() -> None:
    desk = morning_desk()
    ref = desk.do_as("ann", Claim(ref_of(desk, "Stock levels")))
    async with running(desk) as it:
        it.screen.queue.find(ref)
        await it.press("u")
        assert desk.ticket(ref).ticket.owner is None


async def test_the_refusal_of_an_undo_names_the_alternative() -> None:
    desk = morning_desk()
    async with running(desk) as it:
        it.screen.queue.find(ref_of(desk, "Users are logged out"))
        await it.press("r")
        await it.pilot.press(*"hello", "f2")
        await it.rest()
        await it.press("u")
        assert "already been told; reply again" in it.foot


async def test_the_message_says_that_the_ticket_left_the_view_and_where_the_cursor_is() -> None:
    desk = morning_desk()
    async with running(desk) as it:
        await it.press("v")
        assert it.view == "Unassigned"
        it.screen.queue.find(ref_of(desk, "Stock levels"))
        ref = it.under_cursor
        await it.press("c")
        assert (
            it.foot.strip()
            == f"{ref}: you claimed it. It is no longer in Unassigned; the cursor is on {it.under_cursor}."
        )
