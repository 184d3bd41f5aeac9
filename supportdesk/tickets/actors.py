"""Actors: who gives a command. A member of staff, a customer's contact, or a part of the program itself.

The rules look at the properties that all three have; what an actor may do at all is decided in `permissions`. The
ledger holds an actor's `key`.
"""

from __future__ import annotations

from collections.abc import Mapping

import msgspec

from supportdesk.tickets.documents import Contact, Person, Role

_CONTACT = "contact "
"""Begins the key of a contact as an actor. No username has a blank, so it is never the key of somebody else."""


class StaffActor(msgspec.Struct, frozen=True):
    """A member of staff, who may do what one of their roles permits."""

    person: Person

    @property
    def key(self) -> str:
        """The username, as the ledger stores it."""
        return self.person.username

    @property
    def name(self) -> str:
        """The name of the member of staff, as the timeline shows it."""
        return self.person.name

    @property
    def team(self) -> str | None:
        """The key of the person's team."""
        return self.person.team

    @property
    def roles(self) -> frozenset[Role]:
        """The roles, which decide what the member of staff is permitted to do."""
        return frozenset(self.person.roles)


class ContactActor(msgspec.Struct, frozen=True):
    """A customer's contact, who acts for their own organisation only."""

    contact: Contact

    @property
    def key(self) -> str:
        """The contact's key with the word `contact` before it, as in `contact acme.jo`."""
        return contact_actor(self.contact.key)

    @property
    def name(self) -> str:
        """The contact's name, as the timeline shows it."""
        return self.contact.name

    @property
    def team(self) -> str | None:
        """None: a contact belongs to no team, and can own no ticket."""
        return None

    @property
    def roles(self) -> frozenset[Role]:
        """None of the roles: a contact gives only commands that are open to contacts."""
        return frozenset()


class ServiceActor(msgspec.Struct, frozen=True):
    """A part of the program that acts by itself. `key` is a name that no member of staff can have."""

    key: str
    name: str

    @property
    def team(self) -> str | None:
        """None: a service belongs to no team, and can own no ticket."""
        return None

    @property
    def roles(self) -> frozenset[Role]:
        """None of the roles: a service gives only commands that are open to services."""
        return frozenset()


Actor = StaffActor | ContactActor | ServiceActor
"""Everyone and everything that can give a command."""

SYSTEM = ServiceActor("supportdesk", "supportdesk")
"""The program itself, which saves the first records before anybody is on the staff."""

WATCHER = ServiceActor("watcher", "watcher")
"""What acts when time has passed: it records the steps of escalations, and does the timed housekeeping."""

INTAKE = ServiceActor("intake", "intake")
"""What takes in the customers' messages: it logs their requests, and adds what they write to their tickets."""

SERVICES: Mapping[str, ServiceActor] = {each.key: each for each in (SYSTEM, WATCHER, INTAKE)}
"""Every service, by key."""


def contact_actor(key: str) -> str:
    """Return the key of a contact as an actor."""
    return f"{_CONTACT}{key}"


def contact_key(actor_key: str) -> str | None:
    """Return the key of the contact that an actor's key names; None where it names no contact."""
    return actor_key.removeprefix(_CONTACT) if actor_key.startswith(_CONTACT) else None


def is_reserved(username: str) -> bool:
    """Return whether a username would be taken for a service or a contact."""
    return username in SERVICES or contact_key(username) is not None
