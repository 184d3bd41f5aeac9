"""Which mail a ticket's contact gets because of an event, and whether a reply can go by mail. Pure.

The ticket's policy says which kinds are sent at all; without any, nothing here happens.
"""

from __future__ import annotations

from supportdesk.sla.mail_kind import MailKind
from supportdesk.sla.policy import Policy
from supportdesk.tickets.documents import Contact, Organisation
from supportdesk.tickets.events import (
    Closed,
    Event,
    FixDateMoved,
    FixPromised,
    FixShipped,
    Logged,
    MailPlanned,
    Replied,
    Resolved,
    WaitBegan,
)
from supportdesk.tickets.ticket import CUSTOMER

CUSTOMER_MAIL = "customer mail"
"""The method of a delivery to a contact; a method of the settings cannot have this name."""

BY_MAIL = "mail"
"""The `by` of a reply that goes by mail."""

_KINDS: dict[type[Event], MailKind] = {
    Logged: MailKind.RECEIPT,
    FixPromised: MailKind.FIX,
    FixDateMoved: MailKind.FIX,
    FixShipped: MailKind.RELEASED,
    Resolved: MailKind.RESOLVED,
    Closed: MailKind.CLOSED,
}


def find_obstacle(kind: MailKind, contact: Contact | None, organisation: Organisation | None) -> str:
    """Return why no mail of a kind can go to a contact, in words that follow their name; empty where it can."""
    if contact is None or contact.is_erased:
        return "was erased"
    if not contact.email:
        return "has no email address"
    # Imported where there is an address to check.
    from supportdesk.tickets import mail_address

    if mail_address.find_fault(contact.email) is not None:
        return f"has an email address that cannot be right, {contact.email}"
    if is_unwanted(kind, contact, organisation):
        return f"wants no mail of the kind {kind}"
    return ""


def is_unwanted(kind: MailKind, contact: Contact | None, organisation: Organisation | None) -> bool:
    """Return whether a contact, or everybody at their customer, gets no mail of a kind because they want none."""
    return any(each is not None and kind in each.unwanted_mails for each in (contact, organisation))


def find_kind(event: Event) -> MailKind | None:
    """Return which mail an event causes; None for an event that causes none."""
    if isinstance(event, Replied):
        return MailKind.REPLY if event.by == BY_MAIL else None
    if isinstance(event, WaitBegan):
        return MailKind.WAITING if event.on == CUSTOMER else None
    return _KINDS.get(type(event))


def plan_mail(
    policy: Policy, event: Event, contact: Contact | None, organisation: Organisation | None, team: str
) -> MailPlanned | None:
    """Return the mail to the ticket's contact that an event causes; None where there is none.

    `team` is that of the member of staff who caused it, empty for everybody else.
    """
    kind = find_kind(event)
    if (
        kind is None
        or kind not in policy.mails
        or contact is None
        or find_obstacle(kind, contact, organisation)
    ):
        return None
    may_respond = isinstance(event, Replied) and not event.no_response
    return MailPlanned(kind.value, contact.key, contact.name, contact.email, team if may_respond else "")
