"""What every dialog has: a panel on an opaque ground with a title, a body that scrolls, and the keys at its foot."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import Any, ClassVar, TypeVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.content import Content
from textual.geometry import Offset, Region
from textual.message import Message
from textual.screen import ModalScreen, Screen
from textual.widget import Widget
from textual.widgets import Static

from supportdesk.console.dialogs.dismissal import DismissOnce
from supportdesk.console.keys.keymap import KEYS, Scope, bindings
from supportdesk.console.keys.names import display
from supportdesk.resources import style_path

Result = TypeVar("Result")
_LEAST_BODY = 3
ROOM_BESIDE = 140
"""Columns from which on the queue is seen beside a dialog, if the screen is high as well."""

STRONG = "bold $foreground"
"""How a key, or what a line is about, stands out of a muted line."""


class DialogBody(VerticalScroll, can_focus=False):
    """The part of a dialog that scrolls; it follows the focus, at once: a form that glides is a form one waits for."""

    def scroll_to_region(self, region: Region, **how: Any) -> Offset:
        """As every widget does, without gliding."""
        return super().scroll_to_region(region, **{**how, "animate": False})


class DialogFoot(Vertical):
    """The part of a dialog that stays in sight below the body, which gives way where this grows."""

    class Resized(Message):
        """It is laid out in another size."""

    def on_resize(self) -> None:
        """Tells the dialog."""
        self.post_message(self.Resized())


class Dialog(ModalScreen[Result | None], DismissOnce[Result | None]):
    """Base of all dialogs. Escape leaves without a result."""

    CSS_PATH = style_path("dialogs.tcss")
    VERTICAL_BREAKPOINTS = [(0, "-low"), (30, "-high")]  # noqa: RUF012 - as the base class has it
    HORIZONTAL_BREAKPOINTS = [(0, "-slim"), (ROOM_BESIDE, "-beside")]  # noqa: RUF012
    BINDINGS: ClassVar[list[BindingType]] = bindings(Scope.DIALOG)

    def __init__(self) -> None:
        super().__init__(classes="dialog")
        self.ready = asyncio.Event()
        """Set when the first field has the focus, and what is typed goes there."""

    def compose(self) -> ComposeResult:
        """The panel."""
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

    def heading(self) -> Content:
        """What the dialog does, in a word or two."""
        raise NotImplementedError

    def subject(self) -> Content:
        """What it is about, at the right of the heading."""
        return Content()

    def about(self) -> Content:
        """More on that, below the heading."""
        return Content()

    def body(self) -> ComposeResult:
        """What one reads, types or chooses."""
        raise NotImplementedError

    def foot(self) -> ComposeResult:
        """What stays in sight while the body scrolls."""
        return iter(())

    def keys(self) -> Content:
        """The keys that work here."""
        return key_hints((key_for(self, "dialog.leave"), "leave"))

    def on_mount(self) -> None:
        """Lines without words take no room, and no notification stands before what is read here."""
        self.app.clear_notifications()
        about = self.query_one(".about", Static)
        about.display = bool(self.about())

    def on_screen_resume(self) -> None:
        """The focus is set in the rest of this message's handling."""
        self.call_later(self.ready.set)

    def on_resize(self) -> None:
        """The panel is as high as what it holds, and never higher than the screen."""
        self.fit_to_screen()

    @on(DialogFoot.Resized)
    def _foot_resized(self) -> None:
        self.fit_to_screen()

    def fit_to_screen(self) -> None:
        """Leaves the body as much height as the rest of the panel does not take."""
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
        """Brings what has the cursor into sight again."""

    def action_page(self, by: int) -> None:
        """The body a page down, or up."""
        body = self.query_one(DialogBody)
        body.scroll_relative(y=by * body.size.height, animate=False)

    def action_leave(self) -> None:
        """Away, with nothing done."""
        self.dismiss(None)


class ReadOnlyDialog(Dialog[Result]):
    """A dialog in which there is nothing to type: letters move, too."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("down,j", "line(1)", "Down", show=False),
        Binding("up,k", "line(-1)", "Up", show=False),
        Binding("space", "page(1)", "A page down", show=False),
        Binding("home,g", "top", "To the top", show=False),
        Binding("end,G", "bottom", "To the bottom", show=False),
    ]

    def action_line(self, by: int) -> None:
        """A line down, or up."""
        self.query_one(DialogBody).scroll_relative(y=by, animate=False)

    def action_top(self) -> None:
        """To the first line."""
        self.query_one(DialogBody).scroll_home(animate=False)

    def action_bottom(self) -> None:
        """To the last line."""
        self.query_one(DialogBody).scroll_end(animate=False)


_KEYS = {key.id: key.keys for key in KEYS}


def _margins(widget: Widget) -> int:
    return widget.styles.margin.height


def _outer_height(widget: Widget) -> int:
    return widget.outer_size.height + _margins(widget)


def key_for(screen: Screen[Any], name: str) -> str:
    """Return how the key with this id is written, as the operator has bound it."""
    overrides: Mapping[str, str] = getattr(screen.app, "key_overrides", {})
    return display(overrides.get(name) or _KEYS[name])


def key_hints(*keys: tuple[str, str]) -> Content:
    """Keys with what they do: `F2 send   esc leave`."""
    told = [Content.assemble((key, STRONG), " ", what) for key, what in keys]
    return Content("   ").join(told)
