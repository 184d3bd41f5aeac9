"""One command for all marked tickets."""

from __future__ import annotations

from typing import Any
from unittest.mock import patch

from textual.widgets import Static

from supportdesk.console.commands.batch_form import BatchForm
from supportdesk.console.commands.batch_progress import BatchProgressScreen
from supportdesk.console.commands.undo_batch_form import UndoBatchForm
from supportdesk.console.dialogs.confirm import Confirm
from supportdesk.tickets.process.assignment import Claim
from supportdesk.tickets.process.conversation import Note
from tests.console.fixtures.fake_desk import FakeDesk
from tests.console.fixtures.morning import morning_desk, ref_of
from tests.console.harness.console import Running, running

STOCK, USERS, LOGO, PURCHASE = "Stock levels", "Users are logged out", "Logo blurred", "Purchase order"
PRIYAS = "Checkout hangs"


async def mark(it: Running, *summaries: str) -> list[str]:
    refs = [ref_of(it.desk, summary) for summary in summaries]
    for ref in refs:
        assert it.screen.queue.find(ref)
        await it.press("space")
    return refs


async def on_screen(it: Running, kind: type) -> None:
    await it.until(lambda: isinstance(it.app.screen, kind))
    await it.pilot.pause()


def said(it: Running, selector: str = "Static") -> str:
    return "\n".join(
        str(line.visual) for line in it.app.screen.query(selector).results(Static) if line.display
    )


def marked(it: Running) -> list[str]:
    return [row.ref for row in it.screen.queue.marked]


def owners(desk: FakeDesk, refs: list[str]) -> list[str | None]:
    return [desk.ticket(ref).ticket.owner for ref in refs]


async def test_one_form_assigns_all_marked_tickets_each_by_its_own_command() -> None:
    desk = morning_desk()
    async with running(desk) as it:
        refs = await mark(it, STOCK, USERS, LOGO)
        await it.press("a")
        await on_screen(it, BatchForm)
        assert "Assign: 3 tickets" in said(it, ".title")
        await it.pilot.press(*"wong", "enter", "f2")
        await it.until(lambda: it.app.screen is it.screen)
        assert owners(desk, refs) == ["lee"] * 3
        assert len({command_id for _, _, command_id in desk.commands}) == 3
        assert marked(it) == []
        assert "3 tickets assigned." in it.foot


async def test_refused_tickets_are_shown_before_and_after_and_stay_marked() -> None:
    desk = morning_desk()
    async with running(desk, username="sam") as it:
        stock, checkout, logo = await mark(it, STOCK, PRIYAS, LOGO)
        await it.press("c")
        await on_screen(it, BatchForm)
        await it.until(lambda: "1 of 3 will be refused" in said(it, ".status"))
        assert checkout in said(it, ".batch").splitlines()[0]
        assert "Priya Nair claimed it" in said(it, ".batch").splitlines()[1]
        await it.pilot.press("enter")
        await on_screen(it, BatchProgressScreen)
        await it.until(lambda: "2 of 3 tickets done · 1 refused" in said(it, ".status"))
        lines = said(it, ".batch").splitlines()
        assert checkout in lines[0]
        assert "Priya Nair claimed it" in lines[1]
        assert owners(desk, [stock, checkout, logo]) == ["sam", "priya", "sam"]
        await it.press("enter")
        assert marked(it) == [checkout]
        assert "2 of 3 tickets claimed; 1 ticket still marked." in it.foot


async def test_refusals_found_by_the_preview_are_shown_before_anything_is_applied() -> None:
    desk = morning_desk()
    async with running(desk, username="sam") as it:
        stock, checkout = await mark(it, STOCK, PRIYAS)
        await it.press("a")
        await on_screen(it, BatchForm)
        await it.pilot.press(*"wong", "enter", "f2")
        await it.until(lambda: "1 of 2 will be refused; you can continue" in said(it, ".status"))
        assert not desk.commands
        await it.pilot.press("f2")
        await on_screen(it, BatchProgressScreen)
        await it.until(lambda: "1 of 2 tickets done · 1 refused" in said(it, ".status"))
        assert owners(desk, [stock, checkout]) == ["lee", "priya"]


