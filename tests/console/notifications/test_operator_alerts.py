"""Notices for one operator: at the start, and while the console runs."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any
from unittest.mock import patch

import pytest
from textual.widgets import Static

from supportdesk.console.dialogs.confirm import Confirm
from supportdesk.console.messages import DeskReconnected
from supportdesk.desk_api import DeskUnavailableError, Outcome
from supportdesk.store.read_models import TicketView
from supportdesk.tickets.command import Command
from supportdesk.tickets.process.assignment import Assign, Claim, HandOver
from supportdesk.tickets.process.closure import Close
from supportdesk.tickets.process.escalation import Escalate
from supportdesk.tickets.process.page_shown import MarkPageShown
from supportdesk.tickets.process.triage import Acknowledge
from tests.console.fixtures.fake_desk import FakeDesk
from tests.console.fixtures.morning import morning_desk, ref_of
from tests.console.harness.console import Running, running


def paged(it: Running, wanted: str) -> tuple[str, ...]:
    """Return who is paged for a ticket, as the queue shows it."""
    session = it.screen.session
    return session.model.index.entries[wanted].row.paged if session is not None else ()


def question(it: Running) -> str:
    """Return the question on the screen with its consequences; empty if there is none."""
    if not isinstance(it.app.screen, Confirm):
        return ""
    return " ".join(
        " ".join(str(line.visual).split()) for line in it.app.screen.query(Static).results(Static)
    )


@asynccontextmanager
async def started(
    desk: FakeDesk, size: tuple[int, int] = (160, 50), **options: Any
) -> AsyncIterator[Running]:
    """Run the console and wait until it has moved to its first ticket; see `running`."""
    async with running(desk, size, **options) as it:
        await it.rest()
        yield it


async def test_a_paged_operator_starts_at_the_ticket_with_a_notice_and_its_key() -> None:
    desk = morning_desk()
    async with started(desk, (80, 24), username="priya") as it:
        paged = ref_of(desk, "Nobody can log in")
        assert it.under_cursor == paged
        assert f"{paged}: you were paged at 08:48 GMT" in it.notice
        assert "F7 acknowledge F5 open ticket F12 dismiss" in it.notice


def shown(desk: FakeDesk) -> list[tuple[str, str]]:
    """Return which pages were recorded as shown: the ticket and the person."""
    return [(command.ref, by) for command, by, _ in desk.commands if isinstance(command, MarkPageShown)]


async def test_a_page_is_recorded_as_shown_once_however_often_the_console_starts() -> None:
    desk = morning_desk()
    login = ref_of(desk, "Nobody can log in")
    for _ in range(2):
        async with started(desk, username="priya") as it:
            assert login in it.notice
            assert "not acknowledged (p) · shown 09:42" in it.ticket_text
    assert shown(desk) == [(login, "priya")]


async def test_a_page_shown_while_the_desk_was_away_is_recorded_after_the_reconnection(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    desk, tried = morning_desk(), list[str]()
    do = desk.do

    def away_at_first(command: Command, **how: Any) -> Outcome:
        tried.append(type(command).__name__)
        if len(tried) == 1:
            raise DeskUnavailableError("The desk is out of reach.")
        return do(command, **how)

    monkeypatch.setattr(desk, "do", away_at_first)
    async with started(desk, username="priya") as it:
        await it.until(lambda: shown(desk) == [(ref_of(desk, "Nobody can log in"), "priya")])
        assert tried == ["MarkPageShown", "MarkPageShown"]


async def test_a_page_that_cannot_be_recorded_as_shown_is_tried_twice_and_left(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    desk, tried = morning_desk(), list[str]()

    def away(command: Command, **how: Any) -> Outcome:
        tried.append(type(command).__name__)
        raise DeskUnavailableError("The desk cannot be written.")

    monkeypatch.setattr(desk, "do", away)
    async with started(desk, username="priya") as it:
        await it.until(lambda: len(tried) == 2)
        await it.until(lambda: "The desk is back." in it.foot)
        it.screen.post_message(DeskReconnected())
        await it.rest()
        assert tried == ["MarkPageShown", "MarkPageShown"]


async def test_a_page_behind_another_is_recorded_as_shown_when_it_appears() -> None:
    desk = morning_desk()
    login, high = ref_of(desk, "Nobody can log in"), ref_of(desk, "Purchase order")
    desk.do_as("priya", Acknowledge(login))
    for each in (login, high):
        desk.do_as("ann", Escalate(each, way="hierarchical", reason="stuck"))
    checkout = ref_of(desk, "Checkout")
    async with started(desk, username="maya") as it:
        await it.until(lambda: bool(shown(desk)))
        first = shown(desk)
        assert "2 more" in it.notice
        assert len(first) == 1
        await it.press("f12")
        await it.until(lambda: len(shown(desk)) == 2)
        assert {ref for ref, _ in shown(desk)} < {login, high, checkout}


async def test_a_page_rings_and_is_in_the_title_until_it_is_acknowledged() -> None:
    desk = morning_desk()
    desk.do_as("maya", Acknowledge(ref_of(desk, "Checkout")))
    async with running(desk, username="maya") as it:
        rung = patch.object(it.app, "bell")
        titles: list[str] = []
        with (
            rung as bell,
            patch.object(it.screen.updates.announcer._terminal, "show_title", titles.append),
        ):
            high = ref_of(desk, "Purchase order")
            desk.do_as("ann", Escalate(high, way="hierarchical", reason="stuck"))
            await it.until(lambda: f"{high}: you were paged" in it.notice)
            assert bell.called
            await it.until(lambda: titles[-1:] == ["you are paged · 1 breached · 2 Critical · supportdesk"])
            desk.do_as("maya", Acknowledge(high))
            await it.until(lambda: titles[-1:] == ["1 breached · 2 Critical · supportdesk"])


async def test_a_page_says_who_else_has_acknowledged_since() -> None:
    desk = morning_desk()
    login = ref_of(desk, "Nobody can log in")
    desk.do_as("maya", Acknowledge(ref_of(desk, "Checkout")))
    desk.do_as("ann", Escalate(login, way="hierarchical", reason="stuck"))
    async with started(desk, username="maya") as it:
        await it.until(lambda: f"{login}: you were paged at 09:42 GMT. Nobody" in it.notice)
        desk.do_as("priya", Acknowledge(login))
        told = f"{login}: you were paged at 09:42 GMT; Priya Nair acknowledged at 09:42 GMT."
        await it.until(lambda: told in it.notice)


async def test_a_page_is_on_top_of_a_form_and_of_another_screen() -> None:
    desk = morning_desk()
    desk.do_as("maya", Acknowledge(ref_of(desk, "Checkout")))
    high = ref_of(desk, "Purchase order")
    async with running(desk, username="maya") as it:
        await it.press("b")
        desk.do_as("ann", Escalate(high, way="hierarchical", reason="stuck"))
        await it.until(lambda: f"{high}: you were paged" in it.notice)
        assert it.app.screen is not it.screen
        assert shown(desk)


async def test_nobody_else_has_a_notice_of_that_page() -> None:
    async with started(morning_desk(), username="sam") as it:
        assert not it.notice


async def test_a_page_sent_while_the_console_runs_has_one_notice() -> None:
    desk = morning_desk()
    async with running(desk, (80, 24), username="maya") as it:
        await it.until(lambda: bool(it.notice))
        await it.press("f12")
        high = ref_of(desk, "Purchase order")
        desk.do_as("ann", Escalate(high, way="hierarchical", reason="stuck"))
        await it.until(lambda: f"{high}: you were paged at 09:42 GMT" in it.notice)
        await it.press("f12")
        desk.do_as("sam", Claim(ref_of(desk, "Two reports")))
        await it.rest()
        assert not it.notice


async def test_rule_17_somebody_elses_escalation_pages_the_manager_and_leaves_the_engineers_notice() -> None:
    desk = morning_desk()
    async with started(desk, username="priya") as it:
        critical = ref_of(desk, "Nobody can log in")
        desk.do_as("ann", Escalate(critical, way="hierarchical", reason="They ask for her."))
        await it.until(lambda: paged(it, critical) == ("priya", "maya"))
        await it.rest()
        assert f"{critical}: you were paged at 08:48 GMT" in it.notice
    desk.do_as("maya", Acknowledge(ref_of(desk, "Checkout")))
    async with running(desk, username="maya") as it:
        await it.until(lambda: f"{critical}: you were paged at 09:42 GMT" in it.notice)
        desk.do_as("priya", Acknowledge(critical))
        await it.until(lambda: paged(it, critical) == ("maya",))
        await it.rest()
        assert f"{critical}: you were paged at 09:42 GMT" in it.notice


async def test_rule_17_the_question_names_whose_page_is_acknowledged_and_who_is_still_paged() -> None:
    desk = morning_desk()
    critical = ref_of(desk, "Nobody can log in")
    desk.do_as("ann", Escalate(critical, way="hierarchical", reason="They ask for her."))
    async with started(desk, (100, 30), username="sam") as it:
        it.screen.queue.find(critical)
        await it.press("p")
        await it.until(lambda: f"Acknowledge {critical} for Priya Nair?" in question(it))
        told = question(it)
        assert "Priya Nair was paged at 08:48 GMT and has not acknowledged." in told
        assert "This ends the page. The page to Maya Brandt will stay open." in told
        await it.press("y")
        await it.until(lambda: paged(it, critical) == ("maya",))
        await it.press("p")
        await it.until(lambda: f"Acknowledge {critical} for Maya Brandt?" in question(it))
        assert "This ends the page. Nobody else is being paged." in question(it)
        await it.press("escape")
        await it.rest()
        assert desk.ticket(critical).row.paged == ("maya",)


async def test_a_new_owner_has_a_notice_even_while_somebody_else_is_paged() -> None:
    desk = morning_desk()
    async with started(desk, username="tom") as it:
        critical = ref_of(desk, "Nobody can log in")
        desk.do_as("ann", Assign(critical, owner="tom", team="technical-support"))
        await it.until(lambda: f"{critical} is offered to you" in it.notice)


async def test_a_handover_has_a_notice_for_the_new_owner() -> None:
    desk = morning_desk()
    async with started(desk, username="sam") as it:
        high = ref_of(desk, "Purchase order")
        desk.do_as("ann", HandOver(high, "sam", "yours"))
        told = f"{high} is offered to you: Purchase order approval fails at step two F7 claim it"
        await it.until(lambda: told in it.notice)


async def test_tickets_that_were_offered_while_the_console_was_closed_have_a_notice_when_it_opens() -> None:
    desk = morning_desk()
    stock = ref_of(desk, "Stock levels")
    desk.do_as("ann", Assign(stock, owner="sam"))
    async with started(desk, username="sam") as it:
        await it.until(lambda: f"{stock} is offered to you: Stock levels" in it.notice)
        desk.do_as("ann", Assign(stock, owner="lee"))
        await it.until(lambda: not it.notice)


async def test_a_handed_over_critical_is_offered_once_its_page_is_acknowledged() -> None:
    desk = morning_desk()
    async with started(desk, username="tom") as it:
        critical = ref_of(desk, "Checkout")
        desk.do_as("priya", HandOver(critical, "tom", "yours"))
        await it.until(lambda: f"{critical}: you were paged" in it.notice)
        desk.do_as("tom", Acknowledge(critical))
        await it.until(lambda: f"{critical} is offered to you" in it.notice)
        desk.do_as("tom", Claim(critical))
        await it.until(lambda: not it.notice)


async def test_a_ticket_offered_to_somebody_else_has_no_notice() -> None:
    desk = morning_desk()
    async with started(desk, username="sam") as it:
        stock = ref_of(desk, "Stock levels")
        desk.do_as("ann", Assign(stock, owner="lee"))
        await it.until(lambda: "Lee" in it.line(stock))
        await it.rest()
        assert not it.notice


@pytest.mark.parametrize("size", [(80, 24), (160, 50)])
async def test_the_console_opens_at_the_requested_ticket(size: tuple[int, int]) -> None:
    desk = morning_desk()
    wanted = ref_of(desk, "Export stops")
    async with started(desk, size, username="priya", open_first=wanted) as it:
        await it.until(lambda: it.focus == "ticket")
        assert it.ticket_lines[0].strip().startswith(wanted)
        await it.press("escape")
        assert it.under_cursor == wanted


async def test_the_requested_ticket_may_be_closed() -> None:
    desk = morning_desk()
    wanted = ref_of(desk, "Payments file")
    desk.do_as("ann", Close(wanted, "confirmed"))
    async with started(desk, open_first=wanted) as it:
        await it.until(lambda: it.focus == "ticket")
        assert it.ticket_lines[0].strip().startswith(wanted)


async def test_an_unknown_requested_reference_is_reported_and_the_queue_is_shown() -> None:
    async with started(morning_desk(), open_first="CD-9ZZZ-9") as it:
        assert "There is no ticket CD-9ZZZ-9; check the reference." in it.foot
        assert it.focus == "queue"


async def test_the_key_bar_begins_with_acknowledge_while_somebody_is_paged() -> None:
    desk = morning_desk()
    async with started(desk, (80, 24), username="priya") as it:
        it.screen.foot.clear_message()
        assert it.foot.startswith(" p acknowledge")
        await it.press("enter")
        assert it.foot.startswith(" p acknowledge")
        assert {"r reply", "H hand over", "e escalate", "esc back"} <= {
            each.strip() for each in it.foot.split("  ")
        }
        await it.press("p")
        await it.until(lambda: "acknowledged" in it.foot)
        it.screen.foot.clear_message()
        await it.until(lambda: not it.foot.startswith(" p"))


async def test_an_acknowledged_page_has_no_notice() -> None:
    desk = morning_desk()
    desk.do_as("priya", Acknowledge(ref_of(desk, "Nobody can log in")))
    async with started(desk, username="priya") as it:
        assert not it.notice


async def test_each_open_page_has_a_notice_at_the_start_and_the_cursor_is_on_the_most_severe() -> None:
    desk = morning_desk()
    second = ref_of(desk, "Purchase order")
    desk.do_as("ann", Escalate(second, way="hierarchical", reason="stuck"))
    async with running(desk, username="maya") as it:
        await it.until(lambda: it.notice.endswith("1 more page"))
        assert it.under_cursor == ref_of(desk, "Checkout hangs")
        assert ref_of(desk, "Checkout hangs") in it.notice
        await it.press("f12")
        assert second in it.notice


async def test_a_page_that_could_not_be_read_has_its_notice_after_the_reconnection(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    desk = morning_desk()
    read = desk.ticket

    def away(ref: str) -> TicketView:
        raise DeskUnavailableError("The desk is out of reach.")

    async with running(desk, username="maya") as it:
        await it.until(lambda: bool(it.notice))
        await it.rest()
        first = it.notice
        high = ref_of(desk, "Purchase order")
        monkeypatch.setattr(desk, "ticket", away)
        desk.do_as("ann", Escalate(high, way="hierarchical", reason="stuck"))
        desk.do_as("ann", Escalate(ref_of(desk, "Checkout hangs"), way="functional", reason="stuck"))
        await it.until(lambda: "out of reach" in it.foot)
        await it.rest()
        assert it.notice == first
        monkeypatch.setattr(desk, "ticket", read)
        it.screen.post_message(DeskReconnected())
        await it.until(lambda: it.notice.endswith("1 more page"))
        await it.press("f12")
        assert f"{high}: you were paged at 09:42 GMT" in it.notice
