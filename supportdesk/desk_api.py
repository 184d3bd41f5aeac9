"""The API that every surface uses: `Commands`, `Queries`, `Searches`, `WatchQueries` and `Outbox`, and `DeskApi`, which
is all.

Only the protocols are here; `desk` implements them over the database and `past` for a moment of the past. A function
asks for the smallest one that it needs. Any thread may call a method; all but `now`, `policies` and `policy_at` block.
Each raises DeskUnavailableError when the database cannot be used, and UnknownTicketError for an unknown reference.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol, TypeVar

from supportdesk.store.errors import DeskReplacedError, DeskUnavailableError, UnknownTicketError
from supportdesk.tickets.refusal import Refusal

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from datetime import datetime

    from supportdesk.sla.clocks import ClockKind
    from supportdesk.sla.explanation import Explanation
    from supportdesk.sla.policy import Policy
    from supportdesk.store.outbox_models import OutboxEntry, Shipment, UnsentPage
    from supportdesk.store.page_links import PageLink
    from supportdesk.store.read_models import (
        Caller,
        CallerView,
        Changes,
        DueTicket,
        Erasure,
        ErasurePreview,
        Listed,
        PageSent,
        QueueRow,
        Roster,
        Snapshot,
        TicketHistory,
        TicketPage,
        TicketView,
    )
    from supportdesk.tickets.command import Command, TicketCommand
    from supportdesk.tickets.documents import Article, Contact, DeskNotice, Document, Organisation, Person
    from supportdesk.tickets.escalation.explanation import EscalationExplanation
    from supportdesk.tickets.inbox.entry import InboxEntry
    from supportdesk.tickets.record_undo import RecordChange
    from supportdesk.tickets.records.events import DayChanged

__all__ = [
    "Applied",
    "Commands",
    "DeskApi",
    "DeskReader",
    "DeskReplacedError",
    "DeskUnavailableError",
    "Erasures",
    "Executor",
    "InboxQueries",
    "Outbox",
    "Outcome",
    "PageLinks",
    "PolicyQueries",
    "Queries",
    "QueueQueries",
    "RecordQueries",
    "Searches",
    "TicketQueries",
    "Transaction",
    "UnknownTicketError",
    "WatchQueries",
]


@dataclass(frozen=True, slots=True)
class Applied:
    """A command was carried out: its events are in the ledger up to number `seq`. `ref` is its ticket, if any.

    `repeated` is True where it had been carried out before under the same id, and nothing was done this time.
    """

    ref: str | None
    seq: int
    repeated: bool = field(default=False, compare=False)


Outcome = Applied | Refusal

T = TypeVar("T")


class Executor(Protocol):
    """Carries out a command, once for each `command_id`, or returns the reason why not."""

    def __call__(self, command: Command, *, by: str, command_id: str) -> Outcome: ...


class Transaction(Executor, Protocol):
    """Carries out commands that are written together, and reads what they have changed before anybody else can."""

    def find_due(self, at: datetime) -> DueTicket | None:
        """Return the ticket on which something is due by `at`, what is due longest; None where nothing is."""
        ...

    def list_paged(self, ref: str) -> tuple[str, ...]:
        """Return the usernames of those who are paged for a ticket and have not acknowledged."""
        ...


class Commands(Protocol):
    """Everything that changes the desk. `by` is the key of the actor: for a member of staff, the username."""

    def do(
        self, command: Command, *, by: str, command_id: str | None = None, begun: int | None = None
    ) -> Outcome:
        """Carry out a command, once for each `command_id`, or return the reason why not.

        `begun` is the number of the last event that the sender had read when they began to type it. It is refused where
        a contact was erased since, as nobody can tell whether they are named in it; None for a command that was not
        typed.
        """
        ...

    def transaction(self, work: Callable[[Transaction], T]) -> T | Refusal:
        """Return what `work` returns, after writing all its commands at once, except those that were refused.

        Return a Refusal where nothing of it can be written. `work` may be run several times, so it must change nothing
        outside itself before it returns. It is meant for many commands on tickets that nobody else works on: other
        writers wait until it is done.
        """
        ...

    def preview(self, commands: Iterable[TicketCommand], *, by: str) -> list[QueueRow | Refusal]:
        """Return the queue row that the ticket of each command would have after that command alone, or why not.

        Nothing is written, no writer is waited for, and an unknown ticket is a Refusal.
        """
        ...


class Erasures(Protocol):
    """What the command `EraseContact` needs before and after it."""

    def find_last_erasure(self) -> Erasure | None:
        """Return when a contact was last erased; None without an erasure."""
        ...

    def preview_erasure(self, contact: str, *, by: str) -> ErasurePreview | Refusal:
        """Return what erasing a contact, given by key, would change, or why `by` cannot. Nothing is written.

        Reads the whole ledger.
        """
        ...

    def remove_traces(self) -> None:
        """Remove for good what erasures left in free space of the database; nothing is done where nothing is left.

        To be called after each erasure; others wait meanwhile. Raises DeskUnavailableError; then it is to be repeated.
        """
        ...


class PolicyQueries(Protocol):
    """What every clock is read with: the desk's time and the policies."""

    @property
    def policies(self) -> Mapping[str, Policy]:
        """Every version of the policy, by version."""
        ...

    @property
    def newer_version(self) -> str:
        """The number of the desk's schema once a newer program has upgraded the desk; empty before."""
        return ""

    def now(self) -> datetime:
        """Return the desk's present, an aware UTC instant in whole seconds."""
        ...

    def policy_at(self, at: datetime) -> Policy:
        """Return the version in force at an instant. Raises DeskUnavailableError where no policy is installed."""
        ...


