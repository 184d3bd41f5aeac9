"""The ledger told in the order in which things happened, and what had become of every ticket at any moment of it.

Numbers on the ledger follow the commits; histories of other systems are taken in late and lie further back. Within one
ticket both orders are the same.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import chain
from typing import TypeVar

import msgspec

from supportdesk.store.ledger import StoredEvent
from supportdesk.store.record_tables import BY_SUBJECT, RECORD_TABLES, record_key
from supportdesk.store.reference_data import ReferenceData, with_changed_days
from supportdesk.tickets.documents import Article, Contact, Organisation, Release, Rotation
from supportdesk.tickets.events import Event, TimeCorrected
from supportdesk.tickets.evolve import evolve
from supportdesk.tickets.record_undone import RecordUndone, saved_by
from supportdesk.tickets.records.events import (
    ArticleSaved,
    ContactSaved,
    DayChanged,
    OrganisationSaved,
    PersonSaved,
    PolicyInstalled,
    RecordEvent,
    ReleaseSaved,
    RotationSaved,
)
from supportdesk.tickets.rota import with_rotation
from supportdesk.tickets.ticket import Ticket

CHECKPOINT = 20_000
"""After so many events the tickets are kept as they stood, so that going back does not begin at the beginning."""

D = TypeVar("D", bound=msgspec.Struct)


@dataclass(frozen=True, slots=True)
class ReferenceSnapshot:
    """What the desk knew besides its tickets at one moment; a document it had yet to hear of is as it came first."""

    known: ReferenceData
    organisations: Mapping[str, Organisation]
    contacts: Mapping[str, Contact]
    releases: Mapping[str, Release]
    articles: Mapping[str, Article]


class EventTimeline:
    """Every event that a ledger holds. `tickets` are as the events up to the last `go_to` have made them."""

    def __init__(self, entries: Iterable[StoredEvent]) -> None:
        """Takes the entries of a whole ledger in its order; those whose words were erased are left out."""
        self._events: list[StoredEvent] = []
        self._records: list[StoredEvent] = []
        self._of_ticket: dict[str, list[StoredEvent]] = {}
        for entry in entries:
            if entry.event is None:
                continue
            if entry.ref is None:
                self._records.append(_as_saved(entry))
            else:
                history = self._of_ticket.setdefault(entry.ref, [])
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
        """When the first thing happened to a ticket; None where nothing ever did."""
        return self._moments[0] if self._moments else None

    def next_moment(self) -> datetime | None:
        """When the next thing will happen to a ticket after where the chronicle stands."""
        return self._moments[self._place] if self._place < len(self._moments) else None

    def stands_at(self, at: datetime) -> bool:
        """Whether nothing happens to a ticket between where the chronicle stands and `at`."""
        return bisect_right(self._moments, at) == self._place

    def go_to(self, at: datetime) -> set[str]:
        """Goes to a moment, what happened at it included; returns the tickets that are now other than they were.

        One that the moment does not know yet is among them, and no longer in `tickets`.
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
            self.tickets[entry.ref] = evolve(
                self.tickets.get(entry.ref), entry.event, ref=entry.ref, at=entry.at, actor=entry.actor
            )
            changed.add(entry.ref)
            if (place + 1) % CHECKPOINT == 0:
                self._checkpoints.setdefault(place + 1, dict(self.tickets))
        self._place = wanted
        return changed

    def history(self, ref: str, at: datetime) -> list[StoredEvent]:
        """What had happened to a ticket up to a moment, in order."""
        return [each for each in self._of_ticket.get(ref, ()) if each.at <= at]

    def records_at(self, at: datetime) -> int:
        """How many documents had been kept by then; where that is the same, `surroundings` are."""
        return bisect_right(self._record_moments, at)

    def surroundings(self, at: datetime) -> ReferenceSnapshot:
        """What was known at a moment. A day that was declared later counts from its declaration on (rule 12)."""
        place = self.records_at(at)
        days = {_key(each): each for each in self._kept_by(place, DayChanged)}
        rotations: tuple[Rotation, ...] = ()
        for each in self._kept_by(place, RotationSaved):
            rotations = with_rotation(rotations, each.rotation)
        installed = {each.policy.version: each.policy for each in self._kept(place, PolicyInstalled)}
        changed = tuple(days.values())
        known = ReferenceData(
            seq=place,
            staff={each.person.username: each.person for each in self._kept(place, PersonSaved)},
            rotations=rotations,
            installed=installed,
            days=changed,
            policies=with_changed_days(installed, changed),
        )
        return ReferenceSnapshot(
            known=known,
            organisations={
                each.organisation.key: each.organisation for each in self._kept(place, OrganisationSaved)
            },
            contacts={each.contact.key: each.contact for each in self._kept(place, ContactSaved)},
            releases={each.release.key: each.release for each in self._kept(place, ReleaseSaved)},
            articles={each.article.key: each.article for each in self._kept(place, ArticleSaved)},
        )

    def _kept_by(self, place: int, kind: type[D]) -> list[D]:
        found: list[D] = []
        for each in self._records[:place]:
            if isinstance(each.event, kind):
                found.append(each.event)
            elif isinstance(each.event, RecordUndone) and _is_of(each.event, kind):
                removed = each.event.key
                found = [other for other in found if _key(other) != removed]
        return found

    def _kept(self, place: int, kind: type[D]) -> list[D]:
        """The documents kept up to `place`, preceded by the first of each that was kept later."""
        first: dict[str, D] = {}
        for each in self._records[place:]:
            if isinstance(each.event, kind):
                first.setdefault(_key(each.event), each.event)
        return [*first.values(), *self._kept_by(place, kind)]


def _not_before(entry: StoredEvent, history: list[StoredEvent]) -> StoredEvent:
    """The event, no earlier than what happened to its ticket before it: a machine's clock may have gone back."""
    if history and entry.at < history[-1].at:
        return replace(entry, at=history[-1].at)
    return entry


def _corrected(entry: StoredEvent, now: datetime, right: datetime) -> StoredEvent:
    """The event at its right time, if a wrong clock had dated it later than the correction."""
    return replace(entry, at=right) if entry.at > now else entry


def _when(entry: StoredEvent) -> tuple[datetime, int]:
    return entry.at, entry.seq


def _as_saved(entry: StoredEvent) -> StoredEvent:
    """Return the entry of a record with the record as it was there afterwards; a removal stays one."""
    assert isinstance(entry.event, RecordEvent)
    saved = saved_by(entry.event)
    return entry if saved is None else replace(entry, event=saved)


def _is_of(event: RecordUndone, kind: type[msgspec.Struct]) -> bool:
    shelf = BY_SUBJECT[event.kind]
    return any(RECORD_TABLES[each] is shelf for each in RECORD_TABLES if each is kind)


def _key(event: msgspec.Struct) -> str:
    assert isinstance(event, RecordEvent)
    return record_key(event)
