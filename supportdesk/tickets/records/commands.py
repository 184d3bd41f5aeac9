"""The commands that save records."""

from __future__ import annotations

import dataclasses
from abc import abstractmethod
from dataclasses import dataclass
from datetime import date
from typing import Any

import msgspec

from supportdesk.sla.policy import Policy
from supportdesk.tickets.actors import SYSTEM, WATCHER
from supportdesk.tickets.command import EVERYBODY, LATER, ArgumentType, Command, argument
from supportdesk.tickets.documents import (
    Article,
    Contact,
    Organisation,
    Person,
    Release,
    Role,
    Rotation,
)
from supportdesk.tickets.records.incoming_commands import AccountMessage, SettleMessage
from supportdesk.tickets.records.rota_commands import (
    AcceptSwap,
    ApproveSwap,
    CloseSwap,
    EndAbsence,
    EndOverride,
    OfferSwap,
    OverrideShifts,
    RecordAbsence,
)
from supportdesk.tickets.records.shift_commands import AcceptHandover, HandOverShift, WithdrawHandover
from supportdesk.tickets.records.voicemail_commands import AddTranscript, MarkHeard, RecordMissedCall

_SYSTEM = frozenset({SYSTEM.key})
"""The program itself saves the first records of a desk."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SaveRecord(Command):
    """Base of the commands that save a record with a key.

    `new` requires that no record has the key yet; `another` allows a second record with the same name. `was` is the
    record as the operator saw it: changes that somebody else has saved in the meantime are not overwritten.
    """

    open_to_services = _SYSTEM

    new: bool = False
    another: bool = dataclasses.field(default=False, metadata={LATER: True})
    was: msgspec.Struct | None = None

    @property
    @abstractmethod
    def document(self) -> Any:
        """The record to save."""


@dataclass(frozen=True, slots=True)
class SavePerson(SaveRecord):
    """Add or change a member of staff."""

    tag = "KeepPerson"
    title = "Member of staff"
    needs = frozenset({Role.ADMINISTRATOR})

    person: Person
    unreachable: bool = dataclasses.field(default=False, metadata={LATER: True})
    """Whether it is meant although no page would reach somebody who is on the rota or holds a rung, or although
    nobody would be on call."""

    @property
    def document(self) -> Person:
        """The member of staff to save."""
        return self.person


@dataclass(frozen=True, slots=True)
class SaveOrganisation(SaveRecord):
    """Add or change a customer."""

    tag = "KeepOrganisation"
    title = "Organisation"
    needs = EVERYBODY

    organisation: Organisation

    @property
    def document(self) -> Organisation:
        """The customer to save."""
        return self.organisation


@dataclass(frozen=True, slots=True)
class SaveContact(SaveRecord):
    """Add or change a contact of a customer."""

    tag = "KeepContact"
    title = "Contact"
    needs = EVERYBODY

    contact: Contact

    @property
    def document(self) -> Contact:
        """The contact to save."""
        return self.contact


@dataclass(frozen=True, slots=True)
class EraseContact(Command):
    """Erase a contact: their details, and their name, addresses and numbers in every text.

    It cannot be undone. `contact` is their key.
    """

    tag = "EraseContact"
    title = "Erase a contact"
    asks_first = True
    needs = frozenset({Role.SUPERVISOR, Role.ADMINISTRATOR})

    contact: str = argument("the contact to erase, by key", value_type=ArgumentType.CONTACT)


@dataclass(frozen=True, slots=True)
class SaveRelease(SaveRecord):
    """Plan a release, move it to another day, or mark it as shipped."""

    tag = "KeepRelease"
    title = "Release"
    needs = frozenset({Role.SUPERVISOR, Role.ENGINEER, Role.ADMINISTRATOR})

    release: Release

    @property
    def document(self) -> Release:
        """The release to save."""
        return self.release


@dataclass(frozen=True, slots=True)
class SaveArticle(SaveRecord):
    """Add or change an article."""

    tag = "KeepArticle"
    title = "Article"
    needs = EVERYBODY

    article: Article

    @property
    def document(self) -> Article:
        """The article to save."""
        return self.article


@dataclass(frozen=True, slots=True)
class SaveRotation(SaveRecord):
    """Set an on-call rotation, or cancel a planned one.

    It takes effect at its start, and the previous one stays in force until then (rule 18).
    """

    tag = "KeepRotation"
    title = "Rota"
    needs = frozenset({Role.SUPERVISOR, Role.ADMINISTRATOR})

    rotation: Rotation
    despite_gap: bool = dataclasses.field(default=False, metadata={LATER: True})
    """Whether it is meant although nobody would be on call at a time of the next 14 days."""

    @property
    def document(self) -> Rotation:
        """The rotation to save."""
        return self.rotation


@dataclass(frozen=True, slots=True)
class InstallPolicy(Command):
    """Install a version of the policy for requests received from its effective date on."""

    tag = "InstallPolicy"
    needs = frozenset({Role.ADMINISTRATOR})
    open_to_services = _SYSTEM

    policy: Policy


@dataclass(frozen=True, slots=True)
class ChangeDay(Command):
    """Close a single day of a calendar, or give it other opening hours."""

    tag = "ChangeDay"
    needs = frozenset({Role.SUPERVISOR, Role.ADMINISTRATOR})
    open_to_services = _SYSTEM

    calendar: str
    day: date
    spans: tuple[tuple[str, str], ...]
    reason: str


@dataclass(frozen=True, slots=True)
class SendNotice(Command):
    """Send a message about the desk and no ticket to people, by username.

    `key` says what it is about, such as the gap in the rota that it warns of: a message with a key is sent once. `kind`
    is `notice`, `page` or `test`. What is `urgent` is sent at any time of day and on its own.
    """

    tag = "send notice"
    needs = frozenset({Role.ADMINISTRATOR})
    open_to_services = frozenset({SYSTEM.key, WATCHER.key})

    people: tuple[str, ...]
    kind: str
    text: str
    key: str
    urgent: bool = False


@dataclass(frozen=True, slots=True)
class AcknowledgeNotice(Command):
    """Acknowledge a page or a test page about no ticket that was sent to you, by its key."""

    tag = "acknowledge notice"
    title = "Acknowledge a notice"
    needs = EVERYBODY

    key: str


@dataclass(frozen=True, slots=True)
class WithdrawNotice(Command):
    """Withdraw a page about no ticket whose cause is gone: what waits to be sent is not sent."""

    tag = "withdraw notice"
    needs = frozenset({Role.ADMINISTRATOR})
    open_to_services = frozenset({SYSTEM.key, WATCHER.key})

    key: str


RecordCommand = (
    SavePerson
    | SaveOrganisation
    | SaveContact
    | EraseContact
    | SaveRelease
    | SaveArticle
    | SaveRotation
    | InstallPolicy
    | ChangeDay
    | OverrideShifts
    | EndOverride
    | OfferSwap
    | AcceptSwap
    | ApproveSwap
    | CloseSwap
    | HandOverShift
    | AcceptHandover
    | WithdrawHandover
    | RecordAbsence
    | EndAbsence
    | SendNotice
    | AcknowledgeNotice
    | WithdrawNotice
    | AccountMessage
    | SettleMessage
    | RecordMissedCall
    | MarkHeard
    | AddTranscript
)