class QueueQueries(Protocol):
    """The queue, and what changes in it."""

    def queue(self) -> Snapshot:
        """Return every ticket that is not closed."""
        ...

    def closed_tickets(self, limit: int) -> list[QueueRow]:
        """Return the closed tickets that were closed last, the latest first."""
        ...

    def changes(self, since: int) -> Changes:
        """Return the tickets and the kinds of records that changed after an event number."""
        ...

    def wait_for_change(self, timeout: float) -> bool:
        """Wait up to `timeout` seconds; return True as soon as somebody else may have changed something."""
        ...


class TicketQueries(Protocol):
    """Single tickets, and the tickets that reports count."""

    def ticket(self, ref: str) -> TicketView:
        """Return a ticket with its timeline and the records around it."""
        ...

    def explain(self, ref: str, kind: ClockKind) -> Explanation:
        """Return how a ticket's clock came to its figure, span by span."""
        ...

    def explain_escalation(self, ref: str) -> EscalationExplanation:
        """Return which steps of a ticket's ladder have fired or were skipped, and which are to come."""
        ...

    def history(self, since: datetime) -> list[TicketHistory]:
        """Return every ticket that is not closed, or was closed at `since` or later, in no particular order."""
        ...

    def pages_sent(self, since: datetime, until: datetime) -> list[PageSent]:
        """Return the pages that were sent to somebody from one instant to before another, in their order."""
        ...

    def promised_tickets(self, release: str) -> list[QueueRow]:
        """Return the open tickets that promise a fix in a release which has not shipped yet, by reference."""
        ...

    def last_undoable_ticket(self, by: str) -> str | None:
        """Return the reference of the ticket of the last command that this person may still undo, if there is one."""
        ...


class InboxQueries(Protocol):
    """What was sent to members of staff."""

    def inbox(self, username: str, since: datetime) -> list[InboxEntry]:
        """Return the pages, offered tickets, notices and changes to the rota sent to a person, the newest first."""
        ...

    def page_records(self, since: datetime, until: datetime) -> list[TicketPage]:
        """Return the pages sent from one instant to another, with what became of them, the oldest first."""
        ...


class RecordQueries(Protocol):
    """Records: the staff, the customers and their contacts, the releases and the days."""

    def person(self, username: str) -> Person | None:
        """Return a member of staff, active or not; None for an unknown username."""
        ...

    def roster(self) -> Roster:
        """Return the staff by name, the releases by day, and who is on call."""
        ...

    def contacts(self, organisation: str) -> list[Contact]:
        """Return the contacts of an organisation, given by key, in the order of their names."""
        ...

    def caller(self, contact: str) -> CallerView | None:
        """Return what an operator needs to know of a contact who telephones; None for an unknown key."""
        ...

    def changed_days(self) -> tuple[DayChanged, ...]:
        """Return the days that were declared closed or given other hours, in their order."""
        ...

    def last_record_change(self, by: str) -> RecordChange | None:
        """Return the last change to a record that this person may still undo; None without one."""
        ...


class Queries(PolicyQueries, QueueQueries, TicketQueries, InboxQueries, RecordQueries, Protocol):
    """Everything that is read by a key, a moment or an event number."""


