"""The dialog that asks until when an entry of the inbox is put off."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.content import Content

from supportdesk.console.dialogs.dialog import Dialog
from supportdesk.console.dialogs.key_hints import key_for, key_hints
from supportdesk.console.forms.time_fields import FutureInstantField
from supportdesk.console.terminal.safe_text import safe


class LaterField(FutureInstantField):
    """Asks for a time in the future."""

    @property
    def problem(self) -> str | None:
        """Why the time is missing, cannot be parsed or has passed; None if it is valid."""
        problem = super().problem
        if problem is None and self.parsed() <= self._now():
            return "this time has passed; give a later one"
        return problem


class LaterDialog(Dialog[datetime]):
    """Asks for a time; `about` is what is put off. Dismissed with the instant, or None."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "save", "Put off", show=False, priority=True),
        Binding("f2,ctrl+s", "save", "Put off", show=False, priority=True, id="form.send"),
    ]

    def __init__(self, about: str, zone: str, now: Callable[[], datetime]) -> None:
        super().__init__()
        self.add_class("confirm")
        self._about = about
        self.field = LaterField(
            "until", "until when: 14:00, 2h, tomorrow 9:00", zone=zone, now=now, required=True
        )

    def heading(self) -> Content:
        return Content("Later")

    def about(self) -> Content:
        """Return what is put off."""
        return safe(self._about)

    def body(self) -> ComposeResult:
        """Yield the field for the time."""
        yield self.field

    def keys(self) -> Content:
        """Return the key hints."""
        return key_hints(("enter", "put off until then"), (key_for(self, "dialog.leave"), "cancel"))

    def on_mount(self) -> None:
        """Focus the field, so that the time can be typed at once."""
        self.field.take_focus()

    def action_save(self) -> None:
        """Dismiss the dialog with the time, or show why it cannot be used."""
        if self.field.problem is not None:
            self.field.show_problem()
        else:
            self.dismiss(self.field.value)
