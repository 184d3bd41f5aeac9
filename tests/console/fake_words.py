"""Small questions that the desk in memory asks, and the customers that it takes in."""

from __future__ import annotations

from dataclasses import replace

from supportdesk.tickets.case import Act, Directory
from supportdesk.tickets.events import TakenBack, TicketEvent
from supportdesk.tickets.people import Contact, Organisation
from supportdesk.tickets.process.triage import Log


def found(text: str, name: str) -> bool:
    return text.casefold() in name.casefold()


def is_undo(act: Act) -> bool:
    return any(isinstance(event, TakenBack) for event in act.events)


def tag(event: TicketEvent) -> str:
    return str(event.__struct_config__.tag)


def with_customer(directory: Directory, command: Log) -> Directory:
    """The directory with the customer and the contact who come with a request."""
    organisations, contacts = dict(directory.organisations), dict(directory.contacts)
    if command.new_organisation and command.organisation not in organisations:
        organisations[command.organisation] = Organisation(command.organisation, command.organisation)
    if command.contact not in contacts and command.organisation in organisations:
        contacts[command.contact] = Contact(
            command.contact,
            command.organisation,
            command.contact,
            telephone=command.contact_telephone,
            email=command.contact_email,
            registered=False,
        )
    return replace(directory, organisations=organisations, contacts=contacts)
