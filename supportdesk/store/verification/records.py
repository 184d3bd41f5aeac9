"""Compares the records of a desk, their index entries and the originals of cut texts with the events."""

from __future__ import annotations

import hashlib
from typing import Any

import msgspec

from supportdesk.sla.policy import Policy
from supportdesk.store import payloads, record_tables, tables
from supportdesk.store.backend import Reader
from supportdesk.store.findings import Findings, shorten_text
from supportdesk.store.record_tables import RecordTable
from supportdesk.store.verification.chain import Chain, is_digest
from supportdesk.store.verification.rows import by_name, find_wrong_columns, read_index_keys, read_index_rows
from supportdesk.tickets.documents import (
    Absence,
    Article,
    Contact,
    DeskNotice,
    Handover,
    Organisation,
    Override,
    Person,
    Release,
    Rotation,
    Swap,
)
from supportdesk.tickets.incoming_message import IncomingMessage
from supportdesk.tickets.record_undone import find_saved_event
from supportdesk.tickets.records.events import DayChanged, RecordEvent

_KINDS: dict[str, type] = {
    tables.staff.name: Person,
    tables.organisations.name: Organisation,
    tables.contacts.name: Contact,
    tables.releases.name: Release,
    tables.articles.name: Article,
    tables.rotations.name: Rotation,
    tables.overrides.name: Override,
    tables.swaps.name: Swap,
    tables.absences.name: Absence,
    tables.handovers.name: Handover,
    tables.notices.name: DeskNotice,
    tables.incoming_messages.name: IncomingMessage,
    tables.policies.name: Policy,
    tables.changed_days.name: DayChanged,
}
_UNKNOWN = "no event in the ledger explains it"
_MISSING = "it is missing"


def compare_records(reader: Reader, chain: Chain, findings: Findings) -> None:
    """Compare every table of records with the last event of each, and the indexes made from them."""
    for record_table in record_tables.BY_SUBJECT.values():
        if record_table.subject not in chain.unknown_types:
            _compare_table(reader, chain, findings, record_table)
    for index in (reader.full_text.article_words, reader.full_text.contact_words):
        table = index.name.removesuffix("_words") + "s"
        known = chain.latest[table]
        if table.removesuffix("s") in chain.unknown_types:
            continue
        if findings.has_any_in(index.name) or reader.count(index.name) != len(known):
            rows = set(known.items())
            for number, key in read_index_keys(reader, index):
                if (key, number) not in rows:
                    findings.add(index.name, key, _UNKNOWN)


def _compare_table(reader: Reader, chain: Chain, findings: Findings, record_table: RecordTable) -> None:
    table = record_table.table
    names = [column.name for column in table.columns]
    left = dict(chain.latest[table.name])
    query = f"SELECT {', '.join(names)} FROM {table.name} ORDER BY 1"  # noqa: S608 - names of ours
    for stored in reader.rows(query):
        row = by_name(names, stored)
        seq = left.pop(row["key"], None) if isinstance(row["key"], str) else None
        if seq is None:
            findings.add(table.name, row["key"], _UNKNOWN)
            continue
        event = read_saved_event(reader, seq)
        wrong = find_wrong_columns(
            reader,
            record_tables.make_row(event, seq),
            row,
            {"document": _KINDS[table.name]},
            with_more=chain.is_newer,
        )
        if wrong:
            findings.add(table.name, row["key"], f"differs from the ledger: {', '.join(wrong)}")
        _compare_words(reader, chain, findings, record_table.of(event), seq)
    for key in sorted(left):
        findings.add(table.name, key, _MISSING)


def read_saved_event(reader: Reader, seq: int) -> RecordEvent:
    """Return the event number `seq` as one that saves a record. Raises TypeError, and as `payloads.decode` does."""
    found = reader.row("SELECT payload FROM ledger WHERE seq = ?", (seq,))
    event = payloads.decode(found[0]) if found else None
    saved = find_saved_event(event) if isinstance(event, RecordEvent) else None
    if saved is None:
        raise TypeError(f"event {seq} does not save a record")
    return saved


def _compare_words(
    reader: Reader, chain: Chain, findings: Findings, document: msgspec.Struct, seq: int
) -> None:
    expected: dict[str, Any]
    full_text = reader.full_text
    match document:
        case Contact():
            company = chain.names["organisation", document.organisation]
            index, expected = full_text.contact_words, full_text.make_contact_row(document, company, seq)
        case Article():
            index, expected = full_text.article_words, full_text.make_article_row(document, seq)
        case _:
            return
    found = read_index_rows(reader, index, [seq]).get(seq)
    if found is None:
        findings.add(index.name, expected["key"], _MISSING)
        return
    wrong = find_wrong_columns(reader, expected, found, {})
    if wrong:
        findings.add(index.name, expected["key"], f"differs from the ledger: {', '.join(wrong)}")


def compare_attachments(reader: Reader, chain: Chain, findings: Findings) -> None:
    """Compare the originals of cut texts and of messages that arrived, and the files of replies, with their events."""
    left = chain.cut_texts | chain.originals | chain.sent_files
    expected = frozenset(left)
    for digest, content in reader.rows("SELECT digest, content FROM attachments ORDER BY digest"):
        if digest not in expected:
            findings.add("attachments", digest, _UNKNOWN)
        elif type(content) is not bytes or hashlib.sha256(content).hexdigest() != digest:
            what = "text that was cut" if digest in chain.cut_texts else "message that arrived"
            what = "file of a reply" if digest in chain.sent_files else what
            findings.add("attachments", digest, f"it is not the {what}")
        left.discard(digest)
    for digest in sorted(left):
        findings.add("attachments", digest, _MISSING)


def compare_commands(reader: Reader, chain: Chain, findings: Findings) -> None:
    """Check the rows of commands without events: only their form and the tickets that they name can be checked."""
    if reader.count("commands") == chain.commands and not findings.has_any_in("commands"):
        return
    query = (
        "SELECT id, digest, ref, seq FROM commands"
        " WHERE id IN (SELECT id FROM commands EXCEPT SELECT command_id FROM ledger) OR id IS NULL ORDER BY id"
    )
    for identity, digest, ref, seq in reader.rows(query):
        sound = (
            isinstance(identity, str)
            and is_digest(digest)
            and type(seq) is int
            and 0 <= seq <= chain.seq
            and (ref is None or reader.row("SELECT 1 FROM ledger WHERE ref = ? LIMIT 1", (ref,)) is not None)
        )
        if not sound:
            findings.add("commands", shorten_text(identity), _UNKNOWN)
