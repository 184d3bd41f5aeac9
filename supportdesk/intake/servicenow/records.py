"""The people and customers of an export: found if the desk knows them, added if not.

Known records are not changed: the same name means the same person, with the roles, numbers and account manager of this
desk. A new person gets a new key.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from supportdesk.desk_api import DeskApi
from supportdesk.tickets.documents import Contact, Organisation, Person, Role
from supportdesk.tickets.folding import same_name
from supportdesk.tickets.record_keys import CONTACT, CUSTOMER, PERSON, slug
from supportdesk.tickets.records.commands import SaveContact, SaveOrganisation, SavePerson, SaveRecord
from supportdesk.tickets.refusal import Refusal

_ALL = 1_000_000
"""A limit above any number of customers."""
_TRIES = 100
"""How many keys are tried for a name, while others add people too."""


class RecordRefusedError(Exception):
    """The desk refuses a record that the export names; the message says why."""


@dataclass
class _Register:
    """The records of one kind: `load` reads their keys and names, `new` makes the command that adds one."""

    load: Callable[[], Iterable[tuple[str, str]]]
    new: Callable[[str, str], SaveRecord]
    keys: dict[str, str] = field(default_factory=dict)
    """Keys by name, in the form of `same_name`."""
    imported: set[str] = field(default_factory=set)

    def reload(self) -> None:
        """Read the desk's records again; of two with the same name the first is used."""
        for key, name in self.load():
            self.imported.add(key)
            self.keys.setdefault(same_name(name), key)


class Records:
    """Finds or adds the records that an export names. New staff join `team` as inactive."""

    def __init__(self, desk: DeskApi, by: str, team: str) -> None:
        self._desk = desk
        self._by = by
        self._staff = _Register(
            lambda: [(each.username, each.name) for each in desk.roster().staff],
            lambda key, name: SavePerson(Person(key, name, team, (Role.AGENT,), active=False), new=True),
        )
        self._organisations = _Register(
            self._known_organisations, lambda key, name: SaveOrganisation(Organisation(key, name), new=True)
        )
        self._contacts: dict[str, _Register] = {}

    def person(self, name: str) -> str:
        """Return the username of a member of staff. Raises RecordRefusedError."""
        return self._find_or_add(self._staff, name, slug(name, PERSON))

    def organisation(self, name: str) -> str:
        """Return the key of a customer. Raises RecordRefusedError."""
        return self._find_or_add(self._organisations, name, slug(name, CUSTOMER))

    def find_contact(self, organisation: str, name: str) -> str | None:
        """Return the key of a contact of a customer, which is given by key; None where none has the name."""
        register = self._contacts_of(organisation)
        if not register.imported:
            register.reload()
        return register.keys.get(same_name(name))

    def contact(self, organisation: str, name: str) -> str:
        """Return the key of a contact of a customer, which is given by key. Raises RecordRefusedError."""
        wanted = f"{organisation}.{slug(name, CONTACT)}"
        return self._find_or_add(self._contacts_of(organisation), name, wanted)

    def _contacts_of(self, organisation: str) -> _Register:
        if organisation not in self._contacts:
            self._contacts[organisation] = _Register(
                lambda: [(each.key, each.name) for each in self._desk.contacts(organisation)],
                lambda key, called: SaveContact(
                    Contact(key, organisation, called, registered=False), new=True
                ),
            )
        return self._contacts[organisation]

    def _known_organisations(self) -> list[tuple[str, str]]:
        listed = self._desk.find_records(Organisation, limit=_ALL).documents
        return [(each.key, each.name) for each in listed if isinstance(each, Organisation)]

    def _find_or_add(self, register: _Register, name: str, wanted: str) -> str:
        if not register.imported:
            register.reload()
        refusal = "no key is free"
        for number in range(1, _TRIES):
            if (key := register.keys.get(same_name(name))) is not None:
                return key
            key = wanted if number == 1 else f"{wanted}-{number}"
            if key in register.imported:
                continue
            outcome = self._desk.do(register.new(key, name), by=self._by, command_id=uuid.uuid4().hex)
            if not isinstance(outcome, Refusal):
                register.imported.add(key)
                register.keys[same_name(name)] = key
                return key
            refusal = outcome.reason
            register.imported.add(key)
            # Another import may just have added the same person.
            register.reload()
        raise RecordRefusedError(f"{name!r} cannot be added: {refusal}")
