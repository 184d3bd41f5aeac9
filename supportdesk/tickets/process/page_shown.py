"""That a page was shown in the console of the person paged: a fact beside what was sent by other methods.

It ends nothing and holds nothing back: only who acknowledges has been reached (rule 17).
"""

from __future__ import annotations

from dataclasses import dataclass

from supportdesk.tickets.command import ANY_STAGE, EVERYBODY, Decision, TicketCommand, rule_for
from supportdesk.tickets.decision_context import DecisionContext
from supportdesk.tickets.events import PageShown
from supportdesk.tickets.process.paging import paged_people
from supportdesk.tickets.refusal import Refusal


@dataclass(frozen=True, slots=True)
class MarkPageShown(TicketCommand):
    """Record that your open page is shown to you; your console does it by itself."""

    tag = "mark page shown"
    needs = EVERYBODY
    stages = ANY_STAGE


@rule_for(MarkPageShown)
def mark_page_shown(case: DecisionContext, command: MarkPageShown) -> Decision:
    """Record it once for each page, and only for the actor's own that is open."""
    actor = case.actor.key
    if actor not in paged_people(case):
        return Refusal("you have no open page for it; see the timeline")
    if actor in case.ticket.pages_shown:
        return Refusal("your page was shown to you before; acknowledge it")
    return [PageShown(actor)]
