"""The base of the forms about one ticket: they show others' changes, and refusals found by a dry run."""

from __future__ import annotations

import asyncio

from msgspec.structs import replace
from textual import on, work
from textual.app import ComposeResult
from textual.content import Content
from textual.widgets import Static

from supportdesk.console.commands.dry_run import common_refusal
from supportdesk.console.commands.outcome_text import describe_changes
from supportdesk.console.commands.ticket_heading import about_ticket, policy_of, ref_and_severity
from supportdesk.console.forms.context import CommandContext
from supportdesk.console.forms.field import Field
from supportdesk.console.forms.form import Form
from supportdesk.console.forms.text_fields import TextInputField
from supportdesk.console.forms.ticket_field import TicketField
from supportdesk.console.messages import QueueChanged
from supportdesk.console.terminal.safe_text import safe
from supportdesk.desk_api import DeskUnavailableError, UnknownTicketError
from supportdesk.sla.formatting import bare_time
from supportdesk.store.read_models import TicketView
from supportdesk.tickets.command import TicketCommand
from supportdesk.tickets.refusal import Refusal


class TicketForm(Form):
    """Base of the forms about a ticket. `view` is the ticket as last read."""

    def __init__(self, context: CommandContext, verb: str, view: TicketView) -> None:
        super().__init__(context, verb, view.ticket.ref)
        self.view, self._verb = view, verb
        self.policy = policy_of(context, view)
        self._opened_at = view.timeline[-1].seq
        self._refusal_shown = False

    def preview_command(self) -> TicketCommand | None:
        """Return the command for a dry run, with placeholders for missing texts; None while there is none."""
        return None

    def subject(self) -> Content:
        """Return the ticket's reference and severity."""
        return ref_and_severity(self.policy, self.view)

    def about(self) -> Content:
        """Return the ticket's summary and customer."""
        return about_ticket(self.view)

    def foot(self) -> ComposeResult:
        """Yield the line with others' changes, and the status."""
        yield Static(classes="news")
        yield from super().foot()

    def on_mount(self) -> None:
        """Start a dry run, so that a refusal is shown at once."""
        self._preview_refusal()

    def on_queue_changed(self, message: QueueChanged) -> None:
        """Read the ticket again if it has changed."""
        known = self.view.row
        if any(row.ref == known.ref and row.changed_seq > known.changed_seq for row in message.rows):
            self._read_again()

    @on(Field.Changed)
    def _another_choice(self, event: Field.Changed) -> None:
        if isinstance(event.field, TicketField) or not isinstance(event.field, TextInputField):
            self._preview_refusal()

    @work(group="look up", exclusive=True)
    async def _read_again(self) -> None:
        try:
            self.view = await asyncio.to_thread(self.context.desk.ticket, self.view.ticket.ref)
        except (DeskUnavailableError, UnknownTicketError):
            return
        if not self._sending:
            self.show_changes()
            self._preview_refusal()

    def show_changes(self) -> None:
        """Show the last change to the ticket since the form was opened."""
        last = self.view.timeline[-1]
        did = describe_changes(self.view, self._opened_at, last.actor)
        at = bare_time(last.at, self.context.zone)
        news = self.query_one(".news", Static)
        news.update(safe(f"Meanwhile, {at}: {last.name} {did}"))
        news.display = True
        self.fit_to_screen()

    @work(group="dry run", exclusive=True)
    async def _preview_refusal(self) -> None:
        command = self.preview_command()
        refusal = None
        if command is not None:
            desk, by = self.context.desk, self.context.person.username
            refusal = await asyncio.to_thread(common_refusal, desk, [command], by)
        if self._sending:
            return
        if refusal is not None:
            shown = self.context.refusal_text(self._without_own_key(refusal))
            action = f"{command.title[:1].lower()}{command.title[1:]}" if command is not None else "send"
            self.show_status(f"Cannot {action}: {shown}", refused=True)
        elif self._refusal_shown:
            self.show_status("")
        self._refusal_shown = refusal is not None

    def _without_own_key(self, refusal: Refusal) -> Refusal:
        """Return the refusal with no key for the command of this form, which is already open."""
        ways = (
            tuple(replace(each, verb="") if each.verb.split(" ")[0] == self._verb else each for each in way)
            for way in refusal.remedies
        )
        return replace(refusal, remedies=tuple(ways))
