"""The call screen: finding the caller, their details, and the subject of the call."""

from __future__ import annotations

import pytest
from textual.widgets import Input, TextArea

from supportdesk.console.calls.caller_card import CallerCard
from supportdesk.console.calls.log_form import LogRequestForm
from supportdesk.console.calls.read_back import ReadBackScreen
from supportdesk.console.calls.screen import CallScreen
from supportdesk.console.calls.subject_field import SubjectList
from supportdesk.console.calls.summary_field import SummaryField
from supportdesk.console.commands.command_form import CommandForm
from supportdesk.console.dialogs.dialog import DialogBody
from supportdesk.console.forms.search_field import SearchField
from supportdesk.console.forms.suggestion_list import SuggestionList
from supportdesk.desk_api import Applied
from supportdesk.tickets.process.conversation import RecordCall, SendArticle
from supportdesk.tickets.process.triage import Log
from tests.console.fixtures.call_keys import offered, read_back
from tests.console.fixtures.morning import NOW, at
from tests.console.harness.dialog import (
    Seat,
    drawn,
    keys,
    left,
    on_screen,
    opened,
    settled,
    typed,
    typed_ahead,
    until,
    words,
)


async def test_the_first_frame_asks_nothing_of_the_desk(seat: Seat) -> None:
    context = seat.context()
    seat.desk.calls.clear()
    async with opened(CallScreen(context)) as pilot:
        assert pilot.app.screen.query_one("#caller Input", Input).has_focus
    assert seat.desk.calls == []


@pytest.mark.parametrize(
    ("text", "name"),
    [("jo", "Jo Park"), ("acme", "Jo Park"), ("020 7946 0018", "Jo Park"), ("7946 0044", "Bill Lumley")],
)
async def test_a_caller_is_found_by_name_company_or_number(seat: Seat, text: str, name: str) -> None:
    async with opened(CallScreen(seat.context())) as pilot:
        await typed(pilot, text)
        assert offered(pilot)[0].name == name
        await keys(pilot, "enter")
        assert pilot.app.screen.query_one(CallerCard).display
        assert pilot.app.screen.query_one(SubjectList).has_focus


async def test_the_caller_and_their_open_tickets_are_shown_at_once(seat: Seat) -> None:
    async with opened(CallScreen(seat.context()), (120, 50)) as pilot:
        await typed(pilot, "jo")
        await keys(pilot, "enter")
        said = words(pilot)
        assert "Acme Ltd · super user" in said
        assert "+44 20 7946 0018 · jo.park@acme.example" in said
        assert "Rosa Lindt · +44 20 7946 0106" in said
        assert "to customer: Rolling back last night's change" in said
        assert not pilot.app.screen.query_one("CallerCard .policy-advice").display
        about = pilot.app.screen.query_one(SubjectList).render().plain.splitlines()
        assert about[0].startswith("▸ New request")
        assert "✖   -0:13:00  breached  CD-4C00-W" in about[1]


async def test_the_advice_for_callers_who_are_not_super_users_is_shown(seat: Seat) -> None:
    async with opened(CallScreen(seat.context())) as pilot:
        await typed(pilot, "hana")
        await keys(pilot, "enter")
        assert "Globex Corporation · not a super user" in words(pilot)
        assert "Telephone Support is for your super users" in words(pilot, "CallerCard .fact-text")


async def test_at_night_the_critical_line_is_open_to_anyone(seat: Seat) -> None:
    seat.desk.clock.set(at(24, "22:30"))
    async with opened(CallScreen(seat.context())) as pilot:
        assert words(pilot, ".subject") == "22:30 GMT · Critical telephone"
        await typed(pilot, "hana")
        await keys(pilot, "enter")
        assert not pilot.app.screen.query_one("CallerCard .policy-advice").display
        await keys(pilot, "enter")
        await on_screen(pilot, LogRequestForm)
        await typed(pilot, "x")
        await keys(pilot, "enter", "1", "f2")
        await read_back(pilot)
    assert [command.channel for command in seat.sent if isinstance(command, Log)] == ["hotline"]


async def test_a_request_is_received_when_the_call_began(seat: Seat) -> None:
    async with opened(CallScreen(seat.context())) as pilot:
        seat.desk.clock.set(at(24, "9:50"))
        await typed(pilot, "jo")
        await keys(pilot, "enter", "enter")
        await on_screen(pilot, LogRequestForm)
        await typed(pilot, "Labels print twice")
        await keys(pilot, "enter", "2", "f2")
        await read_back(pilot)
        assert isinstance(await left(pilot), Applied)
    assert seat.sent == [Log("high", "phone", "acme", "jo", "Labels print twice", received_at=NOW)]


