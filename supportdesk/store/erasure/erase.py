"""Erases a contact in the transaction of a command: in the ledger, and in everything that is made from it.

No event is removed, and nothing that a replay depends on changes: tickets, clocks and figures stay as they are.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from itertools import count
from typing import Any

from sqlalchemy import Connection, bindparam, delete, insert, select, update

from supportdesk.store import ledger, record_tables, tables
from supportdesk.store.backend import full_text
from supportdesk.store.erasure.attestation import (
    Attestation,
    compute_list_digest,
    find_last_erasure,
    save_attestations,
)
from supportdesk.store.erasure.found_events import EventSearch, FoundEvent
from supportdesk.store.errors import OvertakenError
from supportdesk.store.outbox_wanted import CONTACT_ERASED, make_cancelled
from supportdesk.store.processed_commands import ERASED as ERASED_DIGEST
from supportdesk.store.unit_of_work import UnitOfWork
from supportdesk.tickets.documents import ERASED, ERASED_KEY, Contact
from supportdesk.tickets.erasure.event_eraser import erase_contact
from supportdesk.tickets.events import Event, MailPlanned, Paged
from supportdesk.tickets.evolve import build_ticket
from supportdesk.tickets.outbox.customer_mail import CUSTOMER_MAIL
from supportdesk.tickets.outbox.delivery import DeliveryState
from supportdesk.tickets.record_undone import find_saved_event
from supportdesk.tickets.records.events import (
    ArticleSaved,
    ContactErased,
    ContactSaved,
    NoticeSent,
    RecordEvent,
)
from supportdesk.tickets.ticket import Ticket

_SALT_BYTES = 16
_ledger, _tickets, _contacts = tables.ledger.c, tables.tickets.c, tables.contacts.c
_commands, _attachments = tables.commands.c, tables.attachments.c
_messages, _deliveries = tables.messages.c, tables.deliveries.c

_REWRITTEN = ("actor", "payload", "salt", "payload_digest")
"""The columns of an event that an erasure writes again."""

_REWRITE = (
    update(tables.ledger)
    .where(_ledger.seq == bindparam("of_seq"))
    .values({name: bindparam(name) for name in _REWRITTEN})
)
_FORGET_COMMAND = (
    update(tables.commands).where(_commands.id == bindparam("of_id")).values(digest=ERASED_DIGEST)
)


def erase_records(unit: UnitOfWork, contact: Contact, home: str) -> ContactErased:
    """Erase a contact from everything that is stored, and return the event that attests it.

    Locks the tickets that change, then the head. `home` is the region of telephone numbers without a country code.
    Raises OvertakenError where another contact was erased at the same moment.
    """
    connection = unit.connection
    before, last_erasure = ledger.read_head(connection).seq, find_last_erasure(connection)
    erased = erase_contact(contact, _free_key(connection))
    search = EventSearch(connection, contact, erased.key, home)
    found = list(search.find())
    refs = {each.row["ref"] for each in found} - {None}
    unit.lock(refs)
    head = unit.lock_end()
    if find_last_erasure(connection) != last_erasure:
        raise OvertakenError
    # What others wrote meanwhile; nobody writes from here on.
    found += search.find(after=before)
    unit.lock({each.row["ref"] for each in found} - {None} - refs)
    erasure = head.seq + 1
    attestations = list(_rewrite_events(connection, found))
    save_attestations(connection, erasure, attestations)
    event = ContactErased(erased, len(attestations), compute_list_digest(attestations))
    _replace_contact(connection, contact, event, erasure)
    _replace_originals(connection, search)
    _replace_records(connection, found)
    _replace_messages(connection, search, found)
    _replace_tickets(unit, search.own)
    return event


def _free_key(connection: Connection) -> str:
    """Return a key for what is left of a contact, which nobody has."""
    begun = select(_contacts.key).where(_contacts.key.startswith(ERASED_KEY, autoescape=True))
    taken = set(connection.execute(begun).scalars())
    return next(key for number in count(1) if (key := f"{ERASED_KEY}{number}") not in taken)


def _rewrite_events(connection: Connection, found: Iterable[FoundEvent]) -> Iterator[Attestation]:
    """Write the new forms of events, each with a new salt, and yield what attests them."""
    rewritten: list[dict[str, Any]] = []
    commands: dict[str, None] = {}
    for each in found:
        row = {**each.row, "actor": each.actor, "payload": each.payload}
        row["salt"] = os.urandom(_SALT_BYTES).hex()
        row["payload_digest"] = ledger.compute_payload_digest(row["salt"], each.payload, ERASED_DIGEST)
        rewritten.append({"of_seq": row["seq"], **{name: row[name] for name in _REWRITTEN}})
        commands[row["command_id"]] = None
        yield Attestation(row["seq"], row["hash"], ledger.compute_link_hash(row))
    connection.execute(_REWRITE, rewritten)
    connection.execute(_FORGET_COMMAND, [{"of_id": each} for each in commands])


def _replace_contact(connection: Connection, contact: Contact, event: ContactErased, erasure: int) -> None:
    """Put what is left in the place of a contact's record; the event is saved with the command."""
    connection.execute(insert(tables.contacts).values(record_tables.make_row(event, erasure)))
    theirs = _tickets.contact == contact.key
    connection.execute(update(tables.tickets).where(theirs).values(contact=event.contact.key))
    full_text(connection).remove_record(connection, ContactSaved(contact))
    connection.execute(delete(tables.contacts).where(_contacts.key == contact.key))


