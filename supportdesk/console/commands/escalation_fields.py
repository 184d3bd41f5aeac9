"""The fields that the escalation forms share: the options, two of them with a letter, and the reason."""

from __future__ import annotations

from typing import ClassVar

import msgspec
from msgspec.structs import replace
from textual.actions import SkipAction
from textual.binding import Binding, BindingType

from supportdesk.console.forms.choice_fields import ChoiceField
from supportdesk.console.forms.field import Field
from supportdesk.console.forms.form import Form
from supportdesk.console.forms.text_fields import LineField
from supportdesk.console.widgets.choices import Choice
from supportdesk.tickets.documents import Person
from supportdesk.tickets.process.escalation import FUNCTIONAL, HIERARCHICAL, Escalate

NEXT_LINE, UP_THE_LADDER = "Next line", "Up the ladder"
"""The headings of the options, with the letter that chooses the first available one below."""


class EscalationOption(msgspec.Struct, frozen=True):
    """One way to escalate. `to` is empty for the next line or person; `ring` is the person to phone at once."""

    choice: Choice
    way: str
    to: str
    note: str
    ring: Person | None = None


class EscalationField(ChoiceField):
    """The options; its value is the key of the chosen one."""

    def __init__(self, ways: list[EscalationOption]) -> None:
        first = next((way for way in ways if not way.choice.refused), None)
        super().__init__(
            "way",
            "no line or rung above",
            _with_headings(ways),
            value=first.choice.key if first else None,
            label="To",
            required=True,
        )
        self._ways = {way.choice.key: way for way in ways}

    def on_mount(self) -> None:
        """Show the consequence of the preselected option."""
        if self.way is not None:
            self.set_note(self.way.note)

    @property
    def way(self) -> EscalationOption | None:
        """The chosen option; None if none is available."""
        return self._ways.get(self.raw_value or "")

    def note(self, choice: Choice) -> str:
        """Return who will be notified, and how."""
        return self._ways[choice.key].note


def _with_headings(ways: list[EscalationOption]) -> list[Choice]:
    """Return the choices with a heading above the first line and the first rung."""
    headings = {FUNCTIONAL: NEXT_LINE, HIERARCHICAL: UP_THE_LADDER}
    return [replace(each.choice, heading=headings.pop(each.way, "")) for each in ways]


class EscalationFields(Form):
    """Base of the escalation forms for one ticket and for several: first the option, then the reason."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("f", "way('f')", "To the next line", show=False, priority=True),
        Binding("h", "way('h')", "Up the ladder", show=False, priority=True),
    ]

    letters_once_only = True

    def option_and_reason(self, ways: list[EscalationOption]) -> list[Field]:
        """Return the two fields."""
        reason = next(each for each in Escalate.arguments() if each.name == "reason")
        return [EscalationField(ways), LineField(reason.name, reason.help, required=True, limit=reason.limit)]

    def escalation(self, ref: str) -> Escalate:
        """Return the chosen escalation of a ticket."""
        way, reason = self.query_one(EscalationField).way, self.query_one(LineField).text
        assert way is not None
        return Escalate(ref, reason=reason, way=way.way, to=way.to)

    def start(self) -> None:
        """Focus the options, even where only the reason is missing."""
        self.query_one(EscalationField).take_focus()

    async def action_way(self, letter: str) -> None:
        """Choose the option of a letter and move to the reason; in the reason the key types the letter."""
        way = self.query_one(EscalationField)
        if not (way.has_focus_within and way.choices.takes_letters):
            raise SkipAction
        await self.flow.settle()
        if way.choices.choose_by_letter(letter):
            self.query_one(LineField).take_focus()

    def field_after(self, here: Field) -> Field | None:
        """Return the reason after the option; Enter in the reason sends the form."""
        return self.query_one(LineField) if isinstance(here, EscalationField) else None
