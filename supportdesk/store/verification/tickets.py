"""Replays the tickets one by one from their events, and compares them with their rows and index entries."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby
from typing import Any

import msgspec

from supportdesk.sla.clocks import ClockProjection
from supportdesk.store import ledger, tables
from supportdesk.store.backend import Reader
from supportdesk.store.documents import is_known
from supportdesk.store.findings import Findings
from supportdesk.store.ledger import StoredEvent
from supportdesk.store.ticket_projection import columns, make_queue_row, read_state
from supportdesk.store.verification.chain import Chain
from supportdesk.store.verification.rows import by_name, find_wrong_columns
from supportdesk.store.verification.steps import compare_steps
from supportdesk.store.verification.ticket_outbox import TicketOutbox
from supportdesk.store.watch_projection import compute_watch_due, to_history
from supportdesk.tickets import reference
from supportdesk.tickets.events import Event
from supportdesk.tickets.evolve import evolve
from supportdesk.tickets.ticket import Stage, Ticket

_DOCUMENTS: dict[str, type] = {"state": Ticket, "response": ClockProjection, "resolution": ClockProjection}
_EVENT = ("seq", "at", "subject", "ref", "version", "actor", "event", "payload", "command_id")
"""What a replay needs of an event; the rest was checked along the chain."""
_IN_ORDER = f"SELECT {', '.join(_EVENT)} FROM ledger WHERE ref > ? ORDER BY ref, version"  # noqa: S608 - names of ours
_OF_ONE = f"SELECT {', '.join(_EVENT)} FROM ledger WHERE ref = ? ORDER BY version"  # noqa: S608 - names of ours
_ROW = tuple(column.name for column in tables.tickets.columns)
_FIND_ROW = f"SELECT {', '.join(_ROW)} FROM tickets WHERE ref = ?"  # noqa: S608 - names of ours
_UNKNOWN = "no event in the ledger explains it"
REPLAY_ERRORS = (msgspec.MsgspecError, ValueError, LookupError, TypeError, ArithmeticError, AttributeError)
"""What replaying a ticket raises where its events, or the records behind them, are not what was written."""


class TicketComparison:
    """Compares the tickets in the order of their references; `ref` is the last one compared."""

    def __init__(self, chain: Chain, findings: Findings) -> None:
        self.ref = ""
        self._chain = chain
        self._findings = findings

    def walk(self, reader: Reader, least: int) -> bool:
        """Compare the next tickets, which have at least `least` events; return whether there may be more."""
        count = 0
        for events in read_tickets(reader, self.ref):
            self._compare(reader, events)
            count += len(events)
            if count >= least:
                return True
        return False

    def compare_some(self, reader: Reader, refs: set[str], most: int) -> bool:
        """Compare some of these tickets and remove them from the set; return whether there are more."""
        for _ in range(min(most, len(refs))):
            self.compare(reader, refs.pop())
        return bool(refs)

    def compare(self, reader: Reader, ref: str) -> None:
        """Compare the ticket with this reference."""
        events = [by_name(_EVENT, row) for row in reader.rows(_OF_ONE, (ref,))]
        if events:
            last, self.ref = self.ref, ref
            self._compare(reader, events)
            self.ref = last

    def find_rows_without_event(self, reader: Reader) -> None:
        """Find the rows of tickets, and of their words, that no event has made."""
        if self._findings.has_any_in("tickets") or reader.count("tickets") != self._chain.logged:
            for (ref,) in reader.rows("SELECT ref FROM tickets EXCEPT SELECT ref FROM ledger ORDER BY 1"):
                self._findings.add("tickets", ref, _UNKNOWN)
        if self._findings.has_any_in("ticket_words") or reader.count("ticket_words") != self._chain.logged:
            for number, ref in reader.index_keys(reader.full_text.ticket_words):
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

    def _compare(self, reader: Reader, events: list[dict[str, Any]]) -> None:
        ref = self.ref = str(events[0]["ref"])
        if ref in self._chain.unreadable or self._chain.is_partly_known(ref):
            return
        if self._chain.is_newer and self._find_unknown(reader, ref):
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
        stored = reader.row(_FIND_ROW, (ref,))
        if stored is None:
            self._findings.add("tickets", ref, "it is missing")
        else:
            row = by_name(_ROW, stored)
            if self._may_be_reprojected_at(row["changed_seq"], expected["changed_seq"], ticket):
                expected["changed_seq"] = row["changed_seq"]
            wrong = find_wrong_columns(reader, expected, row, _DOCUMENTS, with_more=self._chain.is_newer)
            _report(self._findings, "tickets", ref, wrong)
        compare_steps(reader, self._findings, ref, history)
        outbox = TicketOutbox(self._chain.outbox, self._chain.known.policies, history, states)
        outbox.compare(reader, self._findings, ref)
        words = reader.index_row(reader.full_text.ticket_words, reference.number(ref))
        if words is None:
            self._findings.add("ticket_words", ref, "it is missing")
        else:
            _report(
                self._findings, "ticket_words", ref, find_wrong_columns(reader, expected_words, words, {})
            )

    def _find_unknown(self, reader: Reader, ref: str) -> bool:
        """Return whether a newer program has stored more of the ticket than this one knows."""
        stored = reader.row("SELECT state FROM tickets WHERE ref = ?", (ref,))
        try:
            return stored is not None and not is_known(stored[0], read_state(stored[0]))
        except (msgspec.MsgspecError, TypeError):
            # Comparing it says what is wrong.
            return False

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


def read_tickets(reader: Reader, after: str) -> Iterator[list[dict[str, Any]]]:
    """Yield the events of each ticket after a reference, in the order of the references."""
    rows = (by_name(_EVENT, row) for row in reader.rows(_IN_ORDER, (after,)))
    for _, events in groupby(rows, key=lambda row: row["ref"]):
        yield list(events)


def replay(ref: str, events: list[dict[str, Any]]) -> tuple[list[Ticket], list[StoredEvent]]:
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
