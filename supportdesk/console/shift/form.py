"""The form that hands a shift over."""

from __future__ import annotations

from textual.content import Content

from supportdesk.console.dialogs.confirm import Confirm
from supportdesk.console.dialogs.key_hints import key_for, key_hints
from supportdesk.console.forms.argument_fields import FieldContext, field_for
from supportdesk.console.forms.context import CommandContext
from supportdesk.console.forms.field import Field
from supportdesk.console.forms.form import Form
from supportdesk.console.terminal.safe_text import safe
from supportdesk.tickets.command import Argument, ArgumentType, Command
from supportdesk.tickets.records.shift_commands import HandOverShift
from supportdesk.tickets.rota.away import warn_of_absence


class ShiftForm(Form):
    """Asks who takes over and for the note; `to` is the username and `note` the text at first.

    It saves no draft: it begins with the open handover, if there is one.
    """

    submit_label = "hand over"

    def __init__(self, context: CommandContext, shift: str, to: str, note: str) -> None:
        super().__init__(context, "shift", "handover")
        self._shift = shift
        self._to = to
        self._note = note

    def heading(self) -> Content:
        """Return what the form does."""
        return Content(HandOverShift.title)

    def subject(self) -> Content:
        """Return the shift that is handed over."""
        return safe(self._shift)

    def fields(self) -> list[Field]:
        """Return the fields for the person and the note."""
        context = FieldContext(self.context, self.context.policy, None)
        to = Argument("to", ArgumentType.PERSON, "the only person who may accept it", False, None, ())
        note = Argument("note", ArgumentType.TEXT, "where things stand, and what comes next", True, None, ())
        return [field_for(to, context, self._to or None), field_for(note, context, self._note or None)]

    def keys(self) -> Content:
        """Return the hints for the keys."""
        send, leave = key_for(self, "form.send"), key_for(self, "dialog.leave")
        following = (key_for(self, "form.next_field"), "next field")
        return key_hints((send, self.submit_label), following, (leave, "cancel"))

    def command(self) -> Command:
        """Return the command with the values of the fields."""
        values = {field.id or "": field.value for field in self.query(Field)}
        return HandOverShift(values["note"], values["to"] or None)

    async def confirm(self, command: Command) -> bool:
        """Ask before the shift is handed over to somebody who is away."""
        assert isinstance(command, HandOverShift)
        context = self.context
        data, now = context.roster.reference_data, context.desk.now()
        warning = warn_of_absence(data, command.to or "", context.zone, now)
        if not warning:
            return True
        answer: bool | None = await self.ask(
            Confirm("Hand the shift over all the same?", warning, "Hand over")
        )
        return bool(answer)

    def save_draft(self) -> None:
        """Save nothing, as the class says."""
