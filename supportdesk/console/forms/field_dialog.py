"""The base of the dialogs with fields: the movement through them, and the status below them."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Mapping
from typing import Any, ClassVar

from textual import on
from textual.actions import SkipAction
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.events import DescendantFocus, Key
from textual.widgets import Static, TextArea

from supportdesk.console.dialogs.dialog import Dialog
from supportdesk.console.forms.context import CommandContext
from supportdesk.console.forms.field import Field
from supportdesk.console.forms.focus_flow import FocusFlow
from supportdesk.console.keys.key import Scope
from supportdesk.console.keys.keymap import bindings
from supportdesk.console.terminal.safe_text import safe
from supportdesk.console.terminal.symbols import terminal_symbols
from supportdesk.desk_api import Applied
from supportdesk.tickets.refusal import Refusal


class FieldDialog(Dialog[Applied]):
    """Base of the dialogs with fields, which Tab and Enter move through; dismissed with what was applied."""

    BINDINGS: ClassVar[list[BindingType]] = bindings(Scope.FORM)

    letters_once_only: ClassVar[bool] = False
    """Whether letters stop choosing in lists for good once a text is written, even after Shift+Tab."""

    def __init__(self, context: CommandContext) -> None:
        super().__init__()
        self.context = context
        self.flow = FocusFlow(
            self,
            on_completed=self.field_completed,
            field_after=self.field_after,
            send=self.action_send,
            once_only=self.letters_once_only,
        )
        self._shows_refusal = False
        """Whether the status is a refusal of what was sent, which the next change of a field clears."""
        self._has_fields: bool | None = None
        """Whether it has any fields; None until they are there."""

    @abstractmethod
    def fields(self) -> list[Field]:
        """Return the fields, in order."""

    @abstractmethod
    async def action_send(self) -> None:
        """Send what is typed; show the problems of the fields instead, and focus the first one."""

    @abstractmethod
    def action_start_afresh(self) -> None:
        """Discard what is typed."""

    def body(self) -> ComposeResult:
        """Yield the fields, in order."""
        yield from self.fields()

    def foot(self) -> ComposeResult:
        """Yield the status, which `show_status` sets."""
        yield Static(classes="status")

    @property
    def is_complete(self) -> bool:
        """Whether the fields are there: not before they are mounted, nor while they are being removed."""
        return self._has_fields is not None and (not self._has_fields or bool(self.flow.fields))

    def on_mount(self) -> None:
        """Show the key hints, which depend on the fields, and focus a field."""
        self._has_fields = bool(self.flow.fields)
        self.query_one(".keys", Static).update(self.keys())
        self.start()

    # What is typed.

    @property
    def raw_values(self) -> dict[str, Any]:
        """The raw values of the fields, by stored name."""
        return {field.stored_as: field.raw_value for field in self.query(Field)}

    def restore(self, values: Mapping[str, Any]) -> None:
        """Restore the raw values of the fields, by stored name."""
        for field in self.query(Field):
            if field.stored_as in values:
                field.restore(values[field.stored_as])

    # Movement through the fields.

    def start(self) -> None:
        """Focus the first field that has a problem, otherwise the first field."""
        self.flow.focus_first()

    def field_completed(self, field: Field) -> None:
        """React to a field that Enter, Tab or sending has completed; called before the next key is handled."""

    def field_after(self, here: Field) -> Field | None:
        """Return the field that Enter moves to from a field; None for the usual way of `FocusFlow`."""
        return None

    def scroll_to_focus(self) -> None:
        """Keep the focused field in view, with its note."""
        for field in self.query(".field.active").results(Field):
            field.scroll_into_view()

    def on_descendant_focus(self, event: DescendantFocus) -> None:
        """Decide what letters do in the field that has the focus now."""
        self.flow.enter(event.widget)

    def on_key(self, event: Key) -> None:
        """Type a letter that chooses nothing into the text being written."""
        self.flow.take_letter(event)

    async def action_move(self, by: int) -> None:
        """Complete the field and move to the next one (1), or move to the previous one (-1)."""
        await self.flow.move(by)

    async def action_go_on(self) -> None:
        """Accept the field's choice, or move on from it; in a text of several lines, Enter begins a line."""
        if isinstance(self.focused, TextArea):
            raise SkipAction
        await self.flow.go_on()

    # The status.

    def show_status(self, text: str, *, refused: bool = False) -> None:
        """Show a message at the foot; an empty text hides it."""
        status = self.query_one(".status", Static)
        status.set_class(refused, "refused")
        status.update(safe(f"{terminal_symbols().refused} {text}" if refused else text))
        status.display = bool(text)
        self.fit_to_screen()

    def show_refusal(self, refusal: Refusal) -> None:
        """Show why the form was refused, until a field changes."""
        self.show_status(self.context.refusal_text(refusal), refused=True)
        self._shows_refusal = True

    @on(Field.Changed)
    def _clear_refusal(self) -> None:
        if self._shows_refusal:
            self._shows_refusal = False
            self.show_status("")
