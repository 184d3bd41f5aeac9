"""What a form says about the mail that a command causes, so that nobody writes to a customer unawares."""

from __future__ import annotations

from supportdesk.sla.mail_kind import MailKind
from supportdesk.sla.policy import Policy
from supportdesk.store.read_models import TicketView
from supportdesk.tickets.outbox.customer_mail import find_obstacle

_NOTES = {
    "wait": (MailKind.WAITING, "For the customer, {} is mailed what is expected"),
    "resolve": (MailKind.RESOLVED, "{} is mailed what you tell them"),
    "fix": (MailKind.FIX, "{} is mailed the date of the fix"),
    "close": (MailKind.CLOSED, "{} is mailed that it is closed"),
}
"""By the verb of a command: the kind of mail, and the note with a place for the contact's name."""

_TELLING = ("reply", "send-article")
"""The commands whose message goes by mail, or to nobody."""


def describe_mail(verb: str, policy: Policy, view: TicketView) -> str:
    """Return what a command mails to the contact of a ticket; empty where it mails nothing."""
    contact = view.contact
    if verb in _TELLING:
        return _describe_reply(policy, view)
    kind, note = _NOTES.get(verb, (None, ""))
    if kind is None or kind not in policy.mails or find_obstacle(kind, contact, view.organisation):
        return ""
    return f"{note.format(contact.name)}: {contact.email}"


def _describe_reply(policy: Policy, view: TicketView) -> str:
    if MailKind.REPLY not in policy.mails:
        return ""
    contact = view.contact
    obstacle = find_obstacle(MailKind.REPLY, contact, view.organisation)
    if obstacle:
        return f"{contact.name} {obstacle}: tell them by telephone"
    return f"By mail, it goes to {contact.email}"
