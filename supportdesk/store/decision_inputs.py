"""Looks up the records and tickets that a command names, for its decision."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping

from msgspec.structs import replace
from sqlalchemy import Connection

from supportdesk.store import record_tables
from supportdesk.store.reference_data import ReferenceData
from supportdesk.tickets.command import ArgumentType, Command, TicketCommand
from supportdesk.tickets.decision_context import CaseRecords
from supportdesk.tickets.documents import (
    Article,
    Contact,
    DeskNotice,
    Organisation,
    Person,
    Release,
    Rotation,
    key_of,
)
from supportdesk.tickets.process.importing import ImportRequest
from supportdesk.tickets.records.commands import (
    AcknowledgeNotice,
    SaveContact,
    SaveRecord,
    SendNotice,
    WithdrawNotice,
)
from supportdesk.tickets.records.events import ContactSaved, OrganisationSaved, RecordEvent
from supportdesk.tickets.records.incoming_commands import AccountMessage
from supportdesk.tickets.records.voicemail_commands import RecordMissedCall
from supportdesk.tickets.ticket import Ticket

_OF: Mapping[type, ArgumentType] = {
    Person: ArgumentType.PERSON,
    Organisation: ArgumentType.ORGANISATION,
    Contact: ArgumentType.CONTACT,
    Release: ArgumentType.RELEASE,
    Article: ArgumentType.ARTICLE,
    Rotation: ArgumentType.PEOPLE,
}


def load_case_records(
    connection: Connection,
    reference_data: ReferenceData,
    command: Command,
    ticket: Ticket | None,
    others: dict[str, Ticket],
) -> CaseRecords:
    """Return the records that the command names, its ticket's customer if its rule reads them, and the reference data.

    `others` are the locked tickets that the command names besides its own.
    """
    named = _named(command)
    if (
        ticket is not None
        and isinstance(command, TicketCommand)
        and _reads_customer(reference_data, command, ticket)
    ):
        named[ArgumentType.ORGANISATION].add(ticket.organisation)
        named[ArgumentType.CONTACT].add(ticket.contact)
    return CaseRecords(
        staff=reference_data.staff,
        organisations=record_tables.load(connection, Organisation, named[ArgumentType.ORGANISATION]),
        contacts=record_tables.load(connection, Contact, named[ArgumentType.CONTACT]),
        releases=record_tables.load(connection, Release, named[ArgumentType.RELEASE]),
        articles=record_tables.load(connection, Article, named[ArgumentType.ARTICLE]),
        notices=_load_notices(connection, command),
        tickets=others,
        policies=reference_data.policies,
        rotations=reference_data.rotations,
        overrides=reference_data.overrides,
        swaps=reference_data.swaps,
        absences=reference_data.absences,
        handovers=reference_data.handovers,
        load_methods=reference_data.load_methods,
    )


def _reads_customer(data: ReferenceData, command: TicketCommand, ticket: Ticket) -> bool:
    """Return whether the rule of a command reads the customer: where they get mail, any may ask for their address."""
    return command.reads_customer or bool(data.policies[ticket.policy].mails)


def _load_notices(connection: Connection, command: Command) -> Mapping[str, DeskNotice]:
    """Return the notice that a command names; none for other commands."""
    if not isinstance(command, SendNotice | AcknowledgeNotice | WithdrawNotice):
        return {}
    return record_tables.load(connection, DeskNotice, [command.key])


def add_new_parties(records: CaseRecords, saved: Iterable[RecordEvent]) -> CaseRecords:
    """Return the lookup with the customer and the contact that the same command saves."""
    organisations, contacts = dict(records.organisations), dict(records.contacts)
    for event in saved:
        if isinstance(event, OrganisationSaved):
            organisations[event.organisation.key] = event.organisation
        elif isinstance(event, ContactSaved):
            contacts[event.contact.key] = event.contact
    return replace(records, organisations=organisations, contacts=contacts)


def _named(command: Command) -> defaultdict[ArgumentType, set[str]]:
    """Return the keys in the command's arguments, by type of record."""
    named: defaultdict[ArgumentType, set[str]] = defaultdict(set)
    for argument in type(command).arguments():
        value = getattr(command, argument.name)
        if isinstance(value, str) and value:
            named[argument.value_type].add(value)
    if isinstance(command, SaveRecord):
        named[_OF[type(command.document)]].add(key_of(command.document))
    if isinstance(command, SaveContact):
        named[ArgumentType.ORGANISATION].add(command.contact.organisation)
    if isinstance(command, AccountMessage | RecordMissedCall) and command.message.contact is not None:
        named[ArgumentType.CONTACT].add(command.message.contact)
    if isinstance(command, ImportRequest):
        named[ArgumentType.ORGANISATION].add(command.organisation)
        named[ArgumentType.CONTACT].add(command.contact)
    return named


def find_other_tickets(command: Command) -> set[str]:
    """Return the references of other tickets that the command names."""
    return _named(command)[ArgumentType.TICKET]
