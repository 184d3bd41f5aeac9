"""What changes to the rota have sent to a member of staff: swaps, overrides and absences that concern them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime

import msgspec
from msgspec.structs import replace

from supportdesk.sla.formatting import date_time
from supportdesk.tickets.actors import SYSTEM
from supportdesk.tickets.documents import (
    NOTICE,
    Absence,
    DeskNotice,
    Handover,
    Override,
    Rotation,
    Swap,
    SwapState,
)
from supportdesk.tickets.inbox.entry import InboxEntry, InboxKind, shortened
from supportdesk.tickets.records.events import (
    AbsenceSaved,
    HandoverSaved,
    NoticeEnded,
    NoticeSent,
    OverrideSaved,
    RecordEvent,
    RotationSaved,
    SwapSaved,
)
from supportdesk.tickets.rota.data import RotaData, name_of, people_on_rota
from supportdesk.tickets.rota.roles import ROTA_ROLES

SENDING: tuple[type[RecordEvent], ...] = (
    SwapSaved,
    OverrideSaved,
    AbsenceSaved,
    RotationSaved,
    NoticeSent,
    HandoverSaved,
    NoticeEnded,
)
"""The changes to records that send something to somebody."""


class ChangedRecord(msgspec.Struct, frozen=True):
    """A change to a record with its id, which is unique among all desks. `actor` is a username."""

    id: str
    at: datetime
    actor: str
    event: RecordEvent


class _Reader(msgspec.Struct, frozen=True):
    """The person whose inbox it is, what the rota is now, and the time zone of the texts."""

    username: str
    data: RotaData
    zone: str
    now: datetime

    def name(self, username: str | None) -> str:
        return name_of(self.data, username or "")

    def span(self, start: datetime, end: datetime) -> str:
        return f"from {date_time(start, self.zone)} to {date_time(end, self.zone)}"


def record_entries(
    username: str, changes: Iterable[ChangedRecord], data: RotaData, zone: str, now: datetime
) -> list[InboxEntry]:
    """Return what changes to the rota have sent to a member of staff, in their order.

    `data` is the rota as it is at `now`, and times are shown in `zone`. What they changed themselves, and
    the first records of a desk, are left out; changes that were undone are not in `changes`.
    """
    reader = _Reader(username, data, zone, now)
    found = list(changes)
    ended = {
        each.event.notice.key: each.event.notice for each in found if isinstance(each.event, NoticeEnded)
    }
    entries = [entry for change in found if _is_sent(change, username) for entry in _entries(change, reader)]
    return [_as_ended(entry, ended.get(entry.notice), reader) for entry in entries]


def _as_ended(entry: InboxEntry, notice: DeskNotice | None, reader: _Reader) -> InboxEntry:
    """Return the entry of a page about no ticket with what became of it; every other entry as it is."""
    if notice is None:
        return entry
    by = "" if notice.acknowledged_by == reader.username else reader.name(notice.acknowledged_by)
    return replace(
        entry,
        is_open=False,
        answer="acknowledged" if notice.acknowledged_at is not None else "withdrawn",
        answered_by=by,
        answered_at=notice.acknowledged_at or notice.withdrawn_at,
    )


def _is_sent(change: ChangedRecord, username: str) -> bool:
    """Return whether a change may be sent to a person: they did not make it, and it is none of the first records."""
    first = change.actor == SYSTEM.key and not isinstance(change.event, NoticeSent)
    return change.actor != username and not first


def _entries(change: ChangedRecord, reader: _Reader) -> Iterator[InboxEntry]:
    match change.event:
        case SwapSaved(swap):
            yield from _of_swap(change, swap, reader)
        case OverrideSaved(override) if override.person == reader.username:
            yield _rota_entry(change, _override_text(change, override, reader))
        case AbsenceSaved(absence) if reader.username in (absence.person, absence.deputy):
            yield _rota_entry(change, _absence_text(change, absence, reader))
        case HandoverSaved(handover):
            yield from _of_handover(change, handover, reader)
        case NoticeSent(notice) if reader.username in notice.people:
            if notice.kind == NOTICE:
                yield InboxEntry(change.id, change.at, InboxKind.NOTICE, notice.text)
            else:
                yield InboxEntry(
                    change.id, change.at, InboxKind.PAGE, notice.text, is_open=True, notice=notice.key
                )
        case RotationSaved(rotation) if reader.username in rotation.members:
            yield _rota_entry(change, _rotation_text(change, rotation, reader))


def _rota_entry(change: ChangedRecord, text: str) -> InboxEntry:
    return InboxEntry(change.id, change.at, InboxKind.ROTA, text)


def _override_text(change: ChangedRecord, override: Override, reader: _Reader) -> str:
    by = reader.name(change.actor)
    if override.start == override.end:
        return f"{by} cancelled your override on call"
    text = f"{by} put you on call {reader.span(override.start, override.end)}"
    return f"{text}: {override.reason}" if override.reason else text


def _absence_text(change: ChangedRecord, absence: Absence, reader: _Reader) -> str:
    by, whose = reader.name(change.actor), reader.name(absence.person)
    if absence.start == absence.end:
        of = "your absence" if absence.person == reader.username else f"the absence of {whose}"
        return f"{by} cancelled {of}"
    span = reader.span(absence.start, absence.end)
    if absence.person == reader.username:
        return f"{by} recorded that you are away {span}"
    return f"you deputise for {whose} {span}"


def _rotation_text(change: ChangedRecord, rotation: Rotation, reader: _Reader) -> str:
    return f"{reader.name(change.actor)} set the rota from {date_time(rotation.starts, reader.zone)}; see your shifts"


def _of_handover(change: ChangedRecord, handover: Handover, reader: _Reader) -> Iterator[InboxEntry]:
    """Yield a handover for those who may accept it, and its acceptance for the person who gave it."""
    me, current = reader.username, handover
    current = next((each for each in reader.data.handovers if each.number == handover.number), handover)
    if handover.is_open and me != handover.given_by and handover.asked == me:
        text = f"{reader.name(handover.given_by)} hands the shift over to you: {shortened(handover.note)}"
        is_open = current == handover
        accepted = current.accepted_by == me
        answer = "" if is_open else "accepted" if accepted else "no longer open"
        at = current.accepted_at if accepted else None
        yield InboxEntry(
            change.id, change.at, InboxKind.SHIFT, text, is_open=is_open, answer=answer, answered_at=at
        )
    elif handover.accepted_by is not None and me == handover.given_by:
        text = f"{reader.name(handover.accepted_by)} accepted the handover of your shift"
        yield InboxEntry(change.id, change.at, InboxKind.SHIFT, text)


def _of_swap(change: ChangedRecord, swap: Swap, reader: _Reader) -> Iterator[InboxEntry]:
    text = _swap_text(swap, reader)
    if not text:
        return
    current = next((each for each in reader.data.swaps if each.number == swap.number), swap)
    waits = swap.state in (SwapState.OFFERED, SwapState.ACCEPTED) and reader.username != swap.offered_by
    unchanged = current.state is swap.state
    is_open = waits and unchanged and swap.start > reader.now
    answer = ""
    if waits and not is_open:
        answer = "lapsed" if unchanged else f"swap {current.state}"
    yield InboxEntry(change.id, change.at, InboxKind.SWAP, text, is_open=is_open, answer=answer)


def _swap_text(swap: Swap, reader: _Reader) -> str:
    """Return what a swap in this state says to the reader; an empty text where it does not concern them."""
    me, span = reader.username, reader.span(swap.start, swap.end)
    giver, taker = reader.name(swap.offered_by), reader.name(swap.taken_by)
    match swap.state:
        case SwapState.OFFERED if me != swap.offered_by:
            concerned = swap.asked == me or (swap.asked is None and me in people_on_rota(reader.data))
            return f"{giver} offers you the shift {span} (swap {swap.number})" if concerned else ""
        case SwapState.ACCEPTED if me == swap.offered_by:
            return f"{taker} accepts your shift {span}; a supervisor must approve it (swap {swap.number})"
        case SwapState.ACCEPTED if _approves(reader):
            return f"{taker} accepts the shift of {giver} {span}: approve it? (swap {swap.number})"
        case SwapState.APPROVED if me in (swap.offered_by, swap.taken_by):
            return f"your swap is approved: {taker} has the shift {span} (swap {swap.number})"
        case SwapState.DECLINED if me in (swap.offered_by, swap.taken_by):
            return f"the swap of the shift {span} is declined (swap {swap.number})"
        case SwapState.WITHDRAWN if me in (swap.asked, swap.taken_by):
            return f"{giver} withdrew the offer of the shift {span} (swap {swap.number})"
    return ""


def _approves(reader: _Reader) -> bool:
    person = reader.data.staff.get(reader.username)
    return person is not None and not ROTA_ROLES.isdisjoint(person.roles)