async def test_if_all_are_refused_nothing_is_sent() -> None:
    desk = morning_desk()
    async with running(desk) as it:
        await mark(it, PRIYAS)
        await it.press("c")
        await on_screen(it, BatchForm)
        await it.press("enter")
        await it.until(lambda: "All will be refused." in said(it, ".status"))
        assert "claim" not in said(it, ".keys")
        assert isinstance(it.app.screen, BatchForm)
        assert not desk.commands


async def test_a_batch_that_ends_tickets_asks_once_with_their_number_and_cancel_marked() -> None:
    desk = morning_desk()
    async with running(desk) as it:
        refs = await mark(it, STOCK, USERS)
        await it.press("z")
        await on_screen(it, BatchForm)
        await it.pilot.press("w", "tab", *"spam", "f2")
        await on_screen(it, Confirm)
        assert "Close: 2 tickets?" in said(it, ".title")
        await it.pilot.press("enter")
        await on_screen(it, BatchForm)
        assert not desk.commands
        await it.pilot.press("f2")
        await on_screen(it, Confirm)
        await it.pilot.press("y")
        await it.until(lambda: it.app.screen is it.screen)
        assert [desk.ticket(ref).ticket.closed_as for ref in refs] == ["withdrawn"] * 2


async def test_duplicates_of_another_customers_ticket_are_confirmed_with_the_names() -> None:
    async with running(morning_desk()) as it:
        stock, users = await mark(it, STOCK, USERS)
        row = it.desk.ticket(stock).row
        other = next(
            each
            for each in it.desk.queue().rows
            if each.organisation == row.organisation and each.ref not in {stock, users}
        )
        await it.press("d")
        await on_screen(it, BatchForm)
        await it.pilot.press(*other.ref, "f2")
        await on_screen(it, Confirm)
        text = " ".join(said(it, ".consequences").split())
        assert text.count("The customers differ") == 1
        assert f"{users} from" not in text
        assert f"{users} is from" in text


async def test_escape_stops_after_the_current_command_and_shows_how_many_were_applied() -> None:
    desk = morning_desk()
    async with running(desk) as it:
        refs = await mark(it, STOCK, USERS, LOGO)
        plain = desk.do

        def and_stop(command: Any, **how: Any) -> Any:
            it.app.call_from_thread(it.app.screen.run_action, "leave")  # type: ignore[arg-type]
            return plain(command, **how)

        with patch.object(desk, "do", and_stop):
            await it.press("c")
            await on_screen(it, BatchForm)
            await it.pilot.press("enter")
            await it.until(lambda: "not started" in said(it, ".status"))
        assert "1 of 3 tickets done · 2 not started" in said(it, ".status")
        assert owners(desk, refs) == ["ann", None, None]
        await it.press("enter")
        assert marked(it) == refs[1:]


async def test_a_lost_connection_stops_the_batch_and_unchanged_tickets_stay_marked() -> None:
    desk = morning_desk()
    async with running(desk) as it:
        refs = await mark(it, STOCK, USERS, LOGO)
        plain = desk.do

        def and_go_away(command: Any, **how: Any) -> Any:
            outcome = plain(command, **how)
            desk.outage = "The database does not answer."
            return outcome

        with patch.object(desk, "do", and_go_away):
            await it.press("c")
            await on_screen(it, BatchForm)
            await it.pilot.press("enter")
            await it.until(lambda: "The database does not answer." in said(it, ".status"))
        assert "1 of 3 tickets done" in said(it, ".status")
        await it.pilot.press("enter")
        await it.until(lambda: it.app.screen is it.screen)
        assert marked(it) == refs[1:]


async def test_a_disconnected_desk_leaves_the_form_as_it_was() -> None:
    desk = morning_desk()
    async with running(desk) as it:
        refs = await mark(it, STOCK, USERS)
        await it.press("i")
        await on_screen(it, BatchForm)
        await it.pilot.press(*"calm")
        desk.outage = "The database does not answer."
        await it.pilot.press("f2")
        await it.until(lambda: "does not answer" in said(it, ".status"))
        desk.outage = None
        await it.until(lambda: not it.screen.queue.stale)
        await it.pilot.press("f2")
        await it.until(lambda: it.app.screen is it.screen)
        assert [command for command, _, _ in desk.commands] == [Note(ref, "calm") for ref in refs]


