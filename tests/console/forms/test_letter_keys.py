"""Letters in a form: they choose in a list, and change no choice once a text is being written."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import pytest

from supportdesk.console.calls.log_form import LogRequestForm
from supportdesk.console.calls.screen import CallScreen
from supportdesk.console.calls.severity_wizard import SeverityQuestions
from supportdesk.console.calls.subject_field import SubjectList
from supportdesk.console.commands.batch_runner import ONE_BY_ONE
from supportdesk.console.commands.escalate_batch_form import EscalateBatchForm
from supportdesk.console.commands.escalate_form import EscalateForm
from supportdesk.console.commands.form_registry import form_for, form_for_batch
from supportdesk.console.directory.record_form import RecordForm
from supportdesk.console.directory.record_types import PEOPLE, RECORD_TYPES, RecordType
from supportdesk.console.forms.field import Field
from supportdesk.console.forms.form import Form
from supportdesk.console.forms.multi_choice_field import MultiChoiceField, MultiChoiceList
from supportdesk.console.forms.search_field import SearchField
from supportdesk.console.forms.text_fields import TextInputField
from supportdesk.console.widgets.choices import Choices
from supportdesk.desk_api import Applied
from supportdesk.tickets.command import TicketCommand
from supportdesk.tickets.decide import COMMANDS
from supportdesk.tickets.process.escalation import Escalate
from supportdesk.tickets.process.severity import ChangeSeverity
from tests.console.fixtures.morning import morning_desk
from tests.console.harness.dialog import Seat, Shown, keys, left, opened, typed, typed_ahead, until

HIGH = "Purchase order"
WORDS = "So failover: my 1 half clip"
"""Every letter by which something is chosen above a text is among these."""
ASKING: list[type[TicketCommand]] = [
    command for command in COMMANDS.values() if issubclass(command, TicketCommand) and command.arguments()
]


def form_of(pilot: Shown) -> Form:
    assert isinstance(pilot.app.screen, Form)
    return pilot.app.screen


def chosen(form: Form) -> dict[str, Any]:
    """What is chosen in the lists of a form."""
    return {
        field.id or "": field.raw_value
        for field in form.flow.fields
        if field.query(f"{Choices.__name__}, {SeverityQuestions.__name__}")
    }


def texts(form: Form) -> dict[str, str]:
    return {
        field.id or "": str(field.raw_value)
        for field in form.flow.fields
        if isinstance(field, TextInputField)
    }


def here(form: Form) -> Field | None:
    return next((field for field in form.flow.fields if field.has_focus_within), None)


def for_one(command: type[TicketCommand], seat: Seat) -> Form:
    return form_for(command, seat.context(), seat.view(HIGH))


def for_several(command: type[TicketCommand], seat: Seat) -> Form:
    return form_for_batch(command, seat.context(), [seat.view(HIGH).row, seat.view("Stock levels").row])


def for_record(kind: RecordType, seat: Seat) -> Form:
    return RecordForm(seat.context(), kind)


FORMS: dict[str, Callable[[Seat], Form]] = {
    **{command.verb: partial(for_one, command) for command in ASKING},
    **{
        f"{command.verb} several": partial(for_several, command)
        for command in ASKING
        if command.verb not in ONE_BY_ONE
    },
    **{f"new {kind.title}": partial(for_record, kind) for kind in RECORD_TYPES},
    "log": lambda seat: LogRequestForm(seat.context()),
}
"""Each form that opens over the queue, for one ticket and for several."""


@pytest.mark.parametrize("kind", FORMS)
async def test_tab_follows_the_order_and_typing_after_a_text_was_reached_changes_no_choice_above(
    seat: Seat, kind: str
) -> None:
    form = FORMS[kind](seat)
    async with opened(form, (100, 60)) as pilot:
        places = [(stop.region.y, stop.region.x) for stop in form.focus_chain]
        assert places == sorted(places)
        text = next((field for field in form.flow.fields if isinstance(field, TextInputField)), None)
        if text is None:
            return
        text.take_focus()
        above = {
            field.id: field
            for field in form.flow.fields[: form.flow.fields.index(text)]
            if not field.is_typed_in
        }
        before = {name: value for name, value in chosen(form).items() if name in above}
        for _ in form.focus_chain if above else ():
            await keys(pilot, "tab")
            current = here(form)
            if current is not None and current.id in above:
                was = "".join(texts(form).values())
                typed_ahead(pilot, WORDS)
                length = len(was) + len(WORDS)
                await until(pilot, lambda: len("".join(texts(form).values())) == length)  # noqa: B023
                assert any(WORDS in text for text in texts(form).values())
                assert {name: value for name, value in chosen(form).items() if name in before} == before


async def test_h_tab_and_a_reason_with_an_f_in_it_escalate_to_the_chosen_person(seat: Seat) -> None:
    ref = seat.view(HIGH).ticket.ref
    async with opened(EscalateForm(seat.context(), seat.view(HIGH))) as pilot:
        await keys(pilot, "h", "tab")
        await typed(pilot, "Need manager approval for the failover")
        await keys(pilot, "enter")
        assert isinstance(await left(pilot), Applied)
    assert seat.sent == [Escalate(ref, reason="Need manager approval for the failover", way="hierarchical")]


async def test_words_typed_at_once_are_the_reason_and_choose_nothing(seat: Seat) -> None:
    ref = seat.view(HIGH).ticket.ref
    async with opened(EscalateForm(seat.context(), seat.view(HIGH))) as pilot:
        await typed(pilot, "Need help")
        await keys(pilot, "enter")
        assert isinstance(await left(pilot), Applied)
    assert seat.sent == [Escalate(ref, reason="Need help", way="functional")]


async def test_after_shift_tab_letters_choose_again_while_the_text_is_empty(seat: Seat) -> None:
    ref = seat.view(HIGH).ticket.ref
    async with opened(EscalateForm(seat.context(), seat.view(HIGH))) as pilot:
        await keys(pilot, "h", "shift+tab", "f")
        await typed(pilot, "a trace is needed")
        await keys(pilot, "enter")
        assert isinstance(await left(pilot), Applied)
    assert seat.sent == [Escalate(ref, reason="a trace is needed", way="functional")]


async def test_no_letter_changes_the_option_once_a_reason_is_written(seat: Seat) -> None:
    ref = seat.view(HIGH).ticket.ref
    async with opened(EscalateForm(seat.context(), seat.view(HIGH))) as pilot:
        await keys(pilot, "enter")
        await typed(pilot, "a known fault")
        await keys(pilot, "shift+tab", "h", "enter")
        assert isinstance(await left(pilot), Applied)
    assert seat.sent == [Escalate(ref, reason="a known faulth", way="functional")]


async def test_the_arrows_still_choose_when_the_reason_is_written(seat: Seat) -> None:
    ref = seat.view(HIGH).ticket.ref
    async with opened(EscalateForm(seat.context(), seat.view(HIGH))) as pilot:
        await keys(pilot, "enter")
        await typed(pilot, "a known fault")
        await keys(pilot, "shift+tab", "down", "enter", "enter")
        assert isinstance(await left(pilot), Applied)
    assert seat.sent == [Escalate(ref, reason="a known fault", way="functional", to="development")]


async def test_the_letters_of_a_list_are_shown_only_while_they_choose(seat: Seat) -> None:
    async with opened(EscalateForm(seat.context(), seat.view(HIGH))) as pilot:
        choices = pilot.app.screen.query_one(Choices)
        first = choices.render().plain.splitlines()[1]
        assert first.startswith("f ")
        await keys(pilot, "h", "tab")
        assert choices.has_focus
        assert choices.render().plain.splitlines()[1] == f" {first[1:].replace('●', '○')}"


async def test_several_tickets_are_escalated_by_the_same_fields_in_the_same_order_as_one(seat: Seat) -> None:
    rows = [seat.view(HIGH).row, seat.view("Stock levels").row]
    alone, together = (
        EscalateForm(seat.context(), seat.view(HIGH)),
        EscalateBatchForm(seat.context(), Escalate, rows),
    )
    assert (
        [field.id for field in together.fields()]
        == [field.id for field in alone.fields()]
        == ["way", "reason"]
    )
    async with opened(together) as pilot:
        await keys(pilot, "h")
        await typed(pilot, "failover")
        await keys(pilot, "tab")
        await typed(pilot, " for four hours")
        assert together.command() == Escalate(
            rows[0].ref, reason="failover for four hours", way="hierarchical"
        )


async def test_the_team_for_several_escalated_tickets_is_chosen_from_a_list(seat: Seat) -> None:
    rows = [seat.view(HIGH).row, seat.view("Stock levels").row]
    form = EscalateBatchForm(seat.context(), Escalate, rows)
    async with opened(form) as pilot:
        await keys(pilot, "down", "down", "enter")
        await typed(pilot, "a trace")
        assert form.command() == Escalate(
            rows[0].ref, reason="a trace", way="functional", to="technical-support"
        )


async def test_a_severity_is_not_changed_by_a_reason_typed_in_the_wrong_place(seat: Seat) -> None:
    view = seat.view(HIGH)
    form = form_for(ChangeSeverity, seat.context(), view)
    async with opened(form) as pilot:
        await keys(pilot, "c", "tab")
        await typed(pilot, "the shop")
        await keys(pilot, "tab", "tab")
        await typed(pilot, " has lost more money")
        command = form.command()
    assert isinstance(command, ChangeSeverity)
    assert (command.severity, command.reason) == ("critical", "the shop has lost more money")


async def test_a_digit_chooses_the_severity_while_its_list_has_the_focus(seat: Seat) -> None:
    form = form_for(ChangeSeverity, seat.context(), seat.view(HIGH))
    async with opened(form) as pilot:
        choices = form.query(Choices).first()
        assert choices.has_focus
        assert "3 " in choices.render().plain
        await keys(pilot, "3", "tab")
        await typed(pilot, "2 of 3 shops")
        command = form.command()
    assert isinstance(command, ChangeSeverity)
    assert (command.severity, command.reason) == ("medium", "2 of 3 shops")


async def test_words_typed_in_the_list_of_a_callers_tickets_choose_none_of_them(seat: Seat) -> None:
    async with opened(CallScreen(seat.context())) as pilot:
        screen = pilot.app.screen
        typed_ahead(pilot, "jo park")
        caller = screen.query(SearchField).first()
        await until(pilot, lambda: caller.marked is not None)
        await keys(pilot, "enter")
        about = screen.query_one(SubjectList)
        await until(pilot, lambda: about.has_focus and len(about.rows) > 1)
        before = about.place
        await typed(pilot, "printer jams, king-size paper")
        assert about.place == before
        await keys(pilot, "down")
        assert about.place != before


async def test_letters_choose_among_a_callers_tickets_before_words_are_typed(seat: Seat) -> None:
    async with opened(CallScreen(seat.context())) as pilot:
        screen = pilot.app.screen
        typed_ahead(pilot, "jo park")
        caller = screen.query(SearchField).first()
        await until(pilot, lambda: caller.marked is not None)
        await keys(pilot, "enter")
        about = screen.query_one(SubjectList)
        await until(pilot, lambda: about.has_focus and len(about.rows) > 1)
        await keys(pilot, "j", "j", "k", "n")
        assert about.place == 0
        await keys(pilot, "G")
        assert about.place == len(about.rows)


async def test_the_space_bar_moves_in_a_list_until_a_text_below_is_reached(seat: Seat) -> None:
    async with opened(EscalateForm(seat.context(), seat.view(HIGH))) as pilot:
        choices = pilot.app.screen.query_one(Choices)
        await keys(pilot, "space")
        assert choices.chosen == 1
        await keys(pilot, "tab", "tab")
        assert choices.has_focus
        await keys(pilot, "space")
        assert choices.chosen == 1


async def test_the_space_bar_selects_in_a_list_of_several_after_a_text_was_written(seat: Seat) -> None:
    form = RecordForm(seat.context(), PEOPLE)
    async with opened(form) as pilot:
        field = form.query_one(MultiChoiceField)
        await typed(pilot, "zoe")
        before = field.value
        assert "[x] agent" in field.query_one(MultiChoiceList).render().plain
        field.take_focus()
        await keys(pilot, "space")
        assert field.value != before
        assert "[ ] agent" in field.query_one(MultiChoiceList).render().plain


async def test_further_letters_do_not_answer_a_question(seat: Seat) -> None:
    from supportdesk.console.dialogs.confirm import Confirm

    async with opened(Confirm("Close it?", "The ticket ends.", "Close it")) as pilot:
        await keys(pilot, "c", "space", "enter")
        assert not await left(pilot)


async def test_tab_picks_what_enter_would_pick() -> None:
    for key in ("tab", "enter"):
        seat = Seat(morning_desk())
        form = form_for(COMMANDS["assign"], seat.context(), seat.view(HIGH))  # type: ignore[arg-type]
        async with opened(form) as pilot:
            field = form.query_one(SearchField)
            typed_ahead(pilot, "wong")
            await until(pilot, lambda: field.marked is not None and field.text == "wong")  # noqa: B023
            await keys(pilot, key)
            assert field.value == "lee"


async def test_tab_picks_a_new_customer_where_enter_would() -> None:
    taken = []
    for key in ("tab", "enter"):
        async with opened(LogRequestForm(Seat(morning_desk()).context())) as pilot:
            field = pilot.app.screen.query(SearchField).first()
            typed_ahead(pilot, "Zebra")
            await until(pilot, lambda: field.marked is not None and field.text == "Zebra")  # noqa: B023
            await keys(pilot, key)
            taken.append(field.picked)
    assert taken[0] is not None
    assert taken[0] == taken[1]
