"""What is read of a desk at a moment of the past by a key, a time or a number."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import TYPE_CHECKING

from supportdesk.desk_api import Queries
from supportdesk.past.moment import PastMoment
from supportdesk.past.state import PastState
from supportdesk.sla.clocks import ClockKind, epoch
from supportdesk.sla.explanation import Explanation
from supportdesk.store import ledger, report_queries, ticket_queries
from supportdesk.store.caller_queries import CLOSED_SHOWN, find_last_contact, select_super_users
from supportdesk.store.escalation_queries import explain_from_history
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
from supportdesk.tickets.clock_explanation import explain_clock, moment_to_explain
from supportdesk.tickets.documents import Contact, Person
from supportdesk.tickets.escalation.explanation import EscalationExplanation
from supportdesk.tickets.events import Closed
from supportdesk.tickets.folding import fold
from supportdesk.tickets.promises import has_breach
from supportdesk.tickets.records.events import DayChanged, in_order
from supportdesk.tickets.ticket import Stage, Ticket

if TYPE_CHECKING:
    from supportdesk.tickets.inbox.entry import InboxEntry
    from supportdesk.tickets.record_undo import RecordChange


class PastQueries(PastMoment, Queries):
    """Queries on the state at the moment that is shown. `Queries` says what each method returns."""

    def queue(self) -> Snapshot:
        """Return every ticket that was not closed."""
        state = self._state
        with state.lock:
            state.refresh()
            return Snapshot(state.rows(), state.revision)

    def closed_tickets(self, limit: int) -> list[QueueRow]:
        """Return the tickets closed by then that had been closed last, the latest first."""
        state = self._state
        with state.lock:
            state.refresh()
            tickets = [each for each in state.tickets.values() if each.stage is Stage.CLOSED]
            tickets.sort(key=lambda each: (each.changed_at, each.ref), reverse=True)
            return [state.row(each.ref) for each in tickets[:limit]]

    def changes(self, since: int) -> Changes:
        """Return what changed, forwards or backwards, after a number that `queue` or `changes` returned."""
        with self._state.lock:
            self._state.refresh()
            return self._state.changes(since)

    def wait_for_change(self, timeout: float) -> bool:
        """Wait up to `timeout` real seconds; return True as soon as something happened by the moment shown."""
        return self._state.wait(timeout)

    def ticket(self, ref: str) -> TicketView:
        """Return a ticket with its timeline up to the moment that is shown."""
        state = self._state
        with state.lock:
            ticket = state.find(ref)
            records = state.records
            organisation = records.organisations[ticket.organisation]
            history = state.history(ticket.ref)
            return TicketView(
                ticket=ticket,
                row=state.row(ticket.ref),
                organisation=organisation,
                contact=records.contacts[ticket.contact],
                account_manager=records.reference_data.staff.get(organisation.account_manager or ""),
                articles=tuple(records.articles[key] for key in ticket.articles if key in records.articles),
                timeline=ticket_queries.timeline(history, records.reference_data),
                pages=ticket_queries.pages(history, records.reference_data),
            )

    def last_undoable_ticket(self, by: str) -> str | None:
        """Return None: nothing can be undone in the past."""
        return None

    def last_record_change(self, by: str) -> RecordChange | None:
        """Return None: nothing can be undone in the past."""
        return None

    def explain(self, ref: str, kind: ClockKind) -> Explanation:
        """Return how a ticket's clock came to its figure, up to the moment that is shown."""
        state = self._state
        with state.lock:
            ticket = state.find(ref)
            policy = state.policies[ticket.policy]
            return explain_clock(policy, ticket, kind, moment_to_explain(ticket, state.now()))

    def explain_escalation(self, ref: str) -> EscalationExplanation:
        """Return which steps of a ticket's ladder had fired at the moment that is shown, and which were to come."""
        state = self._state
        with state.lock:
            ticket = state.find(ref)
            records = state.records
            customer = records.organisations[ticket.organisation]
            history = state.history(ticket.ref)
            return explain_from_history(ticket, history, records.reference_data, customer, state.now())

    def history(self, since: datetime) -> list[TicketHistory]:
        """Return every ticket that was not closed then, or was closed at `since` or later, in no particular order."""
        state = self._state
        with state.lock:
            state.refresh()
            now = epoch(state.now())
            histories = []
            for ref, ticket in state.tickets.items():
                events = state.history(ref)
                if ticket.stage is Stage.CLOSED and not _closed_since(events, since):
                    continue
                row = state.row(ref)
                broke = has_breach(ticket, (row.response, row.resolution), now)
                histories.append(
                    TicketHistory(row, ticket, report_queries.load_ownerships(events) if broke else ())
                )
            return histories

    def inbox(self, username: str, since: datetime) -> list[InboxEntry]:
        """Return what had been sent to a person from an instant to the moment that is shown, the newest first."""
        from supportdesk.store import inbox_queries
        from supportdesk.tickets.inbox.record_entries import record_entries

        state = self._state
        with state.lock:
            state.refresh()
            records, now = state.records, state.now()
            data = records.reference_data
            found: list[InboxEntry] = []
            for ref, ticket in state.tickets.items():
                found += inbox_queries.entries_of_ticket(
                    username,
                    ticket,
                    state.history(ref),
                    organisation=records.organisations[ticket.organisation].name,
                    reference_data=data,
                    since=since,
                )
            changes = inbox_queries.changes_among(state.record_history(since))
            zone = data.policy_at(now).timezone
            return inbox_queries.newest_first([*found, *record_entries(username, changes, data, zone, now)])

    def page_records(self, since: datetime, until: datetime) -> list[TicketPage]:
        """Return the pages that had been sent from one instant to another, the oldest first."""
        from supportdesk.store.inbox_queries import oldest_first

        state = self._state
        with state.lock:
            state.refresh()
            records = state.records
            return oldest_first(
                TicketPage(ref, ticket.summary, records.organisations[ticket.organisation].name, page)
                for ref, ticket in state.tickets.items()
                for page in ticket_queries.pages(state.history(ref), records.reference_data)
                if since <= page.at <= until
            )

    def person(self, username: str) -> Person | None:
        """Return a member of staff; None for an unknown username."""
        with self._state.lock:
            self._state.refresh()
            return self._state.records.reference_data.staff.get(username)

    def roster(self) -> Roster:
        """Return the staff, the releases, and who was on call."""
        state = self._state
        with state.lock:
            state.refresh()
            return Roster.at(state.now(), state.records.reference_data, state.records.releases.values())

    def contacts(self, organisation: str) -> list[Contact]:
        """Return the contacts of an organisation, given by key, in the order of their names."""
        with self._state.lock:
            contacts = self._state.records.contacts.values()
            return sorted(
                (each for each in contacts if each.organisation == organisation and not each.is_erased),
                key=lambda contact: (fold(contact.name), contact.key),
            )

    def contacts_with_email(self, address: str) -> list[Contact]:
        """Return the contacts who had an email address, whatever its case, by key."""
        with self._state.lock:
            known = self._state.records.contacts.values()
            return sorted((each for each in known if each.has_email(address)), key=lambda each: each.key)

    def caller(self, contact: str) -> CallerView | None:
        """Return what an operator needed to know of a contact who telephoned; None for an unknown key."""
        state = self._state
        with state.lock:
            state.refresh()
            records = state.records
            found = records.contacts.get(contact)
            if found is None:
                return None
            tickets = [each for each in state.tickets.values() if each.organisation == found.organisation]
            own = [each.ref for each in tickets if each.contact == contact]
            organisation = records.organisations[found.organisation]
            return CallerView(
                contact=found,
                organisation=organisation,
                account_manager=records.reference_data.staff.get(organisation.account_manager or ""),
                open_tickets=_open_among(state, tickets, contact),
                closed_tickets=_closed_among(state, tickets, contact),
                last_contact=find_last_contact(map(state.history, own), records.reference_data),
                own=frozenset(own),
                super_users=select_super_users(
                    each for each in records.contacts.values() if each.organisation == found.organisation
                ),
            )

    def changed_days(self) -> tuple[DayChanged, ...]:
        """Return the days that had been declared closed or given other hours, in their order."""
        with self._state.lock:
            self._state.refresh()
            return in_order(self._state.records.reference_data.days)

    def pages_sent(self, since: datetime, until: datetime) -> list[PageSent]:
        """Return the pages that had been sent to somebody from one instant to before another, in their order."""
        state = self._state
        with state.lock:
            state.refresh()
            entries = [
                entry for ref in state.tickets for entry in state.history(ref) if since <= entry.at < until
            ]
            return report_queries.pages_among(sorted(entries, key=lambda entry: (entry.at, entry.seq)))

    def promised_tickets(self, release: str) -> list[QueueRow]:
        """Return the tickets that promised a fix in a release which had not shipped yet, by reference."""
        from supportdesk.tickets.records.rules import has_unshipped_fix_in

        state = self._state
        with state.lock:
            tickets = state.tickets
            return [state.row(ref) for ref in sorted(tickets) if has_unshipped_fix_in(tickets[ref], release)]


def _open_among(state: PastState, tickets: Iterable[Ticket], contact: str) -> tuple[QueueRow, ...]:
    """Return the tickets that are not closed, those of the contact first, then by state, severity and urgency."""
    found = [
        (each.contact != contact, state.row(each.ref)) for each in tickets if each.stage is not Stage.CLOSED
    ]
    found.sort(
        key=lambda each: (
            each[0],
            not each[1].is_open,
            state.policies[each[1].policy].rank(each[1].severity),
            each[1].urgency,
        )
    )
    return tuple(row for _, row in found)


def _closed_among(state: PastState, tickets: Iterable[Ticket], contact: str) -> tuple[QueueRow, ...]:
    """Return the closed tickets, those of the contact first, the latest first, as many as a caller's card shows."""
    closed = [each for each in tickets if each.stage is Stage.CLOSED]
    closed.sort(key=lambda each: (each.contact == contact, each.changed_at), reverse=True)
    return tuple(state.row(each.ref) for each in closed[:CLOSED_SHOWN])


def _closed_since(events: Iterable[ledger.StoredEvent], since: datetime) -> bool:
    return any(isinstance(entry.event, Closed) and entry.at >= since for entry in events)
