"""Adds to a command what its events have mailed to the customers, before it is written."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import and_, func, select

from supportdesk.sla.clocks import epoch
from supportdesk.sla.mail_kind import MailKind
from supportdesk.store import record_tables, tables
from supportdesk.store.unit_of_work import UnitOfWork
from supportdesk.tickets.actors import INTAKE
from supportdesk.tickets.documents import Contact, Organisation
from supportdesk.tickets.events import Event, Logged, MailWithheld
from supportdesk.tickets.outbox.customer_mail import find_kind, plan_mail
from supportdesk.tickets.outbox.mail_budget import MailedRequest, find_excess
from supportdesk.tickets.outbox.pacing import HOUR
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
    customers = record_tables.load(
        unit.connection, Organisation, {tickets[ref].organisation for ref, _ in causes}
    )
    team = data.staff[by].team if by in data.staff else ""
    counts: dict[str, Counter[MailKind]] = {}
    for ref, event in causes:
        ticket = tickets[ref]
        contact, customer = contacts.get(ticket.contact), customers.get(ticket.organisation)
        planned = plan_mail(data.policies[ticket.policy], event, contact, customer, team)
        if planned is None:
            continue
        sent = counts.setdefault(ticket.contact, _count_sent(unit, ticket.contact, now))
        kind = MailKind(planned.kind)
        request = (
            _describe_request(unit, event, now) if by == INTAKE.key and isinstance(event, Logged) else None
        )
        reason = find_excess(kind, sent, request)
        if reason:
            withheld = MailWithheld(planned.kind, planned.contact, planned.name, reason)
            unit.add_ticket_event(ref, withheld, now)
            continue
        sent[kind] += 1
        unit.add_ticket_event(ref, planned, now)


def _load_contacts(unit: UnitOfWork, keys: set[str]) -> Mapping[str, Contact]:
    """Return contacts as they are after the command, by key."""
    saved = (each.event.contact for each in unit.new_events if isinstance(each.event, ContactSaved))
    return {**record_tables.load(unit.connection, Contact, keys), **{each.key: each for each in saved}}


def _describe_request(unit: UnitOfWork, logged: Logged, now: datetime) -> MailedRequest:
    """Return a request that came by mail, with those of the contact whose receipts were planned in the last hour."""
    messages, tickets = tables.messages.c, tables.tickets.c
    receipts = and_(
        tables.MAIL_TO_CUSTOMERS,
        messages.person == logged.contact,
        messages.at > epoch(now) - HOUR,
        messages.text == MailKind.RECEIPT.value,
    )
    query = select(tickets.summary).join(tables.messages, messages.ref == tickets.ref).where(receipts)
    earlier = frozenset(unit.connection.execute(query).scalars())
    return MailedRequest(logged.summary, logged.description, earlier)


def _count_sent(unit: UnitOfWork, contact: str, now: datetime) -> Counter[MailKind]:
    """Return how much mail was planned for a contact in the last hour, by kind."""
    messages = tables.messages.c
    recent = and_(tables.MAIL_TO_CUSTOMERS, messages.person == contact, messages.at > epoch(now) - HOUR)
    query = select(messages.text, func.count()).where(recent).group_by(messages.text)
    return Counter({MailKind(kind): number for kind, number in unit.connection.execute(query)})
