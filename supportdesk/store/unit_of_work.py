"""One command's events, collected and then written together: records, tickets, the ledger and its head."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import Any

import msgspec
from sqlalchemy import (
    ColumnElement,
    Connection,
    and_,
    bindparam,
    insert,
    select,
    update,
)

from supportdesk.sla.clocks import epoch
from supportdesk.store import ledger, processed_commands, record_tables, tables
from supportdesk.store.backend import full_text
from supportdesk.store.documents import is_known
from supportdesk.store.errors import NewerDataError, OvertakenError
from supportdesk.store.ledger import TICKET, Head, NewEvent
from supportdesk.store.outbox_messages import save_messages
from supportdesk.store.read_models import QueueRow
from supportdesk.store.record_projection import save_record_event
from supportdesk.store.reference_data import ReferenceData, apply_record_event
from supportdesk.store.statements import Write, execute_writes, fetch
from supportdesk.store.ticket_projection import columns, make_queue_row, read_state
from supportdesk.store.watch_projection import compute_watch_due, load_watch_due, save_steps, save_watch_due
from supportdesk.tickets import reference
from supportdesk.tickets.documents import Contact, Organisation
from supportdesk.tickets.events import Event, TicketEvent, TimeCorrected
from supportdesk.tickets.evolve import evolve
from supportdesk.tickets.records.events import RecordEvent
from supportdesk.tickets.sanitize import Truncation
from supportdesk.tickets.ticket import Ticket
from supportdesk.tickets.watch import KEEPS_DUE

_tickets = tables.tickets.c

_ROWS = select(tables.tickets).order_by(_tickets.ref)
_LOCK = _ROWS.with_for_update()
_ONE = {
    for_update: query.where(_tickets.ref == bindparam("wanted"))
    for for_update, query in ((False, _ROWS), (True, _LOCK))
}
_SEVERAL = {
    for_update: query.where(_tickets.ref.in_(bindparam("wanted", expanding=True)))
    for for_update, query in ((False, _ROWS), (True, _LOCK))
}
_COLUMNS = tuple(_tickets.keys())
_INSERT = insert(tables.tickets)
_UPDATE = update(tables.tickets).where(
    _tickets.ref == bindparam("was_ref"), _tickets.version == bindparam("was_version")
)


class LockedTicket(msgspec.Struct):
    """A ticket that is locked until the commit. `stored` is its row as it was read, by column; None for a new ticket.

    `moves_due` is set once it has to be computed again when something falls due on it.
    """

    ticket: Ticket | None
    organisation_name: str
    contact_name: str
    stored: Mapping[str, Any] | None = None
    moves_due: bool = False


class UnitOfWork:
    """A transaction under way. Events are recorded one by one; `finish` writes them behind the head of the ledger.

    Tickets are locked first, in the order of their references, and the head last, so that no two wait for each other.
    `reference_data` must be loaded after the tickets are locked: declaring a closure locks every ticket.
    Others may commit until the head is locked. Where they changed a record since event number `seen`, or what a search
    for tickets to lock would find, what was decided may be wrong, and nothing is written (OvertakenError).
    A preview is never finished, so it writes nothing and takes no locks (`for_update` is False). On the desk of a newer
    program (`is_newer`), nothing is locked or saved of which this one would lose something (NewerDataError).
    `new_events` are those that were recorded so far.
    """

    def __init__(
        self,
        connection: Connection,
        *,
        actor: str,
        for_update: bool = True,
        seen: int | None = None,
        is_newer: bool = False,
    ) -> None:
        self.connection = connection
        self._seen = seen
        self._searches: list[tuple[ColumnElement[bool], set[str]]] = []
        self._for_update = for_update
        self._is_newer = is_newer
        self.reference_data = ReferenceData()
        self._actor = actor
        self.new_events: list[NewEvent] = []
        self._originals: dict[str, bytes] = {}
        self._locked: dict[str, LockedTicket] = {}
        self._changed_refs: set[str] = set()
        self._watched_refs: set[str] = set()
        self._head: Head | None = None
        self._has_new_records = False
        self._new_tickets = 0

    def lock(self, refs: Iterable[str]) -> dict[str, Ticket]:
        """Lock and return the tickets with these references; unknown references are left out."""
        wanted = sorted(set(refs))
        if len(wanted) == 1:
            # Nearly every command: as fast as can be.
            rows = fetch(self.connection, _ONE[self._for_update], {"wanted": wanted[0]})
            return self._keep(dict(zip(_COLUMNS, row, strict=True)) for row in rows)
        found = self.connection.execute(_SEVERAL[self._for_update], {"wanted": wanted})
        return self._keep(map(dict, found.mappings()))

    def lock_promised(self, release: str) -> dict[str, Ticket]:
        """Lock and return the tickets that promise a fix in a release."""
        return self._search(_tickets.promised_release == release)

    def lock_paged(self, username: str) -> dict[str, Ticket]:
        """Lock and return the tickets with an open page to this username, and perhaps to similar ones."""
        is_paged = _tickets.paged.contains(username, autoescape=True)
        return self._search(and_(_tickets.page_open.is_(True), is_paged))

    def lock_queue(self) -> dict[str, Ticket]:
        """Lock and return every ticket that is not closed."""
        return self._search(_tickets.in_queue.is_(True))

    def _search(self, condition: ColumnElement[bool]) -> dict[str, Ticket]:
        found = self._keep(map(dict, self.connection.execute(_LOCK.where(condition)).mappings()))
        self._searches.append((condition, set(found)))
        return found

    def _keep(self, rows: Iterable[Mapping[str, Any]]) -> dict[str, Ticket]:
        locked: dict[str, Ticket] = {}
        for row in rows:
            ref, ticket = row["ref"], read_state(row["state"])
            if self._is_newer and not is_known(row["state"], ticket):
                raise NewerDataError(ref)
            locked[ref] = ticket
            self._locked[ref] = LockedTicket(ticket, row["organisation_name"], row["contact_name"], row)
        return locked

    def new_ticket(self, organisation: Organisation, contact: Contact) -> str:
        """Return the next reference, for a new ticket; from here on the head is locked."""
        ref = reference.make(self.lock_end().next_ticket + self._new_tickets)
        self._new_tickets += 1
        self._locked[ref] = LockedTicket(None, organisation.name, contact.name)
        return ref

    def add_ticket_event(self, ref: str, event: TicketEvent, at: datetime) -> Ticket:
        """Record an event of a locked ticket, never earlier than its last change, and return the new ticket."""
        locked = self._locked[ref]
        if locked.ticket is not None and not isinstance(event, TimeCorrected):
            at = max(at, locked.ticket.changed_at)
        locked.moves_due |= not isinstance(event, KEEPS_DUE)
        ticket = locked.ticket = evolve(locked.ticket, event, ref=ref, at=at, actor=self._actor)
        self.new_events.append(NewEvent(at, TICKET, self._actor, event, ref, ticket.version))
        self._changed_refs.add(ref)
        return ticket

    def set_back(self, ref: str, at: datetime | None) -> Ticket:
        """Return a locked ticket as last changed at an instant, so that events from then on can follow (an import)."""
        locked = self._locked[ref]
        assert locked.ticket is not None
        if at is not None and at < locked.ticket.changed_at:
            locked.ticket = msgspec.structs.replace(locked.ticket, changed_at=at)
        return locked.ticket

    def locked_tickets(self) -> dict[str, Ticket]:
        """Return the locked tickets, by reference."""
        return {ref: each.ticket for ref, each in self._locked.items() if each.ticket is not None}

    def replace_ticket(self, ticket: Ticket, *, contact_name: str | None) -> None:
        """Put a ticket in the place of the locked one, whose events were erased in part, and write its row again.

        `contact_name` is the name of its contact from now on; None where it stays.
        """
        locked = self._locked[ticket.ref]
        locked.ticket = ticket
        locked.contact_name = contact_name or locked.contact_name
        self.rewrite_row(ticket.ref)

    def rewrite_row(self, ref: str) -> None:
        """Write a ticket's row again, because something that it depends on changed."""
        self._locked[ref].moves_due = True
        self._changed_refs.add(ref)

    def rewrite_due_times(self, refs: Iterable[str]) -> None:
        """Compute again when something falls due on locked tickets, because a calendar changed."""
        for ref in refs:
            self._locked[ref].moves_due = True
            self._watched_refs.add(ref)

    def add_record_event(self, event: RecordEvent, at: datetime) -> None:
        """Record an event that saves, changes or removes a document."""
        if self._is_newer:
            record_tables.refuse_loss(self.connection, event)
        record_table = record_tables.find_table(event)
        self.new_events.append(
            NewEvent(at, record_table.subject, self._actor, event, in_memory=record_table.in_memory)
        )
        self.reference_data = apply_record_event(self.reference_data, event)

    def add_truncations(self, truncations: Iterable[Truncation]) -> None:
        """Save the originals of truncated texts when the command is finished."""
        for each in truncations:
            self.add_original(each.event.digest, each.original)

    def add_original(self, digest: str, content: bytes) -> None:
        """Save an original, whose SHA-256 is `digest`, when the command is finished."""
        self._originals[digest] = content

    def preview(self, ref: str) -> QueueRow:
        """Return the row of the queue that a ticket would have if this were finished."""
        locked = self._locked[ref]
        assert locked.ticket is not None
        head = ledger.read_head(self.connection).seq
        return self._queue_row(locked, locked.ticket, _last_seqs(self.new_events, head).get(ref, head))

    def finish(self, command_id: str, digest: str, ref: str | None) -> processed_commands.ProcessedCommand:
        """Write everything, and that the command was carried out."""
        _save_originals(self.connection, self._originals)
        # Whatever does not depend on the number of the event: others wait while the head is locked.
        events = ledger.prepare_events(self.new_events, command_id=command_id, command_digest=digest)
        rows = {ref: self._row(ref) for ref in sorted(self._changed_refs)}
        head = self.lock_end()
        self._refuse_if_overtaken(head)
        self._save_records(head.seq)
        writes, after = ledger.link_events(head, events, new_tickets=self._new_tickets)
        processed = processed_commands.ProcessedCommand(command_id, digest, ref, after.seq)
        tickets = self._ticket_writes(rows, head.seq, after.seq)
        # The ledger takes each version of a ticket once, so that it refuses what a row changed meanwhile would not.
        has_events = self._changed_refs <= {each.ref for each in self.new_events}
        execute_writes(
            self.connection, [*writes, *tickets, processed_commands.remember(processed)], last=has_events
        )
        self._save_steps(head.seq)
        self._save_words_and_due_times()
        self._save_messages(head.seq, command_id)
        return processed

    def _refuse_if_overtaken(self, head: Head) -> None:
        """Raise OvertakenError where others changed what was decided on before the head was locked."""
        if self._seen is None or head.seq == self._seen:
            return
        if self._has_new_records:
            raise OvertakenError
        for condition, found in self._searches:
            if set(self.connection.execute(select(_tickets.ref).where(condition)).scalars()) != found:
                raise OvertakenError

    def lock_head(self) -> Head:
        """Lock the head before anything is read, and return it: for what depends on much that others may change."""
        self._seen = None
        return self.lock_end()

    def lock_end(self) -> Head:
        """Lock the end of the ledger until the commit, after every ticket, and return it."""
        if self._head is None:
            self._head, self._has_new_records = ledger.lock_head_after(self.connection, self._seen)
        return self._head

    def _save_records(self, before: int) -> None:
        for seq, new_event in enumerate(self.new_events, before + 1):
            if isinstance(new_event.event, RecordEvent):
                save_record_event(self.connection, new_event.event, seq)

    def _save_steps(self, before: int) -> None:
        save_steps(
            self.connection,
            (
                (seq, each.ref or "", each.event, epoch(each.at))
                for seq, each in enumerate(self.new_events, before + 1)
                if isinstance(each.event, Event)
            ),
        )

    def _save_messages(self, before: int, command_id: str) -> None:
        save_messages(
            self.connection,
            enumerate(self.new_events, before + 1),
            command_id,
            {ref: each.ticket for ref, each in self._locked.items() if each.ticket is not None},
            self.reference_data,
        )

    def _ticket_writes(self, rows: Mapping[str, dict[str, Any]], before: int, after: int) -> Iterator[Write]:
        """Yield the writes of the changed tickets, whose rows get the numbers of their last events."""
        last = _last_seqs(self.new_events, before)
        new: list[dict[str, Any]] = []
        changes: dict[tuple[str, ...], list[dict[str, Any]]] = {}
        for ref, row in rows.items():
            row["changed_seq"] = last.get(ref, after)
            stored = self._locked[ref].stored
            if stored is not None:
                changed = _find_changes(stored, row)
                changes.setdefault(tuple(changed), []).append(
                    {**changed, "was_ref": ref, "was_version": stored["version"]}
                )
            else:
                new.append(row)
        if new:
            yield Write(_INSERT, new)
        for changed_rows in changes.values():
            yield Write(_UPDATE, changed_rows)

    def _save_words_and_due_times(self) -> None:
        locked = [self._locked[ref] for ref in sorted(self._changed_refs)]
        new_tickets = [each.ticket for each in locked if each.stored is None and each.ticket is not None]
        if new_tickets:
            full_text(self.connection).index_tickets(self.connection, new_tickets)
        unchanged = (self._locked[ref].ticket for ref in sorted(self._watched_refs - self._changed_refs))
        save_watch_due(self.connection, filter(None, unchanged), self.reference_data.policies)

    def _row(self, ref: str) -> dict[str, Any]:
        """Return the row of a changed ticket, without the number of its last event."""
        locked = self._locked[ref]
        ticket = locked.ticket
        assert ticket is not None
        policies = self.reference_data.policies
        if locked.stored is None:
            due = compute_watch_due(ticket, policies, self._new_history(ref))
        elif locked.moves_due:
            due = load_watch_due(self.connection, ticket, policies, self._new_history(ref))
        else:
            due = locked.stored["watch_due"]
        return columns(self._queue_row(locked, ticket, 0), ticket, policies[ticket.policy], due)

    def _new_history(self, ref: str) -> Iterator[tuple[Event, datetime, str]]:
        """Yield the new events of a ticket, which the ledger does not have yet."""
        for each in self.new_events:
            if each.ref == ref and isinstance(each.event, Event):
                yield each.event, each.at, each.actor

    def _queue_row(self, locked: LockedTicket, ticket: Ticket, seq: int) -> QueueRow:
        return make_queue_row(
            ticket,
            self.reference_data.policies[ticket.policy],
            seq,
            organisation=locked.organisation_name,
            contact=locked.contact_name,
            owner_name=self.reference_data.name(ticket.owner),
        )


def _save_originals(connection: Connection, originals: Mapping[str, bytes]) -> None:
    """Save the originals that are not there yet; they are given by digest."""
    table = tables.attachments
    for digest, content in originals.items():
        stored = select(table.c.digest).where(table.c.digest == digest)
        if connection.execute(stored).first() is None:
            connection.execute(insert(table).values(digest=digest, content=content))


def _last_seqs(new_events: Iterable[NewEvent], head: int) -> dict[str | None, int]:
    """Return the number of each ticket's last event, by reference, where `head` is that of the event before."""
    return {each.ref: seq for seq, each in enumerate(new_events, head + 1)}


def _find_changes(stored: Mapping[str, Any], row: Mapping[str, Any]) -> dict[str, Any]:
    """Return the columns whose values differ from the stored row, and the version, so that it is never empty.

    An assignment of the same value is no change to read, but writes every index of the column and checks its key.
    """
    return {name: value for name, value in row.items() if name == "version" or value != stored[name]}
