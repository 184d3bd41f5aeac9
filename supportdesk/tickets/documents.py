"""The records of a desk besides its tickets: staff, customers, releases, articles, the rota.

These are documents: `key` is what a ticket holds, everything else may change without any ticket changing.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from enum import StrEnum
from typing import ClassVar

import msgspec

from supportdesk.sla.mail_kind import MailKind


class Role(StrEnum):
    """What a member of staff may do."""

    AGENT = "agent"
    ENGINEER = "engineer"
    SUPERVISOR = "supervisor"
    ACCOUNT_MANAGER = "account manager"
    ADMINISTRATOR = "administrator"


class Address(msgspec.Struct, frozen=True, omit_defaults=True):
    """Where messages reach a member of staff: the key of a method of sending, and its target, such as a number.

    It is used `delay` seconds after a message was made, unless somebody has responded meanwhile.
    """

    method: str
    target: str
    delay: int = 0


class QuietHours(msgspec.Struct, frozen=True):
    """The time of day in which only what is critical is sent, by the wall clock; it may include midnight."""

    start: time
    end: time


class Person(msgspec.Struct, frozen=True):
    """A member of staff. `rungs` are the ladder's rungs that this person holds, by key.

    `addresses` are where messages reach them, in order; without any, it is their email address.
    """

    username: str
    name: str
    team: str
    roles: tuple[Role, ...]
    telephone: str = ""
    email: str = ""
    rungs: tuple[str, ...] = ()
    active: bool = True
    addresses: tuple[Address, ...] = ()
    quiet_hours: QuietHours | None = None

    LATER: ClassVar[tuple[str, ...]] = ("addresses", "quiet_hours")
    """Fields that were added after the first release; see `processed_commands`."""


class Organisation(msgspec.Struct, frozen=True):
    """A customer. `account_manager` is a username; `unwanted_mails` are the kinds of mail that no contact gets."""

    LATER: ClassVar[tuple[str, ...]] = ("unwanted_mails",)

    key: str
    name: str
    account_manager: str | None = None
    unwanted_mails: tuple[MailKind, ...] = ()


ERASED = "[erased]"
"""Stands wherever something of a person was erased."""

ERASED_KEY = "erased-"
"""Begins the key of a contact who was erased; a number follows."""


class Contact(msgspec.Struct, frozen=True):
    """A person at a customer. `registered` is False for one that was added with a request and not checked yet.

    `unwanted_mails` are the kinds of mail that they do not get.
    """

    LATER: ClassVar[tuple[str, ...]] = ("unwanted_mails",)

    key: str
    organisation: str
    name: str
    super_user: bool = False
    telephone: str = ""
    email: str = ""
    registered: bool = True
    unwanted_mails: tuple[MailKind, ...] = ()

    @property
    def is_erased(self) -> bool:
        """Whether everything about the person was erased; tickets go on to refer to the key."""
        return self.name == ERASED and self.key.startswith(ERASED_KEY)

    def has_email(self, address: str) -> bool:
        """Return whether an email address is the contact's, whatever its case; an empty one is nobody's."""
        return bool(address) and self.email.casefold() == address.casefold()


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


class Line(StrEnum):
    """A line of the rota: the second is paged where the first does not acknowledge."""

    FIRST = "first"
    SECOND = "second"


class TurnUnit(StrEnum):
    """The unit of the length of a turn."""

    HOURS = "hours"
    DAYS = "days"
    WEEKS = "weeks"


class Membership(msgspec.Struct, frozen=True, omit_defaults=True):
    """From which date a member of a rotation takes turns, and from which no longer; None means no such date.

    Both take effect on that date at the time of day at which the rotation starts.
    """

    username: str
    joins: date | None = None
    leaves: date | None = None


class Rotation(msgspec.Struct, frozen=True, omit_defaults=True):
    """A version of a layer of the rota: who is on call in turn.

    `members` are usernames in turn; the first took over at `starts`, and the next one takes over every `every` `unit`s
    of the wall clock of `timezone`. Without members, it cancels the version planned for the same start. The highest
    `layer` of a `line` that has a shift at an instant has it; 0 is the base. The version is in force until the next
    version of its layer starts, or until `ends`. `memberships` holds the members who join or leave on a date.
    """

    members: tuple[str, ...]
    starts: datetime
    timezone: str
    line: Line = Line.FIRST
    layer: int = 0
    unit: TurnUnit = TurnUnit.WEEKS
    every: int = 1
    ends: datetime | None = None
    memberships: tuple[Membership, ...] = ()

    LATER: ClassVar[tuple[str, ...]] = ("line", "layer", "unit", "every", "ends", "memberships")
    """Fields that were added after the first release; see `processed_commands`."""


class Override(msgspec.Struct, frozen=True, omit_defaults=True):
    """A person on call from `start` to `end` instead of those whose shifts these are; `made_at` is when it was made.

    Of two overrides, the one made later holds. One that ends where it starts was cancelled.
    """

    number: int
    line: Line
    start: datetime
    end: datetime
    person: str
    made_at: datetime
    reason: str = ""


class SwapState(StrEnum):
    """How far a swap has come; only an approved one changes the rota."""

    OFFERED = "offered"
    ACCEPTED = "accepted"
    APPROVED = "approved"
    WITHDRAWN = "withdrawn"
    DECLINED = "declined"


class Swap(msgspec.Struct, frozen=True, omit_defaults=True):
    """A shift that `offered_by` gives away, from `start` to `end`.

    `asked` is the only person who may accept it; None where everybody may. `taken_by` accepted it, and gives the shift
    `in_return`, from its start to its end; None where they take it over without one. `approved_by` is a supervisor.
    """

    number: int
    line: Line
    offered_by: str
    start: datetime
    end: datetime
    state: SwapState = SwapState.OFFERED
    asked: str | None = None
    taken_by: str | None = None
    in_return: tuple[datetime, datetime] | None = None
    approved_at: datetime | None = None
    approved_by: str | None = None


class Absence(msgspec.Struct, frozen=True, omit_defaults=True):
    """A time in which a member of staff is away; `deputy` has their shifts, or nobody has where it is None.

    Of two absences of a person, the later number holds. One that ends where it starts was cancelled.
    """

    number: int
    person: str
    start: datetime
    end: datetime
    deputy: str | None = None
    reason: str = ""


class Handover(msgspec.Struct, frozen=True, omit_defaults=True):
    """The handover of a shift from `start` to `end` by `given_by`, with a note, given at `given_at`.

    `line` is None for a shift in office hours. `asked` is the only person who may accept it; None where everybody may.
    """

    number: int
    given_by: str
    start: datetime
    end: datetime
    given_at: datetime
    note: str
    line: Line | None = None
    asked: str | None = None
    accepted_by: str | None = None
    accepted_at: datetime | None = None
    withdrawn: bool = False

    @property
    def is_open(self) -> bool:
        """Whether it waits for the person who takes over."""
        return self.accepted_at is None and not self.withdrawn


NOTICE, PAGE, TEST = MESSAGE_KINDS = ("notice", "page", "test")
"""The kinds of messages to people, as they are stored: a page and a test page ask for an acknowledgement."""
MAIL = "mail"
"""The kind of a message to a customer's contact."""


