"""The values of a ticket that are filled into a canned reply."""

from __future__ import annotations

from datetime import date

from supportdesk.sla.clocks import ClockProjection, find_running_due
from supportdesk.sla.formatting import date_time, full_day
from supportdesk.sla.policy import Policy, find_critical_number
from supportdesk.store.read_models import TicketView


def make_reply_values(view: TicketView, policy: Policy, your_name: str) -> dict[str, str]:
    """Return the value of each field of a canned reply, empty where the ticket has none.

    `your_name` is that of the member of staff who replies. Times have their weekday, date and zone, so that they are
    true when they are read.
    """
    ticket, row, zone = view.ticket, view.row, policy.timezone
    fix = ticket.fix
    return {
        "contact_name": view.contact.name,
        "organisation": view.organisation.name,
        "ref": row.ref,
        "summary": row.summary,
        "severity": policy.severity(row.severity).name,
        "received": date_time(ticket.received_at, zone),
        "response_due": _write_due(row.response, zone),
        "resolution_due": _write_due(row.resolution, zone),
        "fix": _write_fix(fix.day, fix.release) if fix is not None else "",
        "release": fix.release if fix is not None else "",
        "team": policy.team(row.team).name,
        "critical_number": find_critical_number(policy),
        "your_name": your_name,
    }


def _write_due(clock: ClockProjection, zone: str) -> str:
    due = find_running_due(clock)
    return "" if due is None else date_time(due, zone)


def _write_fix(day: date, release: str) -> str:
    return f"{full_day(day)} (release {release})"
