"""The forms that change the rota: override, offer and acceptance of a swap, absence."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

import msgspec
from textual.content import Content

from supportdesk.console.dialogs.confirm import Confirm
from supportdesk.console.dialogs.key_hints import key_for, key_hints
from supportdesk.console.forms.argument_fields import FieldContext, field_for
from supportdesk.console.forms.context import CommandContext
from supportdesk.console.forms.field import Field
from supportdesk.console.forms.form import Form
from supportdesk.console.terminal.safe_text import safe
from supportdesk.console.workers import start_worker
from supportdesk.sla.formatting import sentence
from supportdesk.tickets.command import Argument, ArgumentType, Command
from supportdesk.tickets.documents import Line, Swap
from supportdesk.tickets.records.rota_commands import AcceptSwap, OfferSwap, OverrideShifts, RecordAbsence
from supportdesk.tickets.refusal import Refusal
from supportdesk.tickets.remedies import CONFIRM_GAP
from supportdesk.tickets.rota.timeline import Shift

_PERSON, _TIME, _LINE = ArgumentType.PERSON, ArgumentType.FUTURE_INSTANT, ArgumentType.LINE


class RotaFormSpec(msgspec.Struct, frozen=True):
    """What a form asks for. `make` returns the command with the values of the fields, by name."""

    title: str
    subject: str
    arguments: tuple[Argument, ...]
    preset: Mapping[str, Any]
    make: Callable[[Mapping[str, Any]], Command]


def _argument(name: str, value_type: ArgumentType, help_text: str, *, required: bool = True) -> Argument:
    return Argument(name, value_type, help_text, required, None, ())


def override_spec(line: Line, start: datetime | None, end: datetime, subject: str) -> RotaFormSpec:
    """Return the form of an override on a line; the times are those at first, and no start means at once."""
    return RotaFormSpec(
        "Override",
        subject,
        (
            _argument("person", _PERSON, "who is on call instead"),
            _argument("start", _TIME, "from when; at once if empty", required=False),
            _argument("end", _TIME, "until when"),
            _argument("reason", _LINE, "why", required=False),
        ),
        {"start": start, "end": end},
        lambda values: OverrideShifts(
            line, values["start"], values["end"], values["person"], values["reason"]
        ),
    )


def absence_spec(person: str, start: datetime | None, end: datetime, subject: str) -> RotaFormSpec:
    """Return the form of an absence; the times are those at first, and no start means at once."""
    return RotaFormSpec(
        "Absence",
        subject,
        (
            _argument("person", _PERSON, "who is away"),
            _argument("start", _TIME, "from when; at once if empty", required=False),
            _argument("end", _TIME, "until when"),
            _argument("deputy", _PERSON, "who has their shifts meanwhile", required=False),
            _argument("reason", _LINE, "why", required=False),
        ),
        {"person": person, "start": start, "end": end},
        lambda values: RecordAbsence(
            values["person"], values["start"], values["end"], values["deputy"] or None, values["reason"]
        ),
    )


def offer_spec(shift: Shift, subject: str) -> RotaFormSpec:
    """Return the form of the offer of a shift."""
    return RotaFormSpec(
        "Offer a swap",
        subject,
        (_argument("colleague", _PERSON, "the only person who may accept it", required=False),),
        {},
        lambda values: OfferSwap(shift.line, shift.start, values["colleague"] or None, shift.person),
    )


def accept_spec(swap: Swap, subject: str) -> RotaFormSpec:
    """Return the form of the acceptance of a swap."""
    return RotaFormSpec(
        "Accept a swap",
        subject,
        (
            _argument(
                "in_return",
                _TIME,
                "a time in the shift that you give; without it, you take over",
                required=False,
            ),
        ),
        {},
        lambda values: AcceptSwap(swap.number, values["in_return"]),
    )


class RotaForm(Form):
    """Asks for what changes the rota, and before the change leaves a gap.

    It saves no draft: what it asks for is quickly typed again, and depends on the shift that was selected.
    """

    submit_label = "save"

    def __init__(self, context: CommandContext, spec: RotaFormSpec) -> None:
        super().__init__(context, "rota", spec.title)
        self._spec = spec
        self._despite_gap = False

    def heading(self) -> Content:
        """Return what is changed."""
        return Content(self._spec.title)

    def subject(self) -> Content:
        """Return the shift that it is about."""
        return safe(self._spec.subject)

    def fields(self) -> list[Field]:
        """Return one field for each argument."""
        context = FieldContext(self.context, self.context.policy, None)
        preset = self._spec.preset
        return [field_for(each, context, preset.get(each.name)) for each in self._spec.arguments]

    def keys(self) -> Content:
        """Return the hints for the keys."""
        send, leave = key_for(self, "form.send"), key_for(self, "dialog.leave")
        following = (key_for(self, "form.next_field"), "next field")
        return key_hints((send, self.submit_label), following, (leave, "cancel"))

    def command(self) -> Command:
        """Return the command with the values of the fields."""
        command = self._spec.make({field.id or "": field.value for field in self.query(Field)})
        if self._despite_gap and isinstance(command, OverrideShifts | RecordAbsence):
            return dataclasses.replace(command, despite_gap=True)
        return command

    def show_refusal(self, refusal: Refusal) -> None:
        """Show why the form was refused; ask whether a gap is meant."""
        if (CONFIRM_GAP,) in refusal.remedies:
            start_worker(self, self._ask_about_gap, refusal, group="dialog")
        else:
            super().show_refusal(refusal)

    async def _ask_about_gap(self, refusal: Refusal) -> None:
        self.show_status("")
        question = Confirm("Leave a gap in the rota?", sentence(refusal.why), "Save")
        if await self.ask(question):
            self._despite_gap = True
            await self.action_send()
        else:
            self._release_keys()

    def save_draft(self) -> None:
        """Save nothing, as the class says."""
