"""The board in the console: from the queue to a figure and its tickets, with live updates."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import msgspec
import pytest
from msgspec.structs import replace
from textual.widgets import Static

from supportdesk.console.board.cursor import neighbour
from supportdesk.console.board.drilldown_screen import DrilldownScreen
from supportdesk.console.board.layout import Placed, build_pages
from supportdesk.console.board.screen import BoardScreen
from supportdesk.console.board.ticket_list import TicketList
from supportdesk.tickets.process.closure import Close
from supportdesk.tickets.process.triage import Log
from tests.console.board.test_drawing import context_of
from tests.console.fixtures.morning import NOW, calm_desk, empty_desk, morning_desk
from tests.console.harness.console import Running, lines, running, shown_keys
from tests.console.main.test_replay import Seconds, a_past

ARROWS = {"right": (1, 0), "left": (-1, 0), "down": (0, 1), "up": (0, -1)}
BOTH = [(160, 50), (80, 24)]


async def board(it: Running) -> BoardScreen:
    """Open the board and wait until it is drawn."""
    await it.press("b")
    screen = it.app.screen
    assert isinstance(screen, BoardScreen)
    await it.until(lambda: bool(screen.view.names))
    await it.pilot.pause()
    return screen


def shown(screen: BoardScreen) -> str:
    return "\n".join(lines(screen.view))


async def move_cursor_to(it: Running, screen: BoardScreen, *key: str) -> None:
    """Move the cursor to a figure of the page, with arrow keys only."""
    places = build_pages(context_of(it.desk), *screen.view.size)[screen.view.number].places
    start = next(each for each in places if each.spot == screen.view.under_cursor)
    ways = {start: list[str]()}
    for place in ways_out(ways):
        for name, way in ARROWS.items():
            target = neighbour(places, place, *way)
            if target is not None and target not in ways:
                ways[target] = [*ways[place], name]
    await it.press(*next(way for place, way in ways.items() if place.spot.key == key))
    spot = screen.view.under_cursor
    assert spot is not None
    assert spot.key == key


def ways_out(ways: dict[Placed, list[str]]) -> Iterator[Placed]:
    """Yield each place once, including those added meanwhile."""
    number = 0
    while number < len(ways):
        yield list(ways)[number]
        number += 1


def listed(it: Running) -> list[str]:
    screen = it.app.screen
    assert isinstance(screen, DrilldownScreen)
    return [line for line in lines(screen.query_one(TicketList)) if line]


@pytest.mark.parametrize("size", BOTH)
async def test_b_opens_the_board_and_escape_returns_to_the_queue(size: tuple[int, int]) -> None:
    async with running(morning_desk(), size) as it:
        before = it.under_cursor
        screen = await board(it)
        assert "ATTAINMENT, NOVEMBER" in shown(screen)
        await it.press("escape")
        assert it.app.screen is it.screen
        assert it.under_cursor == before


@pytest.mark.parametrize("size", BOTH)
async def test_enter_on_a_figure_lists_as_many_lines_as_its_value(size: tuple[int, int]) -> None:
    async with running(morning_desk(), size) as it:
        screen = await board(it)
        spot = screen.view.under_cursor
        assert spot is not None
        await it.press("enter")
        assert len(listed(it)) == spot.figure.value > 2
        for item, line in zip(spot.figure.items, listed(it), strict=True):
            assert item.ref in line


@pytest.mark.parametrize("size", BOTH)
async def test_a_ticket_of_a_figure_can_be_opened_in_the_queue(size: tuple[int, int]) -> None:
    async with running(morning_desk(), size) as it:
        screen = await board(it)
        await move_cursor_to(it, screen, "now", "open")
        spot = screen.view.under_cursor
        assert spot is not None
        await it.press("enter", "down")
        await it.press("enter")
        await it.until(lambda: it.app.screen is it.screen)
        await it.rest()
        assert it.under_cursor == spot.figure.items[1].ref


async def test_a_closed_ticket_is_opened_where_the_queue_does_not_hold_it() -> None:
    desk = morning_desk()
    ref = next(row.ref for row in desk.queue().rows if row.summary.startswith("Payments file"))
    desk.do_as("ann", Close(ref, "confirmed", "It works."))
    async with running(desk) as it:
        screen = await board(it)
        await move_cursor_to(it, screen, "flow", "resolved", "2026-11-16")
        await it.press("enter")
        assert ref in listed(it)[0]
        assert "closed in time" in listed(it)[0]
        await it.press("enter")
        await it.until(lambda: it.app.screen is it.screen)
        await it.until(lambda: ref in it.ticket_text)


async def test_a_change_at_another_console_appears_on_the_board() -> None:
    async with running(calm_desk()) as it:
        screen = await board(it)
        before = screen.view.figure(("now", "open"))
        assert before is not None
        it.desk.do_as("ann", Log("high", "phone", "acme", "jo", "Orders are held"))

        def grown() -> bool:
            now = screen.view.figure(("now", "open"))
            return now is not None and now.figure.value == before.figure.value + 1

        await it.until(grown)


async def test_the_list_behind_a_figure_follows_the_figure() -> None:
    async with running(calm_desk()) as it:
        screen = await board(it)
        await move_cursor_to(it, screen, "now", "open")
        await it.press("enter")
        count = len(listed(it))
        it.desk.do_as("ann", Log("high", "phone", "acme", "jo", "Orders are held"))
        await it.until(lambda: len(listed(it)) == count + 1)
        assert "Orders are held" in listed(it)[-1]


async def test_a_breach_appears_on_the_board_as_time_passes() -> None:
    async with running(calm_desk()) as it:
        screen = await board(it)
        assert screen.view.figure(("month", "missed")) is None
        it.desk.clock.set(NOW + timedelta(days=6))
        screen.tick()
        await it.until(lambda: screen.view.figure(("month", "missed")) is not None)


async def test_the_cursor_stays_on_its_figure_when_the_others_change() -> None:
    async with running(morning_desk()) as it:
        screen = await board(it)
        await move_cursor_to(it, screen, "people", "ann", "open")
        it.desk.do_as("ann", Log("high", "phone", "acme", "jo", "Orders are held"))
        await it.until(lambda: " 14 open now" in shown(screen))
        spot = screen.view.under_cursor
        assert spot is not None
        assert spot.key == ("people", "ann", "open")


async def test_a_disconnected_board_shows_since_when_it_is_stale() -> None:
    desk = morning_desk()
    async with running(desk) as it:
        screen = await board(it)
        before = shown(screen)
        desk.outage = "The disk is gone."
        await it.until(lambda: screen.view.stale)
        assert shown(screen) == before
        head = "\n".join(str(each.visual) for each in screen.query(".clock").results(Static))
        assert "stale since 09:42 GMT" in head
        desk.outage = None
        await it.until(lambda: not screen.view.stale)


async def test_an_empty_desk_has_a_board_without_anything_to_open() -> None:
    async with running(empty_desk()) as it:
        screen = await board(it)
        await it.press("enter", "down", "right", "tab")
        assert it.app.screen is screen
        assert "no open tickets" in shown(screen)


async def test_a_small_screen_turns_pages_with_tab_and_at_the_edge() -> None:
    async with running(morning_desk(), (80, 24)) as it:
        screen = await board(it)
        assert screen.view.names == ["Month", "Breaches", "Load", "Flow"]
        seen = []
        for key in ("tab", "tab", "tab", "tab", "shift+tab"):
            seen.append(screen.view.number)
            await it.press(key)
        assert seen == [0, 1, 2, 3, 0]
        assert screen.view.number == 3


async def test_on_a_small_screen_the_foot_cuts_the_figures_name_and_not_the_keys() -> None:
    async with running(morning_desk(), (80, 24)) as it:
        screen = await board(it)
        await it.press("tab")
        feet = []
        for _ in range(8):
            feet.append(str(screen.query_one(".board-foot", Static).content))
            await it.press("down")
        assert all(len(each) <= 76 for each in feet), feet
        assert all(each.endswith("enter open   tab next part   ? help   esc back") for each in feet), feet
        assert any("…" in each for each in feet), feet


async def test_a_click_on_a_figure_opens_it() -> None:
    async with running(morning_desk()) as it:
        screen = await board(it)
        line = next(y for y, text in enumerate(lines(screen.view)) if "still running" in text)
        column = lines(screen.view)[line].index("met") - 2
        await it.pilot.click(type(screen.view), offset=(column, line))
        await it.until(lambda: isinstance(it.app.screen, DrilldownScreen))


async def test_the_help_lists_the_keys_of_the_board() -> None:
    async with running(morning_desk()) as it:
        await board(it)
        await it.press("question_mark")
        text = shown_keys(it)
        assert "The tickets behind the figure under the cursor" in text


async def test_control_sequences_in_names_are_drawn_not_executed() -> None:
    desk = morning_desk()
    staff = dict(desk.records.staff)
    staff["sam"] = msgspec.structs.replace(staff["sam"], name="[/oops] \x1b[31mSam\u202e")
    desk.records = replace(desk.records, staff=staff)
    async with running(desk) as it:
        screen = await board(it)
        assert "[/oops]  [31mSam" in shown(screen)
        assert "\x1b" not in shown(screen)


async def test_a_screen_that_is_too_small_says_so_and_comes_back_as_it_was() -> None:
    async with running(morning_desk(), (80, 24)) as it:
        screen = await board(it)
        await it.press("tab")
        await it.pilot.resize_terminal(50, 10)
        await it.until(lambda: screen.query_one("TooSmall").display)
        await it.pilot.resize_terminal(80, 24)
        await it.until(lambda: not screen.query_one("TooSmall").display)
        assert screen.view.number == 1


async def test_in_a_replay_the_board_shows_the_past_time_and_follows_it() -> None:
    seconds = Seconds()
    past = a_past(seconds)
    async with running(past) as it:
        screen = await board(it)
        clock = screen.query_one(".clock", Static)
        assert str(clock.visual) == "as it was on Tue 24 Nov 09:42 GMT"
        assert past.controls is not None
        past.controls.step(timedelta(hours=2))
        screen.tick()
        await it.until(lambda: "11:42" in str(clock.visual))
        await it.until(
            lambda: (spot := screen.view.figure(("now", "breached"))) is not None and spot.figure.value > 1
        )
