"""The dialog that asks for the name of a new view."""

from __future__ import annotations

from collections.abc import Collection
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.content import Content

from supportdesk.console.dialogs.dialog import Dialog
from supportdesk.console.dialogs.key_hints import key_for, key_hints
from supportdesk.console.forms.text_fields import LineField
from supportdesk.console.terminal.safe_text import safe
from supportdesk.tickets.folding import same_name

LONGEST = 24
"""The longest name, in characters: the room of a tab above the queue, and the limit in `config.toml`."""


class NameField(LineField):
    """Asks for a name that no other view has."""

    def __init__(self, taken: Collection[str]) -> None:
        super().__init__("name", "a name, shown above the queue", required=True, limit=LONGEST)
        self._taken = {same_name(name) for name in taken}

    @property
    def problem(self) -> str | None:
        """Why the name cannot be used: it is missing, too long or taken; None if it can."""
        if len(self.text) > LONGEST:
            return f"at most {LONGEST} characters; remove {len(self.text) - LONGEST}"
        if same_name(self.text) in self._taken:
            return f"there is already a view “{self.text}”; choose another name"
        return super().problem

    def note(self) -> str:
        """Return the problem while a name is being typed; empty for none."""
        return self.problem or "" if self.text else ""


class SaveViewDialog(Dialog[str]):
    """Asks for the name of a view; `taken` are the existing names. Dismissed with the name, or None."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "save", "Save", show=False, priority=True),
        Binding("f2,ctrl+s", "save", "Save", show=False, priority=True, id="form.send"),
    ]

    def __init__(self, taken: Collection[str], filter_text: str) -> None:
        super().__init__()
        self.add_class("confirm")
        self.field = NameField(taken)
        self._filter_text = filter_text

    def heading(self) -> Content:
        return Content("Save view")

    def about(self) -> Content:
        """Return the filter that is saved."""
        return safe(self._filter_text)

    def body(self) -> ComposeResult:
        """Yield the field for the name."""
        yield self.field

    def keys(self) -> Content:
        """Return the key hints."""
        return key_hints(("enter", "save to your settings"), (key_for(self, "dialog.leave"), "cancel"))

    def on_mount(self) -> None:
        """Focus the field, so that the name can be typed at once."""
        self.field.take_focus()

    def action_save(self) -> None:
        """Dismiss the dialog with the name, or show why it cannot be used."""
        if self.field.problem is not None:
            self.field.show_problem()
        else:
            self.dismiss(self.field.text)
