"""Queries for an incoming call: the caller with their company, tickets and last contact."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import Connection, select

from supportdesk.store import ledger, record_tables, tables
from supportdesk.store.ledger import StoredEvent, without_undone
from supportdesk.store.read_models import CallerView, LastContact, QueueRow
from supportdesk.store.reference_data import ReferenceData
from supportdesk.store.ticket_projection import ROW_COLUMNS, read_row
from supportdesk.tickets.documents import Contact, Organisation
from supportdesk.tickets.events import (
    AccountManagerContacted,
    Called,
    CustomerWrote,
    Logged,
    Reopened,
    Replied,
    Resolved,
    WorkaroundProposed,
)
from supportdesk.tickets.events.phrase import Names
from supportdesk.tickets.folding import fold

CLOSED_SHOWN = 3
"""How many closed tickets are shown: callers ask about those, too."""

_LATEST = 20
"""How many of a contact's tickets, the last changed first, are searched for the last contact."""

_WITH_CUSTOMER = (
    Logged
    | Called
    | CustomerWrote
    | Replied
    | WorkaroundProposed
    | AccountManagerContacted
    | Resolved
    | Reopened
)
"""The events that involve the customer."""

_tickets = tables.tickets.c


def load_caller_view(
    connection: Connection, contact_key: str, reference_data: ReferenceData
) -> CallerView | None:
    """Return what an operator needs to know of a contact, given by key; None for an unknown one."""
    contact = record_tables.load(connection, Contact, [contact_key]).get(contact_key)
    if contact is None:
        return None
    company = contact.organisation
    organisation = record_tables.load(connection, Organisation, [company])[company]
    return CallerView(
        contact=contact,
        organisation=organisation,
        account_manager=reference_data.staff.get(organisation.account_manager or ""),
        open_tickets=_open_tickets(connection, contact),
        closed_tickets=_closed_tickets(connection, contact),
        last_contact=_last_contact(connection, contact_key, reference_data),
        own=frozenset(
            connection.execute(select(_tickets.ref).where(_tickets.contact == contact_key)).scalars()
        ),
        super_users=select_super_users(record_tables.load_contacts(connection, company)),
    )


def select_super_users(contacts: Iterable[Contact]) -> tuple[Contact, ...]:
    """Return the super users among contacts, by name."""
    return tuple(sorted((each for each in contacts if each.super_user), key=lambda each: fold(each.name)))


def _open_tickets(connection: Connection, contact: Contact) -> tuple[QueueRow, ...]:
    found = connection.execute(
        select(*ROW_COLUMNS)
        .where(_tickets.organisation == contact.organisation, _tickets.in_queue.is_(True))
        .order_by(
            (_tickets.contact == contact.key).desc(),
            _tickets.is_open.desc(),
            _tickets.severity_rank,
            _tickets.urgency,
            _tickets.ref,
        )
    )
    return tuple(read_row(each) for each in found)


def _closed_tickets(connection: Connection, contact: Contact) -> tuple[QueueRow, ...]:
    found = connection.execute(
        select(*ROW_COLUMNS)
        .where(_tickets.organisation == contact.organisation, _tickets.in_queue.is_(False))
        .order_by((_tickets.contact == contact.key).desc(), _tickets.changed_seq.desc())
        .limit(CLOSED_SHOWN)
    )
    return tuple(read_row(each) for each in found)


def _last_contact(connection: Connection, contact: str, reference_data: ReferenceData) -> LastContact | None:
    refs = connection.execute(
        select(_tickets.ref)
        .where(_tickets.contact == contact)
        .order_by(_tickets.changed_seq.desc())
        .limit(_LATEST)
    ).scalars()
    histories = (ledger.read_events(connection, ref=ref) for ref in list(refs))
    return find_last_contact(histories, reference_data)


def find_last_contact(histories: Iterable[Iterable[StoredEvent]], names: Names) -> LastContact | None:
    """Return the last event of these tickets that involved the customer and was not undone.

    `names` names the severities, channels and people in its sentence.
    """
    contacts_made = [
        (entry.at, entry.seq, entry.ref or "", entry.event.sentence(names))
        for history in histories
        for entry in without_undone(history)
        if isinstance(entry.event, _WITH_CUSTOMER)
    ]
    if not contacts_made:
        return None
    at, _, ref, sentence = max(contacts_made)
    return LastContact(at, ref, sentence)
