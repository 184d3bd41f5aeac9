"""Makes the content of a mail from its ticket. It takes from the timeline only what was written for the customer."""

from __future__ import annotations

from datetime import datetime

from supportdesk.sla.clocks import find_running_due
from supportdesk.sla.mail_kind import MailKind
from supportdesk.sla.policy import Policy, find_critical_number
from supportdesk.store.read_models import TicketView
from supportdesk.tickets.ticket import CUSTOMER, Stage
from supportdesk.watcher.customer_mail.content import MailContent
from supportdesk.watcher.customer_mail.opening import count_working_days, find_open_hours

_TOLD = {
    MailKind.REPLY: "replied",
    MailKind.WAITING: "wait began",
    MailKind.RESOLVED: "resolved",
}
"""The events whose text is for the customer; that of a hold is what is expected from them."""


def make_content(
    kind: MailKind, view: TicketView, policy: Policy, at: datetime, *, text: str = "", author_name: str = ""
) -> MailContent:
    """Return what a mail of a kind says about a ticket as it is now. `text` is what staff wrote for the customer."""
    ticket, row = view.ticket, view.row
    counting = row.resolution if find_running_due(row.response) is None else row.response
    hours, closing = policy.hours(counting.calendar), policy.close_after
    fix = ticket.fix
    response_due, resolution_due = find_running_due(row.response), find_running_due(row.resolution)
    return MailContent(
        kind=kind,
        ref=row.ref,
        summary=row.summary,
        severity=policy.severity(row.severity).name,
        contact_name=view.contact.name,
        at=at,
        timezone=policy.timezone,
        text=text,
        author_name=author_name,
        response_due=response_due,
        resolution_due=resolution_due,
        response_late=response_due is not None and response_due < at,
        resolution_late=resolution_due is not None and resolution_due < at,
        fix_date=fix.day if fix is not None else None,
        release=fix.release if fix is not None else "",
        round_the_clock=hours.always,
        open_hours=find_open_hours(hours),
        critical_number=find_critical_number(policy),
        closes_after_days=count_working_days(policy.hours(closing.calendar), closing.seconds),
    )


def find_told(kind: MailKind, view: TicketView) -> tuple[str, str] | None:
    """Return what was last written for the customer in such a case, and by whom; None where there was none.

    Both texts are empty for a kind that needs no text.
    """
    ticket = view.ticket
    applies = {
        MailKind.WAITING: ticket.waiting is not None and ticket.waiting.on == CUSTOMER,
        MailKind.FIX: ticket.fix is not None,
        MailKind.RELEASED: ticket.fix is not None and ticket.fix.shipped_at is not None,
        MailKind.RESOLVED: ticket.stage is Stage.RESOLVED,
        MailKind.CLOSED: ticket.stage is Stage.CLOSED,
    }
    if not applies.get(kind, True):
        return None
    if kind not in _TOLD:
        return "", ""
    for entry in reversed(view.timeline):
        if entry.event == _TOLD[kind] and entry.phrase is not None and not entry.is_undone:
            return entry.phrase.text, entry.name
    return None
