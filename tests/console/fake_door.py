"""A desk in memory: the real rules without a database, for everything that a screen can ask of a door."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import cache
from types import MappingProxyType
from typing import Any, TypeVar

import msgspec

from supportdesk.clock import SetClock
from supportdesk.door import DeskUnavailableError, Doing, Done, Outcome, UnknownTicketError
from supportdesk.resources import data_path
from supportdesk.sla.clocks import Kind
from supportdesk.sla.explain import Explanation
from supportdesk.sla.policy import Policy
from supportdesk.sla.policy_file import load_policy
from supportdesk.store import callers, finding
from supportdesk.store.carrying_out import is_record
from supportdesk.store.listing import listed_among
from supportdesk.store.projections import queue_row
from supportdesk.store.views import (
    Caller,
    CallerView,
    Changes,
    LastContact,
    Listed,
    QueueRow,
    Roster,
    Snapshot,
    TicketHistory,
    TicketView,
    TimelineEntry,
)
from supportdesk.tickets import reference
from supportdesk.tickets.case import Act, Case, Directory
from supportdesk.tickets.command import Command, Decision, Refusal, TicketCommand
from supportdesk.tickets.decide import decide
from supportdesk.tickets.events import TakenBack, TicketEvent
from supportdesk.tickets.evolve import evolve
from supportdesk.tickets.holding import holdings
from supportdesk.tickets.newcomers import keyed_contact, keyed_organisation
from supportdesk.tickets.people import Article, Contact, Document, Organisation, Person, Release, Rotation
from supportdesk.tickets.permissions import refused
from supportdesk.tickets.process.linking import mirrored
from supportdesk.tickets.process.triage import Log
from supportdesk.tickets.process.undo import WITHIN
from supportdesk.tickets.promises import explained
from supportdesk.tickets.record_undo import RecordChange
from supportdesk.tickets.records.commands import Keep, KeepContact, KeepOrganisation, RecordCommand, key_of
from supportdesk.tickets.records.events import DayChanged
from supportdesk.tickets.records.rules import decide_record, promises, release_consequences
from supportdesk.tickets.rota import with_rotation
from supportdesk.tickets.ticket import Ticket
from supportdesk.tickets.told import who_was_told
from tests.console.fake_words import found, is_undo, tag, with_customer

T = TypeVar("T")

_SHELVES: Mapping[type[Document], str] = {
    Person: "staff",
    Organisation: "organisations",
    Contact: "contacts",
    Release: "releases",
    Article: "articles",
}


@cache
def claritum() -> Policy:
    """The policy that ships with the program."""
    return load_policy(data_path("policies/claritum.toml"))


@dataclass
class FakeDoor:
    """A `Door` over tickets in memory; `clock` is its present and is set by hand.

    `away` is why the database cannot be used, None while it can. `asked` names the calls that came, in order.
    """

    clock: SetClock
    directory: Directory
    policy: Policy = field(default_factory=claritum)
    away: str | None = None
    asked: list[str] = field(default_factory=list)
    done: list[tuple[Command, str, str | None]] = field(default_factory=list)
    explanation: Explanation | None = None

    def __post_init__(self) -> None:
        self._tickets: dict[str, Ticket] = {}
        self._timelines: dict[str, list[TimelineEntry]] = {}
        self._histories: dict[str, list[tuple[TicketEvent, datetime, str]]] = {}
        self._changed: dict[str, int] = {}
        self._outcomes: dict[str, Outcome] = {}
        self._acts: dict[str, Act] = {}
        self._records: dict[str, int] = {}
        self._seq = 0
        self._news = threading.Event()
        self._lock = threading.RLock()

    @property
    def policies(self) -> Mapping[str, Policy]:
        return MappingProxyType({self.policy.version: self.policy})

    def now(self) -> datetime:
        return self.clock.now()

    def do(self, command: Command, *, by: str, command_id: str | None = None) -> Outcome:
        self._reach("do")
        with self._lock:
            self.done.append((command, by, command_id))
            if command_id is not None and command_id in self._outcomes:
                return self._outcomes[command_id]
            outcome = self._do(command, by)
            if command_id is not None and isinstance(outcome, Done):
                self._outcomes[command_id] = outcome
            return outcome

    def together(self, work: Callable[[Doing], T]) -> T | Refusal:
        return work(self.do)

    def preview(self, commands: Iterable[TicketCommand], *, by: str) -> list[QueueRow | Refusal]:
        self._reach("preview")
        with self._lock:
            decisions = [(command.ref, self._decided(command, by)) for command in commands]
            return [each if isinstance(each, Refusal) else self.row(ref) for ref, each in decisions]

    def policy_at(self, at: datetime) -> Policy:
        return self.policy

    def queue(self) -> Snapshot:
        self._reach("queue")
        with self._lock:
            rows = [self.row(ref) for ref, ticket in self._tickets.items() if ticket.stage != "closed"]
            rows.sort(key=lambda row: (self.policy.rank(row.severity), row.urgency))
            return Snapshot(rows, self._seq)

    def closed(self, limit: int) -> list[QueueRow]:
        self._reach("closed")
        with self._lock:
            ended = [ref for ref, ticket in self._tickets.items() if ticket.stage == "closed"]
            ended.sort(key=lambda ref: self._changed[ref], reverse=True)
            return [self.row(ref) for ref in ended[:limit]]

    def changes(self, since: int) -> Changes:
        self._reach("changes")
        with self._lock:
            refs = [ref for ref, seq in self._changed.items() if seq > since]
            records = frozenset(kind for kind, seq in self._records.items() if seq > since)
            return Changes([self.row(ref) for ref in refs], self._seq, records)

    def wait_for_change(self, timeout: float) -> bool:
        came = self._news.wait(min(timeout, 0.02))
        if came:
            self._news.clear()
        self._reach("wait_for_change")
        return came

    def ticket(self, ref: str) -> TicketView:
        self._reach("ticket")
        with self._lock:
            ticket = self._known(ref)
            organisation = self.directory.organisations[ticket.organisation]
            manager = organisation.account_manager
            return TicketView(
                ticket=ticket,
                row=self.row(ref),
                organisation=organisation,
                contact=self.directory.contacts[ticket.contact],
                account_manager=self.directory.staff.get(manager) if manager else None,
                articles=tuple(self.directory.articles[key] for key in ticket.articles),
                timeline=tuple(self._timelines[ref]),
                told=who_was_told(self._histories[ref], self.directory.name),
            )

    def last_acted_on(self, by: str) -> str | None:
        self._reach("last_acted_on")
        since = self.now() - WITHIN
        mine = [
            ref for ref, act in self._acts.items() if act.actor == by and act.at >= since and not is_undo(act)
        ]
        return max(mine, key=lambda ref: self._changed[ref], default=None)

    def last_record_change(self, by: str) -> RecordChange | None:
        self._reach("last_record_change")
        return None

    def explain(self, ref: str, kind: Kind) -> Explanation:
        self._reach("explain")
        return self.explanation or explained(self.policy, self._known(ref), kind, self.now())

    def history(self, since: datetime) -> list[TicketHistory]:
        self._reach("history")
        with self._lock:
            return [
                TicketHistory(
                    self.row(ref), ticket, holdings((at, event) for event, at, _ in self._histories[ref])
                )
                for ref, ticket in self._tickets.items()
                if ticket.stage != "closed" or ticket.changed_at >= since
            ]

    def person(self, username: str) -> Person | None:
        self._reach("person")
        return self.directory.staff.get(username)

    def roster(self) -> Roster:
        self._reach("roster")
        directory = self.directory
        return Roster.at(self.now(), directory, directory.releases.values())

    def find_organisations(self, text: str, limit: int = 8) -> list[Organisation]:
        self._reach("find_organisations")
        return [each for each in self.directory.organisations.values() if found(text, each.name)][:limit]

    def contacts(self, organisation: str) -> list[Contact]:
        self._reach("contacts")
        return [each for each in self.directory.contacts.values() if each.organisation == organisation]

    def find_articles(self, text: str, limit: int = 8) -> list[Article]:
        self._reach("find_articles")
        return [each for each in self.directory.articles.values() if found(text, each.title)][:limit]

    def find_callers(self, text: str, limit: int = 8) -> list[Caller]:
        self._reach("find_callers")
        directory = self.directory
        known = [
            Caller(each, directory.organisations[each.organisation]) for each in directory.contacts.values()
        ]
        return callers.meant(text, known, "GB", limit)

    def caller(self, contact: str) -> CallerView | None:
        self._reach("caller")
        if (known := self.directory.contacts.get(contact)) is None:
            return None
        organisation = self.directory.organisations[known.organisation]
        with self._lock:
            rows = [
                self.row(ref) for ref, each in self._tickets.items() if each.organisation == organisation.key
            ]
            told = [
                LastContact(entry.at, ref, entry.sentence)
                for ref, each in self._tickets.items()
                if each.contact == contact
                for entry in self._timelines[ref]
                if entry.event in ("logged", "called", "replied")
            ]
        open_rows = [row for row in rows if row.stage != "closed"]
        own = frozenset(ref for ref, each in self._tickets.items() if each.contact == contact)
        return CallerView(
            contact=known,
            organisation=organisation,
            account_manager=self.directory.staff.get(organisation.account_manager or ""),
            open_tickets=tuple(
                sorted(
                    open_rows,
                    key=lambda row: (
                        row.ref not in own,
                        not row.is_open,
                        self.policy.rank(row.severity),
                        row.urgency,
                    ),
                )
            ),
            closed_tickets=tuple(row for row in rows if row.stage == "closed")[-3:],
            last_contact=max(told, key=lambda each: each.at, default=None),
            own=own,
            super_users=tuple(
                each
                for each in self.directory.contacts.values()
                if each.organisation == organisation.key and each.super_user
            ),
        )

    def find_similar(self, text: str, organisation: str | None, limit: int = 5) -> list[QueueRow]:
        self._reach("find_similar")
        with self._lock:
            rows = [
                self.row(ref)
                for ref, each in self._tickets.items()
                if each.stage != "closed" and organisation in (None, each.organisation)
            ]
        return finding.similar(text, rows, limit)

    def listed(self, kind: type[Document], text: str = "", limit: int = 200) -> Listed:
        self._reach("listed")
        known = getattr(self.directory, _SHELVES[kind])
        return listed_among(known.values(), self.directory.organisations, text, limit)

    def changed_days(self) -> tuple[DayChanged, ...]:
        return ()

    def promised(self, release: str) -> list[QueueRow]:
        self._reach("promised")
        return [self.row(ref) for ref, ticket in self._tickets.items() if promises(ticket, release)]

    def close(self) -> None:
        self.asked.append("close")

    def wake(self) -> None:
        """Tells whoever waits that somebody has changed something."""
        self._news.set()

    def leave_nobody_on_call(self) -> None:
        """Let the rota be empty and nobody hold a rung, so that a page finds nobody."""
        people = {key: msgspec.structs.replace(each, rungs=()) for key, each in self.directory.staff.items()}
        self.directory = replace(self.directory, staff=people, rotations=())

    def by(self, username: str, command: Command) -> str:
        """What somebody else does at another console; the reference it was about. Fails where it is refused."""
        outcome = self.do(command, by=username)
        assert isinstance(outcome, Done), outcome
        assert outcome.ref is not None
        self.wake()
        return outcome.ref

    def row(self, ref: str) -> QueueRow:
        """A ticket as the queue shows it."""
        ticket, directory = self._tickets[ref], self.directory
        return queue_row(
            ticket,
            self.policy,
            self._changed[ref],
            organisation=directory.organisations[ticket.organisation].name,
            contact=directory.contacts[ticket.contact].name,
            owner_name=directory.name(ticket.owner) if ticket.owner else "",
        )

    def _reach(self, call: str) -> None:
        self.asked.append(call)
        if self.away is not None:
            raise DeskUnavailableError(self.away)

    def _known(self, ref: str) -> Ticket:
        if ref not in self._tickets:
            raise UnknownTicketError(ref)
        return self._tickets[ref]

    def _decided(self, command: Command, by: str) -> Decision:
        actor = self.directory.staff.get(by)
        if actor is None:
            return Refusal(f"{by} is not on the staff of this desk")
        ref = command.ref if isinstance(command, TicketCommand) else ""
        if ref and ref not in self._tickets:
            return Refusal(f"there is no ticket {ref}")
        directory = replace(self.directory, tickets=MappingProxyType(self._tickets))
        case = Case(self.now(), actor, self.policy, directory, self._tickets.get(ref), self._acts.get(ref))
        return decide(case, command)

    def _do(self, command: Command, by: str) -> Outcome:
        actor = self.directory.staff.get(by)
        if actor is not None and is_record(command):
            return self._keep(command, actor)
        if isinstance(command, Log):
            self.directory = with_customer(self.directory, command)
        decision = self._decided(command, by)
        if isinstance(decision, Refusal):
            return decision
        ref = command.ref if isinstance(command, TicketCommand) else reference.make(len(self._tickets))
        before = self._tickets.get(ref)
        self._append(ref, decision, by)
        self._acts[ref] = Act(by, self.now(), tuple(decision), before)
        other = mirrored(ref, command)
        if other is not None:
            self._append(other[0], [other[1]], by)
        return Done(ref, self._seq)

    def _keyed(self, command: RecordCommand) -> RecordCommand | Refusal:
        if isinstance(command, KeepOrganisation) and command.new:
            organisations = self.directory.organisations
            known = [(each.key, each.name) for each in organisations.values()]
            return keyed_organisation(command, known, organisations.__contains__)
        if isinstance(command, KeepContact) and command.new:
            theirs = self.contacts(command.contact.organisation)
            known = [(each.key, each.name) for each in theirs]
            return keyed_contact(command, known, self.directory.contacts.__contains__)
        return command

    def _keep(self, command: RecordCommand, actor: Person) -> Outcome:
        with_key = self._keyed(command)
        if isinstance(with_key, Refusal):
            return with_key
        command = with_key
        case = Case(self.now(), actor, self.policy, self.directory)
        decision = refused(case, command) or decide_record(case, command)
        if isinstance(decision, Refusal):
            return decision
        self._seq += 1
        assert isinstance(command, Keep), "the fake desk keeps documents, not policies"
        document = command.document
        self._records[type(document).__name__.lower()] = self._seq
        self._news.set()
        if isinstance(document, Rotation):
            self.directory = replace(
                self.directory, rotations=with_rotation(self.directory.rotations, document)
            )
            return Done(None, self._seq)
        shelf = _SHELVES[type(document)]
        kept: dict[str, Any] = {shelf: {**getattr(self.directory, shelf), key_of(document): document}}
        self.directory = replace(self.directory, **kept)
        if isinstance(document, Release):
            for ref, ticket in self._tickets.items():
                self._append(
                    ref, release_consequences(self.policy, ticket, document, self.now()), actor.username
                )
        return Done(None, self._seq)

    def _append(self, ref: str, events: Iterable[TicketEvent], by: str) -> None:
        act = self._seq + 1
        for event in events:
            if isinstance(event, TakenBack):
                self._strike(ref, len(self._acts[ref].events))
            self._seq += 1
            ticket = evolve(self._tickets.get(ref), event, ref=ref, at=self.now(), actor=by)
            self._tickets[ref] = ticket
            self._changed[ref] = self._seq
            self._histories.setdefault(ref, []).append((event, self.now(), by))
            entry = TimelineEntry(
                self._seq, self.now(), by, self.directory.name(by), tag(event), event.sentence(), act
            )
            self._timelines.setdefault(ref, []).append(entry)

    def _strike(self, ref: str, number: int) -> None:
        timeline = self._timelines[ref]
        timeline[-number:] = [replace(entry, taken_back=True) for entry in timeline[-number:]]
