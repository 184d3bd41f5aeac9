"""The form that extends an acknowledgement: until when it is valid, until when it would be, and why."""

from __future__ import annotations

from textual.app import ComposeResult
from textual.content import Content

from supportdesk.console.commands.ticket_form import TicketForm
from supportdesk.console.forms.context import CommandContext
from supportdesk.console.forms.field import Field
from supportdesk.console.forms.text_fields import LineField
from supportdesk.console.terminal.safe_text import safe_lines
from supportdesk.console.widgets.labelled_line import LabelledLine
from supportdesk.sla.formatting import at_near_time, near_time
from supportdesk.store.read_models import TicketView
from supportdesk.tickets.escalation.acknowledgement import find_expiry
from supportdesk.tickets.escalation.progress import Acknowledgement
from supportdesk.tickets.process.triage import Acknowledge
from supportdesk.tickets.rota.data import name_of


class ExtendForm(TicketForm):
    """Asks why an acknowledgement must be valid for longer (rule 19); `valid` is the one that is, None if it ended."""

    submit_label = "extend"

    def __init__(self, context: CommandContext, view: TicketView, valid: Acknowledgement | None) -> None:
        super().__init__(context, Acknowledge.verb, view)
        self._valid = valid

    def heading(self) -> Content:
        """Return what the form does."""
        return Content("Extend the acknowledgement")

    def body(self) -> ComposeResult:
        """Yield until when the acknowledgement is valid, now and if it is extended, and the field."""
        yield LabelledLine("Valid", self._validity())
        yield from super().body()

    def _validity(self) -> Content:
        zone, now = self.context.zone, self.context.desk.now()
        later = near_time(find_expiry(self.policy, self.view.ticket, now), zone, now)
        extended = f"If you extend it now: until {later}; then it escalates further"
        if self._valid is None:
            return safe_lines(f"no longer\n{extended}")
        given, until = at_near_time(self._valid.at, zone, now), near_time(self._valid.end, zone, now)
        by = name_of(self.context.roster.reference_data, self._valid.by)
        return safe_lines(f"until {until}; {by} acknowledged {given}\n{extended}")

    def fields(self) -> list[Field]:
        """Return the field for the reason."""
        hint = "why it needs longer; the timeline shows it"
        return [LineField("reason", hint, label="Reason", required=True)]

    def command(self) -> Acknowledge:
        """Return the extension, with its reason."""
        return Acknowledge(self.view.ticket.ref, reason=self.query_one("#reason", LineField).text)
