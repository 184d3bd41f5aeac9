"""The events in the order in which they happened, and the state of every ticket at any moment.

Numbers in the ledger follow the commits, but histories of other systems are imported later than they happened. Within
one ticket both orders are the same.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Mapping
from contextlib import AbstractContextManager, nullcontext, suppress
from datetime import datetime
from itertools import chain
from typing import TypeVar

import msgspec
from msgspec.structs import replace

from supportdesk.store.ledger import DESK, StoredEvent
from supportdesk.store.record_tables import BY_SUBJECT, RECORD_TABLES, record_key
from supportdesk.store.reference_data import ReferenceData, with_changed_days
from supportdesk.tickets.documents import (
    Absence,
    Article,
    Contact,
    Handover,
    Organisation,
    Override,
    Release,
    Rotation,
    Swap,
)
from supportdesk.tickets.events import Event, Logged, TimeCorrected
from supportdesk.tickets.evolve import evolve
from supportdesk.tickets.incoming_message import IncomingMessage
from supportdesk.tickets.record_undone import RecordUndone, find_saved_event
from supportdesk.tickets.records.events import (
    AbsenceSaved,
    ArticleSaved,
    ContactSaved,
    DayChanged,
    HandoverSaved,
    MessageEvent,
    OrganisationSaved,
    OverrideSaved,
    PersonSaved,
    PolicyInstalled,
    RecordEvent,
    ReleaseSaved,
    RotationSaved,
    SwapSaved,
)
from supportdesk.tickets.rota.layers import with_rotation
from supportdesk.tickets.ticket import Ticket

CHECKPOINT = 20_000
"""Events between two saved states, so that going back does not replay from the beginning."""

D = TypeVar("D", bound=msgspec.Struct)
N = TypeVar("N", Override, Swap, Absence, Handover)


class ReferenceSnapshot(msgspec.Struct, frozen=True):
    """The records at one moment; a record that did not exist yet is as it was first saved."""

    reference_data: ReferenceData
    organisations: Mapping[str, Organisation]
    contacts: Mapping[str, Contact]
    releases: Mapping[str, Release]
    articles: Mapping[str, Article]


class EventTimeline:
    """Every event of a ledger. `tickets` are their states after the events up to the last `go_to`."""

    def __init__(self, entries: Iterable[StoredEvent]) -> None:
        """Sort the events of a whole ledger, given in its order; erased ones and those of the desk are left out."""
        self._events: list[StoredEvent] = []
        self._records: list[StoredEvent] = []
        self._record_changes: list[StoredEvent] = []
        self._messages: list[tuple[datetime, IncomingMessage]] = []
        self._of_ticket: dict[str, list[StoredEvent]] = {}
        self._partly_known: set[str] = set()
        for entry in entries:
            if entry.is_newer and entry.ref is not None:
                self._partly_known.add(entry.ref)
            if entry.event is None or entry.subject == DESK:
                continue
            if isinstance(entry.event, MessageEvent):
                self._messages.append((entry.at, entry.event.message))
            elif entry.ref is None:
                self._records.append(_as_saved(entry))
                self._record_changes.append(entry)
            else:
                history = self._of_ticket.setdefault(entry.ref, [])
                if not history and not isinstance(entry.event, Logged):
                    continue  # An event that only a newer program knows began it.
                if isinstance(entry.event, TimeCorrected):
                    history[:] = [_corrected(each, entry.at, entry.event.right) for each in history]
                history.append(_not_before(entry, history))
        self._events += chain.from_iterable(self._of_ticket.values())
        self._events.sort(key=_when)
        self._records.sort(key=_when)
        self._moments = [entry.at for entry in self._events]
        self._record_moments = [entry.at for entry in self._records]
        self._place = 0
        self._checkpoints: dict[int, dict[str, Ticket]] = {0: {}}
        self.tickets: dict[str, Ticket] = {}

    @property
    def began(self) -> datetime | None:
        """When the first event of a ticket happened; None without one."""
        return self._moments[0] if self._moments else None

    def next_moment(self) -> datetime | None:
        """Return when the next event of a ticket happens after the current moment; None without one."""
        return self._moments[self._place] if self._place < len(self._moments) else None

    def is_current_at(self, at: datetime) -> bool:
        """Return whether no event of a ticket is between the current moment and `at`."""
        return bisect_right(self._moments, at) == self._place

    def go_to(self, at: datetime) -> set[str]:
        """Go to a moment, including its own events, and return the references of the tickets that changed.

        A ticket that does not exist yet at that moment is among them, and no longer in `tickets`.
        """
        wanted = bisect_right(self._moments, at)
        if wanted >= self._place:
            return self._forward(wanted)
        before = self.tickets
        self._place = max(place for place in self._checkpoints if place <= wanted)
        self.tickets = dict(self._checkpoints[self._place])
        self._forward(wanted)
        return {ref for ref, ticket in before.items() if self.tickets.get(ref) != ticket}

    def _forward(self, wanted: int) -> set[str]:
        changed = set()
        for place in range(self._place, wanted):
            entry = self._events[place]
            assert entry.ref is not None
            assert isinstance(entry.event, Event)
            with self._ignored_errors(entry.ref):
                self.tickets[entry.ref] = evolve(
                    self.tickets.get(entry.ref), entry.event, ref=entry.ref, at=entry.at, actor=entry.actor
                )
            changed.add(entry.ref)
            if (place + 1) % CHECKPOINT == 0:
                self._checkpoints.setdefault(place + 1, dict(self.tickets))
        self._place = wanted
        return changed

    def _ignored_errors(self, ref: str) -> AbstractContextManager[None]:
        """Ignore an event that does not follow, where one that only a newer program knows came before it."""
        errors = (ValueError, LookupError, TypeError, AttributeError, AssertionError)
        return suppress(*errors) if ref in self._partly_known else nullcontext()

    def history(self, ref: str, at: datetime) -> list[StoredEvent]:
        """Return the events of a ticket up to a moment, in order."""
        return [each for each in self._of_ticket.get(ref, ()) if each.at <= at]

    def record_history(self, since: datetime, until: datetime) -> list[StoredEvent]:
        """Return the changes to records and their undos between two instants, both included, in order."""
        return [each for each in self._record_changes if since <= each.at <= until]

    def messages_at(self, at: datetime) -> dict[str, IncomingMessage]:
        """Return the messages that had arrived by a moment, by key; no ticket and no record depends on them."""
        return {message.key: message for moment, message in self._messages if moment <= at}

    def record_count_at(self, at: datetime) -> int:
        """Return the number of record events up to a moment; while it is the same, so is `records_at`."""
        return bisect_right(self._record_moments, at)

    def records_at(self, at: datetime) -> ReferenceSnapshot:
        """Return the records at a moment. A day that was declared later counts from its declaration on (rule 12)."""
        place = self.record_count_at(at)
        days = {_key(each): each for each in self._saved_by(place, DayChanged)}
        rotations: tuple[Rotation, ...] = ()
        for each in self._saved_by(place, RotationSaved):
            rotations = with_rotation(rotations, each.rotation)
        installed = {
            each.policy.version: each.policy for each in self._with_first_of_later(place, PolicyInstalled)
        }
        changed = tuple(days.values())
        reference_data = ReferenceData(
            seq=place,
            staff={
                each.person.username: each.person for each in self._with_first_of_later(place, PersonSaved)
            },
            rotations=rotations,
            overrides=_by_number(each.override for each in self._saved_by(place, OverrideSaved)),
            swaps=_by_number(each.swap for each in self._saved_by(place, SwapSaved)),
            absences=_by_number(each.absence for each in self._saved_by(place, AbsenceSaved)),
            handovers=_by_number(each.handover for each in self._saved_by(place, HandoverSaved)),
            installed=installed,
            days=changed,
            policies=with_changed_days(installed, changed),
        )
        return ReferenceSnapshot(
            reference_data=reference_data,
            organisations={
                each.organisation.key: each.organisation
                for each in self._with_first_of_later(place, OrganisationSaved)
            },
            contacts={
                each.contact.key: each.contact for each in self._with_first_of_later(place, ContactSaved)
            },
            releases={
                each.release.key: each.release for each in self._with_first_of_later(place, ReleaseSaved)
            },
            articles={
                each.article.key: each.article for each in self._with_first_of_later(place, ArticleSaved)
            },
        )

    def _saved_by(self, place: int, event_type: type[D]) -> list[D]:
        found: list[D] = []
        for each in self._records[:place]:
            if isinstance(each.event, event_type):
                found.append(each.event)
            elif isinstance(each.event, RecordUndone) and _is_of(each.event, event_type):
                removed = each.event.key
                found = [other for other in found if _key(other) != removed]
        return found

    def _with_first_of_later(self, place: int, event_type: type[D]) -> list[D]:
        """Return the record events up to `place`, preceded by the first of each record saved later."""
        first: dict[str, D] = {}
        for each in self._records[place:]:
            if isinstance(each.event, event_type):
                first.setdefault(_key(each.event), each.event)
        return [*first.values(), *self._saved_by(place, event_type)]


def _by_number(documents: Iterable[N]) -> tuple[N, ...]:
    """Return the last version of each override, swap or absence, by number; they are given in the order of saving."""
    last = {each.number: each for each in documents}
    return tuple(last[number] for number in sorted(last))


def _not_before(entry: StoredEvent, history: list[StoredEvent]) -> StoredEvent:
    """Return the event, not earlier than its ticket's previous one: a machine's clock may have gone back."""
    if history and entry.at < history[-1].at:
        return replace(entry, at=history[-1].at)
    return entry


def _corrected(entry: StoredEvent, now: datetime, right: datetime) -> StoredEvent:
    """Return the event at its right time, if a wrong clock had dated it later than the correction."""
    return replace(entry, at=right) if entry.at > now else entry


def _when(entry: StoredEvent) -> tuple[datetime, int]:
    return entry.at, entry.seq


def _as_saved(entry: StoredEvent) -> StoredEvent:
    """Return the event with the record as it was afterwards; a removal stays one."""
    assert isinstance(entry.event, RecordEvent)
    saved = find_saved_event(entry.event)
    return entry if saved is None else replace(entry, event=saved)


def _is_of(event: RecordUndone, event_type: type[msgspec.Struct]) -> bool:
    record_table = BY_SUBJECT.get(event.kind)
    return any(RECORD_TABLES[each] is record_table for each in RECORD_TABLES if each is event_type)


def _key(event: msgspec.Struct) -> str:
    assert isinstance(event, RecordEvent)
    return record_key(event)
