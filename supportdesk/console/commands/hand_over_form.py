"""Handing a ticket over: to whom, with whoever is likeliest offered, and where it stands."""

from __future__ import annotations

from collections.abc import Iterator

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


def suggested_colleague(policy: Policy, view: TicketView, roster: Roster, giver: str) -> str | None:
    """Who would take a ticket over from `giver`: for one that pages the on-call duty, else who had it before."""
    at_work = {person.username for person in roster.staff if person.active}
    for username in (*_on_duty(policy, view, roster), *_holders_before(view)):
        if username in at_work and username not in (giver, view.ticket.owner):
            return username
    return None


def _on_duty(policy: Policy, view: TicketView, roster: Roster) -> Iterator[str]:
    if policy.severity(view.ticket.severity).pages:
        duties = (roster.duty, roster.next_duty)
        yield from (each.person.username for each in duties if each is not None and each.person is not None)


def _holders_before(view: TicketView) -> Iterator[str]:
    """The latest first."""
    return (entry.actor for entry in reversed(view.timeline) if entry.event == "claimed")


class HandOverForm(CommandForm):
    """Asks for a note; the colleague is found already, or found by typing."""

    submit_label = "hand over"

    def __init__(self, context: CommandContext, view: TicketView) -> None:
        to = suggested_colleague(context.policy, view, context.roster, context.person.username)
        super().__init__(context, HandOver, view, {"to": to} if to else None)

    def body(self) -> ComposeResult:
        """What comes of it, and the fields."""
        severity = self.policy.severity(self.view.ticket.severity)
        told = (
            f"a {severity.name} pages them until they accept"
            if severity.pages
            else "they see it among theirs"
        )
        yield LabelledLine("Then", Content(f"It is offered to them: {told}. The clocks go on."))
        yield from super().body()

    async def after_submit(self, outcome: Applied) -> None:
        """Who has to be rung stays in sight when the form is gone."""
        username = self.query_one(SearchField).value
        person = next((each for each in self.context.roster.staff if each.username == username), None)
        if person is not None and self.policy.severity(self.view.ticket.severity).pages:
            notify_ring(self.context, person, self.view.ticket.ref, "is handed over")
        await super().after_submit(outcome)
