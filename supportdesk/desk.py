"""The one door: a command comes in, is decided by pure rules, and its events are written in one short transaction."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime
from typing import TypeVar

from sqlalchemy import Connection

from supportdesk.clock import Clock, SystemClock
from supportdesk.desk_api import Applied, DeskApi, Executor, Outcome
from supportdesk.sla.calendar import CalendarError
from supportdesk.sla.clocks import Kind
from supportdesk.sla.explain import Explanation
from supportdesk.sla.opening_hours import within_years
from supportdesk.sla.policy import Policy
from supportdesk.store import (
    processed_commands,
    ranking,
    record_search,
    record_tables,
    report_queries,
    search,
    ticket_queries,
    tokens,
)
from supportdesk.store.caller_queries import caller_view
from supportdesk.store.change_watch import ChangeWatch
from supportdesk.store.command_handler import (
    SYSTEM,
    CommandEnvelope,
    HandlerContext,
    handle,
    is_record,
    preview,
)
from supportdesk.store.continuity import Continuity
from supportdesk.store.database import Database, create_database, found_database, open_database
from supportdesk.store.date_guard import refuse_date
from supportdesk.store.errors import DeskUnavailableError, UncleanTextError, UnknownTicketError
from supportdesk.store.last_command import last_acted_on
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
from supportdesk.store.record_changes import last_change
from supportdesk.store.reference_data import ReferenceCache
from supportdesk.store.sqlite import full_text
from supportdesk.tickets import reference, telephone
from supportdesk.tickets.command import LINE_LIMIT, ArgumentType, Command, Refusal, TicketCommand
from supportdesk.tickets.documents import Article, Contact, Document, Organisation, Person, Release
from supportdesk.tickets.plain_text import clean_line
from supportdesk.tickets.process.time import CorrectTime
from supportdesk.tickets.process.undo import WITHIN
from supportdesk.tickets.promises import explained, moment_to_explain
from supportdesk.tickets.record_undo import RecordChange, UndoRecord
from supportdesk.tickets.records.events import DayChanged, in_order
from supportdesk.tickets.sanitize import clean

__all__ = ["SYSTEM", "Desk"]

T = TypeVar("T")
Carry = Callable[[CommandEnvelope], Outcome]
"""Carries one command out in the transaction that is under way."""


class Desk(DeskApi):
    """A desk at work on a shared database. Any thread may use it; `DeskApi` says what the methods promise."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self.date_is_confirmed = False
        """Whether somebody vouches for the date, although the desk has long been quiet."""
        self._closed = False
        self._continuity = Continuity()
        self._clock = clock
        self._memory = ReferenceCache()
        self._watch = ChangeWatch(database)
        try:
            self._read(self._memory.refreshed)
        except BaseException:
            self.close()
            raise

    @classmethod
    def open(cls, address: str, clock: Clock | None = None) -> Desk:
        """The desk at an address, a path or a URL. Raises DeskUnavailableError where there is none."""
        return cls(open_database(address), clock or SystemClock())

    @classmethod
    def create(cls, address: str, clock: Clock | None = None) -> Desk:
        """The desk at an address, made where there is none, its database brought up to date."""
        return cls(create_database(address), clock or SystemClock())

    @classmethod
    def found(cls, address: str, records: Iterable[Command], clock: Clock | None = None) -> None:
        """Makes a desk with its first records in it, which appears whole or not at all.

        Raises AlreadyMadeError where there is something already, DeskUnavailableError, with the reason, where none can
        be made or a record is refused.
        """

        def furnish(unfinished: str) -> None:
            desk = cls.open(unfinished, clock)
            try:
                for record in records:
                    outcome = desk.do(record, by=SYSTEM.username)
                    if isinstance(outcome, Refusal):
                        raise DeskUnavailableError(outcome.reason)
            finally:
                desk.close()

        found_database(address, furnish)

    @property
    def policies(self) -> Mapping[str, Policy]:
        """Every version of the policy, by version, with the days that were declared since."""
        return self._memory.known.policies

    def now(self) -> datetime:
        """The desk's present, in whole UTC seconds; by a wrong clock no other than the calendars know."""
        return within_years(self._told_by_the_clock())

    def _told_by_the_clock(self) -> datetime:
        return self._clock.now().astimezone(UTC).replace(microsecond=0)

    def do(self, command: Command, *, by: str, command_id: str | None = None) -> Outcome:
        """Carries a command out, once for each `command_id`, or says why not."""
        order = _ordered(command, by, command_id or uuid.uuid4().hex)
        if isinstance(order, Refusal):
            return order
        outcome = self._write(lambda carry: carry(order))
        if is_record(command) or isinstance(command, UndoRecord):
            self._learn()
        return outcome

    def together(self, work: Callable[[Executor], T]) -> T | Refusal:
        """What `work` returns: the commands that it does, in one transaction; or why nothing of it can be written."""

        def do_all(carry: Carry) -> T:
            def doing(command: Command, *, by: str, command_id: str) -> Outcome:
                order = _ordered(command, by, command_id)
                return order if isinstance(order, Refusal) else carry(order)

            return work(doing)

        written = self._write(do_all)
        self._learn()
        return written

    def preview(self, commands: Iterable[TicketCommand], *, by: str) -> list[QueueRow | Refusal]:
        """What the ticket of each command would look like in the queue after it alone, or why not. Only reads."""
        orders = [_previewed(command, by) for command in commands]

        def read(connection: Connection) -> list[QueueRow | Refusal]:
            present = HandlerContext(self._told_by_the_clock(), self._memory.refreshed)
            in_doubt = refuse_date(connection, present.now, confirmed=self.date_is_confirmed)
            if in_doubt is not None:
                return [in_doubt for _ in orders]
            return [
                order if isinstance(order, Refusal) else preview(connection, order, present)
                for order in orders
            ]

        try:
            return self._read(read)
        except CalendarError as error:
            return [Refusal(str(error)) for _ in orders]

    def _write(self, work: Callable[[Carry], T]) -> T | Refusal:
        try:
            return self._database.write(self._checked(lambda connection: work(self._carrier(connection))))
        except (CalendarError, UncleanTextError) as error:
            return Refusal(str(error))

    def _read(self, work: Callable[[Connection], T]) -> T:
        return self._database.read(self._checked(work))

    def _checked(self, work: Callable[[Connection], T]) -> Callable[[Connection], T]:
        """Return the same work in a transaction, after a check that the ledger is still the one that was seen."""
        seen = self._continuity.seen

        def checked(connection: Connection) -> T:
            self._continuity.check(connection, seen)
            return work(connection)

        return checked

    def _learn(self) -> None:
        """What was written is written, even where it cannot be read again just now."""
        with suppress(DeskUnavailableError):
            self._read(self._memory.refreshed)

    def _carrier(self, connection: Connection) -> Carry:
        # What a transaction knows of its own writing is not known to anybody before it is over.
        memory = ReferenceCache(self._memory.known)

        def carry(order: CommandEnvelope) -> Outcome:
            present = HandlerContext(self._told_by_the_clock(), memory.refreshed)
            confirmed = self.date_is_confirmed or isinstance(order.command, CorrectTime)
            in_doubt = refuse_date(connection, present.now, confirmed=confirmed)
            if in_doubt is not None:
                return in_doubt
            carried = handle(connection, order, present)
            if isinstance(carried, Refusal):
                return carried
            return Applied(carried.ref, carried.seq, repeated=carried.repeated)

        return carry

    def policy_at(self, at: datetime) -> Policy:
        """The version in force at an instant. Raises DeskUnavailableError where no policy is installed."""
        return self._memory.known.policy_at(at)

    def queue(self) -> Snapshot:
        """Every ticket that is not closed."""

        def read(connection: Connection) -> Snapshot:
            self._memory.refreshed(connection)
            return ticket_queries.queue(connection)

        return self._read(read)

    def closed(self, limit: int) -> list[QueueRow]:
        """The tickets that were closed last and are closed still, the latest first."""
        return self._database.read(lambda connection: ticket_queries.closed(connection, limit))

    def changes(self, since: int) -> Changes:
        """What changed after an event number."""

        def read(connection: Connection) -> Changes:
            self._memory.refreshed(connection)
            return ticket_queries.changes(connection, since)

        return self._read(read)

    def wait_for_change(self, timeout: float) -> bool:
        """Waits up to `timeout` seconds; True as soon as another connection has written something."""
        changed = self._watch.wait(timeout)
        # Each time: a file that was written over in place need not look changed.
        if not self._closed:
            self._read(lambda connection: None)
        return changed

    def ticket(self, ref: str) -> TicketView:
        """One ticket with all that is known around it."""
        written = _written(ref)
        return self._read(
            lambda connection: ticket_queries.ticket_view(
                connection, written, self._memory.refreshed(connection)
            )
        )

    def last_acted_on(self, by: str) -> str | None:
        """The ticket that somebody changed last within the time in which that can be taken back."""
        since = self.now() - WITHIN
        return self._read(lambda connection: last_acted_on(connection, by, since))

    def last_record_change(self, by: str) -> RecordChange | None:
        """The change to a record that somebody made last, within the time in which it can be taken back."""
        since = self.now() - WITHIN
        return self._read(lambda connection: last_change(connection, by, since))

    def explain(self, ref: str, kind: Kind) -> Explanation:
        """How a clock's figure came about, span by span."""
        written, now = _written(ref), self.now()

        def read(connection: Connection) -> Explanation:
            ticket = ticket_queries.ticket(connection, written)
            policy = self._memory.refreshed(connection).policies[ticket.policy]
            return explained(policy, ticket, kind, moment_to_explain(ticket, now))

        return self._read(read)

    def history(self, since: datetime) -> list[TicketHistory]:
        """Every ticket that is not closed, or was closed at `since` or later, in no particular order."""
        now = self.now()

        def read(connection: Connection) -> list[TicketHistory]:
            self._memory.refreshed(connection)
            return report_queries.read(connection, since, now)

        return self._read(read)

    def person(self, username: str) -> Person | None:
        """A member of staff, active or not."""
        return self._read(self._memory.refreshed).staff.get(username)

    def roster(self) -> Roster:
        """Staff by name, releases by day, and who is on call."""

        def read(connection: Connection) -> Roster:
            known = self._memory.refreshed(connection)
            releases = record_tables.load_all(connection, Release).values()
            return Roster.at(self.now(), known, releases)

        return self._read(read)

    def find_organisations(self, text: str, limit: int = 8) -> list[Organisation]:
        """The organisations whose names come nearest, the best first; without a text the first by name."""
        known = self._read(lambda connection: record_tables.load_all(connection, Organisation))
        return ranking.nearest_organisations(text, known.values(), limit)

    def contacts(self, organisation: str) -> list[Contact]:
        """The contacts of an organisation, by key of the organisation, in the order of their names."""
        return self._read(lambda connection: record_tables.contacts_of(connection, organisation))

    def find_articles(self, text: str, limit: int = 8) -> list[Article]:
        """The articles that match best, the best first; without a text the first by title."""
        return self._read(lambda connection: search.articles(connection, text, limit))

    def find_callers(self, text: str, limit: int = 8) -> list[Caller]:
        """Who may be meant by part of a name, a company or a telephone number in any spelling, the likeliest first."""
        home = telephone.region(self.policy_at(self.now()))
        return self._read(lambda connection: search.callers(connection, text, home, limit))

    def caller(self, contact: str) -> CallerView | None:
        """All that is worth knowing of a contact, by key, on the telephone; None for one who is not known."""
        return self._read(
            lambda connection: caller_view(connection, contact, self._memory.refreshed(connection))
        )

    def find_similar(self, text: str, organisation: str | None, limit: int = 5) -> list[QueueRow]:
        """The tickets that are not closed and say the like of a text, the nearest first."""
        sought = tokens.parse_query(text)
        return self._read(lambda connection: full_text.tickets_like(connection, sought, organisation, limit))

    def listed(self, kind: type[Document], text: str = "", limit: int = 200) -> Listed:
        """The documents of a kind with all words of a text in their keys and names."""
        return self._read(lambda connection: record_search.listed(connection, kind, text, limit))

    def changed_days(self) -> tuple[DayChanged, ...]:
        """The days that were declared closed or given other hours, in their order."""
        return in_order(self._read(self._memory.refreshed).days)

    def promised(self, release: str) -> list[QueueRow]:
        """The tickets that promise a fix in a release which is not out yet."""
        return self._read(lambda connection: ticket_queries.promised(connection, release))

    def close(self) -> None:
        """Ends every wait and lets the database go."""
        self._closed = True
        self._watch.close()
        self._database.close()


