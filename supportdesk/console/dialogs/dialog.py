"""The base of all dialogs: a panel with a title, a scrolling body, and the keys at its foot."""

from __future__ import annotations

import asyncio
from abc import abstractmethod
from typing import Any, ClassVar, TypeVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.content import Content
from textual.geometry import Offset, Region
from textual.message import Message
from textual.screen import ModalScreen
from textual.widget import Widget
from textual.widgets import Static

from supportdesk.console.dialogs.backdrop import Backdrop
from supportdesk.console.dialogs.dismissal import DismissOnce
from supportdesk.console.dialogs.key_hints import key_for, key_hints
from supportdesk.console.keys.key import Scope
from supportdesk.console.keys.keymap import bindings
from supportdesk.resources import style_path

Result = TypeVar("Result")
_LEAST_BODY = 3
ROOM_BESIDE = 140
"""The width in columns from which the queue is visible beside a dialog, if the screen is high enough as well."""


class DialogBody(VerticalScroll, can_focus=False):
    """The scrolling part of a dialog; it follows the focus without animation, so that nobody waits for it."""

    def scroll_to_region(self, region: Region, **how: Any) -> Offset:
        """Scroll to a region without animation."""
        return super().scroll_to_region(region, **{**how, "animate": False})


class DialogFoot(Vertical):
    """The fixed part below the body, which shrinks when this grows."""

    class Resized(Message):
        """The size has changed."""

    def on_resize(self) -> None:
        """Post `Resized`, for which the dialog fits its body."""
        self.post_message(self.Resized())


class Dialog(ModalScreen[Result | None], Backdrop[Result | None], DismissOnce[Result | None]):
    """Base of all dialogs. Escape closes it with the result None."""

    CSS_PATH = style_path("dialogs.tcss")
    VERTICAL_BREAKPOINTS = [(0, "-low"), (30, "-high")]  # noqa: RUF012 - as the base class has it
    HORIZONTAL_BREAKPOINTS = [(0, "-slim"), (ROOM_BESIDE, "-beside")]  # noqa: RUF012
    BINDINGS: ClassVar[list[BindingType]] = bindings(Scope.DIALOG)

    def __init__(self) -> None:
        super().__init__(classes="dialog")
        self.ready = asyncio.Event()
        """Set once the first field has the focus and receives what is typed."""

    def compose(self) -> ComposeResult:
        """Yield the panel with heading, body, foot and key hints."""
        with Vertical(classes="panel"):
            with Horizontal(classes="heading"):
                yield Static(self.heading(), classes="title")
                yield Static(self.subject(), classes="subject")
            yield Static(self.about(), classes="about")
            with DialogBody():
                yield from self.body()
            with DialogFoot(classes="foot"):
                yield from self.foot()
            yield Static(self.keys(), classes="keys")

    @abstractmethod
    def heading(self) -> Content:
        """Return the title: a noun phrase, or the name of a command."""

    def subject(self) -> Content:
        """Return the subject, shown at the right of the heading."""
        return Content()

    def about(self) -> Content:
        """Return details, shown below the heading."""
        return Content()

    @abstractmethod
    def body(self) -> ComposeResult:
        """Yield the text or the fields."""

    def foot(self) -> ComposeResult:
        """Yield the widgets that stay visible while the body scrolls."""
        return iter(())

    def keys(self) -> Content:
        """Return the key hints."""
        return key_hints((key_for(self, "dialog.leave"), "leave"))

    def on_mount(self) -> None:
        """Hide an empty line of details, and clear notifications that would cover the dialog."""
        self.app.clear_notifications()
        about = self.query_one(".about", Static)
        about.display = bool(self.about())

    def on_screen_resume(self) -> None:
        """Set `ready` after this message, whose handling sets the focus."""
        self.call_later(self.ready.set)

    def on_resize(self) -> None:
        """Fit the panel to its contents and to the height of the screen."""
        self.fit_to_screen()

    @on(DialogFoot.Resized)
    def _foot_resized(self) -> None:
        self.fit_to_screen()

    def fit_to_screen(self) -> None:
        """Give the body the height that the rest of the panel leaves, after the next refresh."""
        self.call_after_refresh(self._fit)

    def _fit(self) -> None:
        panel, body = self.query_one(".panel", Vertical), self.query_one(DialogBody)
        others = [child for child in panel.children if child is not body and child.display]
        taken = sum(_outer_height(child) for child in others) + panel.gutter.height + _margins(body)
        taken += sum(
            child.outer_size.height for child in self.children if child.styles.dock in {"top", "bottom"}
        )
        body.styles.max_height = max(_LEAST_BODY, self.size.height - taken)
        self.call_after_refresh(self.scroll_to_focus)

    def scroll_to_focus(self) -> None:
        """Scroll the focused part into view again."""

    def action_page(self, by: int) -> None:
        """Scroll the body by `by` pages."""
        body = self.query_one(DialogBody)
        body.scroll_relative(y=by * body.size.height, animate=False)

    def action_leave(self) -> None:
        """Close the dialog without a result."""
        self.dismiss(None)


class ReadOnlyDialog(Dialog[Result]):
    """A dialog without fields, in which letters scroll, too."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("down,j", "line(1)", "Down", show=False),
        Binding("up,k", "line(-1)", "Up", show=False),
        Binding("space", "page(1)", "A page down", show=False),
        Binding("home,g", "top", "To the top", show=False),
        Binding("end,G", "bottom", "To the bottom", show=False),
    ]

    def action_line(self, by: int) -> None:
        """Scroll by `by` lines."""
        self.query_one(DialogBody).scroll_relative(y=by, animate=False)

    def action_top(self) -> None:
        """Scroll to the first line."""
        self.query_one(DialogBody).scroll_home(animate=False)

    def action_bottom(self) -> None:
        """Scroll to the last line."""
        self.query_one(DialogBody).scroll_end(animate=False)


def _margins(widget: Widget) -> int:
    return widget.styles.margin.height


def _outer_height(widget: Widget) -> int:
    return widget.outer_size.height + _margins(widget)
