"""Adds to a command what its events have mailed to the customers, before it is written."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from supportdesk.store import record_tables
from supportdesk.store.unit_of_work import UnitOfWork
from supportdesk.tickets.documents import Contact
from supportdesk.tickets.events import Event
from supportdesk.tickets.outbox.customer_mail import find_kind, plan_mail
from supportdesk.tickets.records.events import ContactSaved


def add_planned_mail(unit: UnitOfWork, by: str, now: datetime) -> None:
    """Add the mail to the tickets' contacts that the events so far cause; `by` is the key of their actor."""
    data = unit.reference_data
    if not any(policy.mails for policy in data.policies.values()):
        return
    tickets = unit.locked_tickets()
    causes = [
        (each.ref, each.event)
        for each in unit.new_events
        if each.ref is not None and isinstance(each.event, Event) and find_kind(each.event) is not None
    ]
    contacts = _load_contacts(unit, {tickets[ref].contact for ref, _ in causes})
    team = data.staff[by].team if by in data.staff else ""
    for ref, event in causes:
        ticket = tickets[ref]
        planned = plan_mail(data.policies[ticket.policy], event, contacts.get(ticket.contact), team)
        if planned is not None:
            unit.add_ticket_event(ref, planned, now)


def _load_contacts(unit: UnitOfWork, keys: set[str]) -> Mapping[str, Contact]:
    """Return contacts as they are after the command, by key."""
    saved = (each.event.contact for each in unit.new_events if isinstance(each.event, ContactSaved))
    return {**record_tables.load(unit.connection, Contact, keys), **{each.key: each for each in saved}}
