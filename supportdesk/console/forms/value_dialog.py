"""The base of the dialogs that ask for one value, such as a time or a name."""

from __future__ import annotations

from typing import ClassVar, TypeVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.content import Content

from supportdesk.console.dialogs.dialog import Dialog
from supportdesk.console.dialogs.key_hints import key_for, key_hints
from supportdesk.console.forms.field import Field
from supportdesk.console.terminal.safe_text import safe

Result = TypeVar("Result")


class ValueDialog(Dialog[Result]):
    """Asks for the value of one field. Dismissed with the value, or None.

    `about` is what the value is for, `saves` what Enter does, for the key hints.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "save", "Save", show=False, priority=True),
        Binding("f2,ctrl+s", "save", "Save", show=False, priority=True, id="form.send"),
    ]

    def __init__(self, field: Field, title: str, about: str, saves: str) -> None:
        super().__init__()
        self.add_class("confirm")
        self.field = field
        self._title, self._about, self._saves = title, about, saves

    def heading(self) -> Content:
        return Content(self._title)

    def about(self) -> Content:
        """Return what the value is for."""
        return safe(self._about)

    def body(self) -> ComposeResult:
        """Yield the field in which the value is typed."""
        yield self.field

    def keys(self) -> Content:
        """Return the key hints."""
        return key_hints(("enter", self._saves), (key_for(self, "dialog.leave"), "cancel"))

    def on_mount(self) -> None:
        """Focus the field, so that the value can be typed at once."""
        self.field.take_focus()

    def action_save(self) -> None:
        """Dismiss the dialog with the value, or show why it cannot be used."""
        if self.field.problem is not None:
            self.field.show_problem()
        else:
            self.dismiss(self.field.value)
