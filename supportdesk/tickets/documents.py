"""The records of a desk besides its tickets: staff, customers, releases, articles, the rota.

These are documents: `key` is what a ticket holds, everything else may change without any ticket changing.
"""

from __future__ import annotations

from datetime import UTC, date, datetime
from enum import StrEnum

import msgspec


class Role(StrEnum):
    """What a member of staff may do."""

    AGENT = "agent"
    ENGINEER = "engineer"
    SUPERVISOR = "supervisor"
    ACCOUNT_MANAGER = "account manager"
    ADMINISTRATOR = "administrator"


class Person(msgspec.Struct, frozen=True):
    """A member of staff. `rungs` are the ladder's rungs that this person holds, by key."""

    username: str
    name: str
    team: str
    roles: tuple[Role, ...]
    telephone: str = ""
    email: str = ""
    rungs: tuple[str, ...] = ()
    active: bool = True


class Organisation(msgspec.Struct, frozen=True):
    """A customer. `account_manager` is a username."""

    key: str
    name: str
    account_manager: str | None = None


class Contact(msgspec.Struct, frozen=True):
    """A person at a customer. `registered` is False for one that was added with a request and not checked yet."""

    key: str
    organisation: str
    name: str
    super_user: bool = False
    telephone: str = ""
    email: str = ""
    registered: bool = True


class Release(msgspec.Struct, frozen=True):
    """A release of the product; `day` is when it is planned, `shipped_at` when it went out."""

    key: str
    day: date
    shipped_at: datetime | None = None


class Article(msgspec.Struct, frozen=True):
    """A page of the knowledge base."""

    key: str
    title: str
    text: str = ""


class Rotation(msgspec.Struct, frozen=True):
    """A weekly rotation of the on-call duty.

    `members` are usernames in turn; the first took over at `starts`, each next one a week of the wall clock of
    `timezone` later.
    """

    members: tuple[str, ...]
    starts: datetime
    timezone: str


Document = Person | Organisation | Contact | Release | Article
"""The records that have a key."""


def key_of(document: msgspec.Struct) -> str:
    """Return the key of a record; for a rotation, its start."""
    if isinstance(document, Rotation):
        return f"{document.starts.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"
    return str(getattr(document, "username", "") or getattr(document, "key", ""))
