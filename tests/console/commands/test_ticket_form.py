"""A form about a ticket: dry runs before it opens, and changes by others while it is open."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pytest

from supportdesk.console.commands.command_form import CommandForm
from supportdesk.console.commands.dry_run import PLACEHOLDER, TEXTS, common_refusal, possible_commands
from supportdesk.console.commands.escalate_form import EscalateForm
from supportdesk.console.dialogs.confirm import Confirm
from supportdesk.console.drafts.draft import Draft
from supportdesk.console.forms.field import Field
from supportdesk.console.messages import QueueChanged
from supportdesk.tickets.command import EVERYBODY, RULES, ArgumentType, TicketCommand, argument
from supportdesk.tickets.decide import COMMANDS
from supportdesk.tickets.process.assignment import Assign, Claim, HandBack, HandOver
from supportdesk.tickets.process.closure import Close
from supportdesk.tickets.process.conversation import Reply
from supportdesk.tickets.process.linking import LinkTicket
from supportdesk.tickets.process.policy import MoveToPolicy
from supportdesk.tickets.process.resolution import Resolve, Wait
from supportdesk.tickets.process.time import CorrectTime
from tests.console.fixtures.morning import NOW, OPERATOR, morning_desk, ref_of
from tests.console.harness.console import running
from tests.console.harness.dialog import Seat, Shown, keys, opened, settled, typed, typed_ahead, until, words


def form(seat: Seat, command: type[TicketCommand], about: str) -> CommandForm:
    return CommandForm(seat.context(), command, seat.view(about))


def refused(pilot: Shown) -> str:
    return words(pilot, ".status.refused")


async def somebody_does(pilot: Shown, seat: Seat, who: str, command: TicketCommand) -> None:
    """Execute a command at another console, and post the change as the queue does."""
    seat.desk.do_as(who, command)
    form = next(each for each in reversed(pilot.app.screen_stack) if not isinstance(each, Confirm))
    form.post_message(QueueChanged([seat.desk.row(command.ref)]))
    await settled(pilot)


def ways(command: type[TicketCommand], seat: Seat, about: str) -> list[TicketCommand]:
    return possible_commands(command, seat.view(about).ticket.ref)


def test_a_dry_run_tries_every_combination_of_choices_the_default_first(seat: Seat) -> None:
    tried = [each.on for each in ways(Wait, seat, "Stock levels") if isinstance(each, Wait)]
    assert list(dict.fromkeys(tried)) == ["customer", "third party", "release"]
    assert ways(Assign, seat, "Stock levels") == []


def test_a_command_is_refused_beforehand_only_if_every_combination_is(seat: Seat) -> None:
    desk = seat.desk
    refusal = common_refusal(desk, ways(Resolve, seat, "Two reports"), OPERATOR)
    assert refusal is not None
    assert "Still missing: a workaround and a fix date" in refusal.reason
    assert common_refusal(desk, ways(Wait, seat, "Stock levels"), OPERATOR) is None
    assert common_refusal(desk, ways(Reply, seat, "Stock levels"), OPERATOR) is None
    assert not seat.desk.commands


def test_a_command_that_needs_a_text_is_not_refused_for_lacking_it(seat: Seat) -> None:
    close = ways(Close, seat, "Stock levels")
    assert {(each.reason, each.text) for each in close if isinstance(each, Close)} == {
        (reason, text) for reason in ("confirmed", "no answer", "withdrawn") for text in ("…", "")
    }
    assert common_refusal(seat.desk, close, OPERATOR) is None


def test_a_refusal_does_not_name_the_same_command_as_the_remedy(seat: Seat) -> None:
    ref = seat.view("Nobody can log in").ticket.ref
    refusal = common_refusal(seat.desk, possible_commands(Close, ref), "sam")
    assert refusal is not None
    assert "Priya Nair is paged and has not acknowledged" in refusal.reason
    assert "close it as withdrawn" not in refusal.reason


def test_the_form_that_corrects_a_time_is_not_opened_where_there_is_nothing_to_correct(seat: Seat) -> None:
    refusal = common_refusal(seat.desk, ways(CorrectTime, seat, "Stock levels"), "maya")
    assert refusal is not None
    assert "there is nothing to correct" in refusal.reason


def test_no_placeholder_is_used_for_a_record(seat: Seat) -> None:
    ref = seat.view("Stock levels").ticket.ref
    for command in COMMANDS.values():
        if issubclass(command, TicketCommand):
            named = [each.name for each in command.asked() if each.value_type not in TEXTS]
            for way in possible_commands(command, ref):
                assert PLACEHOLDER not in [getattr(way, name) for name in named], command
    assert possible_commands(MoveToPolicy, ref) == []


def test_a_disconnected_desk_refuses_nothing_beforehand(seat: Seat) -> None:
    tried = ways(Resolve, seat, "Two reports")
    seat.desk.outage = "The database is away."
    assert common_refusal(seat.desk, tried, OPERATOR) is None


@pytest.mark.parametrize(
    ("key", "about", "command"),
    [("z", "Stock levels", Close), ("P", "Stock levels", MoveToPolicy), ("l", "Stock levels", LinkTicket)],
)
async def test_the_key_opens_the_form_if_one_combination_is_possible(
    key: str, about: str, command: type[TicketCommand]
) -> None:
    async with running(morning_desk(), username="maya") as it:
        it.screen.queue.find(ref_of(it.desk, about))
        await it.press(key)
        await it.until(lambda: isinstance(it.app.screen, CommandForm) or bool(it.screen.foot.message))
        assert isinstance(it.app.screen, CommandForm), it.foot
        assert command.title in words(it.pilot, ".title")


async def test_a_key_whose_command_would_be_refused_says_so_and_opens_no_form() -> None:
    desk = morning_desk()
    async with running(desk) as it:
        await it.find("Two reports")
        await it.press("x")
        await it.until(lambda: "Still missing: a workaround (o) and a fix date (f)." in it.foot)
        assert it.app.screen is it.screen


async def test_text_typed_after_a_refused_key_runs_no_commands() -> None:
    desk = morning_desk()
    async with running(desk) as it:
        await it.find("Two reports")
        before = len(desk.commands)
        typed_ahead(it.pilot, "x", "we can close this")
        await it.until(lambda: "Still missing" in it.foot)
        await it.rest()
        assert it.app.screen is it.screen
        assert len(desk.commands) == before
        assert it.app.is_running


async def test_text_typed_while_the_desk_is_disconnected_runs_no_commands() -> None:
    desk = morning_desk()
    async with running(desk) as it:
        await it.press("3", "down")
        desk.outage = "The database is away."
        before = it.under_cursor
        typed_ahead(it.pilot, "r", "just a reply")
        await it.until(lambda: "The database is away." in it.foot)
        await it.rest()
        assert it.under_cursor == before
        assert it.app.screen is it.screen


async def test_a_refusal_is_shown_before_anything_is_typed(seat: Seat) -> None:
    async with opened(form(seat, Wait, "Stock levels")) as pilot:
        await until(pilot, lambda: "reply with a question first (r)" in refused(pilot))
        await keys(pilot, "t")
        await until(pilot, lambda: not refused(pilot))


async def test_a_colleague_who_cannot_take_the_ticket_is_refused_when_chosen(seat: Seat) -> None:
    async with opened(form(seat, HandOver, "Checkout")) as pilot:
        await typed(pilot, "ann")
        await keys(pilot, "enter")
        await until(pilot, lambda: "to yourself" in refused(pilot))


async def test_an_untouched_form_of_optional_fields_shows_no_refusal(seat: Seat) -> None:
    async with opened(form(seat, Assign, "Stock levels")) as pilot:
        await settled(pilot)
        assert not refused(pilot)


async def test_a_command_that_would_be_refused_asks_no_question(seat: Seat) -> None:
    ref = seat.view("Purchase order").ticket.ref
    async with opened(form(seat, Resolve, "Purchase order")) as pilot:
        await typed(pilot, "It works again.")
        seat.desk.do_as("ann", HandBack(ref, "x"))
        seat.desk.do_as("ann", Resolve(ref, "Done.", "fix"))
        await keys(pilot, "f2")
        await until(pilot, lambda: "reopen it first" in refused(pilot))
        assert not isinstance(pilot.app.screen, Confirm)


async def test_a_change_by_somebody_else_is_shown_in_the_form(seat: Seat) -> None:
    ref = seat.view("Stock levels").ticket.ref
    async with opened(form(seat, Reply, "Stock levels")) as pilot:
        await typed(pilot, "We are")
        await somebody_does(pilot, seat, "sam", Claim(ref))
        await until(pilot, lambda: words(pilot, ".news") == "Meanwhile, 09:42: Sam Okoro claimed it")
        await typed(pilot, " looking")
        await keys(pilot, "f2")
    assert seat.sent == [Reply(ref, "We are looking")]


async def test_a_change_of_another_ticket_is_not_shown(seat: Seat) -> None:
    async with opened(form(seat, Reply, "Stock levels")) as pilot:
        await somebody_does(pilot, seat, "sam", Claim(seat.view("Two reports").ticket.ref))
        assert not words(pilot, ".news")


async def test_the_escalation_form_shows_changes_by_others_too(seat: Seat) -> None:
    ref = seat.view("Stock levels").ticket.ref
    async with opened(EscalateForm(seat.context(), seat.view("Stock levels"))) as pilot:
        await somebody_does(pilot, seat, "sam", Claim(ref))
        await until(pilot, lambda: "Sam Okoro claimed it" in words(pilot, ".news"))


async def test_a_ticket_that_changes_during_the_question_is_not_ended(seat: Seat) -> None:
    ref = seat.view("Purchase order").ticket.ref
    async with opened(form(seat, Resolve, "Purchase order")) as pilot:
        await typed(pilot, "It works again.")
        await keys(pilot, "f2")
        await until(pilot, lambda: isinstance(pilot.app.screen, Confirm))
        await somebody_does(pilot, seat, "sam", Reply(ref, "It does not work for me.", "telephone"))
        await keys(pilot, "y")
        await until(pilot, lambda: "has changed meanwhile" in refused(pilot))
        assert "It does not work for me." in words(pilot, ".news")
        assert not seat.sent
        await keys(pilot, "f2")
        await until(pilot, lambda: isinstance(pilot.app.screen, Confirm))
        await keys(pilot, "y")
        await until(pilot, lambda: bool(seat.sent))


async def test_control_sequences_in_a_change_are_plain_text(seat: Seat) -> None:
    ref = seat.view("Stock levels").ticket.ref
    async with opened(form(seat, Claim, "Stock levels")) as pilot:
        await somebody_does(pilot, seat, "sam", Reply(ref, "[/oops] \x1b[2J[@click=app.quit]x[/]"))
        await until(pilot, lambda: "[/oops]" in words(pilot, ".news"))
        assert "\x1b" not in words(pilot, ".news")


@dataclass(frozen=True, slots=True)
class Answer(TicketCommand):
    """`Reply` after a renaming: another class name, and a renamed argument."""

    tag = "Reply"
    verb = "reply"
    title = "Answer"
    needs = EVERYBODY

    message: str = argument("what is said", value_type=ArgumentType.TEXT, stored_as="text")


async def test_a_draft_is_restored_into_a_renamed_argument(
    seat: Seat, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(RULES, Answer, lambda case, command: [])
    view = seat.view("Export stops")
    seat.drafts.save("reply", view.ticket.ref, Draft({"text": "half a"}, NOW))

    def kept() -> dict[str, Any]:
        draft = seat.drafts.find("reply", view.ticket.ref)
        assert draft is not None
        return draft.typed

    async with opened(CommandForm(seat.context(), Answer, view)) as pilot:
        field = pilot.app.screen.query_one("#message", Field)
        assert field.raw_value == "half a"
        await typed(pilot, " word")
        await until(pilot, lambda: kept() == {"text": "half a word"})
