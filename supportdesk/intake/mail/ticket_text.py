"""The texts of a ticket that a member of staff makes from a message which waits."""

from __future__ import annotations

import msgspec

from supportdesk.intake.mail.assessment import NewRequest
from supportdesk.intake.mail.parsing.message import MailMessage, UnreadableMail
from supportdesk.intake.mail.request_text import describe_request, make_summary


class TicketText(msgspec.Struct, frozen=True):
    """What a ticket is logged with, or, of its `description`, what is added to one."""

    summary: str
    description: str


def make_ticket_text(mail: MailMessage | UnreadableMail, key: str, subject: str) -> TicketText:
    """Return the texts of a message by its `key`; of one that cannot be read, its `subject` and where it is kept."""
    if isinstance(mail, UnreadableMail):
        return TicketText(subject, f"[A message could not be read: {mail.reason} It is kept as {key}.]")
    request = NewRequest((), mail.subject, mail.text)
    return TicketText(make_summary(request), describe_request(request, mail, key))
