"""A call being recorded: the caller, when it began, and the line it came in on."""

from __future__ import annotations

from datetime import datetime

import msgspec

from supportdesk.console.drafts.draft import Draft
from supportdesk.console.search.candidate import Candidate
from supportdesk.sla.policy import ANYONE, REGISTERED, Channel, Policy
from supportdesk.store.read_models import QueueRow
from supportdesk.tickets.documents import Contact, Organisation

DRAFT_VERB = "call"
"""The verb under which the draft of an unfinished call is saved, together with its `key`."""
_TELEPHONE = "phone"


class Call(msgspec.Struct, frozen=True):
    """The caller, as far as known; `began_at` is when the call was answered.

    `customer` and `contact` are candidates of `searches`, `telephone` and `email` those of a new contact.
    `draft_key` is the key of the draft that this call resumes; it stays the same whatever is filled in later.
    """

    began_at: datetime
    customer: Candidate | None = None
    contact: Candidate | None = None
    telephone: str = ""
    draft_key: str = ""
    email: str = ""

    @property
    def is_known(self) -> bool:
        """Whether the caller is a contact in the directory."""
        return self.contact is not None and not self.contact.new

    @property
    def key(self) -> str:
        """The key of this call's draft; no two calls of the same person share one."""
        if self.draft_key:
            return self.draft_key
        known = self.contact or self.customer
        return f"{known.key if known else self.telephone} {self.began_at.isoformat()}"


class KnownCaller(msgspec.Struct, frozen=True):
    """A caller who is in the directory; `found_by` is the ticket by whose reference they were found."""

    contact: Contact
    organisation: Organisation
    found_by: QueueRow | None = None


class UnknownCaller(msgspec.Struct, frozen=True):
    """A caller who is not in the directory, with the details given so far."""

    name: str = ""
    telephone: str = ""
    organisation: Organisation | None = None
    email: str = ""


class UnfinishedCall(msgspec.Struct, frozen=True):
    """A call whose form was left or cut off before it was saved."""

    call: Call


def resume_call(draft: Draft, key: str) -> tuple[Call, str] | None:
    """Return the call in the draft saved under `key`, and its summary; None for another form's draft."""
    match draft.typed:
        case {
            "organisation": (_, Candidate() | None as customer),
            "contact": (_, Candidate() | None as contact),
            "contact_telephone": str(telephone),
            "summary": str(summary),
        }:
            return Call(draft.left_at, customer, contact, telephone, draft_key=key), summary
    return None


def voice_channels(policy: Policy) -> list[Channel]:
    """Return the voice channels: the telephone, its out-of-hours line, and the line for the highest severity."""
    telephones = [each for each in policy.channels if each.key == _TELEPHONE]
    voices = {_TELEPHONE, *policy.severities[0].channels, *(each.out_of_hours for each in telephones)}
    return [each for each in policy.channels if each.key in voices]


def open_voice_channel(policy: Policy, at: datetime) -> str | None:
    """Return the key of the line open at `at`: the telephone during its hours, else that of the highest severity.

    None where the policy has neither open then.
    """
    answered = (_TELEPHONE, *policy.severities[0].channels)
    ways = [each for key in answered for each in voice_channels(policy) if each.key == key]
    return next((each.key for each in ways if policy.calendar(each.calendar).is_open(at)), None)


def may_use(policy: Policy, channel: str, contact: Contact) -> bool:
    """Return whether the policy opens a channel to a contact."""
    open_to = policy.channel(channel).open_to
    return contact.super_user or open_to == ANYONE or (open_to == REGISTERED and contact.registered)
