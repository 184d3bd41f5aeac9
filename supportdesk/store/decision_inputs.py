"""Whom and what a command names, looked up for its decision."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import replace

from sqlalchemy import Connection

from supportdesk.store import record_tables
from supportdesk.store.reference_data import Known
from supportdesk.tickets.command import Command, Of
from supportdesk.tickets.decision_context import Directory
from supportdesk.tickets.documents import Article, Contact, Organisation, Person, Release, Rotation
from supportdesk.tickets.process.importing import TakeInRequest
from supportdesk.tickets.records.commands import Keep, KeepContact, key_of
from supportdesk.tickets.records.events import ContactKept, OrganisationKept, RecordEvent
from supportdesk.tickets.ticket import Ticket

_OF: Mapping[type, Of] = {
    Person: Of.PERSON,
    Organisation: Of.ORGANISATION,
    Contact: Of.CONTACT,
    Release: Of.RELEASE,
    Article: Of.ARTICLE,
    Rotation: Of.PEOPLE,
}


def look_up(
    connection: Connection, known: Known, command: Command, ticket: Ticket | None, others: dict[str, Ticket]
) -> Directory:
    """What the command names, what its ticket is about, and all that is known; `others` are the other tickets."""
    named = _named(command)
    if ticket is not None:
        named[Of.ORGANISATION].add(ticket.organisation)
        named[Of.CONTACT].add(ticket.contact)
    return Directory(
        staff=known.staff,
        organisations=record_tables.load(connection, Organisation, named[Of.ORGANISATION]),
        contacts=record_tables.load(connection, Contact, named[Of.CONTACT]),
        releases=record_tables.load(connection, Release, named[Of.RELEASE]),
        articles=record_tables.load(connection, Article, named[Of.ARTICLE]),
        tickets=others,
        policies=known.policies,
        rotations=known.rotations,
    )


def with_newcomers(directory: Directory, kept: Iterable[RecordEvent]) -> Directory:
    """The directory with those who are taken in by the same command."""
    organisations, contacts = dict(directory.organisations), dict(directory.contacts)
    for event in kept:
        if isinstance(event, OrganisationKept):
            organisations[event.organisation.key] = event.organisation
        elif isinstance(event, ContactKept):
            contacts[event.contact.key] = event.contact
    return replace(directory, organisations=organisations, contacts=contacts)


def _named(command: Command) -> defaultdict[Of, set[str]]:
    """The keys that the command's arguments hold, by what they are keys of."""
    named: defaultdict[Of, set[str]] = defaultdict(set)
    for argument in type(command).arguments():
        value = getattr(command, argument.name)
        if isinstance(value, str) and value:
            named[argument.of].add(value)
    if isinstance(command, Keep):
        named[_OF[type(command.document)]].add(key_of(command.document))
    if isinstance(command, KeepContact):
        named[Of.ORGANISATION].add(command.contact.organisation)
    if isinstance(command, TakeInRequest):
        named[Of.ORGANISATION].add(command.organisation)
        named[Of.CONTACT].add(command.contact)
    return named


def other_tickets(command: Command) -> set[str]:
    """The references of other tickets that the command names."""
    return _named(command)[Of.TICKET]
