"""Everything made again from the ledger alone: what the tables ought to hold."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import msgspec
from sqlalchemy import Table

from supportdesk.store import records, tables, words
from supportdesk.store.known import Known, known_after
from supportdesk.store.ledger import Entry
from supportdesk.store.projections import columns, queue_row
from supportdesk.tickets.events import Event, Logged, TextCut
from supportdesk.tickets.evolve import evolve
from supportdesk.tickets.people import Article, Contact
from supportdesk.tickets.records import RecordEvent
from supportdesk.tickets.ticket import Ticket

_LOGGED = Logged.__struct_config__.tag


class Replay:
    """Takes a whole ledger in, event by event, and holds what its events have made.

    A ticket of which words were erased cannot be made again; `erased` holds the references of those. `logged` counts
    the tickets, `records_seq` is the last event that changed what desks keep in memory, `cut_texts` are the digests of
    the originals that must be attached.
    """

    def __init__(self) -> None:
        self.erased: set[str] = set()
        self.cut_texts: set[str] = set()
        self.logged = 0
        self.records_seq = 0
        self._tickets: dict[str, tuple[Ticket, int]] = {}
        self._documents: dict[Table, dict[str, dict[str, Any]]] = {
            shelf.table: {} for shelf in records.SHELVES.values()
        }
        self._known = Known()

    def take(self, entry: Entry) -> None:
        """Lets an event happen again. Raises ValueError where it cannot follow the ones before it."""
        self.logged += entry.tag == _LOGGED
        if entry.event is None:
            self.erased.add(entry.ref or "")
        elif isinstance(entry.event, RecordEvent):
            self._keep(entry.event, entry.seq)
        else:
            self._happen(entry, entry.event)

    def _keep(self, event: RecordEvent, seq: int) -> None:
        shelf = records.SHELVES[type(event)]
        row = records.row_of(event, seq)
        self._documents[shelf.table][row["key"]] = row
        self._known = known_after(self._known, event)
        if shelf.in_memory:
            self.records_seq = seq

    def _happen(self, entry: Entry, event: Event) -> None:
        ref = entry.ref or ""
        if isinstance(event, TextCut):
            self.cut_texts.add(event.digest)
        if ref in self.erased:
            return
        before, _ = self._tickets.get(ref, (None, 0))
        ticket = evolve(before, event, ref=ref, at=entry.at, actor=entry.actor)
        if ticket.version != entry.version:
            raise ValueError(f"it makes version {ticket.version} of {ref}, not {entry.version}")
        self._tickets[ref] = ticket, entry.seq

    def documents(self) -> Mapping[Table, Mapping[str, dict[str, Any]]]:
        """The rows of every table of documents, by key."""
        return self._documents

    def words(self, index: Table) -> Mapping[str, dict[str, Any]]:
        """The rows of an index, by key."""
        if index is words.ticket_words:
            return {ref: words.row_of_ticket(self._tickets[ref][0]) for ref in self.refs()}
        if index is words.article_words:
            return {
                key: words.row_of_article(
                    msgspec.json.decode(row["document"], type=Article), row["changed_seq"]
                )
                for key, row in self._documents[tables.articles].items()
            }
        names = self._documents[tables.organisations]
        return {
            key: words.row_of_contact(
                msgspec.json.decode(row["document"], type=Contact),
                names[row["organisation"]]["name"],
                row["changed_seq"],
            )
            for key, row in self._documents[tables.contacts].items()
        }

    def refs(self) -> set[str]:
        """The tickets that can be made again."""
        return self._tickets.keys() - self.erased

    def ticket(self, ref: str) -> dict[str, Any]:
        """A ticket's row in the table `tickets`; `changed_seq` is that of its last event."""
        ticket, seq = self._tickets[ref]
        policy = self._known.policies[ticket.policy]
        row = queue_row(
            ticket,
            policy,
            seq,
            organisation=self._documents[tables.organisations][ticket.organisation]["name"],
            contact=self._documents[tables.contacts][ticket.contact]["name"],
            owner_name=self._known.name(ticket.owner),
        )
        return columns(row, ticket, policy)
