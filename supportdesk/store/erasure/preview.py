"""What erasing a contact would change, for who decides on it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime

from sqlalchemy import Connection, select

from supportdesk.store import record_tables, tables
from supportdesk.store.erasure.found_events import EventSearch
from supportdesk.store.erasure.permission import find_contact
from supportdesk.store.ledger import TICKET
from supportdesk.store.read_models import ErasurePreview
from supportdesk.store.reference_data import ReferenceData
from supportdesk.tickets.documents import ERASED_KEY, Contact, Organisation, Person
from supportdesk.tickets.folding import words
from supportdesk.tickets.permissions import find_actor
from supportdesk.tickets.records.commands import EraseContact
from supportdesk.tickets.refusal import Refusal
from supportdesk.tickets.telephone import home_region

_tickets = tables.tickets.c


def preview_erasure(
    connection: Connection, key: str, by: str, data: ReferenceData, now: datetime, *, owner: str | None
) -> ErasurePreview | Refusal:
    """Return what it changes if `by` erases the contact with a key, or why they cannot. Reads the whole ledger.

    `owner` is the login that alone can change what was written; None where this one can.
    """
    actor = find_actor(by, data.staff, lambda each: record_tables.load(connection, Contact, [each]).get(each))
    if isinstance(actor, Refusal):
        return actor
    contact = find_contact(connection, actor, EraseContact(key), data, now)
    if isinstance(contact, Refusal):
        return contact
    if owner is not None:
        return Refusal(
            f"an erasure changes the ledger, which only {owner!r} can, who owns the tables: have"
            f" `supportdesk --as {by} erase {key}` run with that login"
        )
    home = home_region(data.policy_at(now))
    search = EventSearch(connection, contact, ERASED_KEY, home)
    found = list(search.find())
    changed = [each for each in found if each.is_changed]
    open_now = select(_tickets.ref).where(_tickets.contact == contact.key, _tickets.is_open.is_(True))
    organisation = record_tables.load(connection, Organisation, [contact.organisation])[contact.organisation]
    return ErasurePreview(
        contact=contact,
        organisation=organisation.name,
        events=len(found),
        tickets=len(search.own),
        open=len(connection.execute(open_now).all()),
        others=len({each.row["ref"] for each in changed} - search.own - {None}),
        records=sum(each.row["subject"] not in (TICKET, "contact") for each in changed),
        remaining=tuple(_find_remaining(contact, organisation, data.staff)),
    )


def _find_remaining(
    contact: Contact, organisation: Organisation, staff: Mapping[str, Person]
) -> Iterator[str]:
    """Yield what has the same name and stays."""
    name = words(contact.name)
    if f" {' '.join(name)} " in f" {' '.join(words(organisation.name))} ":
        yield (
            f"The customer {organisation.name} stays as it is: `supportdesk organisation change` gives it another name,"
            " and earlier events have the old one."
        )
    for each in staff.values():
        if words(each.name) == name:
            yield f"{each.name} ({each.username}), who works here, stays on the staff."
    if len(name) == 1:
        yield f"{contact.name} is one word: outside their own tickets it stays, as it may mean something else."
