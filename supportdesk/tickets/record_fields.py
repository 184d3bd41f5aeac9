"""The fields of each record: the only source for the console's forms and the command line's options."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from dataclasses import MISSING
from typing import Any

import msgspec

from supportdesk.tickets.command import Argument, ArgumentType
from supportdesk.tickets.documents import Article, Contact, Organisation, Person, Release, Role, Rotation


def _field(
    name: str,
    help: str,  # noqa: A002
    *,
    value_type: ArgumentType = ArgumentType.LINE,
    default: Any = MISSING,
) -> Argument:
    given = default is not MISSING
    return Argument(
        name, value_type, help, required=not given, default=default if given else None, choices=()
    )


TELEPHONE = _field(
    "telephone",
    "the telephone number on which they can be reached at once",
    value_type=ArgumentType.TELEPHONE,
    default="",
)
EMAIL = _field("email", "their email address", value_type=ArgumentType.EMAIL, default="")
KEY = _field(
    "key",
    "the key that tickets refer to; made from the name by default",
    value_type=ArgumentType.KEY,
    default="",
)

UNWANTED_MAILS = _field(
    "unwanted_mails",
    "which mail about their tickets they get, of what the policy promises",
    value_type=ArgumentType.MAILS,
    default=(),
)

RECORD_FIELDS: Mapping[type[msgspec.Struct], tuple[Argument, ...]] = {
    Person: (
        _field("username", "their username on this machine", value_type=ArgumentType.KEY),
        _field("name", "the name that colleagues and customers read"),
        _field("team", "the team they belong to", value_type=ArgumentType.TEAM),
        _field("roles", "what they may do", value_type=ArgumentType.ROLES, default=(Role.AGENT,)),
        TELEPHONE,
        EMAIL,
        _field("rungs", "the rungs of the ladder that they hold", value_type=ArgumentType.RUNGS, default=()),
        _field(
            "active",
            "whether they work here; a person who has left can do nothing",
            value_type=ArgumentType.FLAG,
            default=True,
        ),
        _field(
            "addresses",
            "where pages reach them, in order: sms +44 7700 900123; call +44 7700 900123 after 2 min",
            value_type=ArgumentType.ADDRESSES,
            default=(),
        ),
        _field(
            "quiet_hours",
            "when only what is critical is sent, such as 22:00-07:00",
            value_type=ArgumentType.QUIET_HOURS,
            default=None,
        ),
    ),
    Organisation: (
        _field("name", "the name of the customer"),
        _field(
            "account_manager",
            "who discusses change requests with them",
            value_type=ArgumentType.PERSON,
            default="",
        ),
        UNWANTED_MAILS,
        KEY,
    ),
    Contact: (
        _field("organisation", "the customer they work for", value_type=ArgumentType.ORGANISATION),
        _field("name", "their name"),
        _field(
            "super_user",
            "whether they are a super user of the customer, who may call",
            value_type=ArgumentType.FLAG,
            default=False,
        ),
        TELEPHONE,
        EMAIL,
        _field(
            "registered",
            "whether their identity has been checked",
            value_type=ArgumentType.FLAG,
            default=True,
        ),
        UNWANTED_MAILS,
        KEY,
    ),
    Release: (
        _field("key", "the version, such as 7.5", value_type=ArgumentType.KEY),
        _field("day", "when it is planned", value_type=ArgumentType.DAY),
        _field(
            "shipped_at",
            "when it was shipped, once it has been",
            value_type=ArgumentType.INSTANT,
            default=None,
        ),
    ),
    Article: (
        _field("key", "its number, such as KB-12", value_type=ArgumentType.KEY),
        _field("title", "what it answers, in one line"),
        _field("text", "the whole text", value_type=ArgumentType.TEXT, default=""),
    ),
    Rotation: (
        _field(
            "members",
            "who is on call in turn, a week each, separated by commas",
            value_type=ArgumentType.PEOPLE,
        ),
        _field(
            "starts",
            "when the first shift starts; the next ones start at that time each week",
            value_type=ArgumentType.FUTURE_INSTANT,
        ),
    ),
}
"""The fields by type of document, in the order in which they are asked for."""

IMMUTABLE_FIELDS = ("key", "username", "organisation")
"""Fields that never change once a record is saved, because tickets refer to them."""


def record_field(document_type: type[msgspec.Struct], name: str) -> Argument:
    """Return one field of a type of record. Raises StopIteration for an unknown name."""
    return next(each for each in RECORD_FIELDS[document_type] if each.name == name)


def find_key_fault(key: str, noun: str = "a key") -> str | None:
    """Return why a text cannot be a key; None where it can. `noun` is the key's name, with its article."""
    if not key or " " in key or key.startswith("-"):
        return f"{key!r} cannot be {noun}: {noun} has no spaces and does not begin with a dash"
    return None


def compared_key(key: str) -> str:
    """Return a key as keys are compared: in any case, and in full-width characters or others."""
    return unicodedata.normalize("NFKC", key).casefold()


def find_name_fault(name: str) -> str | None:
    """Return why a text cannot be the name of a customer or a person; None where it can."""
    if any(map(str.isalnum, name)):
        return None
    return f"{name!r} cannot be a name: a name has a letter or a digit" if name else "the name is empty"
