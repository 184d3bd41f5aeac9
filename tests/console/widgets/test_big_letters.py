"""Text in large letters."""

from __future__ import annotations

import pytest
from textual.app import App, ComposeResult

from supportdesk.console.terminal.big_font import half_block_lines
from supportdesk.console.widgets.big_letters import BigText
from supportdesk.tickets.reference import ALPHABET


def test_every_character_of_a_reference_has_a_distinct_glyph() -> None:
    shapes = {tuple(half_block_lines(character)) for character in f"{ALPHABET}-"}
    assert len(shapes) == len(ALPHABET) + 1


def test_a_glyph_is_drawn_with_half_blocks() -> None:
    assert half_block_lines("CD") == [
        "▄▀▀▀▄  █▀▀▄",
        "█      █   █",
        "█   ▄  █  ▄▀",
        " ▀▀▀   ▀▀▀",
    ]


class OnTheDesk(App[None]):
    def compose(self) -> ComposeResult:
        yield BigText("CD-4F7K-A")


async def test_text_that_does_not_fit_is_shown_in_plain_letters() -> None:
    for width, told in ((80, "▄▀▀▀▄"), (40, "CD-4F7K-A")):
        app = OnTheDesk()
        async with app.run_test(size=(width, 10)):
            assert app.query_one(BigText).render().plain.startswith(told)


async def test_without_half_blocks_text_is_shown_in_plain_letters(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("TERM", "linux")
    app = OnTheDesk()
    async with app.run_test(size=(80, 10)):
        assert app.query_one(BigText).render().plain == "CD-4F7K-A"
