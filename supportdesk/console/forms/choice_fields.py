"""Fields in which one chooses: one of a few, a severity, yes or no."""

from __future__ import annotations

from collections.abc import Sequence

from textual import on
from textual.app import ComposeResult
from textual.content import Content

from supportdesk.console.forms.field import Field
from supportdesk.console.terminal.safe_text import safe
from supportdesk.console.widgets.choices import Choice, Choices
from supportdesk.sla.policy import Policy, Severity


class ChoiceField(Field):
    """One of a few."""

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
        """The choices."""
        yield self.choices

    @property
    def value(self) -> str | bool:
        """The key of what is chosen; empty while nothing is."""
        return self.choices.choice.key if self.choices.choice else ""

    @property
    def in_words(self) -> str:
        """The name of what is chosen; empty while nothing is."""
        return self.choices.choice.name if self.value and self.choices.choice else ""

    @property
    def problem(self) -> str | None:
        """Only that nothing is chosen."""
        return f"choose one: {self.hint}" if self.required and self.choices.choice is None else None

    @property
    def raw_value(self) -> str | None:
        """The key of what is chosen."""
        return self.choices.choice.key if self.choices.choice else None

    def restore(self, raw_value: str | None) -> None:
        """Chooses it again."""
        self.choices.choose(raw_value)

    def take_letters(self, taken: bool) -> None:
        """Has letters choose, or leaves them to the form."""
        self.choices.takes_letters = taken

    @on(Choices.Chosen)
    def _chosen(self, event: Choices.Chosen) -> None:
        event.stop()
        self.set_note(self.note(event.choice))
        self.post_message(self.Changed(self))

    def note(self, choice: Choice) -> Content | str:
        """What to say of what is chosen; empty for the help."""
        return ""


class FlagField(ChoiceField):
    """Yes or no."""

    def __init__(self, name: str, hint: str, *, value: bool = False, label: str = "") -> None:
        choices = (Choice("no", "no"), Choice("yes", "yes"))
        super().__init__(name, hint, choices, value="yes" if value else "no", label=label)

    @property
    def value(self) -> bool:
        """Whether it is yes."""
        return self.raw_value == "yes"


class SeverityField(ChoiceField):
    """A severity, with the policy's own words for it."""

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
        choices = [Choice(each.key, each.name, each.description) for each in policy.severities]
        super().__init__(name, hint, choices, value=value, label=label, required=required)
        self._policy = policy
        self.add_class("severity")

    def on_mount(self) -> None:
        """Says what the one that is chosen already is."""
        if self.choices.choice is not None:
            self.set_note(self.note(self.choices.choice))

    def restore(self, raw_value: str | None) -> None:
        """Chooses it again, with its words."""
        super().restore(raw_value)
        self.on_mount()

    def note(self, choice: Choice) -> Content | str:
        """When a request is of this severity."""
        return described(self._policy.severity(choice.key))


def described(severity: Severity) -> Content:
    """What a severity is, and the signs of which one at least must be there."""
    if not severity.signs:
        return safe(severity.description)
    signs = [Content.assemble("  · ", safe(sign)) for sign in severity.signs]
    return Content("\n").join([Content.assemble(safe(severity.description), " At least one of:"), *signs])
