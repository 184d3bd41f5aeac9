"""The demo's staff, customers, contacts, articles, rota and releases."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta

import msgspec

from supportdesk.demo.business_time import RelativeCalendar
from supportdesk.resources import data_path
from supportdesk.tickets.command import Command
from supportdesk.tickets.documents import (
    Article,
    Contact,
    Line,
    Organisation,
    Person,
    Release,
    Role,
    Rotation,
)
from supportdesk.tickets.record_keys import CONTACT, CUSTOMER, slug
from supportdesk.tickets.records.commands import (
    SaveArticle,
    SaveContact,
    SaveOrganisation,
    SavePerson,
    SaveRelease,
    SaveRotation,
)

OWN_TEAM = "technical-support"
"""The operator's team: its reply counts as the response for every severity, so that every key has an effect."""

_STAFF_NUMBERS = 900
DEMO_HOURS = 450.0
"""How many office hours ago the records are saved."""


class StaffMember(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A member of staff in the file. `works` is False for managers who handle no tickets."""

    username: str
    name: str
    team: str
    roles: tuple[Role, ...]
    rungs: tuple[str, ...] = ()
    on_call: bool = False
    works: bool = True


class Customer(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A customer in the file, with the names of its people."""

    name: str
    account_manager: str
    super_users: tuple[str, ...]
    others: tuple[str, ...]


class RecordsFile(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The contents of `data/demo/records.toml`."""

    staff: tuple[StaffMember, ...]
    organisations: tuple[Customer, ...]
    articles: tuple[Article, ...]


class Releases(msgspec.Struct, frozen=True):
    """The releases of the demo, named by what happens to them."""

    shipped: Release
    overdue: Release
    moved: Release
    following: Release
    shipped_at: datetime
    moved_at: datetime
    moved_to: date

    @property
    def planned(self) -> tuple[Release, ...]:
        """All releases with their original dates."""
        return (self.shipped, self.overdue, self.moved, self.following)


class DemoRecords(msgspec.Struct, frozen=True):
    """The people and records of the demo. `me` is the operator."""

    me: Person
    staff: tuple[Person, ...]
    at_work: tuple[str, ...]
    organisations: tuple[Organisation, ...]
    contacts: tuple[Contact, ...]
    articles: tuple[Article, ...]
    rotations: tuple[Rotation, ...]
    releases: Releases

    def team(self, key: str) -> list[Person]:
        """Return the members of a team who handle tickets."""
        return [person for person in self.staff if person.team == key and person.username in self.at_work]

    def save_commands(self) -> list[Command]:
        """Return the commands that save all records, releases with their original dates."""
        return [
            *(SavePerson(person) for person in self.staff),
            *(SaveOrganisation(organisation) for organisation in self.organisations),
            *(SaveContact(contact) for contact in self.contacts),
            *(SaveArticle(article) for article in self.articles),
            *(SaveRelease(release) for release in self.releases.planned),
            *map(SaveRotation, self.rotations),
        ]


def build_demo_records(username: str, full_name: str, office: RelativeCalendar) -> DemoRecords:
    """Return the records with the operator in it; a member of staff with the same username is renamed."""
    records_file = msgspec.toml.decode(data_path("demo/records.toml").read_bytes(), type=RecordsFile)
    called = {
        member.username: f"{member.username}-demo" if member.username == username else member.username
        for member in records_file.staff
    }
    me = Person(username, full_name or username, OWN_TEAM, (Role.SUPERVISOR, Role.ADMINISTRATOR))
    staff = tuple(_person(member, called, number) for number, member in enumerate(records_file.staff))
    organisations = tuple(
        Organisation(slug(each.name, CUSTOMER), each.name, called[each.account_manager])
        for each in records_file.organisations
    )
    return DemoRecords(
        me=me,
        staff=(me, *staff),
        at_work=(me.username, *(called[each.username] for each in records_file.staff if each.works)),
        organisations=organisations,
        contacts=tuple(_contacts(records_file.organisations)),
        articles=records_file.articles,
        rotations=tuple(_rotations(records_file, called, office)),
        releases=_releases(office),
    )


def _rotations(
    records_file: RecordsFile, called: dict[str, str], office: RelativeCalendar
) -> Iterator[Rotation]:
    """Yield the rotations of both lines, from the first Monday of the demo on.

    The first of the members is first on call this week, and was second in the week before.
    """
    members = [called[each.username] for each in records_file.staff if each.on_call]
    weeks = office.weeks_since(office.ago(DEMO_HOURS)) - 1
    starts = office.monday_morning(weeks)
    for place, line in enumerate((Line.FIRST, Line.SECOND)):
        first = (place - weeks) % len(members)
        yield Rotation((*members[first:], *members[:first]), starts, office.timezone, line)


def _person(member: StaffMember, called: dict[str, str], number: int) -> Person:
    username = called[member.username]
    return Person(
        username,
        member.name,
        member.team,
        member.roles,
        telephone=_telephone(_STAFF_NUMBERS + number),
        email=f"{username}@claritum.example",
        rungs=member.rungs,
    )


def _contacts(customers: tuple[Customer, ...]) -> list[Contact]:
    contacts: list[Contact] = []
    for customer in customers:
        organisation = slug(customer.name, CUSTOMER)
        for name in (*customer.super_users, *customer.others):
            contacts.append(
                Contact(
                    key=f"{organisation}.{slug(name, CONTACT)}",
                    organisation=organisation,
                    name=name,
                    super_user=name in customer.super_users,
                    telephone=_telephone(len(contacts) + 1),
                    email=f"{slug(name, CONTACT).replace('-', '.')}@{organisation}.example",
                )
            )
    return contacts


def _telephone(number: int) -> str:
    """Return one of the thousand London numbers that Ofcom reserves for drama."""
    return f"+44 20 7946 0{number:03d}"


def _releases(office: RelativeCalendar) -> Releases:
    today = office.today
    return Releases(
        shipped=Release("8.2", office.working_day(today - timedelta(days=7))),
        overdue=Release("8.2.1", office.working_day_before(today)),
        moved=Release("8.3", office.working_day(today + timedelta(days=3))),
        following=Release("8.4", office.working_day(today + timedelta(days=31))),
        shipped_at=office.opening_of(office.working_day(today - timedelta(days=7))) + timedelta(hours=3),
        moved_at=office.ago(hours=6),
        moved_to=office.working_day(today + timedelta(days=12)),
    )


def moved(releases: Releases) -> Release:
    """Return the release that moves, with its new date."""
    return msgspec.structs.replace(releases.moved, day=releases.moved_to)


def shipped(releases: Releases) -> Release:
    """Return the release that ships, as shipped."""
    return msgspec.structs.replace(releases.shipped, shipped_at=releases.shipped_at)
