"""The line above the queue in which the operator types a filter."""

from __future__ import annotations

from collections.abc import Callable
from typing import ClassVar

from textual import on
from textual.binding import BindingType
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.events import DescendantBlur, DescendantFocus
from textual.message import Message
from textual.widgets import Input, Static

from supportdesk.console.keys.key import Scope
from supportdesk.console.keys.keymap import bindings
from supportdesk.console.queue.filter.completion import Completions
from supportdesk.console.queue.filter.errors import FilterError
from supportdesk.console.queue.filter_suggestions import FilterSuggestions
from supportdesk.console.widgets.line_input import LineInput

INDENT = 3
LONGEST = 500
"""The most characters of a filter; more are refused with a notification."""
NARROWS, FINDS = "/", "'"
"""What the text is for, to filter or to search, as the sign at the beginning of the bar shows."""
PLACEHOLDERS = {
    NARROWS: "words, severity:high, owner:me, due:<2h … or a reference",
    FINDS: "find words, owner:me … or a reference",
}


class FilterInput(LineInput):
    """A line in which the right arrow, at the end, asks for the suggestion."""

    class RightAtEnd(Message):
        """The right arrow was pressed at the end."""

    def restricted(self) -> None:
        """Notify the operator that what was typed or pasted is too long and was not inserted."""
        self.app.bell()
        self.notify(f"A filter can have at most {LONGEST} characters.", severity="warning", markup=False)

    def action_cursor_right(self, select: bool = False) -> None:
        """Move to the right; at the end, post `RightAtEnd`."""
        if select or self.cursor_position < len(self.value):
            super().action_cursor_right(select)
        else:
            self.post_message(self.RightAtEnd())


class FilterBar(Vertical):
    """The filter that is applied, or the filter or search that is being typed.

    The screen's class `-finding` makes room for the bar, and `-typing` for the suggestions below it. `complete` returns
    the completions of a text at a cursor position; `on_typed` is called with each text that is typed, `on_save` with
    one to save as a view. It is empty until `fill`, so that the queue is on the screen sooner.
    """

    BINDINGS: ClassVar[list[BindingType]] = bindings(Scope.FILTER)

    class Named(Message):
        """The operator named a filter, to be saved as a view."""

        def __init__(self, name: str, text: str) -> None:
            super().__init__()
            self.name = name
            self.text = text

    class Entered(Message):
        """The operator returns to the queue with the text applied.

        `sign` is what the text is for; `by_enter` says that Enter was pressed, which also opens a reference.
        """

        def __init__(self, text: str, sign: str, *, by_enter: bool) -> None:
            super().__init__()
            self.text = text
            self.sign = sign
            self.by_enter = by_enter

    def __init__(self) -> None:
        super().__init__()
        self.complete: Callable[[str, int], Completions] = lambda text, cursor: Completions()
        self.on_typed: Callable[[str], None] = lambda text: None
        self.on_save: Callable[[str], None] = lambda text: None
        self.sign = NARROWS
        self.input = FilterInput(select_on_focus=False, max_length=LONGEST)
        self.hint = FilterSuggestions(INDENT)
        self._sign = Static(classes="sign")
        self._count = Static(classes="found")
        self._error: FilterError | None = None

    def fill(self) -> None:
        """Mount the sign, the text and the number of matches, and below them the suggestions, unless they are there.

        Whatever opens the bar does so itself, at once: the next key goes to the line.
        """
        if self.hint.is_attached:
            return
        # Only here: each is a change of style, for which Textual looks through all styles.
        self.input.compact, self.input.cursor_blink = True, False
        self.mount(Horizontal(self._sign, self.input, self._count), self.hint)
        # Suggests again whenever the cursor moves.
        self.watch(self.input, "selection", self._suggest, init=False)

    @property
    def is_open(self) -> bool:
        """Whether the bar is shown."""
        return self.screen.has_class("-finding")

    @property
    def is_typed_in(self) -> bool:
        """Whether the line has the focus."""
        return self.screen.focused is self.input

    @property
    def text(self) -> str:
        """The text as typed."""
        return self.input.value

    def open(self, sign: str = NARROWS, text: str | None = None) -> None:
        """Show the bar for a filter or a search, and focus the line; `text` replaces what it held."""
        self._set_text(sign, text)
        self.screen.add_class("-finding")
        # At once, so that the next key already goes there.
        self.screen.set_focus(self.input)
        self._suggest()

    def show_text(self, sign: str, text: str) -> None:
        """Show a text that is applied; hide the bar where there is none."""
        self._set_text(sign, text)
        self.screen.set_class(bool(text.strip()), "-finding")

    def show_count(self, text: str) -> None:
        """Show how many tickets match."""
        self._count.update(Content(text), layout=False)

    def set_error(self, error: FilterError | None) -> None:
        """Set what is wrong with the text; it is shown once there are no more suggestions."""
        self._error = error
        self._suggest()

    def flag_error(self) -> None:
        """Show what is wrong, in place of the suggestions."""
        if self._error is not None:
            self.hint.show_error(self._error, self.input.scroll_offset.x)

    def action_take(self) -> None:
        """Accept the marked suggestion; where none is marked, mark the first."""
        marked = self.hint.marked
        if marked is None:
            self.hint.step(1)
            return
        self.input.value, self.input.cursor_position = self.hint.completions.accepted(self.text, marked)

    def action_choose(self, by: int) -> None:
        """Mark another suggestion; where none is marked, return to the queue."""
        if self.hint.marked is None:
            self.action_leave()
        else:
            self.hint.step(by)

    def action_leave(self) -> None:
        """Return to the queue with the text applied."""
        self.post_message(self.Entered(self.text, self.sign, by_enter=False))

    def action_keep(self) -> None:
        """Return to the queue, or go to the ticket whose reference was typed."""
        self.post_message(self.Entered(self.text, self.sign, by_enter=True))

    def action_save(self) -> None:
        """Save the text as a view."""
        self.on_save(self.text)

    @on(FilterSuggestions.Clicked)
    def _clicked(self, event: FilterSuggestions.Clicked) -> None:
        event.stop()
        self.hint.place = event.place
        self.action_take()

    def _set_text(self, sign: str, text: str | None) -> None:
        self.fill()
        self.sign = sign
        self._sign.update(Content(sign), layout=False)
        self.input.placeholder = PLACEHOLDERS[sign]
        if text is not None and text != self.text:
            with self.prevent(Input.Changed):
                self.input.value = text
                self.input.cursor_position = len(text)

    def _suggest(self) -> None:
        if not self.is_typed_in:
            return
        completions = self.complete(self.text, self.input.cursor_position)
        may_go_on = completions.begun or (self._error is not None and self._error.unfinished)
        if self._error is not None and not (may_go_on and completions.items):
            self.flag_error()
        else:
            self.hint.show(completions)

    @on(Input.Changed)
    def _changed(self, event: Input.Changed) -> None:
        event.stop()
        self.on_typed(event.value)

    @on(Input.Submitted)
    def _submitted(self, event: Input.Submitted) -> None:
        event.stop()
        self.action_keep()

    @on(FilterInput.RightAtEnd)
    def _right_at_end(self, event: FilterInput.RightAtEnd) -> None:
        event.stop()
        if self.hint.marked is not None:
            self.action_take()

    @on(DescendantFocus)
    def _focused(self) -> None:
        self.screen.add_class("-typing")

    @on(DescendantBlur)
    def _blurred(self) -> None:
        self.screen.remove_class("-typing")
        self.hint.show(Completions())
