"""What the forms share that escalate: the ways up, a letter for two of them, and the reason."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from textual.actions import SkipAction
from textual.binding import Binding, BindingType

from supportdesk.console.forms.choice_fields import ChoiceField
from supportdesk.console.forms.field import Field
from supportdesk.console.forms.form import Form
from supportdesk.console.forms.text_fields import LineField
from supportdesk.console.widgets.choices import Choice
from supportdesk.tickets.documents import Person
from supportdesk.tickets.process.escalation import Escalate


@dataclass(frozen=True, slots=True)
class EscalationOption:
    """One way to escalate. `to` is empty for the next line or person; `ring` is who has to be told at once."""

    choice: Choice
    way: str
    to: str
    note: str
    ring: Person | None = None


class EscalationField(ChoiceField):
    """The ways up."""

    def __init__(self, ways: list[EscalationOption]) -> None:
        first = next((way for way in ways if not way.choice.refused), None)
        super().__init__(
            "way",
            "nobody stands above",
            [way.choice for way in ways],
            value=first.choice.key if first else None,
            label="To",
            required=True,
        )
        self._ways = {way.choice.key: way for way in ways}

    def on_mount(self) -> None:
        """Says what the preselected one brings."""
        if self.way is not None:
            self.set_note(self.way.note)

    @property
    def way(self) -> EscalationOption | None:
        """The way that is chosen."""
        return self._ways.get(self.raw_value or "")

    def note(self, choice: Choice) -> str:
        """Who will be told, and how."""
        return self._ways[choice.key].note


class EscalationFields(Form):
    """Base of the forms that escalate: first the way, then the reason, whether for one ticket or for several."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("f", "way('f')", "To the next line", show=False, priority=True),
        Binding("h", "way('h')", "Up the ladder", show=False, priority=True),
    ]

    letters_once_only = True

    def way_and_reason(self, ways: list[EscalationOption]) -> list[Field]:
        """The two fields."""
        reason = next(each for each in Escalate.arguments() if each.name == "reason")
        return [EscalationField(ways), LineField(reason.name, reason.help, required=True, limit=reason.limit)]

    def escalation(self, ref: str) -> Escalate:
        """The escalation of a ticket that is chosen."""
        way, reason = self.query_one(EscalationField).way, self.query_one(LineField).text
        assert way is not None
        return Escalate(ref, reason=reason, way=way.way, to=way.to)

    def start(self) -> None:
        """At the ways up, also where only the reason is left to give."""
        self.query_one(EscalationField).take_focus()

    async def action_way(self, letter: str) -> None:
        """Takes the way of that letter and goes on to the reason; once that is reached it is a letter."""
        way = self.query_one(EscalationField)
        if not (way.has_focus_within and way.choices.takes_letters):
            raise SkipAction
        await self.settled_field()
        if way.choices.choose_by_letter(letter):
            self.query_one(LineField).take_focus()

    async def go_on_from(self, here: Field | None) -> None:
        """From the way to the reason, from the reason away."""
        if isinstance(here, EscalationField):
            self.query_one(LineField).take_focus()
        else:
            await super().go_on_from(here)
