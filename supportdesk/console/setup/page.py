"""The base class of the set-up's pages: fields, and keys to go on and back."""

from __future__ import annotations

import asyncio
from typing import Any, ClassVar

from textual import work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.widgets import Static

from supportdesk.console.dialogs.dialog import Dialog
from supportdesk.console.dialogs.key_hints import key_for, key_hints
from supportdesk.console.forms.field import Field
from supportdesk.console.terminal.safe_text import safe

FieldValues = dict[str, Any]
"""The values of a page's fields, by name."""


class SetupPage(Dialog[FieldValues]):
    """Dismissed with the values of its fields, or with None to go back. `initial` are the values at the start."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("f2,ctrl+s", "send", "Continue", show=False, id="form.send"),
        # These come before what the fields would do with them.
        Binding("enter", "go_on", "Continue", show=False, priority=True, id="form.go_on"),
        Binding("tab", "app.focus_next", "Next field", show=False, priority=True, id="form.next_field"),
        Binding(
            "shift+tab",
            "app.focus_previous",
            "Previous field",
            show=False,
            priority=True,
            id="form.last_field",
        ),
    ]
    HORIZONTAL_BREAKPOINTS = [(0, "-slim")]  # noqa: RUF012 - there is no queue beside it
    submit_label: ClassVar[str] = "continue"
    leave_label: ClassVar[str] = "back"

    def __init__(self, initial: FieldValues | None = None) -> None:
        super().__init__()
        self.initial = dict(initial or {})
        self._busy = False

    def fields(self) -> list[Field]:
        """Return the fields, in order."""
        return []

    def fault(self, typed: FieldValues) -> str | None:
        """Return why the page cannot be sent with these values, or None. Called on a thread; may block."""
        return None

    def body(self) -> ComposeResult:
        """Yield the fields, in order."""
        yield from self.fields()

    def foot(self) -> ComposeResult:
        """Yield the line for refusals."""
        yield Static(classes="status")

    def keys(self) -> Content:
        """Return the key hints; Enter also sends the page from its last field."""
        if len(self.fields()) > 1:
            return key_hints(
                (key_for(self, "form.send"), self.submit_label),
                (key_for(self, "form.go_on"), "next field"),
                (key_for(self, "dialog.leave"), self.leave_label),
            )
        return key_hints(
            (key_for(self, "form.go_on"), self.submit_label),
            (key_for(self, "dialog.leave"), self.leave_label),
        )

    def on_mount(self) -> None:
        """Focus the first field."""
        if self.asked:
            self.asked[0].take_focus()

    @property
    def asked(self) -> list[Field]:
        """The fields that are displayed."""
        return [field for field in self.query(Field) if field.display]

    def typed(self) -> FieldValues:
        """Return the values of the displayed fields."""
        return {field.id or "": field.value for field in self.asked}

    def show_message(self, text: str, *, refused: bool = False) -> None:
        """Show a text at the foot; an empty text clears it."""
        status = self.query_one(".status", Static)
        status.set_class(refused, "refused")
        status.update(safe(text))
        status.display = bool(text)
        self.fit_to_screen()

    def action_go_on(self) -> None:
        """Focus the next field; from the last one send the page."""
        fields = self.asked
        here = next((place for place, field in enumerate(fields) if field.has_focus_within), len(fields))
        if here < len(fields) - 1:
            fields[here + 1].take_focus()
        else:
            self.action_send()

    def action_send(self) -> None:
        """Send the page; if fields have faults, show them and focus the first."""
        wrong = [field for field in self.asked if field.problem is not None]
        for field in wrong:
            field.show_problem()
        if wrong:
            wrong[0].take_focus()
        elif not self._busy:
            self._go_on(self.typed())

    @work(group="set up")
    async def _go_on(self, typed: FieldValues) -> None:
        self._busy = True
        fault = await asyncio.to_thread(self.fault, typed)
        self._busy = False
        if fault is None:
            self.dismiss(typed)
        else:
            self.show_message(fault, refused=True)

    def action_leave(self) -> None:
        """Go back, unless the desk is being created."""
        if not self._busy:
            self.dismiss(None)
