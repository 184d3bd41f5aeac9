"""The dialog that asks for the name of a new view."""

from __future__ import annotations

from collections.abc import Collection

from supportdesk.console.forms.text_fields import LineField
from supportdesk.console.forms.value_dialog import ValueDialog
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


class SaveViewDialog(ValueDialog[str]):
    """Asks for the name of a view; `taken` are the existing names. Dismissed with the name, or None."""

    def __init__(self, taken: Collection[str], filter_text: str) -> None:
        super().__init__(NameField(taken), "Save view", filter_text, "save to your settings")
