"""A call while it is taken down: who is on the line, since when, and on which line of ours."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from supportdesk.console.drafts.draft import Draft
from supportdesk.console.search.candidate import Candidate
from supportdesk.sla.policy import ANYONE, REGISTERED, Channel, Policy
from supportdesk.store.read_models import QueueRow
from supportdesk.tickets.documents import Contact, Organisation

DRAFT_VERB = "call"
"""Under what the unfinished form of a call is kept among the drafts, together with its `key`."""
_TELEPHONE = "phone"


@dataclass(frozen=True, slots=True)
class Call:
    """Who rings, as far as that is known; `began_at` is when the call was taken.

    `customer` and `contact` are candidates as `finders` makes them, `telephone` and `email` those of somebody new.
    `draft_key` is the key of a call that was cut off, and goes on under it whatever was found out since.
    """

    began_at: datetime
    customer: Candidate | None = None
    contact: Candidate | None = None
    telephone: str = ""
    draft_key: str = ""
    email: str = ""

    @property
    def is_known(self) -> bool:
        """Whether the desk knows who rings."""
        return self.contact is not None and not self.contact.new

    @property
    def key(self) -> str:
        """Under what an unfinished form of this call is kept: it never mixes with another call of the same person."""
        if self.draft_key:
            return self.draft_key
        known = self.contact or self.customer
        return f"{known.key if known else self.telephone} {self.began_at.isoformat()}"


@dataclass(frozen=True, slots=True)
class KnownCaller:
    """Somebody whom the desk knows; `found_by` is the ticket by whose reference they were found."""

    contact: Contact
    organisation: Organisation
    found_by: QueueRow | None = None


@dataclass(frozen=True, slots=True)
class UnknownCaller:
    """Somebody whom the desk does not know, as far as they said who they are."""

    name: str = ""
    telephone: str = ""
    organisation: Organisation | None = None
    email: str = ""


@dataclass(frozen=True, slots=True)
class UnfinishedCall:
    """A call whose form was left, or cut off, before it was saved."""

    call: Call


def resume_call(draft: Draft, key: str) -> tuple[Call, str] | None:
    """The call of an unfinished form that is kept under a key, and its summary; None for another form's draft."""
    match draft.typed:
        case {
            "organisation": (_, Candidate() | None as customer),
            "contact": (_, Candidate() | None as contact),
            "contact_telephone": str(telephone),
            "summary": str(summary),
        }:
            return Call(draft.left_at, customer, contact, telephone, draft_key=key), summary
    return None


def lines(policy: Policy) -> list[Channel]:
    """The ways in by voice: the telephone, what takes over for it out of hours, and the line for the gravest."""
    telephones = [each for each in policy.channels if each.key == _TELEPHONE]
    voices = {_TELEPHONE, *policy.severities[0].channels, *(each.out_of_hours for each in telephones)}
    return [each for each in policy.channels if each.key in voices]


def line_open(policy: Policy, at: datetime) -> str | None:
    """The line on which somebody rings at an instant: the telephone while it is open, else the one for the gravest.

    None where the policy has neither open then.
    """
    answered = (_TELEPHONE, *policy.severities[0].channels)
    ways = [each for key in answered for each in lines(policy) if each.key == key]
    return next((each.key for each in ways if policy.calendar(each.calendar).is_open(at)), None)


def may_use(policy: Policy, line: str, contact: Contact) -> bool:
    """Whether a line is for somebody."""
    open_to = policy.channel(line).open_to
    return contact.super_user or open_to == ANYONE or (open_to == REGISTERED and contact.registered)
