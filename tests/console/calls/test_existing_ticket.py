"""A call about a ticket: the ticket is shown beside the form, and similar tickets are suggested in time."""

from __future__ import annotations

from textual.widgets import TextArea

from supportdesk.console.calls.existing_ticket import ExistingTicketForm
from supportdesk.console.calls.log_form import LogRequestForm
from supportdesk.console.calls.screen import CallScreen
from supportdesk.console.calls.subject_field import SubjectList
from supportdesk.console.calls.summary_field import SummaryField
from supportdesk.console.dialogs.confirm import Confirm
from supportdesk.console.ticket.pane import TicketPane
from supportdesk.tickets.process.linking import LinkTicket
from supportdesk.tickets.process.triage import Log
from tests.console.fixtures.call_keys import offered, read_back
from tests.console.fixtures.morning import morning_desk, ref_of
from tests.console.harness.console import lines, running
from tests.console.harness.dialog import Seat, keys, on_screen, opened, typed, until, words


def brief(pilot: object) -> str:
    return "\n".join(lines(pilot.app.screen.query_one(TicketPane)))  # type: ignore[attr-defined]


async def test_the_ticket_is_shown_beside_the_form_where_there_is_room_and_its_clocks_tick() -> None:
    seat = Seat(morning_desk())
    async with opened(CallScreen(seat.context()), (160, 50)) as pilot:
        await typed(pilot, "CD-4C00-W")
        await keys(pilot, "enter", "enter")
        await on_screen(pilot, ExistingTicketForm)
        said = brief(pilot)
        for told in (
            "CD-4C00-W",
            "Priya Nair since 01:38",
            "0:13:00 over",
            "Timeline",
            "Rolling back last night",
        ):
            assert told in said, told
        assert pilot.app.screen.focused is pilot.app.screen.query(TextArea).first()
        await keys(pilot, "f6")
        assert pilot.app.screen.query_one(TicketPane).size.width == 160


async def test_on_a_small_screen_a_key_toggles_between_the_ticket_and_the_form() -> None:
    seat = Seat(morning_desk())
    async with opened(CallScreen(seat.context()), (80, 24)) as pilot:
        await typed(pilot, "CD-4C00-W")
        await keys(pilot, "enter", "enter")
        await on_screen(pilot, ExistingTicketForm)
        form = pilot.app.screen
        assert not form.query_one(TicketPane).display
        await typed(pilot, "Any news?")
        assert "F6 show the whole ticket" in words(pilot, ".keys")
        for back in ("f6", "escape"):
            await keys(pilot, "f6")
            assert form.query_one(TicketPane).has_focus
            assert "Timeline" in brief(pilot)
            await keys(pilot, back)
            assert pilot.app.screen is form
            text = form.query(TextArea).first()
            assert (text.text, text.has_focus) == ("Any news?", True)


async def test_the_callers_own_tickets_come_first_and_all_show_their_owners() -> None:
    seat = Seat(morning_desk())
    async with opened(CallScreen(seat.context()), (120, 50)) as pilot:
        await typed(pilot, "jo")
        await keys(pilot, "enter")
        about = pilot.app.screen.query_one(SubjectList)
        view = seat.desk.caller("acme.jo") or seat.desk.caller("jo")
        assert view is not None
        open_refs = [row.ref for row in view.open_tickets]
        own = [ref for ref in open_refs if ref in view.own]
        assert open_refs[: len(own)] == own
        shown = about.render().plain
        for row in view.open_tickets:
            line = next(line for line in shown.splitlines() if row.ref in line)
            assert (row.owner_name.split()[0] if row.owner_name else "–") in line
            assert (f"{row.contact}:" in line) is (row.ref not in view.own)


async def test_a_caller_who_is_not_a_super_user_is_told_the_super_users() -> None:
    seat = Seat(morning_desk())
    async with opened(CallScreen(seat.context()), (120, 50)) as pilot:
        await typed(pilot, "hana")
        await keys(pilot, "enter")
        view = seat.desk.caller(str(pilot.app.screen.query_one("#caller").value))  # type: ignore[attr-defined]
        assert view is not None
        told = words(pilot, "CallerCard .fact-text")
        assert all(each.name in told for each in view.super_users)
        assert view.super_users or "none recorded for this customer" in told


async def test_part_of_a_reference_finds_the_ticket() -> None:
    seat = Seat(morning_desk())
    async with opened(CallScreen(seat.context()), (120, 50)) as pilot:
        await typed(pilot, "4c05")
        assert "CD-4C05-H" in offered(pilot)[0].note
        await keys(pilot, "enter")
        assert pilot.app.screen.query_one(SubjectList).marked is not None


async def test_a_similar_ticket_of_another_customer_is_suggested_and_linked() -> None:
    seat = Seat(morning_desk())
    row = next(each for each in seat.desk.queue().rows if each.is_open and each.organisation != "Acme Ltd")
    async with opened(CallScreen(seat.context()), (120, 50)) as pilot:
        await typed(pilot, "jo")
        await keys(pilot, "enter", "enter")
        await on_screen(pilot, LogRequestForm)
        await typed(pilot, row.summary)
        summary = pilot.app.screen.query_one(SummaryField)
        await until(pilot, lambda: row.ref in [each.key for each in summary.found])
        found = [each.key for each in summary.found]
        assert f"another customer: {row.organisation}" in summary.found[found.index(row.ref)].note
        await keys(pilot, *("down" for _ in range(found.index(row.ref) + 1)), "enter")
        assert f"Will be linked when saved: {row.ref}" in words(pilot, ".linked")
        await keys(pilot, "2", "f2")
        await read_back(pilot)
    (link,) = (command for command in seat.sent if isinstance(command, LinkTicket))
    assert link.other == row.ref


async def test_a_duplicate_request_of_a_caller_is_logged_only_after_a_question() -> None:
    seat = Seat(morning_desk())
    row = next(each for each in seat.desk.queue().rows if each.is_open and each.contact == "Jo Park")
    async with opened(CallScreen(seat.context()), (120, 50)) as pilot:
        await typed(pilot, "jo")
        await keys(pilot, "enter", "enter")
        await on_screen(pilot, LogRequestForm)
        await typed(pilot, f"  {row.summary.upper()} ")
        await keys(pilot, "enter", "2", "f2")
        await until(pilot, lambda: isinstance(pilot.app.screen, Confirm))
        assert row.ref in words(pilot, ".consequences")
        await keys(pilot, "enter")
        await on_screen(pilot, LogRequestForm)
        assert not [command for command in seat.sent if isinstance(command, Log)]
        await keys(pilot, "f2")
        await until(pilot, lambda: isinstance(pilot.app.screen, Confirm))
        await keys(pilot, "y")
        await read_back(pilot)
    assert [command.summary.strip() for command in seat.sent if isinstance(command, Log)]


async def test_after_a_call_about_a_ticket_the_message_says_why_it_was_no_response() -> None:
    desk = morning_desk()
    login = ref_of(desk, "Nobody can log in")
    async with running(desk, username="sam") as it:
        await it.press("n")
        await it.until(lambda: isinstance(it.app.screen, CallScreen))
        await typed(it.pilot, login)
        await keys(it.pilot, "enter", "enter")
        await it.until(lambda: isinstance(it.app.screen, ExistingTicketForm))
        await typed(it.pilot, "Any news?")
        await keys(it.pilot, "tab")
        await typed(it.pilot, "We look")
        await it.press("f2")
        await it.until(lambda: it.app.screen is it.screen)
        await it.until(lambda: f"{login}: you took a call from" in it.foot)
        assert "not counted as the response (Technical Support responds to a Critical)." in it.foot
