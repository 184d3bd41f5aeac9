"""The line above the queue in which one types what to find."""

from __future__ import annotations

from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal
from textual.content import Content
from textual.message import Message
from textual.widgets import Input, Static


class FilterLine(Horizontal):
    """Shown while there is a filter or one is being typed; the class `-finding` of its screen makes room for it."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("down,up,pagedown,pageup", "keep", "To the queue", show=False),
    ]

    class Typed(Message):
        """What is to be found is another."""

        def __init__(self, text: str) -> None:
            super().__init__()
            self.text = text

    class Kept(Message):
        """The filter stays and the cursor goes to the queue. `entered` says that it was with Enter."""

        def __init__(self, text: str, *, entered: bool) -> None:
            super().__init__()
            self.text = text
            self.entered = entered

    def compose(self) -> ComposeResult:
        """A slash, what is typed, and how many tickets that leaves."""
        yield Static("/", classes="slash")
        typed = Input(compact=True, select_on_focus=False, placeholder="words, or a reference")
        typed.cursor_blink = False
        yield typed
        yield Static(classes="found")

    @property
    def is_open(self) -> bool:
        """Whether it is shown."""
        return self.screen.has_class("-finding")

    @property
    def text(self) -> str:
        """What is typed."""
        return self.query_one(Input).value

    def open(self) -> None:
        """Shows the line and puts the cursor in it."""
        self.screen.add_class("-finding")
        # At once: what is typed next is meant for it.
        self.screen.set_focus(self.query_one(Input))

    def write(self, text: str) -> None:
        """Shows the line with a text in it, as if somebody had typed it."""
        self.screen.add_class("-finding")
        with self.prevent(Input.Changed):
            self.query_one(Input).value = text

    def clear(self) -> None:
        """Takes the filter back and hides the line."""
        self.query_one(Input).value = ""
        self.screen.remove_class("-finding")

    def found(self, matches: int, of: int, *, more: bool) -> None:
        """Says how many tickets match; `more` while not all are looked through."""
        told = Content(f"{matches:,}{'…' if more else ''} of {of:,}   enter keeps   esc clears")
        self.query_one(".found", Static).update(told, layout=False)

    def action_keep(self) -> None:
        """To the queue."""
        self.post_message(self.Kept(self.text, entered=False))

    @on(Input.Changed)
    def _changed(self, event: Input.Changed) -> None:
        event.stop()
        self.post_message(self.Typed(event.value))

    @on(Input.Submitted)
    def _submitted(self, event: Input.Submitted) -> None:
        event.stop()
        self.post_message(self.Kept(event.value, entered=True))