async def test_a_whole_call_can_be_typed_ahead(seat: Seat) -> None:
    async with opened(CallScreen(seat.context())) as pilot:
        typed_ahead(pilot, "jo", "<enter>", "<enter>", "Labels print twice", "<enter>", "n", "y", "<f2>")
        await read_back(pilot)
        assert isinstance(await left(pilot), Applied)
    assert seat.sent == [Log("high", "phone", "acme", "jo", "Labels print twice", received_at=NOW)]


async def test_a_call_about_an_open_ticket_goes_on_its_timeline(seat: Seat) -> None:
    async with opened(CallScreen(seat.context())) as pilot:
        await typed(pilot, "jo")
        await keys(pilot, "enter", "down", "down", "enter")
        await on_screen(pilot, CommandForm)
        await typed(pilot, "It fails at step three, too.")
        await keys(pilot, "f2")
        assert isinstance(await left(pilot), Applied)
    ref = seat.view("Purchase order").ticket.ref
    assert seat.sent == [RecordCall(ref, "It fails at step three, too.")]
    assert (
        "took a call from Jo Park: It fails at step three, too."
        in seat.desk.ticket(ref).timeline[-1].sentence
    )


async def test_an_unknown_caller_is_created_with_the_request(seat: Seat) -> None:
    async with opened(CallScreen(seat.context()), (120, 50)) as pilot:
        await typed(pilot, "Zoe Zack")
        assert [each.note for each in offered(pilot)] == ["a new contact"]
        await keys(pilot, "enter")
        await on_screen(pilot, LogRequestForm)
        await typed(pilot, "acme")
        await keys(pilot, "enter")
        assert pilot.app.screen.query_one("#contact", SearchField).value == "Zoe Zack"
        await keys(pilot, "tab", "tab", "tab")
        await typed(pilot, "Cannot print")
        await keys(pilot, "enter", "2", "f2")
        await read_back(pilot)
    sent = [command for command in seat.sent if isinstance(command, Log)]
    assert [(each.organisation, each.contact, each.new_organisation) for each in sent] == [
        ("acme", "Zoe Zack", False)
    ]


async def test_an_unknown_number_is_saved_with_the_new_contact(seat: Seat) -> None:
    async with opened(CallScreen(seat.context()), (120, 50)) as pilot:
        await typed(pilot, "020 7946 0999")
        await keys(pilot, "enter")
        await on_screen(pilot, LogRequestForm)
        assert pilot.app.screen.query_one("#contact_telephone Input", Input).value == "020 7946 0999"


async def test_a_new_contact_of_a_known_company_has_the_company_filled_in(seat: Seat) -> None:
    async with opened(CallScreen(seat.context()), (120, 50)) as pilot:
        await typed(pilot, "acme")
        await keys(pilot, "up", "enter")
        await on_screen(pilot, LogRequestForm)
        assert pilot.app.screen.query_one("#organisation", SearchField).value == "acme"
        assert pilot.app.screen.query_one("#contact", SearchField).has_focus_within


async def test_a_chosen_article_is_sent_with_the_request(seat: Seat) -> None:
    async with opened(CallScreen(seat.context()), (120, 50)) as pilot:
        await typed(pilot, "jo")
        await keys(pilot, "enter", "enter")
        await on_screen(pilot, LogRequestForm)
        await typed(pilot, "export stops")
        summary = pilot.app.screen.query_one(SummaryField)
        await until(pilot, lambda: "KB-12" in [each.key for each in summary.found])
        down = [each.key for each in summary.found].index("KB-12") + 1
        await keys(pilot, *("down" for _ in range(down)), "enter", "2", "f2")
        await on_screen(pilot, ReadBackScreen)
        assert "KB-12 Why an export stops half-way" in words(pilot)
        assert "We have responded, and will resolve it by" in words(pilot, ".promised")
        await keys(pilot, "enter")
    ref = seat.view("export stops").ticket.ref
    assert seat.sent[-1] == SendArticle(ref, "KB-12")
    assert any("KB-12" in entry.sentence for entry in seat.desk.ticket(ref).timeline)


