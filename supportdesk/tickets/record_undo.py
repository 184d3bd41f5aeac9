"""Undo for records: the actor reverses their own last change, as a new event; the change stays on the ledger.

The record is saved again as it was, or is removed where the change had added it. A change that something relies on
visibly, or after which somebody has changed the record, cannot be undone.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import msgspec

from supportdesk.sla.formatting import dated, dated_time
from supportdesk.tickets.addresses import format_address, format_quiet_hours
from supportdesk.tickets.command import EVERYBODY, Command
from supportdesk.tickets.decision_context import DecisionContext
from supportdesk.tickets.documents import Address, QuietHours
from supportdesk.tickets.permissions import refuse_actor
from supportdesk.tickets.process.undo import UNDO_WINDOW
from supportdesk.tickets.records.commands import (
    AcknowledgeNotice,
    ChangeDay,
    EraseContact,
    InstallPolicy,
    RecordCommand,
    SaveArticle,
    SaveContact,
    SaveOrganisation,
    SavePerson,
    SaveRecord,
    SaveRelease,
    SaveRotation,
    SendNotice,
)
from supportdesk.tickets.records.events import (
    AbsenceSaved,
    AnyRecordEvent,
    ArticleSaved,
    CallMissed,
    ContactErased,
    ContactSaved,
    DayChanged,
    HandoverSaved,
    MessageAccounted,
    MessageSettled,
    NoticeEnded,
    NoticeSent,
    OrganisationSaved,
    OverrideSaved,
    PersonSaved,
    PolicyInstalled,
    RecordEvent,
    ReleaseSaved,
    RotationSaved,
    SwapSaved,
    VoicemailHeard,
    VoicemailTranscribed,
)
from supportdesk.tickets.records.incoming_commands import AccountMessage, SettleMessage
from supportdesk.tickets.records.rota_commands import OfferSwap, OverrideShifts, RecordAbsence
from supportdesk.tickets.records.rules import decide_record
from supportdesk.tickets.records.shift_commands import HandOverShift
from supportdesk.tickets.records.voicemail_commands import AddTranscript, MarkHeard, RecordMissedCall
from supportdesk.tickets.refusal import Refusal

_LONGEST = 40
"""The most characters of a field that are shown."""


@dataclass(frozen=True, slots=True)
class UndoRecord(Command):
    """Undo your last change to a record, within ten minutes.

    `change` is the number of its event.
    """

    tag = "UndoRecord"
    title = "Undo a change to a record"
    needs = EVERYBODY

    change: int


class RecordChange(msgspec.Struct, frozen=True):
    """A change to a record that is in force, with the record before it: None where it was new.

    `refs` are the tickets that changed with it; `since` is who has changed the record since, and when.
    `timezone` is that of the times in its description.
    """

    seq: int
    at: datetime
    actor: str
    kind: str
    key: str
    event: AnyRecordEvent
    was: AnyRecordEvent | None
    command_id: str
    refs: tuple[str, ...] = ()
    since: tuple[str, datetime] | None = None
    timezone: str = "UTC"

    @property
    def description(self) -> str:
        """Return what was done: `changed release 8.4: date from 9 Dec 2026 to 16 Dec 2026`, or `added article KB-3`."""
        name = record_name(self.event, self.timezone)
        if isinstance(self.event, ContactErased):
            return f"erased {name}"
        if self.was is None and isinstance(self.event, DayChanged):
            return f"{'changed the hours of' if self.event.spans else 'closed'} {name}"
        if self.was is None:
            return f"added {name}"
        details = "; ".join(_differences(_document(self.was), _document(self.event), self.timezone))
        return f"changed {name}: {details}" if details else f"saved {name}"


_LABELS = {"day": "date", "shipped_at": "time of shipping", "starts": "start"}
"""What a field is called in a sentence, where its name does not say enough."""

_COMMANDS: Mapping[type[RecordEvent], type[RecordCommand]] = {
    PersonSaved: SavePerson,
    OrganisationSaved: SaveOrganisation,
    ContactSaved: SaveContact,
    ContactErased: EraseContact,
    ReleaseSaved: SaveRelease,
    ArticleSaved: SaveArticle,
    RotationSaved: SaveRotation,
    PolicyInstalled: InstallPolicy,
    DayChanged: ChangeDay,
    OverrideSaved: OverrideShifts,
    SwapSaved: OfferSwap,
    HandoverSaved: HandOverShift,
    AbsenceSaved: RecordAbsence,
    NoticeSent: SendNotice,
    NoticeEnded: AcknowledgeNotice,
    MessageAccounted: AccountMessage,
    MessageSettled: SettleMessage,
    CallMissed: RecordMissedCall,
    VoicemailHeard: MarkHeard,
    VoicemailTranscribed: AddTranscript,
}
_SENT = Refusal("a notice cannot be undone, as it was sent; send another one")
_DECIDED = Refusal("what became of a message is final; correct it on the ticket that it is on")
_FINAL: Mapping[type[RecordEvent], Refusal] = {
    NoticeSent: _SENT,
    NoticeEnded: _SENT,
    MessageAccounted: _DECIDED,
    MessageSettled: _DECIDED,
    CallMissed: _DECIDED,
    VoicemailHeard: _DECIDED,
    VoicemailTranscribed: _DECIDED,
    ContactErased: Refusal("an erasure cannot be undone: nothing is left of what was erased"),
}
"""Why changes of these types cannot be undone."""
_CHECKED_AGAIN = (PersonSaved, ContactSaved, RotationSaved)
"""Records whose rule must permit them when they are restored: others that they name may have been removed since."""


def find_command_type(event: AnyRecordEvent) -> type[RecordCommand]:
    """Return the type of the command that makes such a change; undoing it needs the same role."""
    return _COMMANDS[type(event)]


def command_to_restore(event: AnyRecordEvent) -> RecordCommand | None:
    """Return the command that would save the record of an event again; None for a policy or a day."""
    command = find_command_type(event)
    if not issubclass(command, SaveRecord):
        return None
    if isinstance(event, RotationSaved):
        return SaveRotation(event.rotation, despite_gap=True)
    if isinstance(event, PersonSaved):
        return SavePerson(event.person, unreachable=True)
    make: Any = command
    saving: RecordCommand = make(_document(event))
    return saving


def refuse_undo(case: DecisionContext, change: RecordChange) -> Refusal | None:
    """Return why the actor cannot, or can no longer, undo a change; None where they can."""
    if (refusal := refuse_actor(case, UndoRecord)) is not None:
        return refusal
    what = change.description
    if (final := _FINAL.get(type(change.event))) is not None:
        return final
    if change.actor != case.actor.key:
        return Refusal(f"{case.records.name(change.actor)} {what}; you can undo only your own changes")
    if change.since is not None:
        who, at = change.since
        return Refusal(
            f"{case.records.name(who)} has changed {record_name(change.event, change.timezone)} since, "
            f"on {dated_time(at, change.timezone)}; look at it as it is now"
        )
    if case.now - change.at > UNDO_WINDOW:
        minutes = int((case.now - change.at).total_seconds()) // 60
        return Refusal(f"you {what}, {minutes} min ago; a change can be undone for 10 min")
    if (refusal := refuse_actor(case, find_command_type(change.event))) is not None:
        return refusal
    restoring = command_to_restore(change.was) if isinstance(change.was, _CHECKED_AGAIN) else None
    decision = decide_record(case, restoring) if restoring is not None else None
    return decision if isinstance(decision, Refusal) else None


def record_name(event: AnyRecordEvent, zone: str) -> str:
    """Return the name of an event's record in a sentence, with times in `zone`: `release 8.4`."""
    match event:
        case PersonSaved(person):
            return person.name
        case OrganisationSaved(organisation):
            return organisation.name
        case ContactSaved(contact) | ContactErased(contact):
            return f"contact {contact.key}" if contact.is_erased else contact.name
        case (
            ReleaseSaved()
            | ArticleSaved()
            | NoticeSent()
            | NoticeEnded()
            | MessageAccounted()
            | MessageSettled()
            | CallMissed()
            | VoicemailHeard()
            | VoicemailTranscribed()
        ):
            kind = str(event.__struct_config__.tag).split(" ")[0]
            return f"{kind} {_document(event).key}"
        case HandoverSaved(handover):
            return f"handover {handover.number}"
        case RotationSaved() | OverrideSaved() | SwapSaved() | AbsenceSaved():
            return _name_on_rota(event, zone)
        case PolicyInstalled(policy):
            return f"policy {policy.version}"
        case DayChanged():
            return f"{dated(event.day)} in the {event.calendar} calendar"


