"""Fields for a choice: one of a few, a severity, yes or no."""

from __future__ import annotations

from collections.abc import Sequence

from textual import on
from textual.app import ComposeResult
from textual.content import Content

from supportdesk.console.forms.field import Field
from supportdesk.console.terminal.safe_text import safe
from supportdesk.console.widgets.choices import Choice, Choices
from supportdesk.sla.policy import Policy, Severity

_MOST_DIGITS = 9
"""The most severities that have a digit of their own."""


class ChoiceField(Field):
    """A choice of one of a few; its value is the key of the choice."""

    def __init__(
        self,
        name: str,
        hint: str,
        choices: Sequence[Choice],
        *,
        value: str | None = None,
        label: str = "",
        required: bool = False,
    ) -> None:
        super().__init__(name, hint, label=label, required=required)
        self.choices = Choices(choices, value)

    def controls(self) -> ComposeResult:
        """Yield the list of choices."""
        yield self.choices

    @property
    def value(self) -> str | bool:
        """The key of the choice; empty for none."""
        return self.choices.choice.key if self.choices.choice else ""

    @property
    def in_words(self) -> str:
        """The name of the choice; empty for none."""
        return self.choices.choice.name if self.value and self.choices.choice else ""

    @property
    def problem(self) -> str | None:
        """Why nothing is chosen in a required field; None if something is."""
        return f"choose one: {self.hint}" if self.required and self.choices.choice is None else None

    @property
    def raw_value(self) -> str | None:
        """The key of the choice; None for none."""
        return self.choices.choice.key if self.choices.choice else None

    def restore(self, raw_value: str | None) -> None:
        """Restore the choice by its key; None for none."""
        self.choices.choose(raw_value)

    def take_letters(self, taken: bool) -> None:
        """Let letters choose, or leave them to the form."""
        self.choices.takes_letters = taken

    @on(Choices.Chosen)
    def _chosen(self, event: Choices.Chosen) -> None:
        event.stop()
        self.set_note(self.note(event.choice))
        self.post_message(self.Changed(self))

    def note(self, choice: Choice) -> Content | str:
        """Return the note for a choice; empty to show the hint."""
        return ""


class FlagField(ChoiceField):
    """A choice of yes or no."""

    def __init__(self, name: str, hint: str, *, value: bool = False, label: str = "") -> None:
        choices = (Choice("no", "no"), Choice("yes", "yes"))
        super().__init__(name, hint, choices, value="yes" if value else "no", label=label)

    @property
    def value(self) -> bool:
        """Whether yes is chosen."""
        return self.raw_value == "yes"


class SeverityField(ChoiceField):
    """A choice of severity by number, first letter or arrows, with the policy's description as the note."""

    def __init__(
        self,
        name: str,
        hint: str,
        policy: Policy,
        *,
        value: str | None = None,
        label: str = "",
        required: bool = False,
    ) -> None:
        choices = [
            Choice(
                each.key, each.name, each.description, letter=str(number) if number <= _MOST_DIGITS else ""
            )
            for number, each in enumerate(policy.severities, 1)
        ]
        super().__init__(name, hint, choices, value=value, label=label, required=required)
        self._policy = policy
        self.add_class("severity")

    def on_mount(self) -> None:
        """Show the description of the initial choice."""
        if self.choices.choice is not None:
            self.set_note(self.note(self.choices.choice))

    def restore(self, raw_value: str | None) -> None:
        """Restore the choice and its description."""
        super().restore(raw_value)
        self.on_mount()

    def note(self, choice: Choice) -> Content | str:
        """Return the policy's description of a severity."""
        return described(self._policy.severity(choice.key))


def described(severity: Severity) -> Content:
    """Return a severity's description, and its signs, of which at least one must apply."""
    if not severity.signs:
        return safe(severity.description)
    signs = [Content.assemble("  · ", safe(sign)) for sign in severity.signs]
    return Content("\n").join([Content.assemble(safe(severity.description), " At least one of:"), *signs])
