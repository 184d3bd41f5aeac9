"""The alarm that a mail did not reach a ticket's contact, in words."""

from __future__ import annotations

from supportdesk.tickets.ticket import Ticket

MAIL_UNDELIVERED = "mail undelivered"
"""What says so in a list of tickets."""


def describe_mail_alarm(ticket: Ticket) -> str:
    """Return whom a mail did not reach, and what to do; empty without the alarm."""
    if not ticket.undelivered:
        return ""
    return f"to {ticket.undelivered} could not be delivered: tell them by telephone"
