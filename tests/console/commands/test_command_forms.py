"""Every command has a form built from its arguments, which is filled in by keyboard."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime

import pytest
from textual.widgets import Input

from supportdesk.console.commands.command_form import CommandForm
from supportdesk.console.dialogs.confirm import Confirm
from supportdesk.console.forms.search_field import SearchField
from supportdesk.console.forms.suggestion_list import SuggestionList
from supportdesk.desk_api import Applied
from supportdesk.tickets import reference
from supportdesk.tickets.command import RULES, ArgumentType, TicketCommand, argument
from supportdesk.tickets.decide import COMMANDS
from supportdesk.tickets.documents import Role
from supportdesk.tickets.process.assignment import Assign, Claim, HandBack, HandOver
from supportdesk.tickets.process.closure import Close
from supportdesk.tickets.process.conversation import Note, Reply
from supportdesk.tickets.process.linking import LinkTicket, MarkDuplicate
from supportdesk.tickets.process.resolution import LinkArticle, PromiseFix, Resolve, Resume, Wait
from supportdesk.tickets.process.severity import ChangeSeverity
from supportdesk.tickets.process.triage import Acknowledge
from tests.console.harness.dialog import (
    Seat,
    Shown,
    is_open,
    keys,
    left,
    opened,
    settled,
    typed,
    typed_ahead,
    until,
    words,
)


def form(
    seat: Seat, command: type[TicketCommand], about: str = "Export stops", **preset: object
) -> CommandForm:
    return CommandForm(seat.context(), command, seat.view(about), preset)


@pytest.mark.parametrize(
    "command",
    [each for each in COMMANDS.values() if issubclass(each, TicketCommand)],
    ids=lambda each: each.verb,
)
async def test_a_form_has_a_field_for_each_argument_in_order_with_its_help(
    command: type[TicketCommand], seat: Seat
) -> None:
    async with opened(form(seat, command)) as pilot:
        fields = [field.id for field in pilot.app.screen.query(".field")]
        assert fields == [each.name for each in command.asked()]
        said = words(pilot)
        assert said.startswith(f"{command.title}\n")
        assert command.help_text() in said
        notes = words(pilot, ".field-note")
        for each in command.asked():
            assert each.help in notes or each.value_type is ArgumentType.SEVERITY


async def test_enter_sends_a_form_without_multi_line_fields(seat: Seat) -> None:
    async with opened(form(seat, Wait)) as pilot:
        await keys(pilot, "t", "tab")
        await typed(pilot, "the carrier - call 4")
        await keys(pilot, "enter")
        assert isinstance(await left(pilot), Applied)
    ref = seat.view("Export stops").ticket.ref
    assert seat.sent == [Wait(ref, on="third party", reason="the carrier - call 4")]


async def test_enter_starts_a_new_line_in_a_text_and_f2_sends(seat: Seat) -> None:
    ref = seat.view("Export stops").ticket.ref
    async with opened(form(seat, Reply)) as pilot:
        await typed(pilot, "Hello,")
        await keys(pilot, "enter")
        await typed(pilot, "which period?")
        assert not seat.sent
        await keys(pilot, "f2")
        assert isinstance(await left(pilot), Applied)
    assert seat.sent == [Reply(ref, text="Hello,\nwhich period?", by="message")]


async def test_ctrl_s_sends_too(seat: Seat) -> None:
    async with opened(form(seat, Note)) as pilot:
        await typed(pilot, "seen")
        await keys(pilot, "ctrl+s")
        assert isinstance(await left(pilot), Applied)


async def test_a_command_without_arguments_is_sent_with_enter(seat: Seat) -> None:
    ref = seat.view("Stock levels").ticket.ref
    async with opened(form(seat, Claim, "Stock levels")) as pilot:
        await keys(pilot, "enter")
        assert (await left(pilot)).ref == ref
    assert seat.sent == [Claim(ref)]


async def test_a_missing_value_is_reported_at_its_field_which_gets_the_focus(seat: Seat) -> None:
    async with opened(form(seat, HandBack, "Purchase order")) as pilot:
        await keys(pilot, "enter")
        assert words(pilot, ".field-note.wrong") == "required: why, and what the next owner should know"
        assert not seat.sent
        await typed(pilot, "x")
        assert not words(pilot, ".field-note.wrong")


async def test_keys_typed_ahead_go_to_the_intended_fields(seat: Seat) -> None:
    async with opened(form(seat, Assign)) as pilot:
        typed_ahead(pilot, "pri", "<tab>", "d", "<tab>", "to do, please", "<enter>")
        assert isinstance(await left(pilot), Applied)
    ref = seat.view("Export stops").ticket.ref
    assert seat.sent == [Assign(ref, owner="priya", team="development", note="to do, please")]


async def test_enter_moves_to_a_missing_value_without_a_message(seat: Seat) -> None:
    async with opened(form(seat, ChangeSeverity)) as pilot:
        await keys(pilot, "m", "enter")
        assert pilot.app.screen.query_one("#reason Input", Input).has_focus
        assert not words(pilot, ".wrong")
        await keys(pilot, "enter")
        assert words(pilot, ".wrong").startswith("required: ")
        await typed(pilot, "there is a way round it")
        await keys(pilot, "enter")
        assert isinstance(await left(pilot), Applied)
    ref = seat.view("Export stops").ticket.ref
    assert seat.sent == [ChangeSeverity(ref, severity="medium", reason="there is a way round it")]


async def test_a_preset_value_is_filled_in(seat: Seat) -> None:
    async with opened(form(seat, Assign, owner="priya", note="please")) as pilot:
        assert "on call · Technical Support" in words(pilot, "#owner .field-note")
        await keys(pilot, "enter")
        assert isinstance(await left(pilot), Applied)
    assert seat.sent == [Assign(seat.view("Export stops").ticket.ref, owner="priya", note="please")]


async def test_a_command_that_ends_a_ticket_asks_first_with_cancel_marked(seat: Seat) -> None:
    async with opened(form(seat, Close, "Payments file")) as pilot:
        await keys(pilot, "f2")
        await until(pilot, lambda: isinstance(pilot.app.screen, Confirm))
        await keys(pilot, "enter")
        assert not seat.sent
        assert is_open(pilot)
        await keys(pilot, "f2")
        await until(pilot, lambda: isinstance(pilot.app.screen, Confirm))
        await keys(pilot, "y")
        assert isinstance(await left(pilot), Applied)
    assert [type(command) for command in seat.sent] == [Close]


async def test_the_confirmation_shows_the_values_of_the_form(seat: Seat) -> None:
    async with opened(form(seat, Resolve, "Purchase order")) as pilot:
        await typed(pilot, "The rule is mended.")
        await keys(pilot, "f2")
        await until(pilot, lambda: isinstance(pilot.app.screen, Confirm))
        assert "The rule is mended." in words(pilot)


@pytest.mark.parametrize(("other", "differs"), [("Stock levels", True), ("Export stops", False)])
async def test_a_duplicate_of_another_customers_ticket_is_confirmed_with_both_names(
    other: str, differs: bool, seat: Seat
) -> None:
    ref = seat.view(other).ticket.ref
    async with opened(form(seat, MarkDuplicate, "Payments file" if not differs else "Export stops")) as pilot:
        await typed(pilot, ref)
        await keys(pilot, "f2")
        await until(pilot, lambda: isinstance(pilot.app.screen, Confirm))
        assert ("The customers differ" in words(pilot)) is differs
        assert not differs or f"{ref} from Northwind Traders" in " ".join(words(pilot).split())


class TestWhatIsChosen:
    """Each type of argument has its own field."""

    async def test_a_person_is_found_while_typing_and_picked_with_enter(self, seat: Seat) -> None:
        async with opened(form(seat, Assign)) as pilot:
            await typed(pilot, "pri")
            await keys(pilot, "enter")
            assert pilot.app.screen.query_one("#owner Input", Input).value == "Priya Nair"
            assert not seat.sent
            await keys(pilot, "enter")
            assert isinstance(await left(pilot), Applied)
        assert seat.sent == [Assign(seat.view("Export stops").ticket.ref, owner="priya")]

    async def test_a_misspelt_name_is_found(self, seat: Seat) -> None:
        async with opened(form(seat, Assign)) as pilot:
            await typed(pilot, "preya nai")
            await keys(pilot, "tab")
            assert pilot.app.screen.query_one("#owner Input", Input).value == "Priya Nair"

    async def test_a_team_is_chosen_from_the_policy_s(self, seat: Seat) -> None:
        async with opened(form(seat, Assign)) as pilot:
            await keys(pilot, "tab", "d", "enter")
            assert isinstance(await left(pilot), Applied)
        assert seat.sent == [Assign(seat.view("Export stops").ticket.ref, team="development")]

    async def test_a_release_is_chosen_by_its_date(self, seat: Seat) -> None:
        async with opened(form(seat, PromiseFix)) as pilot:
            assert "7.4   Wed 9 Dec · in 15 days" in drawn_matches(pilot)
            await keys(pilot, "down", "enter", "enter")
            assert isinstance(await left(pilot), Applied)
        assert seat.sent == [PromiseFix(seat.view("Export stops").ticket.ref, release="7.4")]

    async def test_an_article_is_found_by_its_words(self, seat: Seat) -> None:
        async with opened(form(seat, LinkArticle)) as pilot:
            await typed(pilot, "half-way")
            await keys(pilot, "enter", "enter")
            assert isinstance(await left(pilot), Applied)
        assert seat.sent == [LinkArticle(seat.view("Export stops").ticket.ref, article="KB-12")]

    async def test_severities_show_the_text_of_the_policy_and_critical_its_criteria(self, seat: Seat) -> None:
        async with opened(form(seat, ChangeSeverity)) as pilot:
            await keys(pilot, "c")
            note = words(pilot, "#severity .field-note")
            assert note.startswith("Complete loss of service; work cannot continue. At least one of:")
            assert note.count("·") == 3
            await keys(pilot, "l")
            assert words(pilot, "#severity .field-note") == "No or low impact on use or performance."

    async def test_a_wrong_reference_is_reported_at_once_and_a_right_one_shows_its_ticket(
        self, seat: Seat
    ) -> None:
        other = seat.view("Two reports").ticket.ref
        wrong = other[:-1] + ("A" if other[-1] != "A" else "B")
        async with opened(form(seat, LinkTicket)) as pilot:
            await typed(pilot, wrong)
            assert "check character is wrong" in words(pilot, "#other .field-note.wrong")
            await keys(pilot, "enter")
            assert not seat.sent
            await keys(pilot, *["backspace"] * len(wrong))
            await typed(pilot, other.replace("-", "").lower())
            assert (
                words(pilot, "#other .field-note") == "Globex Corporation · Two reports show different totals"
            )
            await keys(pilot, "enter")
            assert isinstance(await left(pilot), Applied)
        assert seat.sent == [LinkTicket(seat.view("Export stops").ticket.ref, other=other)]

    async def test_a_valid_reference_without_a_ticket_is_reported(self, seat: Seat) -> None:
        unknown = reference.make(10_000)
        async with opened(form(seat, LinkTicket)) as pilot:
            await typed(pilot, unknown)
            assert words(pilot, "#other .wrong") == f"no ticket has the reference {unknown}"


def drawn_matches(pilot: Shown) -> str:
    matches = pilot.app.screen.query(SuggestionList)
    return "\n".join(str(widget.render()) for widget in matches)


@dataclass(frozen=True, slots=True)
class EveryKind(TicketCommand):
    """A command with the types of arguments that few commands have."""

    verb = "every-kind"
    title = "Every kind"
    needs = frozenset(Role)

    at: datetime = argument("when it was", value_type=ArgumentType.INSTANT)
    day: date = argument("which day", value_type=ArgumentType.DAY)
    channel: str = argument("which way", value_type=ArgumentType.CHANNEL)
    organisation: str = argument("whose", value_type=ArgumentType.ORGANISATION)
    flag: bool = argument("whether", value_type=ArgumentType.FLAG, default=False)
    contact: str = argument("who", value_type=ArgumentType.CONTACT, default="")


async def test_there_are_fields_for_times_days_flags_channels_and_customers(
    seat: Seat, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(RULES, EveryKind, lambda case, command: [])
    async with opened(form(seat, EveryKind)) as pilot:
        await typed(pilot, "9:15")
        assert words(pilot, "#at .field-note") == "Tue 24 Nov 2026 09:15 GMT, 27 minutes ago"
        await keys(pilot, "tab")
        await typed(pilot, "9 dec 2026")
        assert words(pilot, "#day .field-note") == "Wed 9 Dec 2026"
        await keys(pilot, "tab", "e", "tab")
        await typed(pilot, "init")
        await keys(pilot, "enter", "y", "tab")
        await typed(pilot, "lum")
        await keys(pilot, "enter")
        await settled(pilot)
        command = pilot.app.screen.command()  # type: ignore[attr-defined]
    assert command == EveryKind(
        ref=seat.view("Export stops").ticket.ref,
        at=datetime(2026, 11, 24, 9, 15, tzinfo=UTC),
        day=date(2026, 12, 9),
        flag=True,
        channel="email",
        organisation="initech",
        contact="bill",
    )


async def test_an_incomplete_reference_is_an_error_only_after_leaving_the_field(seat: Seat) -> None:
    async with opened(form(seat, MarkDuplicate)) as pilot:
        await typed(pilot, "CD-4")
        assert not words(pilot, ".wrong")
        await keys(pilot, "enter")
        assert words(pilot, ".wrong").startswith("CD-4 is not a reference")


async def test_an_invalid_time_is_reported_and_not_sent(seat: Seat) -> None:
    async with opened(form(seat, EveryKind)) as pilot:
        await typed(pilot, "soonish")
        await keys(pilot, "enter")
        assert "is not a date or time" in words(pilot, "#at .field-note.wrong")
        assert not seat.sent


async def test_the_forms_without_fields_explain_their_command(seat: Seat) -> None:
    for command in (Acknowledge, Resume):
        async with opened(form(seat, command)) as pilot:
            assert command.help_text() in words(pilot)


async def test_a_refused_reference_is_reported_until_it_is_changed(seat: Seat) -> None:
    shown = form(seat, LinkTicket)
    async with opened(shown) as pilot:
        await typed(pilot, shown.view.ticket.ref)
        await until(pilot, lambda: "cannot be linked to itself" in words(pilot, ".status"))
        await keys(pilot, "backspace")
        await until(pilot, lambda: not pilot.app.screen.query_one(".status").display)


async def test_a_person_who_is_not_found_is_named(seat: Seat) -> None:
    async with opened(form(seat, HandOver)) as pilot:
        field = pilot.app.screen.query_one(SearchField)
        field.clear()
        field.take_focus()
        await typed(pilot, "zzz")
        await keys(pilot, "f2")
        assert words(pilot, "#to .field-note") == "nobody is called zzz; type part of a name"
