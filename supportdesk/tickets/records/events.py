"""The events of records: each contains the whole document as it is from then on."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

import msgspec

from supportdesk.sla.policy import Policy
from supportdesk.tickets.documents import (
    Absence,
    Article,
    Contact,
    DeskNotice,
    Handover,
    Organisation,
    Override,
    Person,
    Release,
    Rotation,
    Swap,
)
from supportdesk.tickets.incoming_message import IncomingMessage


class RecordEvent(msgspec.Struct, frozen=True, tag_field="event", omit_defaults=True):
    """Base of the events that save a record."""


class PersonSaved(RecordEvent, frozen=True, tag="person kept"):
    """A member of staff, new or changed."""

    person: Person


class OrganisationSaved(RecordEvent, frozen=True, tag="organisation kept"):
    """A customer, new or changed."""

    organisation: Organisation


class ContactSaved(RecordEvent, frozen=True, tag="contact kept"):
    """A contact, new or changed."""

    contact: Contact


class ContactErased(RecordEvent, frozen=True, tag="contact erased"):
    """Everything about a contact was erased, in the events before this one and in all that is made from them.

    `contact` is what is left. This event attests the new form of so many `events`; `attested` is the digest of their
    list, in 64 hex digits.
    """

    contact: Contact
    events: int = 0
    attested: str = ""


class ReleaseSaved(RecordEvent, frozen=True, tag="release kept"):
    """A release, new, moved or shipped."""

    release: Release


class ArticleSaved(RecordEvent, frozen=True, tag="article kept"):
    """An article, new or changed."""

    article: Article


class RotationSaved(RecordEvent, frozen=True, tag="rotation kept"):
    """An on-call rotation, in force from its start."""

    rotation: Rotation


class OverrideSaved(RecordEvent, frozen=True, tag="override saved"):
    """An override, new, ended or cancelled."""

    override: Override


class SwapSaved(RecordEvent, frozen=True, tag="swap saved"):
    """A swap, offered, accepted, approved, withdrawn or declined."""

    swap: Swap


class AbsenceSaved(RecordEvent, frozen=True, tag="absence saved"):
    """An absence, new, ended or cancelled."""

    absence: Absence


class HandoverSaved(RecordEvent, frozen=True, tag="handover saved"):
    """The handover of a shift, given, changed, accepted or withdrawn."""

    handover: Handover


class NoticeSent(RecordEvent, frozen=True, tag="notice sent"):
    """A message to people about the desk and no ticket."""

    notice: DeskNotice


class NoticeEnded(RecordEvent, frozen=True, tag="notice ended"):
    """A page or a test about no ticket that was acknowledged, or withdrawn because its cause is gone."""

    notice: DeskNotice


class MessageAccounted(RecordEvent, frozen=True, tag="message accounted"):
    """A message that arrived, with what became of it."""

    message: IncomingMessage


class MessageSettled(RecordEvent, frozen=True, tag="message settled"):
    """A message that had waited for somebody to decide on it, with what became of it."""

    message: IncomingMessage


class CallMissed(RecordEvent, frozen=True, tag="call missed"):
    """A call that rang and that nobody answered."""

    message: IncomingMessage


class VoicemailHeard(RecordEvent, frozen=True, tag="voicemail heard"):
    """A voicemail to which somebody has listened."""

    message: IncomingMessage


class VoicemailTranscribed(RecordEvent, frozen=True, tag="voicemail transcribed"):
    """A voicemail of which a program wrote down what is said."""

    message: IncomingMessage


MessageEvent = MessageAccounted | MessageSettled | CallMissed | VoicemailHeard | VoicemailTranscribed
"""The events of the messages that arrive; each has the record as it is afterwards."""


class PolicyInstalled(RecordEvent, frozen=True, tag="policy installed"):
    """A version of the policy, with its holidays expanded."""

    policy: Policy


class DayChanged(RecordEvent, frozen=True, tag="day changed"):
    """A closure (no spans) or other opening hours for one day of one calendar (rule 12)."""

    calendar: str
    day: date
    spans: tuple[tuple[str, str], ...]
    reason: str


AnyRecordEvent = (
    PersonSaved
    | OrganisationSaved
    | ContactSaved
    | ContactErased
    | ReleaseSaved
    | ArticleSaved
    | RotationSaved
    | PolicyInstalled
    | DayChanged
    | OverrideSaved
    | SwapSaved
    | AbsenceSaved
    | NoticeSent
    | NoticeEnded
    | HandoverSaved
    | MessageAccounted
    | MessageSettled
    | CallMissed
    | VoicemailHeard
    | VoicemailTranscribed
)


def in_order(days: Iterable[DayChanged]) -> tuple[DayChanged, ...]:
    """Return changed days sorted by day and calendar."""
    return tuple(sorted(days, key=lambda change: (change.day, change.calendar)))
