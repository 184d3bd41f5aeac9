"""How a command is defined: once, for every surface.

A command is a frozen dataclass whose fields are made with `argument`. Its docstring is its help text, the metadata of
its fields describe its arguments, and its rule, registered with `rule_for`, is beside it. The command line makes an
option of each argument, the console a field of a form.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from dataclasses import MISSING, dataclass
from enum import StrEnum
from functools import cache
from inspect import cleandoc
from typing import Any, ClassVar

import msgspec

from supportdesk.tickets.decision_context import DecisionContext
from supportdesk.tickets.documents import Role
from supportdesk.tickets.events import TicketEvent
from supportdesk.tickets.refusal import Refusal
from supportdesk.tickets.ticket import Stage


class ArgumentType(StrEnum):
    """The type of an argument: surfaces choose an input by it, and look up records by it."""

    LINE = "line"
    TEXT = "text"
    KEY = "key"
    CHOICE = "choice"
    FLAG = "flag"
    INSTANT = "instant"
    FUTURE_INSTANT = "future instant"
    DAY = "day"
    TELEPHONE = "telephone"
    EMAIL = "email"
    ADDRESSES = "addresses"
    QUIET_HOURS = "quiet hours"
    TICKET = "ticket"
    SEVERITY = "severity"
    CHANNEL = "channel"
    TEAM = "team"
    ESCALATION_TARGET = "escalation target"
    PERSON = "person"
    PEOPLE = "people"
    ROLES = "roles"
    RUNGS = "rungs"
    MAILS = "mails"
    ORGANISATION = "organisation"
    CONTACT = "contact"
    RELEASE = "release"
    ARTICLE = "article"
    POLICY = "policy"


EVERYBODY: frozenset[Role] = frozenset()
"""The `needs` of a command that is open to all staff."""

LINE_LIMIT = 200
TEXT_LIMIT = 20_000


STORED_AS, LATER = "stored_as", "later"
"""Keys of a field's metadata that say how it is stored; see `argument`."""


class Argument(msgspec.Struct, frozen=True):
    """What a surface needs to know to ask for one field of a command."""

    name: str
    value_type: ArgumentType
    help: str
    required: bool
    default: Any
    choices: tuple[str, ...]
    is_asked: bool = True
    """Whether a form has a field for it; if not, the surface asks in its own way."""
    stored_as: str = ""
    """Its name in stored commands and drafts, which never changes."""

    @property
    def limit(self) -> int:
        """The largest number of characters that are stored of a text."""
        return TEXT_LIMIT if self.value_type is ArgumentType.TEXT else LINE_LIMIT


def argument(
    help: str,  # noqa: A002
    *,
    value_type: ArgumentType = ArgumentType.LINE,
    default: Any = MISSING,
    choices: tuple[str, ...] = (),
    is_asked: bool = True,
    stored_as: str = "",
    later: bool = False,
) -> Any:
    """Return a field of a command; it is required unless it has a default.

    `stored_as` is the field's first name, if it was renamed since. `later` marks a field that was added after the first
    release: while it has its default, the command equals one stored without it.
    """
    metadata = {
        "help": help,
        "value_type": ArgumentType.CHOICE if choices else value_type,
        "choices": choices,
        "is_asked": is_asked,
        **({STORED_AS: stored_as} if stored_as else {}),
        **({LATER: True} if later else {}),
    }
    if default is MISSING:
        return dataclasses.field(metadata=metadata)
    return dataclasses.field(default=default, metadata=metadata)


@dataclass(frozen=True, slots=True)
class Command:
    """Base of all commands. `verb` is its name on the command line, `title` its name on the screen.

    `tag` is its name in the database, which never changes, whatever the class is called.
    """

    tag: ClassVar[str]
    verb: ClassVar[str] = ""
    title: ClassVar[str] = ""
    asks_first: ClassVar[bool] = False
    """Whether a surface asks for confirmation: the command ends a ticket or pages a person."""
    needs: ClassVar[frozenset[Role]]
    """The roles of which a member of staff needs one, or EVERYBODY; each command says so, none by oversight."""
    open_to_contacts: ClassVar[bool] = False
    """Whether a customer's contact may give it. Its rule then checks that it is about their own organisation."""
    open_to_services: ClassVar[frozenset[str]] = frozenset()
    """The keys of the services that may give it."""

    @classmethod
    def help_text(cls) -> str:
        """Return the help text: the first line of the docstring."""
        return cleandoc(cls.__doc__ or "").split("\n", 1)[0]

    @classmethod
    @cache
    def arguments(cls) -> tuple[Argument, ...]:
        """Return the fields that a surface asks for, in order; a ticket's own reference is not among them."""
        return tuple(
            Argument(
                name=field.name,
                value_type=field.metadata["value_type"],
                help=field.metadata["help"],
                required=field.default is MISSING,
                default=None if field.default is MISSING else field.default,
                choices=field.metadata["choices"],
                is_asked=field.metadata["is_asked"],
                stored_as=field.metadata.get(STORED_AS, field.name),
            )
            for field in dataclasses.fields(cls)
            if "value_type" in field.metadata
        )

    @classmethod
    def asked(cls) -> tuple[Argument, ...]:
        """Return the fields of the command's form, in order."""
        return tuple(each for each in cls.arguments() if each.is_asked)


OPEN_STAGES = frozenset({Stage.TRIAGE, Stage.ASSIGNMENT, Stage.RESOLUTION})
ANY_STAGE = frozenset(Stage)


@dataclass(frozen=True, slots=True)
class TicketCommand(Command):
    """Base of the commands on an existing ticket; `stages` are those in which it is possible."""

    stages: ClassVar[frozenset[Stage]] = OPEN_STAGES
    reads_customer: ClassVar[bool] = False
    """Whether its rule reads the organisation and the contact of the ticket, which are loaded only then."""

    ref: str


Decision = list[TicketEvent] | Refusal
Rule = Callable[[DecisionContext, Any], Decision]

RULES: dict[type[Command], Rule] = {}


def rule_for(command: type[Command]) -> Callable[[Rule], Rule]:
    """Register the decorated function as the rule of a command, for `decide`."""

    def register(rule: Rule) -> Rule:
        RULES[command] = rule
        return rule

    return register