class DeskNotice(msgspec.Struct, frozen=True, omit_defaults=True):
    """A message to `people`, usernames, about the desk and no ticket; there is only one with its key.

    `kind` is one of `MESSAGE_KINDS`. What is `urgent` is sent at any time of day and on its own. A page or a test
    is acknowledged by one of its people, or withdrawn where its cause is gone; what still waits is not sent then.
    """

    key: str
    kind: str
    people: tuple[str, ...]
    text: str
    made_at: datetime
    urgent: bool = False
    acknowledged_at: datetime | None = None
    acknowledged_by: str | None = None
    withdrawn_at: datetime | None = None

    @property
    def is_open(self) -> bool:
        """Whether it is neither acknowledged nor withdrawn."""
        return self.acknowledged_at is None and self.withdrawn_at is None


Document = Person | Organisation | Contact | Release | Article
"""The records that have a key."""


def key_of(document: msgspec.Struct) -> str:
    """Return the key of a record.

    A rotation's is its start, after the line and the layer where these are not the first line's base; the key of an
    override, a swap, an absence or a handover is its number.
    """
    if isinstance(document, Rotation):
        starts = f"{document.starts.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"
        is_base = document.line is Line.FIRST and document.layer == 0
        return starts if is_base else f"{document.line} {document.layer} {starts}"
    if isinstance(document, Override | Swap | Absence | Handover):
        return str(document.number)
    return str(getattr(document, "username", "") or getattr(document, "key", ""))