async def test_a_chosen_ticket_takes_over_the_typed_text(seat: Seat) -> None:
    async with opened(CallScreen(seat.context()), (120, 50)) as pilot:
        await typed(pilot, "bill")
        await keys(pilot, "enter", "enter")
        await on_screen(pilot, LogRequestForm)
        await typed(pilot, "export stops")
        summary = pilot.app.screen.query_one(SummaryField)
        await until(pilot, lambda: len(summary.found) == 2)
        await keys(pilot, "down", "enter")
        await on_screen(pilot, CommandForm)
        assert pilot.app.screen.query(TextArea).first().text == "export stops"
        await keys(pilot, "f2")
        assert isinstance(await left(pilot), Applied)
    assert seat.sent == [RecordCall(seat.view("Export stops").ticket.ref, "export stops")]
    assert seat.drafts.unsent == []


async def test_on_a_small_screen_the_caller_stays_visible_while_the_subject_is_chosen(
    seat: Seat,
) -> None:
    for number in range(20):
        seat.desk.do_as("ann", Log("low", "portal", "acme", "jo", f"The {number} thing"))
    async with opened(CallScreen(seat.context()), (80, 24)) as pilot:
        await typed(pilot, "jo")
        await keys(pilot, "enter")
        await settled(pilot)
        body = pilot.app.screen.query_one(DialogBody)
        about = pilot.app.screen.query_one(SubjectList)
        assert about.region.bottom > body.region.bottom
        assert body.scroll_offset.y == 0
        await keys(pilot, "end")
        assert about.region.bottom == body.region.bottom
        await keys(pilot, "home")
        assert body.scroll_offset.y == 0


async def test_the_next_caller_begins_with_an_empty_screen(seat: Seat) -> None:
    async with opened(CallScreen(seat.context())) as pilot:
        await typed(pilot, "jo")
        await keys(pilot, "enter", "escape")
        assert await left(pilot) is None
    assert seat.drafts.unsent == []


async def test_an_answered_call_starts_with_its_number(seat: Seat) -> None:
    async with opened(CallScreen(seat.context(), "+442079460018")) as pilot:
        await until(pilot, lambda: [each.name for each in offered(pilot)][:1] == ["Jo Park"])


async def test_a_disconnected_desk_is_reported_and_nothing_is_lost(seat: Seat) -> None:
    async with opened(CallScreen(seat.context())) as pilot:
        await typed(pilot, "jo")
        seat.desk.outage = "the database is gone"
        await keys(pilot, "enter")
        assert "the database is gone" in words(pilot, ".status.refused")
        await keys(pilot, "enter")
        await on_screen(pilot, LogRequestForm)
        await typed(pilot, "Labels print twice")
        await keys(pilot, "enter", "2", "f2")
        await until(pilot, lambda: "the database is gone" in words(pilot, ".status.refused"))
        assert pilot.app.screen.query_one("#summary Input", Input).value == "Labels print twice"


async def test_control_sequences_in_a_name_are_not_executed(seat: Seat) -> None:
    async with opened(CallScreen(seat.context()), (120, 50)) as pilot:
        await typed(pilot, "[/oops] \u202e x")
        assert "[/oops]" in drawn(pilot.app.screen)
        assert "\u202e" not in drawn(pilot.app.screen)


async def test_a_click_picks_a_caller_and_marks_a_ticket(seat: Seat) -> None:
    async with opened(CallScreen(seat.context()), (120, 50)) as pilot:
        await typed(pilot, "jo")
        await pilot.click(SuggestionList, offset=(4, 0))
        await until(pilot, lambda: len(pilot.app.screen.query_one(SubjectList).rows) > 2)
        await pilot.click(SubjectList, offset=(4, 2))
        assert pilot.app.screen.query_one(SubjectList).place == 2


async def test_with_more_tickets_than_lines_the_marked_one_stays_visible(seat: Seat) -> None:
    for number in range(30):
        seat.desk.do_as("ann", Log("low", "portal", "acme", "jo", f"Wish {number}"))
    async with opened(CallScreen(seat.context()), (80, 24)) as pilot:
        await typed(pilot, "jo")
        await keys(pilot, "enter")
        about = pilot.app.screen.query_one(SubjectList)
        for press in ("end", "up", "home", "down"):
            await keys(pilot, press)
            line = about.region.y + about.place
            body = pilot.app.screen.query_one(DialogBody).region
            assert body.y <= line < body.bottom
