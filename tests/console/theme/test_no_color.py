"""Without colours (NO_COLOR), bad values are bold, have a symbol, and are never fainter than the rest."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from msgspec.structs import replace
from textual.screen import Screen
from textual.widget import Widget
from textual.widgets import Static

from supportdesk.console.board.drilldown_screen import DrilldownScreen
from supportdesk.console.board.layout import build_pages
from supportdesk.console.board.screen import BoardScreen
from supportdesk.console.board.ticket_list import TicketList
from supportdesk.console.charts.bars import bar
from supportdesk.console.forms.form import Form
from supportdesk.console.terminal.symbols import NARROW, PLAIN, symbol_of_style
from supportdesk.console.wall.pages import draw_page
from supportdesk.console.wall.snapshot import WallPage
from tests.console.board.test_drawing import context_of
from tests.console.fixtures.morning import morning_desk
from tests.console.harness.console import lines, running
from tests.console.wall.test_wall import open_wall, snapshot_of

BAD = ("breached", "at-risk", "due-soon")
ALL_BAD = (*BAD, "refused", "fault")


@pytest.fixture
def colourless(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_COLOR", "1")


def bad_looks(screen: Screen[Any]) -> Iterator[tuple[str, Widget]]:
    """Yield the component classes for bad values in the widgets of a screen."""
    for widget in screen.query(Widget):
        for name in widget._get_component_classes():
            if name.rpartition("--")[2] in ALL_BAD:
                yield name, widget


def assert_bold_and_not_faint(screen: Screen[Any]) -> None:
    looks = list(bad_looks(screen))
    assert looks
    for name, widget in looks:
        styles = widget.get_component_styles(name)
        text = widget.app.theme_variables["foreground"]
        assert styles.text_style.bold, name
        assert styles.color.hex.lower() == text.lower(), name


@pytest.mark.parametrize("size", [(160, 47), (80, 21)])
def test_every_bad_figure_of_the_board_has_its_symbol(size: tuple[int, int]) -> None:
    drawn = replace(context_of(morning_desk()), colourless=True)
    pieces = [piece for draw_page in build_pages(drawn, *size) for line in draw_page.lines for piece in line]
    counted = [piece for piece in pieces if piece.spot is not None and piece.style_name in BAD]
    assert counted
    assert all(symbol_of_style(NARROW, piece.style_name) in piece.text for piece in counted)
    shares = [piece for piece in pieces if piece.style_name == "breached" and piece.text.endswith("%")]
    assert shares
    assert all(NARROW.breached in piece.text for piece in shares if " %" in piece.text)


def test_with_colours_the_board_has_blocks_and_no_symbols() -> None:
    pieces = [
        piece
        for draw_page in build_pages(context_of(morning_desk()), 160, 47)
        for line in draw_page.lines
        for piece in line
    ]
    assert not [piece for piece in pieces if NARROW.breached in piece.text]


@pytest.mark.parametrize("plain", [False, True])
def test_met_and_missed_differ_in_a_bar_without_colours(plain: bool) -> None:
    drawn = bar([(6, "bar"), (4, "breached")], 10, 10, plain=plain, colourless=True)
    signs = PLAIN if plain else NARROW
    assert "".join(piece.text for piece in drawn) == signs.full * 6 + signs.breached * 4


def test_each_urgency_has_its_own_symbol() -> None:
    parts = [(1, role) for role in (*BAD, "bar", "waits")]
    assert len(set("".join(piece.text for piece in bar(parts, 5, 5, plain=False, colourless=True)))) == 5


async def test_queue_ticket_and_foot_show_bad_values_in_bold(colourless: None) -> None:
    async with running(morning_desk()) as it:
        assert_bold_and_not_faint(it.screen)
        await it.press("X")
        assert it.foot.strip().startswith(NARROW.refused)


async def test_board_and_lists_show_bad_values_in_bold_and_with_symbols(colourless: None) -> None:
    async with running(morning_desk()) as it:
        await it.press("b")
        board = it.app.screen
        assert isinstance(board, BoardScreen)
        await it.until(lambda: bool(board.view.names))
        assert_bold_and_not_faint(board)
        assert f"{NARROW.breached} 1 breached" in "\n".join(lines(board.view))
        await it.press("enter")
        await it.until(lambda: isinstance(it.app.screen, DrilldownScreen))
        assert_bold_and_not_faint(it.app.screen)
        listed = lines(it.app.screen.query_one(TicketList))
        assert any(NARROW.met in line for line in listed)


async def test_the_wall_shows_bad_values_in_bold(colourless: None) -> None:
    async with open_wall(morning_desk()) as (wall, _):
        assert_bold_and_not_faint(wall.screen)


def test_every_bad_ticket_and_share_on_the_wall_has_its_symbol() -> None:
    for which in (WallPage.NOW, WallPage.NEXT, WallPage.MONTH):
        for size in ((160, 50), (80, 21)):
            block = draw_page(which, replace(snapshot_of(morning_desk()), colourless=True), *size)
            bad = [piece for line in block for piece in line if piece.style_name in BAD]
            if bad:
                assert any(sign in "".join(piece.text for piece in bad) for sign in signs())


def signs() -> list[str]:
    return [symbol_of_style(NARROW, style_name) for style_name in BAD]


async def test_an_error_in_a_form_is_bold_and_has_a_symbol(colourless: None) -> None:
    async with running(morning_desk()) as it:
        await it.press("i")
        await it.until(lambda: isinstance(it.app.screen, Form) and it.app.screen.ready.is_set())
        form = it.app.screen
        assert isinstance(form, Form)
        await it.pilot.press("f2")
        await it.until(lambda: bool(form.query(".field-note.wrong")))
        note = form.query_one(".field-note.wrong", Static)
        assert str(note.visual).startswith(NARROW.refused)
        assert note.styles.text_style.bold
        form.show_status("refused", refused=True)
        await it.pilot.pause()
        assert form.query_one(".status", Static).styles.text_style.bold
