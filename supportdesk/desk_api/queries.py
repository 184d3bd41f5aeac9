"""What is read of the desk, and found by what somebody typed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from supportdesk.sla.clocks import ClockKind
    from supportdesk.sla.explanation import Explanation
    from supportdesk.sla.policy import Policy
    from supportdesk.store.read_models import (
        Caller,
        CallerView,
        Changes,
        DueTicket,
        Listed,
        PageSent,
        QueueRow,
        Roster,
        Snapshot,
        TicketHistory,
        TicketPage,
        TicketView,
    )
    from supportdesk.tickets.documents import Article, Contact, DeskNotice, Document, Organisation, Person
    from supportdesk.tickets.escalation.explanation import EscalationExplanation
    from supportdesk.tickets.inbox.entry import InboxEntry
    from supportdesk.tickets.record_undo import RecordChange
    from supportdesk.tickets.records.events import DayChanged


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

    def contacts_with_email(self, address: str) -> list[Contact]:
        """Return the contacts who have an email address, whatever its case, by key; none for an empty one."""
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