class WatchQueries(Protocol):
    """What falls due as time passes. All of it is read from an indexed column; nothing is decided here."""

    def due_refs(self, at: datetime, limit: int = 1_000) -> list[str]:
        """Return the references of the tickets on which something is due by `at`, the most severe first."""
        ...

    def next_watch_due(self) -> datetime | None:
        """Return when the watcher next has something to do on any ticket; None for never."""
        ...

    def notices(self, prefix: str) -> list[DeskNotice]:
        """Return the notices about no ticket whose keys begin with a text, in the order in which they were sent."""
        ...

    def overdue_steps(self, at: datetime, limit: int = 10) -> list[DueTicket]:
        """Return the tickets on which something was due by `at` and was not done, the most severe first.

        Give an earlier instant than now: a watcher that is alive needs a tick. In a past moment, nothing is overdue.
        """
        ...


class Searches(Protocol):
    """Everything that is found by a text that somebody typed."""

    def find_organisations(self, text: str, limit: int = 8) -> list[Organisation]:
        """Return the organisations with the closest names, the best first; without a text, the first by name."""
        ...

    def find_articles(self, text: str, limit: int = 8) -> list[Article]:
        """Return the articles that match best, the best first; without a text, the first by title."""
        ...

    def find_callers(self, text: str, limit: int = 8) -> list[Caller]:
        """Return the contacts that match part of a name, a company or a telephone number in any spelling.

        The likeliest comes first. Typing errors are forgiven only where nothing else is found. A text without words or
        digits matches nobody.
        """
        ...

    def find_similar(self, text: str, organisation: str | None, limit: int = 5) -> list[QueueRow]:
        """Return the open tickets that share enough words with a text, the closest first.

        `organisation` is the key of the customer whose tickets are searched; None searches those of all.
        """
        ...

    def find_records(self, document_type: type[Document], text: str = "", limit: int = 200) -> Listed:
        """Return the records of a type that have all words of a text in their keys and names.

        Releases are in the order of their days, other records in that of their names.
        """
        ...


class DeskReader(Queries, Searches, WatchQueries, Protocol):
    """Everything that only reads a desk."""


class Outbox(Protocol):
    """What is to be sent to people outside the desk; in a past moment, nothing is.

    Messages get there with the events that cause them. Who sends them claims them first, sends them outside any
    transaction, and gives the command `RecordAttempt` for each.
    """

    def outbox(self, limit: int = 1_000) -> list[OutboxEntry]:
        """Return what waits to be sent and what has failed lately, what is urgent first."""
        ...

    def next_delivery_due(self, methods: Iterable[str]) -> datetime | None:
        """Return when the next message by one of the methods is due, perhaps in the past; None where none waits."""
        ...

    def claim_shipments(
        self, holder: str, room: Mapping[str, tuple[int, int]], in_flight: frozenset[str] = frozenset()
    ) -> list[Shipment]:
        """Claim what is due for `holder`, what is urgent first, and cancel what is no longer wanted.

        `room` says by method how many urgent shipments are claimed and how many others; `in_flight` are the deliveries
        that the holder is sending already. A claim expires, so that what a killed sender claimed is sent by another.
        """
        ...

    def renew_claims(self, holder: str, deliveries: Iterable[str]) -> None:
        """Renew the claims of `holder` on deliveries that are still on their way, before they expire."""
        ...

    def release_claims(self, holder: str, deliveries: Iterable[str]) -> None:
        """Give up the claims of `holder` on deliveries that it did not send."""
        ...

    def is_wanted(self, delivery: str) -> bool:
        """Return whether a claimed delivery is still to be sent: nobody has acknowledged or closed meanwhile."""
        ...

    def unsent_pages(self) -> list[UnsentPage]:
        """Return the open pages that were handed off by no method in time; the command `EscalateUnsent` settles one."""
        ...


class PageLinks(Protocol):
    """The links by which pages are acknowledged; only a desk over a database has them. The ledger holds none."""

    def save_page_link(self, digest: str, link: PageLink) -> None:
        """Save a link under the digest of its secret part, and forget links that have expired."""
        ...

    def find_page_link(self, digest: str) -> PageLink | None:
        """Return the link whose secret part has this digest, expired or not; None for an unknown one."""
        ...


class DeskApi(Commands, Erasures, DeskReader, Outbox, PageLinks, Protocol):
    """A desk, present or past. It has many methods, each of which belongs to one of the protocols above."""

    def close(self) -> None:
        """End every wait and close the database."""
        ...
