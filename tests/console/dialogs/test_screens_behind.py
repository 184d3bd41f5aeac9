"""Dialogs above each other, each of which shows the screen below it."""

from __future__ import annotations

from textual.app import App, ComposeResult
from textual.screen import ModalScreen
from textual.widgets import Label

from supportdesk.console.dialogs.backdrop import Backdrop
from supportdesk.console.dialogs.dialog import Dialog
from supportdesk.console.dialogs.palette_screen import Palette


class Question(ModalScreen[None], Backdrop[None]):
    """A dialog with one line."""

    DEFAULT_CSS = "Question { background: $background 40%; } Question Label { width: auto; height: 1; }"

    def __init__(self, text: str, row: int) -> None:
        super().__init__()
        self.text, self.row = text, row

    def compose(self) -> ComposeResult:
        """Yield the line, in a row of its own."""
        label = Label(self.text)
        label.styles.offset = (0, self.row)
        yield label


class Below(App[None]):
    """An application with one line."""

    def compose(self) -> ComposeResult:
        """Yield the line."""
        yield Label("queue", id="queue")


async def test_what_changes_below_three_dialogs_is_visible_at_once() -> None:
    app = Below()
    async with app.run_test(size=(40, 10)) as pilot:
        dialogs = [Question(text, row) for row, text in enumerate(("first", "second", "third"), start=1)]
        for dialog in dialogs:
            await app.push_screen(dialog)
            await pilot.pause()
        app.query_one("#queue", Label).update("ticked")
        dialogs[0].query_one(Label).update("changed")
        await pilot.pause()
        dialogs[0].refresh(layout=True)
        await pilot.pause()
        drawn = app.export_screenshot()
        for text in ("ticked", "changed", "second", "third"):
            assert text in drawn, f"{text} is not visible"
        assert "first" not in drawn


async def test_a_dialog_that_is_drawn_by_itself_never_shows_a_screen_above_it() -> None:
    app = Below()
    async with app.run_test(size=(40, 10)) as pilot:
        lowest, *others = (
            Question(text, row) for row, text in enumerate(("first", "second", "third"), start=1)
        )
        for dialog in (lowest, *others):
            await app.push_screen(dialog)
            await pilot.pause()
        lowest.refresh()
        lowest.get_style_at(0, 5)
        for dialog in others:
            dialog.refresh()
        await pilot.pause()
        assert "third" in app.export_screenshot()


def test_every_dialog_and_the_palette_draw_what_is_below_them_themselves() -> None:
    for each in (Dialog, Palette):
        assert issubclass(each, Backdrop)
        assert each.render is Backdrop.render
        assert each.render_lines is Backdrop.render_lines
