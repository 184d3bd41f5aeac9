"""Links between tickets. A link is on the timelines of both tickets."""

from __future__ import annotations

from dataclasses import dataclass

from supportdesk.tickets import remedies
from supportdesk.tickets.actors import INTAKE, StaffActor
from supportdesk.tickets.command import (
    ANY_STAGE,
    EVERYBODY,
    OPEN_STAGES,
    ArgumentType,
    Command,
    Decision,
    TicketCommand,
    argument,
    rule_for,
)
from supportdesk.tickets.decision_context import DecisionContext
from supportdesk.tickets.events import Closed, Linked, TicketEvent
from supportdesk.tickets.process.closure import DUPLICATE, stop_both_clocks
from supportdesk.tickets.process.paging import refuse_ending_page
from supportdesk.tickets.process.team_refusals import refuse_closing_as_duplicate
from supportdesk.tickets.refusal import Refusal, Remedy, either
from supportdesk.tickets.ticket import Stage

RELATED, DUPLICATE_OF, DUPLICATED_BY = "related", "duplicate of", "duplicated by"


@dataclass(frozen=True, slots=True)
class LinkTicket(TicketCommand):
    """Link another ticket that belongs to this one."""

    tag = "LinkTicket"
    verb = "link"
    title = "Link a ticket"
    needs = EVERYBODY
    open_to_services = frozenset({INTAKE.key})
    stages = ANY_STAGE

    other: str = argument("the other ticket's reference", value_type=ArgumentType.TICKET)


@dataclass(frozen=True, slots=True)
class MarkDuplicate(TicketCommand):
    """Close this ticket as a duplicate; the other ticket stays open and covers both."""

    tag = "MarkDuplicate"
    verb = "duplicate"
    title = "Close as duplicate"
    needs = EVERYBODY
    asks_first = True
    stages = OPEN_STAGES | {Stage.RESOLVED}

    of: str = argument("the ticket that stays open", value_type=ArgumentType.TICKET)


@rule_for(LinkTicket)
def link(case: DecisionContext, command: LinkTicket) -> Decision:
    """A ticket is linked once to another, and never to itself; to one of another customer by staff only."""
    refusal = _refuse_link(case, command.other)
    if refusal is not None:
        return refusal
    if any(link.ref == command.other for link in case.ticket.links):
        return Refusal(f"{command.other} is already linked", either(remedies.NOTE))
    customer = case.records.tickets[command.other].organisation
    if not isinstance(case.actor, StaffActor) and customer != case.ticket.organisation:
        return Refusal(f"{command.other} is of another customer; only a member of staff can link it")
    return [Linked(RELATED, command.other)]


@rule_for(MarkDuplicate)
def mark_duplicate(case: DecisionContext, command: MarkDuplicate) -> Decision:
    """The tickets need not be linked before. The other ticket must be open or resolved."""
    refusal = _refuse_link(case, command.of)
    if refusal is not None:
        return refusal
    other = case.records.tickets[command.of]
    if other.closed_as == DUPLICATE:
        return Refusal(f"{command.of} is itself a duplicate; choose the ticket that stays open")
    if other.stage is Stage.CLOSED:
        return Refusal(
            f"{command.of} is closed", either(Remedy("choose an open ticket"), remedies.REOPEN_FIRST)
        )
    refusal = refuse_ending_page(case) or refuse_closing_as_duplicate(case)
    if refusal is not None:
        return refusal
    return [*stop_both_clocks(case), Linked(DUPLICATE_OF, command.of), Closed(DUPLICATE)]


def _refuse_link(case: DecisionContext, other: str) -> Refusal | None:
    if other == case.ticket.ref:
        return Refusal("a ticket cannot be linked to itself; choose another")
    if other not in case.records.tickets:
        return Refusal(f"there is no ticket {other}; check the reference")
    return None


def describe_customers(ref: str, customer: str, other: str, other_customer: str) -> str:
    """Return a warning that two tickets, each given with its customer's name, have different customers; else empty."""
    if customer == other_customer:
        return ""
    return f"The customers differ: {ref} is from {customer}, {other} from {other_customer}."


def mirror_link(ref: str, command: Command) -> tuple[str, TicketEvent] | None:
    """Return the reference of the other ticket and the event for its timeline; None for commands on one ticket."""
    if isinstance(command, LinkTicket):
        return command.other, Linked(RELATED, ref)
    if isinstance(command, MarkDuplicate):
        return command.of, Linked(DUPLICATED_BY, ref)
    return None
