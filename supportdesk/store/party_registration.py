"""Registers the customers and contacts that a command names: known ones are found, new ones get keys."""

from __future__ import annotations

from collections.abc import Callable

from sqlalchemy import Column, Connection, select

from supportdesk.store import record_tables, tables
from supportdesk.tickets import registration
from supportdesk.tickets.documents import Contact, Organisation, Person
from supportdesk.tickets.process.triage import Log
from supportdesk.tickets.record_fields import find_name_fault
from supportdesk.tickets.records.commands import (
    RecordCommand,
    SaveContact,
    SaveOrganisation,
    SavePerson,
)
from supportdesk.tickets.records.events import ContactSaved, OrganisationSaved, RecordEvent
from supportdesk.tickets.refusal import Refusal

_organisations, _contacts = tables.organisations.c, tables.contacts.c


def resolve_parties(connection: Connection, command: Log) -> tuple[Log, list[RecordEvent]] | Refusal:
    """Return the request with keys in place of names, and the events that save new parties; or a refusal."""
    saved: list[RecordEvent] = []
    organisation = command.organisation
    if command.new_organisation:
        if not organisation:
            return Refusal("a new organisation needs a name")
        if (fault := find_name_fault(organisation)) is not None:
            return Refusal(fault)
        refusal = registration.refuse_known_organisation(command, _named_organisations(connection))
        if refusal is not None:
            return refusal
        new = registration.make_organisation(organisation, _is_taken(connection, _organisations.key))
        saved.append(OrganisationSaved(new))
        organisation = new.key
    elif not record_tables.load(connection, Organisation, [organisation]):
        return Refusal(f"there is no customer {organisation!r}; add it as a new one first")
    contact = _contact(connection, command, organisation)
    if isinstance(contact, Refusal):
        return contact
    if contact is None:
        if not command.contact:
            return Refusal("the name of the contact is missing")
        if command.new_contact and (fault := find_name_fault(command.contact)) is not None:
            return Refusal(fault)
        newcomer = registration.make_contact(command, organisation, _is_taken(connection, _contacts.key))
        saved.append(ContactSaved(newcomer))
        contact = newcomer.key
    return registration.with_keys(command, organisation, contact), saved


def _contact(connection: Connection, command: Log, organisation: str) -> str | Refusal | None:
    """Return the key of the contact, who may be given by key or by name; None for a new one; or a refusal."""
    named = record_tables.load(connection, Contact, [command.contact]).get(command.contact)
    if named is not None and named.is_erased and not command.new_contact:
        return Refusal("this contact was erased; give the name of the caller")
    known = record_tables.load_contacts(connection, organisation)
    if not command.new_contact and any(contact.key == command.contact for contact in known):
        return command.contact
    if registration.is_contact_key(command.contact, organisation):
        return Refusal(
            f"there is no contact with the key {command.contact!r}: they may have been erased; give the name of the"
            " caller"
        )
    found = registration.find_known_contact(command, known)
    return found.key if isinstance(found, Contact) else found


def assign_key(connection: Connection, command: RecordCommand) -> RecordCommand | Refusal:
    """Return a command that saves a customer or a contact with a key for a new one; other commands unchanged.

    A name that another record has is refused when it is new; an unchanged name is not checked.
    """
    if isinstance(command, SaveOrganisation):
        key = command.organisation.key
        if _gives_a_name(command, record_tables.load(connection, Organisation, [key]).get(key)):
            is_taken = _is_taken(connection, _organisations.key)
            return registration.give_organisation_key(command, _named_organisations(connection), is_taken)
    if isinstance(command, SaveContact):
        key, organisation = command.contact.key, command.contact.organisation
        if _gives_a_name(command, record_tables.load(connection, Contact, [key]).get(key)):
            known = [(each.key, each.name) for each in record_tables.load_contacts(connection, organisation)]
            return registration.give_contact_key(command, known, _is_taken(connection, _contacts.key))
    if isinstance(command, SavePerson):
        staff = record_tables.load_all(connection, Person)
        if _gives_a_name(command, staff.get(command.person.username)):
            named = [(each.username, each.name) for each in staff.values()]
            return registration.refuse_namesake(command, named) or command
    return command


def _gives_a_name(
    command: SaveOrganisation | SaveContact | SavePerson, known: Organisation | Contact | Person | None
) -> bool:
    """Return whether a command names a record: a new one, or one with another name before."""
    return command.new or (known is not None and known.name != command.document.name)


def _named_organisations(connection: Connection) -> list[tuple[str, str]]:
    return [
        (row.key, row.name)
        for row in connection.execute(
            select(_organisations.key, _organisations.name).order_by(_organisations.key)
        )
    ]


def _is_taken(connection: Connection, key: Column[str]) -> Callable[[str], bool]:
    return lambda wanted: connection.execute(select(key).where(key == wanted)).first() is not None