def _replace_originals(connection: Connection, search: EventSearch) -> None:
    """Replace the originals of texts that were cut."""
    for digest, content in search.attachments.items():
        stored = select(_attachments.digest).where(_attachments.digest == digest)
        if connection.execute(stored).first() is None:
            connection.execute(insert(tables.attachments).values(digest=digest, content=content))
    needless = search.replaced - search.remaining - search.attachments.keys()
    for digest in sorted(needless):
        connection.execute(delete(tables.attachments).where(_attachments.digest == digest))


def _replace_records(connection: Connection, found: Iterable[FoundEvent]) -> None:
    """Replace the documents of other records that are as a changed event saved them."""
    for each in found:
        saved = find_saved_event(each.event) if isinstance(each.event, RecordEvent) else None
        if saved is None or not each.is_changed or isinstance(saved, ContactSaved | ContactErased):
            continue
        table, seq = record_tables.find_table(saved).table, each.row["seq"]
        row = record_tables.make_row(saved, seq)
        stands = (table.c.key == row["key"]) & (table.c.changed_seq == seq)
        is_present = connection.execute(update(table).where(stands).values(row)).rowcount
        if is_present and isinstance(saved, ArticleSaved):
            full_text(connection).remove_record(connection, saved)
            full_text(connection).index_record(connection, saved, seq)


def _replace_messages(connection: Connection, search: EventSearch, found: Iterable[FoundEvent]) -> None:
    """Replace the texts of messages to people, and what was answered to them; cancel the mail that waits."""
    for each in found:
        if not each.is_changed:
            continue
        if isinstance(each.event, Paged):
            text = each.event.why
        elif isinstance(each.event, NoticeSent):
            text = each.event.notice.text
        elif isinstance(each.event, MailPlanned):
            _replace_mail(connection, each.row["seq"], each.event)
            continue
        else:
            continue
        connection.execute(update(tables.messages).where(_messages.seq == each.row["seq"]).values(text=text))
    answers = (
        select(_deliveries.id, _deliveries.detail, _messages.ref)
        .join(tables.messages, _messages.id == _deliveries.message)
        .where(_deliveries.detail != "")
    )
    for identity, detail, ref in connection.execute(answers).all():
        erased = search.texts.erase(detail, own=ref in search.own)
        if erased != detail:
            connection.execute(
                update(tables.deliveries).where(_deliveries.id == identity).values(detail=erased)
            )
    waits = (
        _deliveries.method == CUSTOMER_MAIL,
        _deliveries.target == ERASED,
        _deliveries.state == DeliveryState.WAITING.value,
    )
    connection.execute(update(tables.deliveries).where(*waits).values(make_cancelled(CONTACT_ERASED)))


def _replace_mail(connection: Connection, seq: int, planned: MailPlanned) -> None:
    """Replace the recipient of a mail."""
    of_event = _messages.seq == seq
    theirs = select(_messages.id).where(of_event)
    connection.execute(
        update(tables.deliveries).where(_deliveries.message.in_(theirs)).values(target=planned.address)
    )
    connection.execute(update(tables.messages).where(of_event).values(person=planned.contact))


def _replace_tickets(unit: UnitOfWork, own: frozenset[str]) -> None:
    """Replay the locked tickets, and have their rows written again."""
    renewed: list[Ticket] = []
    for ref, before in unit.locked_tickets().items():
        history = [
            (event, at, actor)
            for event, at, actor in ledger.read_history(unit.connection, ref)
            if isinstance(event, Event)
        ]
        ticket = build_ticket(ref, history)
        if (ticket.summary, ticket.description) != (before.summary, before.description):
            renewed.append(ticket)
        unit.replace_ticket(ticket, contact_name=ERASED if ref in own else None)
    full_text(unit.connection).reindex_tickets(unit.connection, renewed)
