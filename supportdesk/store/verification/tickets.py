"""Replays the tickets one by one from their events, and compares them with their rows and index entries."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from operator import itemgetter
from typing import Any

import msgspec

from supportdesk.sla.clocks import ClockProjection
from supportdesk.store import ledger
from supportdesk.store.backend import Reader, Row
from supportdesk.store.documents import is_known
from supportdesk.store.findings import Findings
from supportdesk.store.ledger import StoredEvent
from supportdesk.store.ticket_projection import columns, make_queue_row, read_state
from supportdesk.store.verification.chain import Chain
from supportdesk.store.verification.rows import StoredRow, by_name, find_wrong_columns, read_index_keys
from supportdesk.store.verification.steps import compare_steps
from supportdesk.store.verification.ticket_outbox import TicketOutbox
from supportdesk.store.verification.ticket_rows import MOST_TICKETS, TicketRows
from supportdesk.store.watch_projection import compute_watch_due, to_history
from supportdesk.tickets import reference
from supportdesk.tickets.events import Event
from supportdesk.tickets.evolve import evolve
from supportdesk.tickets.ticket import Stage, Ticket

_DOCUMENTS: dict[str, type] = {"state": Ticket, "response": ClockProjection, "resolution": ClockProjection}
_EVENT = ("seq", "at", "subject", "ref", "version", "actor", "event", "payload", "command_id")
"""What a replay needs of an event; the rest was checked along the chain."""
_EVENTS = f"SELECT {', '.join(_EVENT)} FROM ledger WHERE ref"  # noqa: S608 - names of ours
_ORDER = "ORDER BY ref, version"
_REF = itemgetter(_EVENT.index("ref"))
_UNKNOWN = "no event in the ledger explains it"
REPLAY_ERRORS = (msgspec.MsgspecError, ValueError, LookupError, TypeError, ArithmeticError, AttributeError)
"""What replaying a ticket raises where its events, or the records behind them, are not what was written."""

TicketEvents = list[StoredRow]
"""The stored events of one ticket, in their order."""


class TicketComparison:
    """Compares the tickets in the order of their references; `ref` is the last one compared."""

    def __init__(self, chain: Chain, findings: Findings) -> None:
        self.ref = ""
        self._chain = chain
        self._findings = findings

    def walk(self, reader: Reader, least: int) -> bool:
        """Compare the next tickets, which have at least `least` events or are as many as are read at once; return
        whether there may be more.
        """
        count = 0
        tickets: list[TicketEvents] = []
        for events in read_tickets(reader, self.ref):
            tickets.append(events)
            count += len(events)
            if count >= least or len(tickets) == MOST_TICKETS:
                break
        self._compare_all(reader, tickets)
        if tickets:
            self.ref = str(tickets[-1][0]["ref"])
        return bool(tickets)

    def compare_some(self, reader: Reader, refs: set[str]) -> bool:
        """Compare some of these tickets and remove them from the set; return whether there are more."""
        some = sorted(refs)[:MOST_TICKETS]
        if some:
            rows = reader.rows_among(f"{_EVENTS} IN ? {_ORDER}", some)
            self._compare_all(reader, list(_group_events(rows)))
            refs.difference_update(some)
        return bool(refs)

    def find_rows_without_event(self, reader: Reader) -> None:
        """Find the rows of tickets, and of their words, that no event has made."""
        if self._findings.has_any_in("tickets") or reader.count("tickets") != self._chain.logged:
            for (ref,) in reader.rows("SELECT ref FROM tickets EXCEPT SELECT ref FROM ledger ORDER BY 1"):
                self._findings.add("tickets", ref, _UNKNOWN)
        if self._findings.has_any_in("ticket_words") or reader.count("ticket_words") != self._chain.logged:
            for number, ref in read_index_keys(reader, reader.full_text.ticket_words):
                if not self._is_ours(reader, number, ref):
                    self._findings.add("ticket_words", ref, _UNKNOWN)

    def _is_ours(self, reader: Reader, number: int, ref: object) -> bool:
        try:
            return (
                isinstance(ref, str)
                and reference.number(ref) == number
                and reader.row("SELECT 1 FROM ledger WHERE ref = ? LIMIT 1", (ref,)) is not None
            )
        except ValueError:
            return False

    def _compare_all(self, reader: Reader, tickets: Sequence[TicketEvents]) -> None:
        """Compare tickets, of which there are no more than `MOST_TICKETS`."""
        if tickets:
            rows = TicketRows(reader, [str(events[0]["ref"]) for events in tickets])
            for events in tickets:
                self._compare(reader, rows, events)

    def _compare(self, reader: Reader, rows: TicketRows, events: TicketEvents) -> None:
        ref = str(events[0]["ref"])
        if ref in self._chain.unreadable or self._chain.is_partly_known(ref):
            return
        row = rows.tickets.get(ref)
        if self._chain.is_newer and _has_more(row):
            self._chain.unknown_refs.add(ref)
            return
        try:
            states, history = replay(ref, events)
            ticket = states[-1]
            expected = self.expected_row(ticket, history)
            expected_words = reader.full_text.make_ticket_row(ticket)
        except REPLAY_ERRORS as error:
            self._findings.add("ledger", ref, f"its events cannot be replayed: {error}")
            return
        if row is None:
            self._findings.add("tickets", ref, "it is missing")
        else:
            if self._may_be_reprojected_at(row["changed_seq"], expected["changed_seq"], ticket):
                expected["changed_seq"] = row["changed_seq"]
            wrong = find_wrong_columns(reader, expected, row, _DOCUMENTS, with_more=self._chain.is_newer)
            _report(self._findings, "tickets", ref, wrong)
        compare_steps(reader, self._findings, ref, history, rows.steps.get(ref, ()))
        outbox = TicketOutbox(self._chain.outbox, self._chain.known.policies, history, states)
        outbox.compare(reader, self._findings, ref, rows.outbox)
        words = rows.words.get(reference.number(ref))
        if words is None:
            self._findings.add("ticket_words", ref, "it is missing")
        else:
            _report(
                self._findings, "ticket_words", ref, find_wrong_columns(reader, expected_words, words, {})
            )

    def expected_row(self, ticket: Ticket, history: list[StoredEvent]) -> dict[str, Any]:
        """Return a ticket's expected row. `changed_seq` is that of its last event, of the last change of a name
        in it, or of the last erasure that changed it.
        """
        chain = self._chain
        policy = chain.known.policies[ticket.policy]
        shown = [("organisation", ticket.organisation), ("contact", ticket.contact)]
        if ticket.owner is not None:
            shown.append(("person", ticket.owner))
        row = make_queue_row(
            ticket,
            policy,
            max(
                history[-1].seq,
                chain.erasures.find_last(each.seq for each in history),
                *(chain.renamed.get(each, 0) for each in shown),
            ),
            organisation=chain.names["organisation", ticket.organisation],
            contact=chain.names["contact", ticket.contact],
            owner_name=chain.known.name(ticket.owner),
        )
        due = compute_watch_due(ticket, chain.known.policies, to_history(history))
        return columns(row, ticket, policy, due)

    def _may_be_reprojected_at(self, stored: object, least: int, ticket: Ticket) -> bool:
        """Return whether the row may have been written again at an event: a later calendar or policy moved a clock."""
        return (
            type(stored) is int
            and ticket.stage is not Stage.CLOSED
            and self._chain.reprojected.get(stored, 0) > least
        )


def read_tickets(reader: Reader, after: str) -> Iterator[TicketEvents]:
    """Yield the events of each ticket after a reference, in the order of the references."""
    return _group_events(reader.rows(f"{_EVENTS} > ? {_ORDER}", (after,)))


def _group_events(rows: Iterable[Row]) -> Iterator[TicketEvents]:
    for _, events in groupby(rows, key=_REF):
        yield [by_name(_EVENT, row) for row in events]


def _has_more(row: StoredRow | None) -> bool:
    """Return whether a newer program has stored more of a ticket than this one knows."""
    try:
        return row is not None and not is_known(row["state"], read_state(row["state"]))
    except (msgspec.MsgspecError, TypeError):
        # Comparing it says what is wrong.
        return False


def replay(ref: str, events: TicketEvents) -> tuple[list[Ticket], list[StoredEvent]]:
    """Return a ticket after each of its events, and these."""
    ticket: Ticket | None = None
    states: list[Ticket] = []
    history: list[StoredEvent] = []
    for row in events:
        entry = ledger.to_stored_event(row)
        if not isinstance(entry.event, Event):
            raise TypeError(f"event {entry.seq} does not belong to a ticket")
        ticket = evolve(ticket, entry.event, ref=ref, at=entry.at, actor=entry.actor)
        if ticket.version != entry.version:
            raise ValueError(f"event {entry.seq} gives version {ticket.version}, not {entry.version}")
        history.append(entry)
        states.append(ticket)
    return states, history


def _report(findings: Findings, table: str, key: str, wrong: list[str]) -> None:
    if wrong:
        findings.add(table, key, f"differs from the ledger: {', '.join(wrong)}")
