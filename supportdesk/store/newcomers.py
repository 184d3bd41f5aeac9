"""Taking in, with a request, a customer or a contact whom the desk does not know yet."""

from __future__ import annotations

from collections.abc import Callable

from sqlalchemy import Column, Connection, select

from supportdesk.store import records, tables
from supportdesk.tickets import newcomers
from supportdesk.tickets.command import Refusal
from supportdesk.tickets.people import Organisation
from supportdesk.tickets.process.triage import Log
from supportdesk.tickets.records import ContactKept, OrganisationKept, RecordEvent

_organisations, _contacts = tables.organisations.c, tables.contacts.c


def take_in(connection: Connection, command: Log) -> tuple[Log, list[RecordEvent]] | Refusal:
    """The request with keys in place of names, and what keeps those who are new.

    A name that is known already, in whatever case, is not new: somebody else may just have taken it in.
    """
    kept: list[RecordEvent] = []
    organisation = _organisation(connection, command)
    if organisation is None:
        if not command.new_organisation:
            return Refusal(
                f"there is no organisation {command.organisation!r}; take it in as a new one first"
            )
        if not command.organisation:
            return Refusal("a new organisation needs a name")
        new = newcomers.organisation_named(command.organisation, _taken(connection, _organisations.key))
        kept.append(OrganisationKept(new))
        organisation = new.key
    contact = _contact(connection, command, organisation)
    if contact is None:
        if not command.contact:
            return Refusal("who asks? A contact needs a name")
        newcomer = newcomers.contact_named(command, organisation, _taken(connection, _contacts.key))
        kept.append(ContactKept(newcomer))
        contact = newcomer.key
    return newcomers.with_keys(command, organisation, contact), kept


def _organisation(connection: Connection, command: Log) -> str | None:
    """The key of the customer that the request names; by its name only where it may be a new one."""
    if records.load(connection, Organisation, [command.organisation]) and not command.new_organisation:
        return command.organisation
    if not command.new_organisation:
        return None
    found = connection.execute(select(_organisations.key, _organisations.name))
    return newcomers.same_name(command.organisation, ((row.key, row.name) for row in found))


def _contact(connection: Connection, command: Log, organisation: str) -> str | None:
    """The key of the contact, which the request may give by key or by name."""
    known = records.contacts_of(connection, organisation)
    if any(contact.key == command.contact for contact in known):
        return command.contact
    return newcomers.same_name(command.contact, ((contact.key, contact.name) for contact in known))


def _taken(connection: Connection, key: Column[str]) -> Callable[[str], bool]:
    return lambda wanted: connection.execute(select(key).where(key == wanted)).first() is not None