async def test_leaving_the_form_changes_nothing_and_keeps_the_marks() -> None:
    desk = morning_desk()
    async with running(desk) as it:
        refs = await mark(it, STOCK, USERS)
        await it.press("i", "escape")
        assert marked(it) == refs
        assert not desk.commands


async def test_the_draft_of_a_batch_is_restored_for_the_tickets_marked_then() -> None:
    desk = morning_desk()
    async with running(desk) as it:
        await mark(it, STOCK, USERS)
        await it.press("i")
        await on_screen(it, BatchForm)
        await it.pilot.press(*"calm")
        await it.press("escape")
        assert it.screen.session is not None
        drafts = it.screen.session.drafts
        assert drafts.unsent == [("note", "several tickets")]
        await mark(it, LOGO)
        await it.press("i")
        await on_screen(it, BatchForm)
        await it.pilot.press("f2")
        await it.until(lambda: it.app.screen is it.screen)
        assert [command for command, _, _ in desk.commands] == [
            Note(ref_of(desk, summary), "calm") for summary in (STOCK, USERS, LOGO)
        ]
        assert drafts.unsent == []


async def test_a_command_with_a_text_for_one_customer_is_refused_for_a_batch() -> None:
    async with running(morning_desk()) as it:
        await mark(it, STOCK, USERS)
        await it.press("r")
        assert "Reply to tickets one at a time" in it.foot
        assert len(marked(it)) == 2


async def test_undo_reverses_the_operators_last_action_on_all_marked_tickets() -> None:
    desk = morning_desk()
    refs = [desk.do_as("ann", Claim(ref_of(desk, summary))) for summary in (STOCK, USERS)]
    desk.do_as("ann", Note(refs[1], "is it only one of them?"))
    async with running(desk) as it:
        await mark(it, STOCK, USERS)
        await it.press("u")
        await on_screen(it, UndoBatchForm)
        await it.until(lambda: "wrote a note" in said(it, ".batch"))
        first, second = (said(it, ".batch").splitlines()[place] for place in (1, 3))
        assert (first.strip(), second.strip()) == ("you claimed it", "you wrote a note")
        await it.pilot.press("enter")
        await it.until(lambda: it.app.screen is it.screen)
        assert owners(desk, refs) == [None, "ann"]


async def test_a_batch_is_undone_as_a_batch() -> None:
    desk = morning_desk()
    async with running(desk) as it:
        refs = await mark(it, STOCK, USERS, LOGO)
        await it.press("c")
        await on_screen(it, BatchForm)
        await it.pilot.press("enter")
        await it.until(lambda: it.app.screen is it.screen)
        assert owners(desk, refs) == ["ann"] * 3
        await it.press("u")
        await on_screen(it, UndoBatchForm)
        assert "Undo: 3 tickets" in said(it, ".title")
        await it.until(lambda: said(it, ".batch").count("you claimed it") == 3)
        await it.pilot.press("enter")
        await it.until(lambda: it.app.screen is it.screen)
        assert owners(desk, refs) == [None] * 3


async def test_undoing_a_batch_undoes_only_the_actions_shown() -> None:
    desk = morning_desk()
    refs = [desk.do_as("ann", Claim(ref_of(desk, summary))) for summary in (STOCK, USERS)]
    async with running(desk) as it:
        await mark(it, STOCK, USERS)
        await it.press("u")
        await on_screen(it, UndoBatchForm)
        await it.until(lambda: said(it, ".batch").count("you claimed it") == 2)
        desk.do_as("ann", Note(refs[1], "from elsewhere"))
        await it.pilot.press("enter")
        await it.until(lambda: "The actions to undo have changed" in said(it, ".status"))
        assert owners(desk, refs) == ["ann", "ann"]
        assert "you wrote a note" in said(it, ".batch")
        await it.pilot.press("enter")
        await it.until(lambda: it.app.screen is it.screen)
        assert owners(desk, refs) == [None, "ann"]


async def test_another_persons_page_is_acknowledged_on_its_own_ticket() -> None:
    async with running(morning_desk(), username="sam") as it:
        await mark(it, "Nobody can log in", LOGO)
        await it.press("p")
        await on_screen(it, BatchForm)
        await it.until(lambda: "clear the marks (esc) and do it on the ticket (p)" in said(it, ".batch"))
