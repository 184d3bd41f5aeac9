"""What a customer writes about their ticket, however it reached the desk."""

from __future__ import annotations

from dataclasses import dataclass

from supportdesk.tickets.actors import INTAKE, ContactActor
from supportdesk.tickets.command import (
    ANY_STAGE,
    EVERYBODY,
    ArgumentType,
    Decision,
    TicketCommand,
    argument,
    rule_for,
)
from supportdesk.tickets.decision_context import DecisionContext
from supportdesk.tickets.documents import Contact
from supportdesk.tickets.events import CustomerWrote, Reopened, TicketEvent, WaitEnded
from supportdesk.tickets.process.closure import refuse_reopening
from supportdesk.tickets.process.conversation import find_customers_contact
from supportdesk.tickets.refusal import Refusal
from supportdesk.tickets.ticket import CUSTOMER

EMAIL, PORTAL, VOICEMAIL = WRITTEN_BY = ("email", "portal", "voicemail")
"""How a customer can write, or say something that nobody answers."""

_CAUSE = "the customer wrote"


@dataclass(frozen=True, slots=True)
class AddCustomerMessage(TicketCommand):
    """Add what the customer wrote about the ticket; it reopens a resolved one."""

    tag = "AddCustomerMessage"
    verb = "customer-message"
    title = "Add a customer's message"
    needs = EVERYBODY
    open_to_contacts = True
    open_to_services = frozenset({INTAKE.key})
    stages = ANY_STAGE
    reads_customer = True

    text: str = argument("what the customer wrote", value_type=ArgumentType.TEXT)
    contact: str = argument(
        "who wrote it, if not the ticket's contact", value_type=ArgumentType.CONTACT, default=""
    )
    channel: str = argument("how it was written", choices=WRITTEN_BY, default=EMAIL)
    mail: str = argument(
        "the key of the mail message that it came with",
        value_type=ArgumentType.KEY,
        default="",
        is_asked=False,
    )


@rule_for(AddCustomerMessage)
def add_customer_message(case: DecisionContext, command: AddCustomerMessage) -> Decision:
    """A message ends a hold for the customer (rule 6) and reopens what is resolved or closed, while it can (rule 10).

    It is no response (rule 3), claims nothing and acknowledges no page (rule 17). The owner is sent it.
    """
    if not command.text.strip():
        return Refusal("say what the customer wrote")
    writer = _find_writer(case, command)
    if isinstance(writer, Refusal):
        return writer
    ticket = case.ticket
    if not ticket.is_open and (refusal := refuse_reopening(case)) is not None:
        return refusal
    owner = ticket.owner if ticket.owner != case.actor.key else None
    events: list[TicketEvent] = [
        CustomerWrote(writer.key, writer.name, command.text, command.channel, command.mail, owner)
    ]
    if ticket.waiting is not None and ticket.waiting.on == CUSTOMER:
        events.append(WaitEnded(_CAUSE))
    if not ticket.is_open:
        events.append(Reopened(_CAUSE))
    return events


def _find_writer(case: DecisionContext, command: AddCustomerMessage) -> Contact | Refusal:
    """Return who wrote it: the actor, where a contact gives the command, and else the contact that it names."""
    if not isinstance(case.actor, ContactActor):
        return find_customers_contact(case, command.contact)
    writer = case.actor.contact
    if command.contact not in ("", writer.key):
        return Refusal(f"{writer.name} can write in their own name only; name no other contact")
    if writer.organisation != case.ticket.organisation:
        return Refusal(
            f"{writer.name} is not a contact of this ticket's customer; they can write about their own tickets"
        )
    return writer
