"""Characters that the terminal lacks are replaced by ASCII of the same width."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len
from rich.segment import Segment
from textual.color import Color

from supportdesk.console.terminal.ascii_fallback import to_ascii
from supportdesk.console.terminal.host import printable
from supportdesk.console.terminal.safe_text import SanitizingFilter
from tests.console.fixtures.morning import morning_desk
from tests.console.harness.console import running


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("Acme Ltd · Jo Park", "Acme Ltd - Jo Park"),
        ("│ Opening the desk …", "| Opening the desk ~"),
        ("⇧F3 ↑ ↓ ← →", "^F3 ^ v < >"),
        ("╭──╮", "+--+"),
        ("✖ ▲ ‖ “x”", 'X ! = "x"'),
        ("José Müller", "Jose Muller"),
        ("日本 👩", "???? ??"),
    ],
)
def test_symbols_and_letters_have_ascii_equivalents(text: str, plain: str) -> None:
    assert to_ascii(text, "ascii") == plain


def test_characters_of_the_terminals_encoding_are_unchanged() -> None:
    assert to_ascii("José · 日本", "latin-1") == "José - ????"
    assert to_ascii("José · 日本", "utf-8") == "José - 日本"


@given(st.text(st.characters(exclude_categories=("C", "Z", "M")), max_size=40))
def test_every_replacement_keeps_the_width_and_can_be_encoded(text: str) -> None:
    plain = to_ascii(text, "ascii")
    assert plain.isascii()
    assert cell_len(plain) == cell_len(text)


def test_the_title_is_ascii_on_a_plain_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    assert printable("2 breached · desk") == "2 breached · desk"
    monkeypatch.setenv("TERM", "linux")
    assert printable("2 breached · desk") == "2 breached - desk"


@pytest.mark.parametrize("size", [(160, 50), (80, 24)])
async def test_everything_drawn_on_a_plain_terminal_is_ascii(
    size: tuple[int, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TERM", "vt100")
    async with running(morning_desk(), size) as it:
        await it.press("enter")
        for key in ("question_mark", "escape", "e"):
            await it.press(key)
            drawn = [segment.text for line in it.app.screen._compositor.render_strips() for segment in line]
            assert "".join(drawn).isascii(), sorted({each for each in "".join(drawn) if not each.isascii()})


def test_a_unicode_terminal_gets_all_characters(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TERM", "xterm-256color")
    assert SanitizingFilter().apply([Segment("Jo · ✖")], Color(0, 0, 0))[0].text == "Jo · ✖"
