"""The tickets and records at the moment that a clock shows, followed as that moment moves forwards and backwards."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from datetime import datetime, timedelta

import msgspec

from supportdesk.playback import PlaybackClock
from supportdesk.sla.policy import Policy
from supportdesk.store.errors import UnknownTicketError
from supportdesk.store.ledger import StoredEvent
from supportdesk.store.read_models import Changes, QueueRow
from supportdesk.store.record_tables import RECORD_TABLES
from supportdesk.store.ticket_projection import make_queue_row
from supportdesk.store.time_travel import EventTimeline, ReferenceSnapshot
from supportdesk.tickets import reference
from supportdesk.tickets.incoming_message import IncomingMessage
from supportdesk.tickets.ticket import Stage, Ticket

MIN_INTERVAL = 0.1
"""Least real seconds between two changes that are reported, however fast the past is played back."""

EVERY_KIND = frozenset(table.subject for table in RECORD_TABLES.values())
"""The kinds of records: a replay does not tell which of them changed."""


class PastState:
    """The tickets and records as they were at `now()`, with a cache of their rows.

    Callers hold `lock` around every method but `wait` and `now`. `refresh` moves everything to the moment shown.
    Revisions number the changes of this replay: they grow although time may go back.
    """

    def __init__(self, timeline: EventTimeline, clock: PlaybackClock) -> None:
        self.lock = threading.RLock()
        self.clock = clock
        self.closed = False
        self.revision = 0
        self._timeline = timeline
        self._record_count = timeline.record_count_at(clock.now())
        self.records: ReferenceSnapshot = timeline.records_at(clock.now())
        self._records_revision = self._erased_revision = 0
        self._changed: dict[str, int] = {}
        self._rows: dict[str, QueueRow] = {}
        self._vanished: dict[str, QueueRow] = {}

    @property
    def tickets(self) -> Mapping[str, Ticket]:
        """The tickets as of the last `refresh`, by reference."""
        return self._timeline.tickets

    @property
    def policies(self) -> Mapping[str, Policy]:
        """Every version of the policy, by version."""
        return self.records.reference_data.policies

    def now(self) -> datetime:
        """Return the moment that is shown, in whole seconds."""
        return self.clock.now().replace(microsecond=0)

    def incoming_messages(self) -> dict[str, IncomingMessage]:
        """Return the messages that had arrived by the moment that is shown, by key."""
        return self._timeline.messages_at(self.now())

    def refresh(self) -> None:
        """Move the tickets and the records to the moment that is shown."""
        now = self.now()
        before = self._timeline.tickets
        changed = self._timeline.go_to(now)
        record_count = self._timeline.record_count_at(now)
        records_changed = record_count != self._record_count
        if records_changed:
            self._record_count = record_count
            self.records = self._timeline.records_at(now)
            changed |= {ref for ref, ticket in before.items() if ticket.stage is not Stage.CLOSED}
        if not changed and not records_changed:
            return
        self.revision += 1
        if records_changed:
            self._records_revision = self.revision
        for ref in changed:
            self._forget_row(ref)

    def read_again(self, timeline: EventTimeline) -> None:
        """Show another timeline, that of the same ledger after a contact was erased, and forget everything else."""
        now, known = self.now(), {*self._timeline.tickets, *self._vanished}
        self._timeline = timeline
        timeline.go_to(now)
        self._record_count, self.records = timeline.record_count_at(now), timeline.records_at(now)
        self.revision += 1
        self._records_revision = self._erased_revision = self.revision
        self._rows.clear()
        self._vanished.clear()
        for ref in known | timeline.tickets.keys():
            self._changed[ref] = self.revision

    def _forget_row(self, ref: str) -> None:
        self._changed[ref] = self.revision
        shown = self._rows.pop(ref, None)
        if ref in self._timeline.tickets:
            self._vanished.pop(ref, None)
        elif shown is not None:
            self._vanished[ref] = msgspec.structs.replace(
                shown, stage=Stage.CLOSED.value, changed_seq=self.revision
            )

    def changes(self, since: int) -> Changes:
        """Return what changed after a revision. A ticket that does not exist yet at this moment is a closed one."""
        refs = [ref for ref, revision in self._changed.items() if revision > since]
        rows = [self.row(ref) for ref in refs if ref in self._timeline.tickets]
        vanished = [self._vanished[ref] for ref in refs if ref in self._vanished]
        records = EVERY_KIND if self._records_revision > since else frozenset()
        return Changes(rows + vanished, self.revision, records, erased=self._erased_revision > since)

    def wait(self, timeout: float) -> bool:
        """Wait up to `timeout` real seconds; return True as soon as something happened by the moment shown."""
        with self.lock:
            upcoming = self._timeline.next_moment()
        if upcoming is not None:
            upcoming = max(upcoming, self.clock.now() + timedelta(seconds=MIN_INTERVAL * self.clock.speed))
        self.clock.wait_until(upcoming, timeout)
        now = self.now()
        with self.lock:
            return not self.closed and not (
                self._timeline.is_current_at(now)
                and self._timeline.record_count_at(now) == self._record_count
            )

    def find(self, ref: str) -> Ticket:
        """Return a ticket at the moment that is shown. Raises UnknownTicketError."""
        try:
            stored = reference.parse(ref)
        except reference.BadReferenceError as error:
            raise UnknownTicketError(str(error)) from error
        self.refresh()
        ticket = self._timeline.tickets.get(stored)
        if ticket is None:
            raise UnknownTicketError(
                f"there is no ticket {stored} on {self.records.reference_data.local_time(self.now())}"
            )
        return ticket

    def history(self, ref: str) -> list[StoredEvent]:
        """Return the events of a ticket up to the moment that is shown, in their order."""
        return self._timeline.history(ref, self.now())

    def record_history(self, since: datetime) -> list[StoredEvent]:
        """Return the changes to records from an instant to the moment that is shown, in their order."""
        return self._timeline.record_history(since, self.now())

    def rows(self) -> list[QueueRow]:
        """Return the rows of the tickets that are not closed, by severity and urgency."""
        rows = [self.row(ref) for ref, ticket in self.tickets.items() if ticket.stage is not Stage.CLOSED]
        rows.sort(key=lambda row: (self.policies[row.policy].rank(row.severity), row.urgency))
        return rows

    def row(self, ref: str) -> QueueRow:
        """Return a ticket as the queue shows it."""
        row = self._rows.get(ref)
        if row is None:
            ticket, records = self._timeline.tickets[ref], self.records
            row = self._rows[ref] = make_queue_row(
                ticket,
                records.reference_data.policies[ticket.policy],
                self._changed[ref],
                organisation=records.organisations[ticket.organisation].name,
                contact=records.contacts[ticket.contact].name,
                owner_name=records.reference_data.name(ticket.owner),
            )
        return row
