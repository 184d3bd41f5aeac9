"""The form for any command about a ticket, built from the command's arguments."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import Any

from textual.content import Content

from supportdesk.console.commands.absence_question import absence_warning
from supportdesk.console.commands.dry_run import PLACEHOLDER, TEXTS, common_refusal
from supportdesk.console.commands.duplicate_warnings import duplicate_warnings
from supportdesk.console.commands.mail_note import describe_mail
from supportdesk.console.commands.ticket_form import TicketForm
from supportdesk.console.dialogs.confirm import Confirm
from supportdesk.console.forms.argument_fields import FieldContext, field_for, summary_of
from supportdesk.console.forms.context import CommandContext
from supportdesk.console.forms.field import Field
from supportdesk.console.terminal.safe_text import safe
from supportdesk.store.read_models import TicketView
from supportdesk.tickets.command import Argument, Command, TicketCommand

SUBMIT_LABELS = {
    "article": "link",
    "assign": "assign",
    "close": "close",
    "customer-message": "add",
    "duplicate": "close as duplicate",
    "fix": "promise",
    "handback": "hand back",
    "handover": "hand over",
    "link": "link",
    "move-policy": "move",
    "reopen": "reopen",
    "reply": "send",
    "resolve": "resolve",
    "resume": "resume",
    "send-article": "send",
    "wait": "put on hold",
}
"""What the key that sends a form does, by the command's verb; the other forms are saved."""


QUESTIONS = {"duplicate": "Close {} as a duplicate"}
"""The questions before commands whose titles do not end in their object, with the reference in place of `{}`."""


class CommandForm(TicketForm):
    """Asks for the arguments of a command and sends it.

    By argument name, `preset` holds initial values, and `fixed` the values that are known, for which nobody is asked.
    """

    def __init__(
        self,
        context: CommandContext,
        command_type: type[TicketCommand],
        view: TicketView,
        preset: Mapping[str, Any] | None = None,
        fixed: Mapping[str, Any] | None = None,
    ) -> None:
        super().__init__(context, command_type.verb, view)
        self._type = command_type
        self._preset, self._fixed = dict(preset or {}), dict(fixed or {})
        self.submit_label = SUBMIT_LABELS.get(command_type.verb, "save")
        self._field_context = FieldContext(context, self.policy, view)

    def heading(self) -> Content:
        """Return the title of the command."""
        return Content(self._type.title)

    def about(self) -> Content:
        """Return the ticket, the command's help text, and what the customer is mailed."""
        mail = describe_mail(self._type.verb, self.policy, self.view)
        lines = [super().about(), Content(self.help_text()), *([safe(mail)] if mail else [])]
        return Content("\n").join(lines)

    def help_text(self) -> str:
        """Return what the command does."""
        return self._type.help_text()

    def fields(self) -> list[Field]:
        """Return a field for each argument."""
        return [field_for(each, self._field_context, self._preset.get(each.name)) for each in self._asked()]

    def _asked(self) -> list[Argument]:
        return [each for each in self._type.asked() if each.name not in self._fixed]

    def command(self) -> TicketCommand:
        """Return the command with the values of the fields."""
        values = {each.name: self.query_one(f"#{each.name}", Field).value for each in self._asked()}
        return self._type(self.view.ticket.ref, **values, **self._fixed)

    def preview_command(self) -> TicketCommand | None:
        """Return the command with the values so far; None while all are empty, or a required choice is missing."""
        values: dict[str, Any] = {}
        for argument in self._asked():
            field = self.query_one(f"#{argument.name}", Field)
            if field.problem is None:
                values[argument.name] = field.value
            elif argument.value_type in TEXTS and not field.raw_value:
                values[argument.name] = PLACEHOLDER
            else:
                return None
        return self._type(self.view.ticket.ref, **values, **self._fixed) if any(values.values()) else None

    async def confirm(self, command: Command) -> bool:
        """Ask before a command that ends a ticket, pages a person or gives the ticket to somebody who is away.

        A command that would be refused is not asked about.
        """
        assert isinstance(command, TicketCommand)
        absence = absence_warning(self.context, command)
        if not self._type.asks_first and not absence:
            return True
        desk, by = self.context.desk, self.context.person.username
        refusal = await asyncio.to_thread(common_refusal, desk, [command], by)
        if refusal is not None:
            self.show_refusal(refusal)
            return False
        asked_of = self.view
        warnings = await asyncio.to_thread(duplicate_warnings, desk, command, [asked_of.row])
        question = Confirm(
            f"{QUESTIONS.get(self._type.verb, f'{self._type.title} {{}}').format(command.ref)}?",
            absence or "\n".join([summary_of(self._type, self.query(Field)), *warnings]),
            self._type.title,
        )
        answer: bool | None = await self.ask(question)
        if answer and self.view is not asked_of:
            self.show_changes()
            self.show_status("The ticket has changed meanwhile; check it and try again", refused=True)
            return False
        return bool(answer)
