"""The kinds of records in the directory: what each is called, which command keeps it, and how it reads in the list."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from supportdesk.sla import words
from supportdesk.store.views import Roster
from supportdesk.tickets.people import Article, Contact, Organisation, Person, Release, Rotation
from supportdesk.tickets.records import (
    Keep,
    KeepArticle,
    KeepContact,
    KeepOrganisation,
    KeepPerson,
    KeepRelease,
    KeepRotation,
)


@dataclass(frozen=True, slots=True)
class Entry:
    """A record as one line: its name, what stands beside it, and more. `faded` is what is past, such as who has left.

    `document` is the record itself; for the rota, whoever has a turn. `company` is the name of its organisation.
    """

    key: str
    name: str
    beside: str = ""
    more: str = ""
    faded: bool = False
    document: Any = None
    company: str = ""


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of record. `title` names many, `of` is their type, `keep` the command that keeps one."""

    title: str
    of: Any
    keep: type[Keep]
    entry: Callable[[Any, Roster, str], Entry]


def _person(person: Person, roster: Roster, company: str) -> Entry:
    shift = roster.on_call
    on_call = shift is not None and shift.username == person.username
    roles = ", ".join(person.roles) if person.active else "has left"
    return Entry(
        person.username,
        person.name,
        "on call" if on_call else person.username,
        roles,
        faded=not person.active,
        document=person,
    )


def _organisation(organisation: Organisation, roster: Roster, company: str) -> Entry:
    manager = _name(roster, organisation.account_manager)
    return Entry(organisation.key, organisation.name, organisation.key, manager, document=organisation)


def _contact(contact: Contact, roster: Roster, company: str) -> Entry:
    standing = "super user" if contact.super_user else ""
    if not contact.registered:
        standing = "not registered"
    return Entry(contact.key, contact.name, company, standing, document=contact, company=company)


def _release(release: Release, roster: Roster, company: str) -> Entry:
    shipped = release.shipped_at is not None
    return Entry(
        release.key,
        release.key,
        words.full_day(release.day),
        "shipped" if shipped else "planned",
        faded=shipped,
        document=release,
    )


def _article(article: Article, roster: Roster, company: str) -> Entry:
    return Entry(article.key, article.key, article.title, document=article)


def _turn(username: str, roster: Roster, company: str) -> Entry:
    shift = roster.on_call
    now = "on call now" if shift is not None and shift.username == username else ""
    return Entry(username, _name(roster, username), username, now, document=username)


PEOPLE = Kind("People", Person, KeepPerson, _person)
ORGANISATIONS = Kind("Organisations", Organisation, KeepOrganisation, _organisation)
CONTACTS = Kind("Contacts", Contact, KeepContact, _contact)
RELEASES = Kind("Releases", Release, KeepRelease, _release)
ARTICLES = Kind("Articles", Article, KeepArticle, _article)
ROTA = Kind("Rota", Rotation, KeepRotation, _turn)

KINDS = (PEOPLE, ORGANISATIONS, CONTACTS, RELEASES, ARTICLES, ROTA)
"""In the order of their tabs."""


def _name(roster: Roster, username: str | None) -> str:
    named = (person.name for person in roster.staff if person.username == username)
    return next(named, username or "")