def _previewed(command: TicketCommand, by: str) -> CommandEnvelope | Refusal:
    try:
        return _ordered(command, by, uuid.uuid4().hex)
    except UnknownTicketError as error:
        return Refusal(str(error))


def _ordered(command: Command, by: str, command_id: str) -> CommandEnvelope | Refusal:
    for name, value in (("username", by), ("command's id", command_id)):
        if clean_line(value, LINE_LIMIT).text != value or not value:
            return Refusal(f"that is no {name}: it needs to be a short plain text")
    made = clean(_with_written_references(command))
    if isinstance(made, Refusal):
        return made
    return CommandEnvelope(made.command, made.cuts, by, command_id, processed_commands.digest(made.command))


def _written(ref: str) -> str:
    """A reference as it is kept, however somebody wrote it. Raises UnknownTicketError for what can be none."""
    try:
        return reference.parse(ref)
    except reference.BadReferenceError as error:
        raise UnknownTicketError(str(error)) from error


def _with_written_references(command: Command) -> Command:
    """The command with every reference in it as it is kept."""
    changes = {
        argument.name: _written(getattr(command, argument.name))
        for argument in type(command).arguments()
        if argument.of is ArgumentType.TICKET and getattr(command, argument.name)
    }
    if isinstance(command, TicketCommand):
        changes["ref"] = _written(command.ref)
    return replace(command, **changes)
