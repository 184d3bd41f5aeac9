"""Logging a request: finding the caller, choosing the severity, due times, and reading the reference back."""

from __future__ import annotations

from datetime import timedelta

from textual.widgets import Input, TextArea

from supportdesk.console.calls.log_form import LogRequestForm
from supportdesk.console.calls.severity_wizard import SeverityWizard
from supportdesk.console.drafts.codec import decode, encode
from supportdesk.console.drafts.draft import StoredDraft
from supportdesk.console.forms.time_fields import InstantField
from supportdesk.desk_api import Applied, DeskUnavailableError
from supportdesk.store.read_models import TicketView
from supportdesk.tickets import reference
from supportdesk.tickets.documents import Rotation
from supportdesk.tickets.process.triage import Log
from supportdesk.tickets.records.commands import SaveRotation
from tests.console.fixtures.log_keys import (
    caller,
    fill_in,
    finish,
    log_form,
    read_back,
    save,
)
from tests.console.fixtures.morning import NOW, at
from tests.console.harness.dialog import (
    Seat,
    Shown,
    is_open,
    keys,
    left,
    opened,
    typed,
    typed_ahead,
    until,
    words,
)


def promise(pilot: Shown) -> str:
    return words(pilot, ".promise")


async def test_a_request_is_logged_by_keyboard_and_its_reference_read_back(seat: Seat) -> None:
    async with log_form(seat) as pilot:
        await caller(pilot, "acm", "jo")
        await typed(pilot, "Labels print twice")
        await keys(pilot, "enter", "h", "enter")
        await typed(pilot, "Since Monday.")
        await keys(pilot, "tab", "e", "f2")
        await read_back(pilot)
        ref = seat.view("Labels print twice").ticket.ref
        said = words(pilot)
        assert reference.spell(ref) in said
        assert "We will respond by 12:42 today, and resolve it by 13:42 on Thursday (GMT)." in said
        assert "Tell the caller" not in said
        assert (await finish(pilot)).ref == ref
    assert seat.sent == [
        Log("high", "email", "acme", "jo", "Labels print twice", description="Since Monday.")
    ]


async def test_keys_typed_ahead_of_the_form_end_in_its_fields(seat: Seat) -> None:
    async with log_form(seat) as pilot:
        typed_ahead(pilot, "acme", "<enter>", "jo", "<enter>", "Labels print twice")
        typed_ahead(pilot, "<enter>", "h", "<enter>", "Since", "<enter>", "Monday.", "<tab>", "e", "<f2>")
        await read_back(pilot)
        await finish(pilot)
    assert seat.sent == [
        Log("high", "email", "acme", "jo", "Labels print twice", description="Since\nMonday.")
    ]


async def test_the_due_times_follow_the_severity(seat: Seat) -> None:
    async with log_form(seat) as pilot:
        assert promise(pilot) == "Choose a severity to see the due times."
        await caller(pilot, "acme", "jo")
        await keys(pilot, "tab", "c")
        assert promise(pilot).startswith("Respond by 10:42 GMT, resolve by 17:42 GMT")
        await keys(pilot, "h")
        assert promise(pilot) == "Respond by 12:42 GMT, resolve by Thu 13:42 GMT"
        await keys(pilot, "m")
        assert promise(pilot).startswith(
            "Respond by Thu 13:42 GMT. A workaround is proposed and a target fix date"
        )


async def test_with_a_severity_and_an_unreadable_time_the_foot_names_the_time(seat: Seat) -> None:
    async with log_form(seat) as pilot:
        await fill_in(pilot, "x", "h", "e")
        await keys(pilot, "tab")
        await typed(pilot, "yesterdayish")
        assert promise(pilot) == "Correct “Received at” to see the due times."


async def test_a_typed_time_means_the_same_instant_however_late_it_is_saved(seat: Seat) -> None:
    async with log_form(seat) as pilot:
        await fill_in(pilot, "x", "h", "e")
        await keys(pilot, "tab")
        await typed(pilot, "20 min")
        told = words(pilot, "#received_at .field-note")
        assert told == "Tue 24 Nov 2026 09:22 GMT, 20 minutes ago"
        seat.desk.clock.set(NOW + timedelta(minutes=5))
        assert pilot.app.screen.query_one("#received_at", InstantField).value == at(24, "9:22")


async def test_a_time_restored_from_a_draft_means_what_it_meant_when_typed(seat: Seat) -> None:
    async with log_form(seat) as pilot:
        await fill_in(pilot, "x", "h", "e")
        await keys(pilot, "tab")
        await typed(pilot, "20 min")
        await keys(pilot, "escape")
    for kept in seat.drafts.unsent:
        draft = seat.drafts.find(*kept)
        assert draft is not None
        seat.drafts.save(*kept, decode("n", encode(StoredDraft("n", *kept, draft))).draft)
    seat.desk.clock.set(NOW + timedelta(hours=1))
    async with log_form(seat) as pilot:
        field = pilot.app.screen.query_one("#received_at", InstantField)
        assert (field.text, field.value) == ("20 min", at(24, "9:22"))


