"""Drawing the board: bars exact to an eighth of a cell, pages for every size, a cursor that reaches every figure."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from supportdesk.console.board import reader as board_reader
from supportdesk.console.board.context import BoardContext
from supportdesk.console.board.cursor import neighbour, next_panel
from supportdesk.console.board.layout import Placed, build_pages
from supportdesk.console.board.month_panels import draw_masthead
from supportdesk.console.board.reader import BoardData, BoardReader
from supportdesk.console.charts.bars import bar, column
from supportdesk.console.charts.blocks import TextRun, fit
from supportdesk.reports.figure import combine_figures
from supportdesk.tickets.events import MailUndelivered
from supportdesk.tickets.process.triage import Log
from tests.console.fixtures.fake_desk import FakeDesk
from tests.console.fixtures.morning import empty_desk, morning_desk

SIZES = [(160, 47), (140, 42), (120, 40), (80, 21), (60, 13)]
amounts = st.lists(st.integers(0, 60), min_size=1, max_size=5)


def context_of(desk: FakeDesk, *, plain: bool = False) -> BoardContext:
    drawn = BoardReader(desk).read()
    assert drawn is not None
    return BoardContext(drawn.board, drawn.policy, drawn.roster, plain)


def text_of(pieces: Sequence[TextRun]) -> str:
    return "".join(piece.text for piece in pieces)


def test_a_target_that_can_no_longer_be_met_says_by_how_many_breaches() -> None:
    of = context_of(morning_desk())
    whole = of.board.month.overall
    lost = replace(whole, missed=combine_figures([whole.missed] * 3))
    of = replace(of, board=replace(of.board, month=replace(of.board.month, overall=lost)))
    drawn = ["".join(piece.text for piece in line) for line in draw_masthead(of)]
    assert any("at best 2 more breaches than a 95 % target allows" in line for line in drawn)


@given(amounts, st.integers(10, 60), st.booleans(), st.booleans())
def test_a_bar_has_the_requested_width_and_shows_every_part(
    parts: list[int], width: int, plain: bool, tracked: bool
) -> None:
    named = [(amount, f"part {number}") for number, amount in enumerate(parts)]
    whole = max(sum(parts), 1)
    drawn = bar(named, whole, width, plain=plain, tracked=tracked)
    assert len(text_of(drawn)) == width
    seen = {style_name for piece in drawn for style_name in (piece.style_name, piece.under)}
    big = {role for amount, role in named if amount * width >= 2 * whole}
    assert big <= seen
    assert not {role for amount, role in named if not amount} & seen


@given(st.integers(0, 500), st.integers(1, 500), st.integers(4, 60))
def test_a_bar_is_exact_to_an_eighth_of_a_cell(amount: int, whole: int, width: int) -> None:
    amount = min(amount, whole)
    text = text_of(bar([(amount, "bar")], whole, width, plain=False))
    eighths = 8 * text.count("█") + sum(" ▏▎▍▌▋▊▉".index(each) for each in text if each != "█")
    assert eighths == (max(round(amount * width * 8 / whole), 1) if amount else 0)


@given(st.integers(0, 500), st.integers(1, 500), st.integers(1, 12), st.booleans())
def test_a_column_grows_with_its_amount(amount: int, whole: int, height: int, plain: bool) -> None:
    drawn = column(min(amount, whole), whole, height, plain=plain)
    assert len(drawn) == height
    assert ("".join(drawn).strip() == "") is (amount == 0)
    if amount >= whole:
        assert set(drawn) == {"#" if plain else "█"}


@pytest.mark.parametrize("size", SIZES)
def test_every_figure_equals_the_number_of_its_items(size: tuple[int, int]) -> None:
    pages = build_pages(context_of(morning_desk()), *size)
    found = 0
    for page in pages:
        for place in page.places:
            line = text_of(list(page.lines[place.y]))
            assert line[place.x : place.x + place.width].strip() == f"{place.spot.figure.value:,}"
            found += 1
    assert found > 40


@pytest.mark.parametrize("size", SIZES)
def test_every_size_has_the_same_figures(size: tuple[int, int]) -> None:
    def keys(width: int, height: int) -> set[tuple[str, ...]]:
        pages = build_pages(context_of(morning_desk()), width, height)
        return {place.spot.key for page in pages for place in page.places}

    assert keys(*size) == keys(*SIZES[0])


@pytest.mark.parametrize("size", SIZES[:4])
def test_no_line_is_wider_than_the_screen(size: tuple[int, int]) -> None:
    for page in build_pages(context_of(morning_desk()), *size):
        for line in page.lines:
            assert len(text_of(list(line)).rstrip()) <= size[0], text_of(list(line))


@pytest.mark.parametrize("size", SIZES)
def test_arrows_and_tab_reach_every_figure(size: tuple[int, int]) -> None:
    for page in build_pages(context_of(morning_desk()), *size):
        reached: set[Placed] = set()
        ahead = [page.places[0]]
        while ahead:
            place = ahead.pop()
            if place not in reached:
                reached.add(place)
                steps = [neighbour(page.places, place, *way) for way in ((1, 0), (-1, 0), (0, 1), (0, -1))]
                steps += [next_panel(page.places, place, by) for by in (1, -1)]
                ahead += [each for each in steps if each is not None]
        assert reached == set(page.places)


@pytest.mark.parametrize("size", SIZES)
def test_rule_18_every_page_begins_with_the_tickets_for_which_nobody_was_paged(size: tuple[int, int]) -> None:
    desk = morning_desk()
    assert not any("nobody paged" in text_of(page.lines[0]) for page in build_pages(context_of(desk), *size))
    desk.leave_nobody_on_call()
    ref = desk.do_as("lee", Log("critical", "hotline", "acme", "jo", "Down"))
    for page in build_pages(context_of(desk), *size):
        assert text_of(page.lines[0]).strip() == f"nobody paged: {ref}"
        assert page.lines[0][-1].style_name == "breached"


@pytest.mark.parametrize("size", SIZES)
def test_every_page_begins_with_the_tickets_whose_mail_was_not_delivered(size: tuple[int, int]) -> None:
    desk = morning_desk()
    ref = desk.queue().rows[0].ref
    desk.happen(ref, MailUndelivered("ab" * 16, "reply", "jo", "Jo Park", "550 no such user"), by="watcher")
    for page in build_pages(context_of(desk), *size):
        assert text_of(page.lines[0]).strip() == f"mail undelivered: {ref}"
        assert page.lines[0][-1].style_name == "breached"


def test_a_terminal_without_block_characters_gets_ascii() -> None:
    for page in build_pages(context_of(morning_desk(), plain=True), 160, 47):
        text = "".join(text_of(list(line)) for line in page.lines)
        assert "#" in text
        assert not set(text) & set("█▉▊▋▌▍▎▏▁▂▃▄▅▆▇▀│─")


def test_the_board_of_an_empty_desk_has_no_figure_to_open() -> None:
    pages = build_pages(context_of(empty_desk()), 80, 21)
    assert not [place for page in pages for place in page.places]
    text = "\n".join(text_of(list(line)) for page in pages for line in page.lines)
    assert "No target met or missed in November yet" in text
    assert "none so far" in text
    assert "no open tickets" in text


def test_a_name_is_cut_to_its_cells_without_control_characters() -> None:
    assert fit("Ann\x1b[31m\n[/oops] and her long name", 12) == "Ann [31m [/…"
    assert fit("日本語日本語", 5) == "日本…"


def test_the_history_is_read_again_only_after_a_change() -> None:
    desk = morning_desk()
    reader = BoardReader(desk)
    assert isinstance(reader.read(), BoardData)
    assert isinstance(reader.read(), BoardData)
    assert desk.calls.count("history") == 1
    reader.changed()
    reader.read()
    assert desk.calls.count("history") == 2


def test_after_a_slow_read_the_next_one_is_throttled(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(board_reader, "THROTTLE_FACTOR", 20)
    moments = iter([0.0, 2.0, 3.0, 41.9, 42.1])
    reader = BoardReader(morning_desk(), monotonic=lambda: next(moments))
    reader.read()
    assert [reader.is_throttled for _ in range(3)] == [True, True, False]


def test_a_disconnected_desk_is_read_again_once_it_is_back() -> None:
    desk = morning_desk()
    reader = BoardReader(desk)
    reader.read()
    desk.outage = "the disk is gone"
    reader.changed()
    assert reader.read() is None
    desk.outage = None
    asked = desk.calls.count("history")
    assert reader.read() is not None
    assert desk.calls.count("history") == asked + 1
