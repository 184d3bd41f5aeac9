"""The line above the queue in which the operator types a filter."""

from __future__ import annotations

from collections.abc import Callable
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.events import DescendantBlur, DescendantFocus
from textual.message import Message
from textual.widgets import Input, Static

from supportdesk.console.keys.keymap import Scope, bindings
from supportdesk.console.queue.filter.completion import Completions
from supportdesk.console.queue.filter.errors import FilterError
from supportdesk.console.queue.filter_suggestions import FilterSuggestions
from supportdesk.console.widgets.line_input import LineInput

INDENT = 3
LONGEST = 500
"""As many characters as a filter may have: what would make it longer is not taken in, which is said."""
NARROWS, FINDS = "/", "'"
"""What the line is for, as it stands at its beginning."""
ASKS = {
    NARROWS: "words, severity:high, owner:me, due:<2h … or a reference",
    FINDS: "find words, owner:me … or a reference",
}


class FilterInput(LineInput):
    """A line in which the right arrow goes on at its end."""

    class Onward(Message):
        """The right arrow was pressed at the end."""

    def restricted(self) -> None:
        """Says that nothing of what was typed or pasted went in."""
        self.app.bell()
        self.notify(f"A filter can have at most {LONGEST} characters.", severity="warning", markup=False)

    def action_cursor_right(self, select: bool = False) -> None:
        """To the right; at the end, on."""
        if select or self.cursor_position < len(self.value):
            super().action_cursor_right(select)
        else:
            self.post_message(self.Onward())


class FilterBar(Vertical):
    """Shown while there is a filter or something is being typed; the class `-finding` of its screen makes room for it,
    and `-typing` for the line below it.

    `offered` says how a text may go on at a place in it; `typed` is told each text that is typed, and
    `saved` one that is to be a view.
    """

    BINDINGS: ClassVar[list[BindingType]] = bindings(Scope.LINE)

    class Named(Message):
        """The operator named a filter, to be saved as a view."""

        def __init__(self, name: str, text: str) -> None:
            super().__init__()
            self.name = name
            self.text = text

    class Kept(Message):
        """The text stays and the cursor goes to the queue.

        `sign` is what the text is for; `entered` says that it was left with Enter.
        """

        def __init__(self, text: str, sign: str, *, entered: bool) -> None:
            super().__init__()
            self.text = text
            self.sign = sign
            self.entered = entered

    def __init__(self) -> None:
        super().__init__()
        self.offered: Callable[[str, int], Completions] = lambda text, cursor: Completions()
        self.typed: Callable[[str], None] = lambda text: None
        self.saved: Callable[[str], None] = lambda text: None
        self.sign = NARROWS
        self.input = FilterInput(compact=True, select_on_focus=False, max_length=LONGEST)
        self.input.cursor_blink = False
        self.hint = FilterSuggestions(INDENT)
        self._sign = Static(classes="sign")
        self._found = Static(classes="found")
        self._fault: FilterError | None = None

    def compose(self) -> ComposeResult:
        """A sign, what is typed, and how many tickets that leaves; below, how it may go on."""
        with Horizontal():
            yield self._sign
            yield self.input
            yield self._found
        yield self.hint

    def on_mount(self) -> None:
        """Follows the cursor."""
        self.watch(self.input, "selection", self._offer, init=False)

    @property
    def is_open(self) -> bool:
        """Whether it is shown."""
        return self.screen.has_class("-finding")

    @property
    def is_typed_in(self) -> bool:
        """Whether the keys go to it."""
        return self.screen.focused is self.input

    @property
    def text(self) -> str:
        """What is typed."""
        return self.input.value

    def open(self, sign: str = NARROWS, text: str | None = None) -> None:
        """Shows the line for what `sign` stands for and puts the cursor in it; with `text` in place of what it held."""
        self._become(sign, text)
        self.screen.add_class("-finding")
        # At once: what is typed next is meant for it.
        self.screen.set_focus(self.input)
        self._offer()

    def rest(self, sign: str, text: str) -> None:
        """Stands there with a text; hides itself where there is none."""
        self._become(sign, text)
        self.screen.set_class(bool(text.strip()), "-finding")

    def found(self, text: str) -> None:
        """Says how many tickets match."""
        self._found.update(Content(text), layout=False)

    def wrong(self, fault: FilterError | None) -> None:
        """Takes in what is wrong with the text; it is shown as soon as nothing is offered any more."""
        self._fault = fault
        self._offer()

    def flag_error(self) -> None:
        """Shows what is wrong, whatever may be offered."""
        if self._fault is not None:
            self.hint.fault(self._fault, self.input.scroll_offset.x)

    def action_take(self) -> None:
        """Takes the marked offer; where none is marked, marks the first."""
        marked = self.hint.marked
        if marked is None:
            self.hint.step(1)
            return
        self.input.value, self.input.cursor_position = self.hint.completions.taken(self.text, marked)

    def action_choose(self, by: int) -> None:
        """Marks another offer; where none is marked, goes to the queue."""
        if self.hint.marked is None:
            self.action_leave()
        else:
            self.hint.step(by)

    def action_leave(self) -> None:
        """To the queue."""
        self.post_message(self.Kept(self.text, self.sign, entered=False))

    def action_keep(self) -> None:
        """To the queue, or to the ticket whose reference was typed."""
        self.post_message(self.Kept(self.text, self.sign, entered=True))

    def action_save(self) -> None:
        """Has it saved as a view."""
        self.saved(self.text)

    @on(FilterSuggestions.Clicked)
    def _clicked(self, event: FilterSuggestions.Clicked) -> None:
        event.stop()
        self.hint.place = event.place
        self.action_take()

    def _become(self, sign: str, text: str | None) -> None:
        self.sign = sign
        self._sign.update(Content(sign), layout=False)
        self.input.placeholder = ASKS[sign]
        if text is not None and text != self.text:
            with self.prevent(Input.Changed):
                self.input.value = text
                self.input.cursor_position = len(text)

    def _offer(self) -> None:
        if not self.is_typed_in:
            return
        offers = self.offered(self.text, self.input.cursor_position)
        goes_on = offers.begun or (self._fault is not None and self._fault.unfinished)
        if self._fault is not None and not (goes_on and offers.items):
            self.flag_error()
        else:
            self.hint.offer(offers)

    @on(Input.Changed)
    def _changed(self, event: Input.Changed) -> None:
        event.stop()
        self.typed(event.value)

    @on(Input.Submitted)
    def _submitted(self, event: Input.Submitted) -> None:
        event.stop()
        self.action_keep()

    @on(FilterInput.Onward)
    def _onward(self, event: FilterInput.Onward) -> None:
        event.stop()
        if self.hint.marked is not None:
            self.action_take()

    @on(DescendantFocus)
    def _begun(self) -> None:
        self.screen.add_class("-typing")

    @on(DescendantBlur)
    def _ended(self) -> None:
        self.screen.remove_class("-typing")
        self.hint.offer(Completions())
