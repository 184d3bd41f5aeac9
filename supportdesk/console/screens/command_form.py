"""A form for any command, made from what the command says of itself."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from textual.content import Content

from supportdesk.console.screens.argument_fields import Asking, field_for
from supportdesk.console.screens.confirm import Confirm
from supportdesk.console.screens.form import Form
from supportdesk.console.screens.subject import about_ticket, policy_of, ref_and_severity
from supportdesk.console.sitting import Sitting
from supportdesk.console.widgets.field import Field
from supportdesk.store.views import TicketView
from supportdesk.tickets.command import Command, TicketCommand


class CommandForm(Form):
    """Asks for the arguments of a command and sends it. `preset` is what some of them begin with, by name.

    `view` is the ticket that it is about, None for a command about no ticket.
    """

    def __init__(
        self,
        sitting: Sitting,
        command_type: type[Command],
        view: TicketView | None = None,
        preset: Mapping[str, Any] | None = None,
    ) -> None:
        super().__init__(sitting, command_type.verb, view.ticket.ref if view else "")
        self._type = command_type
        self._view = view
        self._preset = dict(preset or {})
        self._asking = Asking(sitting, policy_of(sitting, view), view)

    def heading(self) -> Content:
        """The command's own title."""
        return Content(self._type.title)

    def subject(self) -> Content:
        """The ticket and how grave it is."""
        return ref_and_severity(self._asking.policy, self._view) if self._view else Content()

    def about(self) -> Content:
        """Whose ticket it is, and what the command does."""
        does = Content(self._type.help_text())
        if self._view is None:
            return does
        return Content("\n").join([about_ticket(self._view), does])

    def fields(self) -> list[Field]:
        """A field for each argument."""
        return [field_for(each, self._asking, self._preset.get(each.name)) for each in self._type.arguments()]

    def command(self) -> Command:
        """The command with what stands in the fields."""
        values = {field.id or "": field.value for field in self.query(Field)}
        if issubclass(self._type, TicketCommand):
            assert self._view is not None
            values["ref"] = self._view.ticket.ref
        return self._type(**values)

    async def agreed(self, command: Command) -> bool:
        """Asks first, before what ends a ticket or wakes a person."""
        if not self._type.asks_first:
            return True
        ref = f" {self._view.ticket.ref}" if self._view else ""
        question = Confirm(f"{self._type.title}{ref}?", self._told(), f"{self._type.title} it")
        answer: bool | None = await self.app.push_screen_wait(question)
        return bool(answer)

    def _told(self) -> str:
        """What is about to be sent, in the fields' own words."""
        told = (
            f"{field.label}: {field.value}"
            for field in self.query(Field)
            if isinstance(field.value, str) and field.value
        )
        return "\n".join([self._type.help_text(), *told])
