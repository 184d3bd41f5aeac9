"""The types of records in the directory: title, command that saves one, and line in the list."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

import msgspec

from supportdesk.sla import formatting
from supportdesk.store.read_models import Roster
from supportdesk.tickets.documents import Article, Contact, Organisation, Person, Release, Rotation
from supportdesk.tickets.records.commands import (
    SaveArticle,
    SaveContact,
    SaveOrganisation,
    SavePerson,
    SaveRecord,
    SaveRelease,
    SaveRotation,
)
from supportdesk.tickets.rota.duty import Duty


class RecordEntry(msgspec.Struct, frozen=True):
    """A record as one line: name, subtitle and more. `dimmed` marks what is past, such as a person who has left.

    `document` is the record itself; in the rota, the username of a member. `company` is its organisation's name.
    """

    key: str
    name: str
    subtitle: str = ""
    extra: str = ""
    dimmed: bool = False
    document: Any = None
    company: str = ""


class RecordType(msgspec.Struct, frozen=True):
    """A type of records. `title` is its name in the plural, `noun` in the singular, `command` saves one.

    `entry` makes the line of a document, from the roster and the name of its company.
    """

    title: str
    noun: str
    document_type: Any
    command: type[SaveRecord]
    entry: Callable[[Any, Roster, str], RecordEntry]


def _person(person: Person, roster: Roster, company: str) -> RecordEntry:
    on_call = roster.duty.on_call is not None and roster.duty.on_call.username == person.username
    roles = ", ".join(person.roles) if person.active else "has left"
    return RecordEntry(
        person.username,
        person.name,
        person.username,
        f"on call · {roles}" if on_call else roles,
        dimmed=not person.active,
        document=person,
    )


def _organisation(organisation: Organisation, roster: Roster, company: str) -> RecordEntry:
    manager = _name(roster, organisation.account_manager)
    return RecordEntry(organisation.key, organisation.name, organisation.key, manager, document=organisation)


def _contact(contact: Contact, roster: Roster, company: str) -> RecordEntry:
    standing = "super user" if contact.super_user else ""
    if not contact.registered:
        standing = "not registered"
    return RecordEntry(contact.key, contact.name, company, standing, document=contact, company=company)


def _release(release: Release, roster: Roster, company: str) -> RecordEntry:
    shipped = release.shipped_at is not None
    return RecordEntry(
        release.key,
        release.key,
        formatting.full_day(release.day),
        "shipped" if shipped else "planned",
        dimmed=shipped,
        document=release,
    )


def _article(article: Article, roster: Roster, company: str) -> RecordEntry:
    return RecordEntry(article.key, article.key, article.title, document=article)


def _rota_member(username: str, roster: Roster, company: str) -> RecordEntry:
    person, on_call = roster.reference_data.staff.get(username), roster.duty.on_call
    if person is None or not person.active:
        return RecordEntry(
            username, _name(roster, username), username, "has left", dimmed=True, document=username
        )
    now = "on call now" if person == on_call else ""
    return RecordEntry(username, person.name, username, now, document=username)


def gap_entry(gap: Duty, zone: str, now: datetime) -> RecordEntry:
    """Return the line for a time in which nobody is on call; one that has begun is from now."""
    later = gap.began is not None and gap.began > now
    began = f"from {formatting.date_time(gap.began, zone)}" if gap.began is not None and later else "now"
    ends = f"until {formatting.date_time(gap.ends, zone)}" if gap.ends is not None else ""
    return RecordEntry(f"nobody {began}", "Nobody on call", began, ends, document=gap)


PEOPLE = RecordType("People", "member of staff", Person, SavePerson, _person)
ORGANISATIONS = RecordType("Customers", "customer", Organisation, SaveOrganisation, _organisation)
CONTACTS = RecordType("Contacts", "contact", Contact, SaveContact, _contact)
RELEASES = RecordType("Releases", "release", Release, SaveRelease, _release)
ARTICLES = RecordType("Articles", "article", Article, SaveArticle, _article)
ROTA = RecordType("Rota", "rota", Rotation, SaveRotation, _rota_member)

RECORD_TYPES = (PEOPLE, ORGANISATIONS, CONTACTS, RELEASES, ARTICLES, ROTA)
"""All types, in the order of their tabs."""


class UnfinishedRecord(msgspec.Struct, frozen=True):
    """A record whose form was left before it was saved. `key` is empty for a new one."""

    record_type: RecordType
    key: str


def find_unfinished(draft_ref: str) -> UnfinishedRecord | None:
    """Return the record to which a draft of `RecordForm` belongs; None if there is no such type of records."""
    for record_type in RECORD_TYPES:
        title = record_type.command.title
        if f"{draft_ref} ".startswith(f"{title} "):
            return UnfinishedRecord(record_type, draft_ref.removeprefix(title).strip())
    return None


def _name(roster: Roster, username: str | None) -> str:
    named = (person.name for person in roster.staff if person.username == username)
    return next(named, username or "")
