"""A desk as it was: the door over a ledger, open at a moment of the past, where everything is seen and nothing done."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, TypeVar

import msgspec

from supportdesk.clock import Clock, SystemClock
from supportdesk.desk_api import DeskApi, Executor, Outcome
from supportdesk.playback import PlaybackClock, PlaybackControls
from supportdesk.sla.clocks import Kind, epoch
from supportdesk.sla.explanation import Explanation
from supportdesk.sla.policy import Policy
from supportdesk.store import caller_ranking, ledger, ranking, record_search, report_queries, ticket_queries
from supportdesk.store.caller_queries import CLOSED_SHOWN, last_contact, super_users
from supportdesk.store.database import open_database
from supportdesk.store.errors import UnknownTicketError
from supportdesk.store.read_models import (
    Caller,
    CallerView,
    Changes,
    Listed,
    QueueRow,
    Roster,
    Snapshot,
    TicketHistory,
    TicketView,
)
from supportdesk.store.record_tables import RECORD_TABLES
from supportdesk.store.ticket_projection import queue_row
from supportdesk.store.time_travel import EventTimeline
from supportdesk.tickets import reference, telephone
from supportdesk.tickets.command import Command, Refusal, TicketCommand
from supportdesk.tickets.documents import Article, Contact, Document, Organisation, Person, Release
from supportdesk.tickets.events import Closed
from supportdesk.tickets.promises import broke_a_promise, explained, moment_to_explain
from supportdesk.tickets.records.events import DayChanged, in_order
from supportdesk.tickets.records.rules import promises
from supportdesk.tickets.ticket import Stage, Ticket

__all__ = ["PastDesk", "PlaybackControls"]

if TYPE_CHECKING:
    from supportdesk.tickets.record_undo import RecordChange

T = TypeVar("T")

_NOTHING_TO_DO = Refusal("this is a replay of the past; nothing can be changed in it")

_BREATH = 0.1
"""Real seconds that at least lie between two changes that are told, however fast the past goes by."""


EVERY_KIND = frozenset(shelf.subject for shelf in RECORD_TABLES.values())
"""The kinds of records: a replay does not tell them apart."""


class PastDesk(DeskApi):
    """A desk at the moment that its clock shows; `controls` moves that moment. Every command is refused.

    Event numbers in `Snapshot` and `Changes` are the replay's own: they grow although time may go back. A ticket that
    the moment does not know yet, because time went back, is among the changes as a closed one.
    """

    def __init__(self, chronicle: EventTimeline, clock: PlaybackClock) -> None:
        self._chronicle = chronicle
        self._clock = clock
        self._guard = threading.RLock()
        self._closed = False
        self._records = chronicle.records_at(clock.now())
        self._surroundings = chronicle.surroundings(clock.now())
        self._revision = self._records_revision = 0
        self._changed: dict[str, int] = {}
        self._rows: dict[str, QueueRow] = {}
        self._gone: dict[str, QueueRow] = {}

    @classmethod
    def open(
        cls,
        address: str,
        start: datetime | None = None,
        speed: float = 1.0,
        *,
        present: Clock | None = None,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> PastDesk:
        """The desk at an address, from `start` or else from its first event on, up to the present.

        The ledger is read once; what is written later is not shown. Raises DeskUnavailableError where there is no desk.
        """
        until = (present or SystemClock()).now()
        database = open_database(address)
        try:
            chronicle = database.read(lambda connection: EventTimeline(ledger.entries(connection)))
        finally:
            database.close()
        begin = start or chronicle.began or until
        return cls(chronicle, PlaybackClock(begin, until, speed=speed, monotonic=monotonic))

    @property
    def controls(self) -> PlaybackControls:
        """Pause, speed and step."""
        return self._clock

    @property
    def policies(self) -> Mapping[str, Policy]:
        """Every version of the policy, by version."""
        with self._guard:
            return self._surroundings.known.policies

    def now(self) -> datetime:
        """The moment that is shown, in whole seconds."""
        return self._clock.now().replace(microsecond=0)

    def do(self, command: Command, *, by: str, command_id: str | None = None) -> Outcome:
        """Refuses: the past cannot be changed."""
        return _NOTHING_TO_DO

    def together(self, work: Callable[[Executor], T]) -> T | Refusal:
        """Refuses: the past cannot be changed."""
        return _NOTHING_TO_DO

    def preview(self, commands: Iterable[TicketCommand], *, by: str) -> list[QueueRow | Refusal]:
        """Refuses each: the past cannot be changed."""
        return [_NOTHING_TO_DO for _ in commands]

    def policy_at(self, at: datetime) -> Policy:
        """The version in force at an instant."""
        with self._guard:
            return self._surroundings.known.policy_at(at)

    def queue(self) -> Snapshot:
        """Every ticket that was not closed."""
        with self._guard:
            self._catch_up()
            tickets = self._chronicle.tickets
            rows = [self._row(ref) for ref, ticket in tickets.items() if ticket.stage is not Stage.CLOSED]
            rows.sort(key=lambda row: (self.policies[row.policy].rank(row.severity), row.urgency))
            return Snapshot(rows, self._revision)

    def closed(self, limit: int) -> list[QueueRow]:
        """The tickets that were closed last and were closed still, the latest first."""
        with self._guard:
            self._catch_up()
            tickets = [each for each in self._chronicle.tickets.values() if each.stage is Stage.CLOSED]
            tickets.sort(key=lambda each: (each.changed_at, each.ref), reverse=True)
            return [self._row(each.ref) for each in tickets[:limit]]

    def changes(self, since: int) -> Changes:
        """What became other, forwards or backwards, after a number that `queue` or `changes` told."""
        with self._guard:
            self._catch_up()
            refs = [ref for ref, revision in self._changed.items() if revision > since]
            rows = [self._row(ref) for ref in refs if ref in self._chronicle.tickets]
            gone = [self._gone[ref] for ref in refs if ref in self._gone]
            records = EVERY_KIND if self._records_revision > since else frozenset()
            return Changes(rows + gone, self._revision, records)

    def wait_for_change(self, timeout: float) -> bool:
        """Waits up to `timeout` real seconds; True as soon as something has happened at the moment that is shown."""
        with self._guard:
            upcoming = self._chronicle.next_moment()
        if upcoming is not None:
            upcoming = max(upcoming, self._clock.now() + timedelta(seconds=_BREATH * self._clock.speed))
        self._clock.wait_until(upcoming, timeout)
        now = self.now()
        with self._guard:
            return not self._closed and not (
                self._chronicle.stands_at(now) and self._chronicle.records_at(now) == self._records
            )

    def ticket(self, ref: str) -> TicketView:
        """One ticket with its timeline up to the moment that is shown."""
        with self._guard:
            ticket = self._found(ref)
            around = self._surroundings
            organisation = around.organisations[ticket.organisation]
            history = self._chronicle.history(ticket.ref, self.now())
            return TicketView(
                ticket=ticket,
                row=self._row(ticket.ref),
                organisation=organisation,
                contact=around.contacts[ticket.contact],
                account_manager=around.known.staff.get(organisation.account_manager or ""),
                articles=tuple(around.articles[key] for key in ticket.articles if key in around.articles),
                timeline=ticket_queries.timeline(history, around.known),
                told=ticket_queries.pages(history, around.known),
            )

    def last_acted_on(self, by: str) -> str | None:
        """None: nothing of the past can be taken back."""
        return None

    def last_record_change(self, by: str) -> RecordChange | None:
        """None: nothing of the past can be taken back."""
        return None

    def explain(self, ref: str, kind: Kind) -> Explanation:
        """How a clock's figure came about, up to the moment that is shown."""
        with self._guard:
            ticket = self._found(ref)
            return explained(
                self.policies[ticket.policy], ticket, kind, moment_to_explain(ticket, self.now())
            )

    def history(self, since: datetime) -> list[TicketHistory]:
        """Every ticket that was not closed then, or was closed at `since` or later, in no particular order."""
        with self._guard:
            self._catch_up()
            now = self.now()
            told = []
            for ref, ticket in self._chronicle.tickets.items():
                happened = self._chronicle.history(ref, now)
                if ticket.stage is Stage.CLOSED and not _closed_since(happened, since):
                    continue
                row = self._row(ref)
                broke = broke_a_promise(ticket, (row.response, row.resolution), epoch(now))
                told.append(TicketHistory(row, ticket, report_queries.held(happened) if broke else ()))
            return told

    def person(self, username: str) -> Person | None:
        """A member of staff."""
        with self._guard:
            self._catch_up()
            return self._surroundings.known.staff.get(username)

    def roster(self) -> Roster:
        """Staff, releases, and who was on call."""
        with self._guard:
            self._catch_up()
            around = self._surroundings
            return Roster.at(self.now(), around.known, around.releases.values())

    def find_organisations(self, text: str, limit: int = 8) -> list[Organisation]:
        """The organisations whose names come nearest."""
        with self._guard:
            return ranking.nearest_organisations(text, self._surroundings.organisations.values(), limit)

    def contacts(self, organisation: str) -> list[Contact]:
        """The contacts of an organisation, in the order of their names."""
        with self._guard:
            known = self._surroundings.contacts.values()
            return sorted(
                (each for each in known if each.organisation == organisation),
                key=lambda contact: (contact.name, contact.key),
            )

    def find_articles(self, text: str, limit: int = 8) -> list[Article]:
        """The articles that match best."""
        with self._guard:
            return ranking.best_articles(text, self._surroundings.articles.values(), limit)

    def find_callers(self, text: str, limit: int = 8) -> list[Caller]:
        """Who may be meant by part of a name, a company or a telephone number."""
        with self._guard:
            around, home = self._surroundings, telephone.region(self.policy_at(self.now()))
            known = [
                Caller(each, around.organisations[each.organisation]) for each in around.contacts.values()
            ]
            return caller_ranking.meant(text, known, home, limit)

    def caller(self, contact: str) -> CallerView | None:
        """All that was worth knowing of a contact on the telephone."""
        with self._guard:
            self._catch_up()
            around = self._surroundings
            known = around.contacts.get(contact)
            if known is None:
                return None
            tickets = self._chronicle.tickets.values()
            theirs = [each for each in tickets if each.organisation == known.organisation]
            own = [each.ref for each in theirs if each.contact == contact]
            organisation = around.organisations[known.organisation]
            return CallerView(
                contact=known,
                organisation=organisation,
                account_manager=around.known.staff.get(organisation.account_manager or ""),
                open_tickets=self._open_among(theirs, contact),
                closed_tickets=self._closed_among(theirs, contact),
                last_contact=last_contact(self._chronicle.history(ref, self.now()) for ref in own),
                own=frozenset(own),
                super_users=super_users(
                    each for each in around.contacts.values() if each.organisation == known.organisation
                ),
            )

    def find_similar(self, text: str, organisation: str | None, limit: int = 5) -> list[QueueRow]:
        """The tickets that were not closed and say the like of a text."""
        with self._guard:
            rows = self.queue().rows
            of = self._chronicle.tickets
            return ranking.similar(
                text, (row for row in rows if organisation in (None, of[row.ref].organisation)), limit
            )

    def listed(self, kind: type[Document], text: str = "", limit: int = 200) -> Listed:
        """The documents of a kind with all words of a text in their keys and names."""
        with self._guard:
            around = self._surroundings
            shelves: dict[type, Mapping[str, Document]] = {
                Person: around.known.staff,
                Organisation: around.organisations,
                Contact: around.contacts,
                Release: around.releases,
                Article: around.articles,
            }
            return record_search.listed_among(shelves[kind].values(), around.organisations, text, limit)

    def changed_days(self) -> tuple[DayChanged, ...]:
        """The days that had been declared closed or given other hours."""
        with self._guard:
            self._catch_up()
            return in_order(self._surroundings.known.days)

    def promised(self, release: str) -> list[QueueRow]:
        """The tickets that promised a fix in a release which was not out yet."""
        with self._guard:
            tickets = self._chronicle.tickets
            return [self._row(ref) for ref in sorted(tickets) if promises(tickets[ref], release)]

    def close(self) -> None:
        """Ends every wait."""
        self._closed = True
        self._clock.pause()

    def _catch_up(self) -> None:
        """Brings everything to the moment that is shown."""
        now = self.now()
        before = self._chronicle.tickets
        changed = self._chronicle.go_to(now)
        records = self._chronicle.records_at(now)
        moved = records != self._records
        if moved:
            self._records = records
            self._surroundings = self._chronicle.surroundings(now)
            changed |= {ref for ref, ticket in before.items() if ticket.stage is not Stage.CLOSED}
        if not changed and not moved:
            return
        self._revision += 1
        if moved:
            self._records_revision = self._revision
        for ref in changed:
            self._changed[ref] = self._revision
            shown = self._rows.pop(ref, None)
            if ref in self._chronicle.tickets:
                self._gone.pop(ref, None)
            elif shown is not None:
                self._gone[ref] = msgspec.structs.replace(
                    shown, stage=Stage.CLOSED.value, changed_seq=self._revision
                )

    def _found(self, ref: str) -> Ticket:
        """A ticket, however its reference is written; raises UnknownTicketError."""
        try:
            written = reference.parse(ref)
        except reference.BadReferenceError as error:
            raise UnknownTicketError(str(error)) from error
        self._catch_up()
        ticket = self._chronicle.tickets.get(written)
        if ticket is None:
            raise UnknownTicketError(f"there is no ticket {written} at {self.now():%d %b %Y %H:%M} UTC")
        return ticket

    def _open_among(self, tickets: Iterable[Ticket], contact: str) -> tuple[QueueRow, ...]:
        found = [
            (each.contact != contact, self._row(each.ref))
            for each in tickets
            if each.stage is not Stage.CLOSED
        ]
        found.sort(
            key=lambda each: (
                each[0],
                not each[1].is_open,
                self.policies[each[1].policy].rank(each[1].severity),
                each[1].urgency,
            )
        )
        return tuple(row for _, row in found)

    def _closed_among(self, tickets: Iterable[Ticket], contact: str) -> tuple[QueueRow, ...]:
        closed = [each for each in tickets if each.stage is Stage.CLOSED]
        closed.sort(key=lambda each: (each.contact == contact, each.changed_at), reverse=True)
        return tuple(self._row(each.ref) for each in closed[:CLOSED_SHOWN])

    def _row(self, ref: str) -> QueueRow:
        row = self._rows.get(ref)
        if row is None:
            ticket, around = self._chronicle.tickets[ref], self._surroundings
            row = self._rows[ref] = queue_row(
                ticket,
                around.known.policies[ticket.policy],
                self._changed[ref],
                organisation=around.organisations[ticket.organisation].name,
                contact=around.contacts[ticket.contact].name,
                owner_name=around.known.name(ticket.owner),
            )
        return row


def _closed_since(happened: Iterable[ledger.StoredEvent], since: datetime) -> bool:
    return any(isinstance(entry.event, Closed) and entry.at >= since for entry in happened)
