"""The form that hands a ticket over, with the most likely colleague filled in."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from textual.app import ComposeResult
from textual.content import Content

from supportdesk.console.commands.command_form import CommandForm
from supportdesk.console.forms.context import CommandContext
from supportdesk.console.forms.search_field import SearchField
from supportdesk.console.paging.on_call import notify_ring
from supportdesk.console.widgets.labelled_line import LabelledLine
from supportdesk.desk_api import Applied
from supportdesk.sla.policy import Policy
from supportdesk.store.read_models import Roster, TicketView
from supportdesk.tickets.process.assignment import HandOver
from supportdesk.tickets.rota.away import find_away


def suggested_colleague(
    policy: Policy, view: TicketView, roster: Roster, giver: str, now: datetime
) -> str | None:
    """Return the username to suggest: the person on call for a severity that pages, else the latest previous owner.

    None where that leaves nobody but `giver`, the owner and those who are away at `now`.
    """
    data = roster.reference_data
    at_work = {
        person.username
        for person in roster.staff
        if person.active and find_away(data, person.username, now) is None
    }
    for username in (*_people_on_duty(policy, view, roster), *_previous_owners(view)):
        if username in at_work and username not in (giver, view.ticket.owner):
            return username
    return None


def _people_on_duty(policy: Policy, view: TicketView, roster: Roster) -> Iterator[str]:
    if policy.severity(view.ticket.severity).pages:
        duties = (roster.duty, roster.next_duty)
        yield from (each.person.username for each in duties if each is not None and each.person is not None)


def _previous_owners(view: TicketView) -> Iterator[str]:
    """Return the previous owners, the latest first."""
    return (entry.actor for entry in reversed(view.timeline) if entry.event == "claimed")


class HandOverForm(CommandForm):
    """Asks for the colleague, suggested if possible, and a note."""

    def __init__(self, context: CommandContext, view: TicketView) -> None:
        giver, now = context.person.username, context.desk.now()
        to = suggested_colleague(context.policy, view, context.roster, giver, now)
        super().__init__(context, HandOver, view, {"to": to} if to else None)

    def body(self) -> ComposeResult:
        """Yield what happens next, and the fields."""
        severity = self.policy.severity(self.view.ticket.severity)
        text = (
            f"As it is {severity.name}, they are paged until they accept."
            if severity.pages
            else "It appears in their queue."
        )
        yield LabelledLine("Next", Content(f"They are offered the ticket. {text} The clocks keep running."))
        yield from super().body()

    async def after_submit(self, outcome: Applied) -> None:
        """Show the instruction to phone the person in a notice, after the form has closed."""
        username = self.query_one(SearchField).value
        person = next((each for each in self.context.roster.staff if each.username == username), None)
        if person is not None and self.policy.severity(self.view.ticket.severity).pages:
            notify_ring(self.context, person, self.view.ticket.ref, "is handed over")
        await super().after_submit(outcome)