async def test_the_due_times_count_from_the_time_of_receipt(seat: Seat) -> None:
    async with log_form(seat) as pilot:
        await fill_in(pilot, "x", "h", "e")
        await keys(pilot, "tab")
        await typed(pilot, "9:00")
        assert words(pilot, "#received_at .field-note") == "Tue 24 Nov 2026 09:00 GMT, 42 minutes ago"
        assert promise(pilot).startswith("Respond by 12:00 GMT")
        await save(pilot)
        await finish(pilot)
    assert [command.received_at for command in seat.sent if isinstance(command, Log)] == [at(24, "9:00")]


async def test_a_due_time_that_has_passed_is_marked(seat: Seat) -> None:
    async with log_form(seat) as pilot:
        await fill_in(pilot, "x", "h", "e")
        pilot.app.screen.query_one("#received_at", InstantField).take_focus()
        await typed(pilot, "3 d ago")
        await until(pilot, lambda: "(already passed)" in promise(pilot))


async def test_a_time_of_receipt_in_the_future_is_reported_at_once(seat: Seat) -> None:
    async with log_form(seat) as pilot:
        pilot.app.screen.query_one("#received_at", InstantField).take_focus()
        await typed(pilot, "tomorrow 9:00")
        assert words(pilot, "#received_at .field-note").startswith("it cannot have arrived in the future")


async def test_a_refusal_is_cleared_when_a_field_changes(seat: Seat) -> None:
    async with log_form(seat) as pilot:
        await fill_in(pilot, "Labels print twice", "h", "e")
        seat.desk.outage = "The desk is away"
        await keys(pilot, "f2")
        await until(pilot, lambda: "The desk is away" in words(pilot, ".status"))
        await typed(pilot, "x")
        await until(pilot, lambda: not pilot.app.screen.query_one(".status").display)


async def test_neither_severity_nor_channel_is_preselected_and_both_are_required(seat: Seat) -> None:
    async with log_form(seat) as pilot:
        await caller(pilot, "acme", "jo")
        await typed(pilot, "x")
        await keys(pilot, "f2")
        assert words(pilot, "#severity .field-note").startswith("Does this apply?")
        assert words(pilot, "#channel .wrong").startswith("choose one")
        assert not seat.sent


async def test_the_policy_s_questions_lead_to_a_severity(seat: Seat) -> None:
    async with log_form(seat) as pilot:
        await caller(pilot, "acme", "jo")
        await keys(pilot, "tab")
        asked = words(pilot, "#severity .field-note")
        assert asked.startswith("Does this apply?  Complete loss of service")
        assert asked.count("·") == 3
        await keys(pilot, "n")
        assert "An error stops a business transaction" in words(pilot, "#severity .field-note")
        await keys(pilot, "y")
        assert promise(pilot) == "Respond by 12:42 GMT, resolve by Thu 13:42 GMT"
        await keys(pilot, "backspace", "backspace")
        assert words(pilot, "#severity .field-note").startswith("Does this apply?  Complete loss of service")


async def test_overruling_the_questions_requires_a_reason_which_goes_on_the_timeline(seat: Seat) -> None:
    async with log_form(seat) as pilot:
        await caller(pilot, "acme", "jo")
        await typed(pilot, "Labels print twice")
        await keys(pilot, "enter", "n", "y", "3", "f2")
        assert words(pilot, "#overruled .wrong") == "required: why the severity differs from your answers"
        await typed(pilot, "only one printer")
        await keys(pilot, "tab", "tab", "e", "f2")
        await read_back(pilot)
        await finish(pilot)
    sentences = [entry.sentence for entry in seat.view("Labels print twice").timeline]
    assert "the policy's questions overruled: only one printer" in sentences[0]


async def test_choosing_a_severity_by_number_without_answers_overrules_nothing(seat: Seat) -> None:
    async with log_form(seat) as pilot:
        await caller(pilot, "acme", "jo")
        await keys(pilot, "tab", "3")
        assert not pilot.app.screen.query_one("#overruled").display


async def test_a_reason_that_is_no_longer_required_is_not_sent(seat: Seat) -> None:
    async with log_form(seat) as pilot:
        await caller(pilot, "acme", "jo")
        await typed(pilot, "Labels print twice")
        await keys(pilot, "enter", "n", "y", "3", "enter")
        await typed(pilot, "only one printer")
        await keys(pilot, "shift+tab", "2", "tab", "tab", "e", "f2")
        await read_back(pilot)
    assert [command.overruled for command in seat.sent if isinstance(command, Log)] == [""]


async def test_out_of_policy_is_shown_before_saving_and_prevents_nothing(seat: Seat) -> None:
    async with log_form(seat) as pilot:
        await fill_in(pilot, "The export is slow", "l", who=("globex", "hana"))
        assert "Out of policy, but it can be logged: Low must come by support portal" in promise(pilot)
        assert "the contact is not a super user" in promise(pilot)
        assert words(pilot, ".policy-advice").startswith("Tell the caller: Requests of Low severity")
        await save(pilot)
        assert "Requests of Low severity are logged on the support portal" in words(pilot)
        await finish(pilot)


