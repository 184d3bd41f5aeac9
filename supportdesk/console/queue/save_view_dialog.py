"""The dialog that asks for the name of a new view."""

from __future__ import annotations

from collections.abc import Collection
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.content import Content

from supportdesk.console.dialogs.dialog import Dialog, key_for, key_hints
from supportdesk.console.forms.text_fields import LineField
from supportdesk.console.terminal.safe_text import safe
from supportdesk.tickets.folding import same_name

LONGEST = 24
"""As many characters as a tab above the queue may take, and `config.toml` allows."""


class NameField(LineField):
    """A name that no other view has."""

    def __init__(self, taken: Collection[str]) -> None:
        super().__init__("name", "shown above the queue, with its count", required=True, limit=LONGEST)
        self._taken = {same_name(name) for name in taken}

    @property
    def problem(self) -> str | None:
        """That it is missing, too long, or another's."""
        if len(self.text) > LONGEST:
            return f"at most {LONGEST} characters; remove {len(self.text) - LONGEST}"
        if same_name(self.text) in self._taken:
            return f"there is already a view “{self.text}”; choose another name"
        return super().problem

    def note(self) -> str:
        """What is wrong with it, as soon as it is."""
        return self.problem or "" if self.text else ""


class SaveViewDialog(Dialog[str]):
    """Asks for the name of a view; `taken` are the names that there are, `about` is the filter."""

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
        """What it is."""
        return Content("Save view")

    def about(self) -> Content:
        """What it will hold."""
        return safe(self._filter_text)

    def body(self) -> ComposeResult:
        """The name."""
        yield self.field

    def keys(self) -> Content:
        """The keys that answer."""
        return key_hints(("enter", "save to your settings"), (key_for(self, "dialog.leave"), "cancel"))

    def on_mount(self) -> None:
        """The name is typed at once."""
        self.field.take_focus()

    def action_save(self) -> None:
        """Leaves with the name, if it will do."""
        if self.field.problem is not None:
            self.field.show_problem()
        else:
            self.dismiss(self.field.text)