def _name_on_rota(event: RotationSaved | OverrideSaved | SwapSaved | AbsenceSaved, zone: str) -> str:
    if isinstance(event, RotationSaved):
        return f"the rota from {dated_time(event.rotation.starts, zone)}"
    kind = str(event.__struct_config__.tag).removesuffix(" saved")
    return f"{kind} {_document(event).number}"


def _document(event: AnyRecordEvent) -> Any:
    """Return the record in an event; a changed day is a record itself."""
    return event if isinstance(event, DayChanged) else getattr(event, event.__struct_fields__[0])


def _differences(was: Any, now: Any, zone: str) -> Iterator[str]:
    if not hasattr(was, "__struct_fields__") or hasattr(was, "severities"):
        return
    for name in was.__struct_fields__:
        before, after = getattr(was, name), getattr(now, name)
        if before != after:
            label = _LABELS.get(name, name.replace("_", " "))
            yield f"{label} from {_value_text(before, zone)} to {_value_text(after, zone)}"


def _item_text(item: Any) -> str:
    if isinstance(item, Address):
        return format_address(item)
    return "-".join(item) if isinstance(item, tuple) else str(item)


def _value_text(value: Any, zone: str) -> str:
    match value:
        case bool():
            return "yes" if value else "no"
        case datetime():
            return dated_time(value, zone)
        case date():
            return dated(value)
        case tuple():
            text = ", ".join(map(_item_text, value))
        case QuietHours():
            text = format_quiet_hours(value)
        case _:
            text = "" if value is None else " ".join(str(value).split())
    return f"{text[: _LONGEST - 1]}…" if len(text) > _LONGEST else text or "none"
