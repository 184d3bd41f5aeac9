"""Text from outside is shown literally, and never interpreted by the terminal."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len
from rich.segment import Segment
from rich.style import Style
from rich.text import Text
from textual.app import App, ComposeResult
from textual.color import Color
from textual.filter import LineFilter
from textual.widget import Widget
from textual.widgets import DataTable, Input, Label, OptionList, Static, TextArea
from textual.widgets.option_list import Option

from supportdesk.console.terminal.safe_text import SanitizingFilter, safe, safe_lines
from supportdesk.tickets.plain_text import UNWANTED

HOSTILE = "[/oops] [@click=app.quit]x[/] \x1b]0;x\x07 \x9b2J \u202egnp.exe\u2066 \x00"
BLACK = Color(0, 0, 0)
ANYTHING = st.text(
    st.characters(exclude_categories=()) | st.sampled_from("\x1b\x07\n\t\x9b\u202e\u200d\ufe0f👩👧"),
    max_size=60,
)


def drawn(text: str) -> str:
    return SanitizingFilter().apply([Segment(text)], BLACK)[0].text


def test_markup_is_shown_literally() -> None:
    assert safe(HOSTILE).plain.startswith("[/oops] [@click=app.quit]x[/] ]0;x")
    assert not safe(HOSTILE).spans


def test_safe_text_is_one_line_and_safe_lines_keep_their_breaks() -> None:
    assert safe("a\n\tb\u2028c").plain == "a b c"
    assert safe_lines("a\n\tb").plain == "a\n    b"


@given(ANYTHING)
def test_safe_text_contains_no_control_characters(text: str) -> None:
    assert not UNWANTED.search(safe(text).plain)
    assert not UNWANTED.search(safe_lines(text).plain)


@given(ANYTHING)
def test_a_sanitized_segment_keeps_its_width(text: str) -> None:
    assert cell_len(drawn(text)) == cell_len(text)
    assert not UNWANTED.search(drawn(text))
    assert not set(drawn(text)) & set("\n\r\t\u2028\u2029")


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("\udc83\u200d", " "),
        ("\u200da", ""),
        ("a\u200d b", "a "),
        ("👩\u200d👧!", "👩\u200d👧!"),
        ("❤\ufe0f\u200d🔥", "❤\ufe0f\u200d🔥"),
    ],
)
def test_a_joiner_that_joins_nothing_moves_nothing(text: str, shown: str) -> None:
    """A terminal draws what follows it, though it is counted as no cell wide."""
    assert drawn(text) == shown
    assert cell_len(shown) == cell_len(text)


def test_safe_text_has_no_stray_joiner_and_begins_with_no_accent() -> None:
    assert safe("\u200da\u200db").plain == "ab"
    assert safe("\u0301\u0301e\u0301").plain == "e\u0301"
    assert safe_lines("\u0301a\n\u0301\x00b").plain == "a\nb"
    assert safe("👩\u200d👧").plain == "👩\u200d👧"


def test_every_script_is_drawn_unchanged() -> None:
    words = "Grüße שלום مرحبا می\u200cخواهم 日本 ▲ ✖ ‖"
    assert drawn(words) == words


def test_a_link_with_a_control_character_is_removed() -> None:
    linked = [
        Segment("a", Style(link="https://example.org/\x1b]0;x\x07")),
        Segment("b", Style(link="https://a.example")),
    ]
    links = [segment.style and segment.style.link for segment in SanitizingFilter().apply(linked, BLACK)]
    assert links == [None, "https://a.example"]


class EveryPlace(App[None]):
    """Shows text from outside in every way that a widget accepts it, except as markup."""

    def get_line_filters(self) -> list[LineFilter]:
        return [*super().get_line_filters(), SanitizingFilter()]

    def compose(self) -> ComposeResult:
        yield Static(HOSTILE, markup=False)
        yield Static(Text(HOSTILE))
        yield Label(safe(HOSTILE))
        yield Input(HOSTILE, placeholder=HOSTILE)
        yield TextArea(HOSTILE)
        yield OptionList(Option(safe(HOSTILE)))
        titled = Static("titled")
        titled.styles.border = ("solid", "red")
        titled.border_title = safe(HOSTILE)
        yield titled
        table: DataTable[Text] = DataTable()
        table.add_column(Text(HOSTILE))
        table.add_row(Text(HOSTILE))
        yield table

    def on_mount(self) -> None:
        self.notify(HOSTILE, title=HOSTILE, markup=False)


async def test_no_widget_sends_a_control_byte_to_the_terminal() -> None:
    app = EveryPlace()
    async with app.run_test(size=(80, 50), notifications=True) as pilot:
        await pilot.pause()
        widgets = [widget for widget in app.screen.walk_children(Widget) if widget.size.area]
        assert {"Toast", "DataTable"} <= {type(widget).__name__ for widget in widgets}
        seen = ""
        for widget in widgets:
            for strip in widget.render_lines(widget.outer_size.region):
                text = "".join(segment.text for segment in strip)
                assert not UNWANTED.search(text), widget
                seen += text
    assert seen.count("[/oops]") >= 8
    assert seen.count("gnp.exe") >= 8


@pytest.mark.parametrize("text", ["plain words", "日本"])
def test_a_harmless_line_is_passed_on_unchanged(text: str) -> None:
    segments = [Segment(text, Style(bold=True))]
    assert SanitizingFilter().apply(segments, BLACK) is segments