async def test_a_critical_shows_who_must_be_phoned(seat: Seat) -> None:
    async with log_form(seat) as pilot:
        await fill_in(pilot, "All down", "c")
        await save(pilot)
        assert "Ring Priya Nair on +44 7700 900104: no pager is connected." in words(pilot)


async def test_the_person_to_phone_is_the_one_whom_the_ledger_paged(seat: Seat) -> None:
    async def a_new_rotation() -> None:
        # Somebody else has put Tom on call since this console read the rota.
        rotation = Rotation(("tom",), seat.desk.now(), "Europe/London")
        assert isinstance(seat.desk.do(SaveRotation(rotation), by="maya"), Applied)

    seat.gate = a_new_rotation
    async with log_form(seat) as pilot:
        await fill_in(pilot, "All down", "c")
        await save(pilot)
        assert "Ring Tom Ellis on +44 20 7946 0105: no pager is connected." in words(pilot)
        assert "Priya" not in words(pilot)


async def test_the_reference_and_the_due_times_are_copied(seat: Seat) -> None:
    async with log_form(seat) as pilot:
        await fill_in(pilot, "Labels print twice", "h")
        await save(pilot)
        await until(pilot, lambda: bool(pilot.app.clipboard))
        ref = seat.view("Labels print twice").ticket.ref
        promised = "We will respond by 12:42 today, and resolve it by 13:42 on Thursday (GMT)."
        assert pilot.app.clipboard == f"{ref}\n{promised}"
        assert "If your terminal does not allow this" in words(pilot, ".copied")


async def test_the_due_times_read_out_are_those_of_the_ticket_however_late_the_outcome_comes(
    seat: Seat,
) -> None:
    async def a_slow_database() -> None:
        # The ticket is logged at 09:42; the reply reaches the console three minutes later.
        real = seat.desk.ticket

        def late(ref: str) -> TicketView:
            seat.desk.clock.set(at(24, "9:45"))
            return real(ref)

        seat.desk.ticket = late  # type: ignore[method-assign]

    seat.gate = a_slow_database
    async with log_form(seat) as pilot:
        await fill_in(pilot, "Labels print twice", "h")
        await save(pilot)
        assert seat.desk.now() == at(24, "9:45")
        assert words(pilot, ".promised") == (
            "We will respond by 12:42 today, and resolve it by 13:42 on Thursday (GMT)."
        )


async def test_the_reference_is_shown_even_if_the_desk_is_disconnected_after_logging(seat: Seat) -> None:
    async def gone_afterwards() -> None:
        def gone(ref: str) -> TicketView:
            raise DeskUnavailableError("the database is gone")

        seat.desk.ticket = gone  # type: ignore[method-assign]

    seat.gate = gone_afterwards
    async with log_form(seat) as pilot:
        await fill_in(pilot, "Labels print twice", "h")
        await save(pilot)
        ref = next(row.ref for row in seat.desk.queue().rows if row.summary == "Labels print twice")
        assert reference.spell(ref) in words(pilot)
        assert words(pilot, ".promised") == "The due times cannot be read: the database is gone"


async def test_a_refusal_leaves_the_form_as_it_was(seat: Seat) -> None:
    async with log_form(seat) as pilot:
        await fill_in(pilot, "Labels print twice", "h")
        await keys(pilot, "tab")
        await typed(pilot, "24 Nov 2026 11:00")
        await keys(pilot, "f2")
        await until(pilot, lambda: bool(words(pilot, "#received_at .wrong")))
        assert words(pilot, "#received_at .wrong").startswith("it cannot have arrived in the future")
        assert pilot.app.screen.query_one("#summary Input", Input).value == "Labels print twice"
        assert is_open(pilot)


async def test_a_form_that_was_left_is_restored_completely(seat: Seat) -> None:
    async with log_form(seat) as pilot:
        await caller(pilot, "acme", "jo")
        await typed(pilot, "Labels print")
        await keys(pilot, "enter", "n", "n", "y", "enter")
        await typed(pilot, "Since Monday.")
        await keys(pilot, "tab", "e", "escape")
        assert await left(pilot) is None
    async with log_form(seat) as pilot:
        screen = pilot.app.screen
        assert screen.query_one("#contact Input", Input).value == "Jo Park"
        assert screen.query_one(TextArea).text == "Since Monday."
        assert screen.query_one(SeverityWizard).raw_value == ((False, False, True), "medium")
        assert promise(pilot).startswith("Respond by Thu")
        await save(pilot)
        await finish(pilot)
    assert seat.sent == [Log("medium", "email", "acme", "jo", "Labels print", description="Since Monday.")]


async def test_a_disconnected_desk_is_reported_in_the_search_field(seat: Seat) -> None:
    context = seat.context()
    seat.desk.outage = "the database is gone"
    async with opened(LogRequestForm(context)) as pilot:
        await typed(pilot, "a")
        assert words(pilot, "#organisation .wrong") == "the database is gone"
