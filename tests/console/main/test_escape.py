"""Escape goes one step back, the first possible one."""

from __future__ import annotations

from dataclasses import dataclass

from supportdesk.console.directory.screen import DirectoryScreen
from supportdesk.console.keys.key import Scope
from supportdesk.console.keys.keymap import BACK
from supportdesk.console.main.help_entries import help_entries
from tests.console.fixtures.morning import morning_desk, ref_of
from tests.console.harness.console import Running, running


@dataclass(frozen=True, slots=True)
class Seen:
    """What an Escape can change on the queue's screen."""

    said: str
    view: str
    cursor: str | None
    panes: frozenset[str]
    focus: str
    marked: int
    filter: str


def seen(it: Running) -> Seen:
    model = it.screen.queue.model
    assert model is not None
    return Seen(
        it.screen.foot.message,
        it.view,
        it.under_cursor,
        frozenset(it.panes),
        it.focus,
        len(it.screen.queue.marked),
        str(model.filter),
    )


async def test_after_a_refusal_escape_closes_it_and_leaves_view_and_cursor_as_they_are() -> None:
    async with running(morning_desk()) as it:
        it.screen.select_view("Unassigned")
        await it.press("down", "down", "X")
        before = seen(it)
        assert "open already" in before.said
        await it.press("escape")
        after = seen(it)
        assert after.said == ""
        assert (after.view, after.cursor) == (before.view, before.cursor) == ("Unassigned", before.cursor)
        await it.press("escape")
        assert it.view != "Unassigned"


async def test_escape_closes_message_ticket_marks_filter_and_view_one_at_a_time_in_this_order() -> None:
    desk = morning_desk()
    async with running(desk) as it:
        it.screen.select_view("Mine")
        await it.find("a")
        await it.press("space", "up", "enter", "enter", "X")
        steps = [seen(it)]
        for _ in range(7):
            await it.press("escape")
            steps.append(seen(it))
    assert steps[0].said
    assert not steps[1].said
    assert [step.panes for step in steps[:3]] == [{"ticket"}, {"ticket"}, {"queue", "ticket"}]
    assert [step.focus for step in steps[2:4]] == ["ticket", "queue"]
    assert [step.marked for step in steps[3:5]] == [1, 0]
    assert [bool(step.filter) for step in steps[4:6]] == [True, False]
    assert [step.view == "Mine" for step in steps[5:7]] == [True, False]
    assert steps[6] == steps[7]


async def test_escape_while_a_filter_is_typed_closes_the_filter_and_leaves_the_marks() -> None:
    async with running(morning_desk()) as it:
        await it.press("space")
        await it.press("slash", "a")
        await it.press("escape")
        after = seen(it)
        assert (after.marked, after.filter, after.focus) == (1, "", "queue")


async def test_escape_from_a_closed_ticket_keeps_filter_and_view() -> None:
    desk = morning_desk()
    ref = ref_of(desk, "Stock levels")
    async with running(desk) as it:
        it.screen.select_view("Unassigned")
        await it.find("a")
        it.screen.controllers.ticket.pin(desk.ticket(ref))
        it.screen.controllers.navigator.open_ticket()
        await it.rest()
        await it.press("escape")
        after = seen(it)
        assert (after.focus, after.view, bool(after.filter)) == ("queue", "Unassigned", True)


async def test_after_a_refusal_in_the_directory_escape_closes_it_and_stays_there() -> None:
    async with running(morning_desk()) as it:
        await it.press("D")
        await it.until(lambda: isinstance(it.app.screen, DirectoryScreen))
        screen = it.app.screen
        assert isinstance(screen, DirectoryScreen)
        await it.pilot.press("r")
        await it.until(lambda: bool(screen.foot.message))
        await it.pilot.press("escape")
        await it.until(lambda: not screen.foot.message)
        assert it.app.screen is screen
        await it.pilot.press("escape")
        await it.until(lambda: it.app.screen is it.screen)


def test_the_help_lists_the_order_in_which_escape_closes_things() -> None:
    told = [entry.text for entry in help_entries(None, Scope.QUEUE, None)]
    assert BACK in told
