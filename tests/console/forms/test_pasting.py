"""Several lines that are pasted into a field of one line become one, without loss."""

from __future__ import annotations

import pytest
from textual.app import App, ComposeResult
from textual.events import Key, Paste
from textual.widgets import Input, TextArea

from supportdesk.console.calls.screen import CallScreen
from supportdesk.console.forms.suggestion_list import SearchInput, SuggestionList
from supportdesk.console.forms.text_fields import LineField, TextField
from supportdesk.console.queue.filter_bar import FilterInput
from supportdesk.console.terminal.safe_text import one_line
from supportdesk.console.widgets.line_input import LineInput
from tests.console.fixtures.morning import morning_desk
from tests.console.harness.console import running

COPIED = "Printer\r\n  does not\n\nprint\u2028labels\n"
JOINED = "Printer does not print labels"


class Page(App[None]):
    def compose(self) -> ComposeResult:
        yield LineField("line", "one line")
        yield FilterInput(id="filter")
        yield SearchInput(SuggestionList(), id="find")
        yield TextField("text", "a text")


@pytest.mark.parametrize("name", ["#line Input", "#filter", "#find"])
async def test_lines_pasted_into_a_line_field_are_joined(name: str) -> None:
    async with Page().run_test() as pilot:
        field = pilot.app.query_one(name, Input)
        assert isinstance(field, LineInput)
        field.focus()
        await pilot.pause()
        pilot.app.post_message(Paste(COPIED))
        await pilot.pause()
        assert field.value == JOINED
        field.action_select_all()
        field.post_message(Paste("again\nand again"))
        await pilot.pause()
        assert field.value == "again and again"
        pilot.app.copy_to_clipboard(COPIED)
        field.action_select_all()
        field.action_paste()
        assert field.value == JOINED


async def test_a_text_of_many_lines_keeps_them() -> None:
    async with Page().run_test() as pilot:
        area = pilot.app.query_one("#text TextArea", TextArea)
        area.focus()
        await pilot.pause()
        pilot.app.post_message(Paste("one\ntwo"))
        await pilot.pause()
        assert area.text == "one\ntwo"


async def test_lines_pasted_into_the_filter_and_the_palette_are_joined() -> None:
    async with running(morning_desk()) as it:
        for key in ("/", "ctrl+p"):
            await it.pilot.press(key)
            await it.until(lambda: isinstance(it.app.focused, Input))
            field = it.app.focused
            assert isinstance(field, Input)
            it.app.post_message(Paste("pick\nup"))
            await it.until(lambda field=field: field.value == "pick up")  # type: ignore[misc]
            await it.pilot.press("escape")


async def test_a_pasted_filter_that_is_too_long_is_refused_with_the_limit() -> None:
    async with running(morning_desk()) as it:
        await it.pilot.press("/", "a")
        it.app.post_message(Paste("x" * 500))
        await it.until(lambda: bool(it.app._notifications))
        assert [each.message for each in it.app._notifications] == [
            "A filter can have at most 500 characters."
        ]
        assert it.screen.filter_bar.text == "a"


async def test_text_pasted_while_a_form_opens_waits_for_the_form() -> None:
    async with running(morning_desk()) as it:
        it.app.post_message(Key("n", "n"))
        it.app.post_message(Paste("Jo\nPark"))
        it.app.post_message(Key("s", "s"))
        await it.until(lambda: isinstance(it.app.screen, CallScreen))
        field = it.app.screen.query_one("#caller Input", Input)
        await it.until(lambda: field.value == "Jo Parks")


@pytest.mark.parametrize(
    ("text", "line"), [(COPIED, JOINED), ("", ""), (" as it is ", " as it is "), ("a\n", "a"), ("\n\n", "")]
)
def test_several_lines_become_one_and_one_line_stays_the_same(text: str, line: str) -> None:
    assert one_line(text) == line
