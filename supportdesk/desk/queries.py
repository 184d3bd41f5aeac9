"""What a desk reads by a key, a moment or an event number; each query is one transaction that only reads."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from sqlalchemy import Connection

from supportdesk.desk.desk_database import DeskDatabase, stored_reference
from supportdesk.desk_api import Queries
from supportdesk.sla.clocks import ClockKind
from supportdesk.store import record_tables, report_queries, ticket_queries
from supportdesk.store.caller_queries import load_caller_view
from supportdesk.store.read_models import (
    CallerView,
    Changes,
    PageSent,
    QueueRow,
    Roster,
    Snapshot,
    TicketHistory,
    TicketPage,
    TicketView,
)
from supportdesk.tickets.documents import Contact, Person, Release
from supportdesk.tickets.records.events import DayChanged, in_order

if TYPE_CHECKING:
    from supportdesk.sla.explanation import Explanation
    from supportdesk.tickets.escalation.explanation import EscalationExplanation
    from supportdesk.tickets.inbox.entry import InboxEntry
    from supportdesk.tickets.record_undo import RecordChange


class DeskQueries(DeskDatabase, Queries):
    """Queries on a database, with the reference data in memory. `Queries` says what each method returns."""

    def queue(self) -> Snapshot:
        """Return every ticket that is not closed."""

        def read(connection: Connection) -> Snapshot:
            self._cache.refresh(connection)
            return ticket_queries.load_queue(connection)

        return self._checked.read(read)

    def closed_tickets(self, limit: int) -> list[QueueRow]:
        """Return the closed tickets that were closed last, the latest first."""
        return self._checked.read(lambda connection: ticket_queries.load_closed(connection, limit))

    def changes(self, since: int) -> Changes:
        """Return the tickets and the kinds of records that changed after an event number."""

        def read(connection: Connection) -> Changes:
            self._cache.refresh(connection)
            return ticket_queries.load_changes(connection, since)

        return self._checked.read(read)

    def wait_for_change(self, timeout: float) -> bool:
        """Wait up to `timeout` seconds; return True as soon as another connection has committed something."""
        changed = self._watch.wait(timeout)
        # Each time: a file whose content was replaced in place need not look changed.
        if not self._closed:
            self._checked.check()
        return changed

    def ticket(self, ref: str) -> TicketView:
        """Return a ticket with its timeline and the records around it."""
        stored = stored_reference(ref)
        return self._checked.read(
            lambda connection: ticket_queries.load_ticket_view(
                connection, stored, self._cache.refresh(connection)
            )
        )

    def last_undoable_ticket(self, by: str) -> str | None:
        """Return the ticket with the last command that this person may still undo; None without one."""
        from supportdesk.store.last_command import find_last_ticket

        since = self._undoable_since()
        return self._checked.read(lambda connection: find_last_ticket(connection, by, since))

    def last_record_change(self, by: str) -> RecordChange | None:
        """Return the last change to a record that this person may still undo; None without one."""
        from msgspec.structs import replace

        from supportdesk.store.record_changes import find_last_change

        since = self._undoable_since()
        change = self._checked.read(lambda connection: find_last_change(connection, by, since))
        return replace(change, timezone=self.policy_at(self.now()).timezone) if change is not None else None

    def _undoable_since(self) -> datetime:
        from supportdesk.tickets.process.undo import UNDO_WINDOW

        return self.now() - UNDO_WINDOW

    def explain(self, ref: str, kind: ClockKind) -> Explanation:
        """Return how a ticket's clock came to its figure, span by span."""
        from supportdesk.tickets.clock_explanation import explain_clock, moment_to_explain

        stored, now = stored_reference(ref), self.now()

        def read(connection: Connection) -> Explanation:
            ticket = ticket_queries.load_ticket(connection, stored)
            policy = self._cache.refresh(connection).policies[ticket.policy]
            return explain_clock(policy, ticket, kind, moment_to_explain(ticket, now))

        return self._checked.read(read)

    def explain_escalation(self, ref: str) -> EscalationExplanation:
        """Return which steps of a ticket's ladder have fired or were skipped, and which are to come."""
        from supportdesk.store.escalation_queries import load_explanation

        stored, now = stored_reference(ref), self.now()
        return self._checked.read(
            lambda connection: load_explanation(connection, stored, self._cache.refresh(connection), now)
        )

    def history(self, since: datetime) -> list[TicketHistory]:
        """Return every ticket that is not closed, or was closed at `since` or later, in no particular order."""
        now = self.now()

        def read(connection: Connection) -> list[TicketHistory]:
            self._cache.refresh(connection)
            return report_queries.load_histories(connection, since, now)

        return self._checked.read(read)

    def inbox(self, username: str, since: datetime) -> list[InboxEntry]:
        """Return the pages, offered tickets, notices and changes to the rota sent to a person, the newest first."""
        from supportdesk.store.inbox_queries import load_inbox

        now = self.now()
        return self._checked.read(
            lambda connection: load_inbox(connection, username, self._cache.refresh(connection), since, now)
        )

    def page_records(self, since: datetime, until: datetime) -> list[TicketPage]:
        """Return the pages sent from one instant to another, with what became of them, the oldest first."""
        from supportdesk.store.inbox_queries import load_page_records

        return self._checked.read(
            lambda connection: load_page_records(connection, self._cache.refresh(connection), since, until)
        )

    def person(self, username: str) -> Person | None:
        """Return a member of staff, active or not; None for an unknown username."""
        return self._checked.read(self._cache.refresh).staff.get(username)

    def roster(self) -> Roster:
        """Return the staff by name, the releases by day, and who is on call."""

        def read(connection: Connection) -> Roster:
            data = self._cache.refresh(connection)
            releases = record_tables.load_all(connection, Release).values()
            return Roster.at(self.now(), data, releases)

        return self._checked.read(read)

    def contacts(self, organisation: str) -> list[Contact]:
        """Return the contacts of an organisation, given by key, in the order of their names."""
        return self._checked.read(lambda connection: record_tables.load_contacts(connection, organisation))

    def contacts_with_email(self, address: str) -> list[Contact]:
        """Return the contacts who have an email address, whatever its case, by key."""
        return self._checked.read(
            lambda connection: record_tables.load_contacts_with_email(connection, address)
        )

    def caller(self, contact: str) -> CallerView | None:
        """Return what an operator needs to know of a contact who telephones; None for an unknown key."""
        return self._checked.read(
            lambda connection: load_caller_view(connection, contact, self._cache.refresh(connection))
        )

    def changed_days(self) -> tuple[DayChanged, ...]:
        """Return the days that were declared closed or given other hours, in their order."""
        return in_order(self._checked.read(self._cache.refresh).days)

    def pages_sent(self, since: datetime, until: datetime) -> list[PageSent]:
        """Return the pages that were sent to somebody from one instant to before another, in their order."""
        return self._checked.read(lambda connection: report_queries.load_pages(connection, since, until))

    def promised_tickets(self, release: str) -> list[QueueRow]:
        """Return the open tickets that promise a fix in a release which has not shipped yet, by reference."""
        return self._checked.read(lambda connection: ticket_queries.load_promised(connection, release))
