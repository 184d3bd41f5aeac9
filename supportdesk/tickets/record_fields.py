"""What is asked for to keep a document: the one source of the console's forms and the command line's options."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import MISSING
from typing import Any

import msgspec

from supportdesk.tickets.command import Argument, ArgumentType
from supportdesk.tickets.documents import Article, Contact, Organisation, Person, Release, Role, Rotation


def _detail(
    name: str,
    help: str,  # noqa: A002
    *,
    of: ArgumentType = ArgumentType.LINE,
    default: Any = MISSING,
) -> Argument:
    given = default is not MISSING
    return Argument(name, of, help, required=not given, default=default if given else None, choices=())


TELEPHONE = _detail(
    "telephone",
    "the telephone number on which they can be reached at once",
    of=ArgumentType.TELEPHONE,
    default="",
)
EMAIL = _detail("email", "their email address", of=ArgumentType.EMAIL, default="")
KEY = _detail(
    "key", "the key that tickets hold; made from the name unless given", of=ArgumentType.KEY, default=""
)

RECORD_FIELDS: Mapping[type[msgspec.Struct], tuple[Argument, ...]] = {
    Person: (
        _detail("username", "their user name in the operating system", of=ArgumentType.KEY),
        _detail("name", "the name that colleagues and customers read"),
        _detail("team", "their team", of=ArgumentType.TEAM),
        _detail("roles", "what they may do", of=ArgumentType.ROLES, default=(Role.AGENT,)),
        TELEPHONE,
        EMAIL,
        _detail("rungs", "the rungs of the ladder that they hold", of=ArgumentType.RUNGS, default=()),
        _detail(
            "active",
            "whether they work here; a person who has left can do nothing",
            of=ArgumentType.FLAG,
            default=True,
        ),
    ),
    Organisation: (
        _detail("name", "the name of the customer"),
        _detail(
            "account_manager", "who discusses change requests with them", of=ArgumentType.PERSON, default=""
        ),
        KEY,
    ),
    Contact: (
        _detail("organisation", "the customer for whom they work", of=ArgumentType.ORGANISATION),
        _detail("name", "their name"),
        _detail(
            "super_user",
            "whether they are the customer's own expert, who may ring",
            of=ArgumentType.FLAG,
            default=False,
        ),
        TELEPHONE,
        EMAIL,
        _detail(
            "registered", "whether somebody has checked who they are", of=ArgumentType.FLAG, default=True
        ),
        KEY,
    ),
    Release: (
        _detail("key", "its name, such as 7.5", of=ArgumentType.KEY),
        _detail("day", "when it is planned", of=ArgumentType.DAY),
        _detail("shipped_at", "when it went out, once it has", of=ArgumentType.INSTANT, default=None),
    ),
    Article: (
        _detail("key", "its name, such as KB-12", of=ArgumentType.KEY),
        _detail("title", "what it answers, in one line"),
        _detail("text", "the whole text", of=ArgumentType.TEXT, default=""),
    ),
    Rotation: (
        _detail(
            "members", "who is on call in turn, a week each, separated by commas", of=ArgumentType.PEOPLE
        ),
        _detail(
            "starts",
            "when the first shift starts; the next ones start at that time each week",
            of=ArgumentType.MOMENT,
        ),
    ),
}
"""By kind of document, in the order in which they are asked for."""

KEYS = ("key", "username", "organisation")
"""Details that stay what they were once a document is kept: tickets hold them."""


def detail(kind: type[msgspec.Struct], name: str) -> Argument:
    """One detail of a kind of document."""
    return next(each for each in RECORD_FIELDS[kind] if each.name == name)


def fault_of_key(key: str) -> str | None:
    """Why a text cannot be the key of anything; None where it can."""
    if not key or " " in key or key.startswith("-"):
        return f"{key!r} cannot be a key: a key has no blanks and does not begin with a dash"
    return None
