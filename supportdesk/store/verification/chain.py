"""Walks along the whole ledger: checks each event, and collects what the records must be at the end.

Tickets' events are only checked as parts of the chain; `TicketComparison` replays them ticket by ticket, so that memory
is only needed for the records and their keys, however long the ledger is.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import product
from typing import Any

import msgspec

from supportdesk.store import ledger, payloads, record_tables
from supportdesk.store.backend import Reader, Row
from supportdesk.store.findings import Findings, shorten_text
from supportdesk.store.ledger import DESK, GENESIS, TICKET
from supportdesk.store.payloads import ATTACHED
from supportdesk.store.reference_data import ReferenceData, apply_record_event
from supportdesk.store.verification.erasures import Erasures
from supportdesk.store.verification.outbox_facts import OutboxFacts
from supportdesk.tickets.desk_moved import DeskMoved
from supportdesk.tickets.desk_reopened import DeskReopened
from supportdesk.tickets.events import Logged, PageUnsent, Replied, SendAttempted, TextCut
from supportdesk.tickets.record_undone import find_saved_event
from supportdesk.tickets.records.events import (
    ContactErased,
    ContactSaved,
    DayChanged,
    MessageEvent,
    OrganisationSaved,
    PersonSaved,
    PolicyInstalled,
    RecordEvent,
)
from supportdesk.tickets.references_skipped import ReferencesSkipped

_NAMES = (
    *("seq", "at", "subject", "ref", "version", "actor", "event"),
    *("payload", "salt", "payload_digest", "previous", "hash", "command_id"),
)
COLUMNS = ", ".join(f"ledger.{name}" for name in _NAMES)
"""The columns of an event, for `read_event_rows`."""

_TYPES: dict[str, tuple[type, ...]] = dict.fromkeys(_NAMES, (str,)) | {
    "seq": (int,),
    "at": (int,),
    "ref": (str, type(None)),
    "version": (int, type(None)),
}
_USUAL_TYPES = frozenset(product(*_TYPES.values()))
"""The types of a whole event in which nothing is wrong, so that they are compared in one go."""
_FROM = (
    f"SELECT {COLUMNS}, commands.id, commands.digest, commands.ref, commands.seq"  # noqa: S608 - names of ours
    " FROM ledger LEFT JOIN commands ON commands.id = ledger.command_id"
)
_WALK = f"{_FROM} WHERE ledger.seq > ? ORDER BY ledger.seq"
_LOGGED, _TEXT_CUT, _ATTEMPT, _UNSENT, _REPLIED = (
    str(event.__struct_config__.tag) for event in (Logged, TextCut, SendAttempted, PageUnsent, Replied)
)
_REWRITTEN = "seq IN (SELECT seq FROM erased_events WHERE erasure > ?)"
"""The events that erasures behind an event number wrote again."""
_SKIP = (
    f"{_FROM} WHERE ledger.seq BETWEEN 1 AND ? AND ledger.command_id IN"  # noqa: S608 - names of ours
    f" (SELECT command_id FROM ledger WHERE subject <> '{TICKET}'"
    f" OR event IN ('{_LOGGED}', '{_TEXT_CUT}', '{_ATTEMPT}', '{_UNSENT}') OR {_REWRITTEN}) ORDER BY ledger.seq"
)
"""The commands from which records, counters and the beginning of the outbox follow, and those of which an event was
written again since."""
_FIND_REWRITTEN = f"SELECT DISTINCT ref FROM ledger WHERE ref IS NOT NULL AND {_REWRITTEN}"  # noqa: S608 - names of ours
_COUNT_TICKETS = f"SELECT count(DISTINCT ref) FROM ledger WHERE seq > ? OR {_REWRITTEN}"  # noqa: S608 - names of ours
_REPROJECTING = {record_tables.RECORD_TABLES[event].subject for event in (DayChanged, PolicyInstalled)}
"""The types of records after which tickets are projected again without an event of their own."""

_NAMED = {OrganisationSaved: "organisation", ContactSaved: "contact", PersonSaved: "person"}
"""Records whose names are shown in queue rows."""

_DIGEST = re.compile(r"[0-9a-f]{64}")


class _Command(msgspec.Struct):
    """A command whose events are being read: its own row, and what it must contain."""

    id: str
    row: Row
    ref: str | None
    first: int
    seq: int


class Chain:
    """Walks along the chain of events. `seq` and `hash` are those of the last event; up to `sound` nothing is wrong.

    `comparable` is False after a break that leaves unknown what the tables must contain. `logged` counts the tickets,
    and `next_ticket` is the number of the next one. `unreadable` are tickets that
    cannot be replayed, `touched` those with events since it was last cleared. `renamed` has, by name, the event that
    changed it last; `reprojected` the last event and the first one of each command that moved clocks. `outbox` is what
    messages were made from, `erasures` what was written again since.

    On the desk of a newer program (`is_newer`), `unknown` counts the events of types that this one does not know,
    `unknown_types` are the types of records that have any, and `unknown_refs` the tickets.
    """

    def __init__(self, findings: Findings, *, is_newer: bool = False) -> None:
        self.findings = findings
        self.is_newer = is_newer
        self.unknown = 0
        self.unknown_types: set[str] = set()
        self.unknown_refs: set[str] = set()
        self.seq = self.sound = 0
        self.hash = self.sound_hash = GENESIS
        self.logged = self.next_ticket = self.records_seq = self.commands = self.unread = 0
        self.comparable = True
        self.unreadable: set[str] = set()
        self.touched: set[str] = set()
        self.cut_texts: set[str] = set()
        self.originals: set[str] = set()
        self.sent_files: set[str] = set()
        self.known = ReferenceData()
        self.outbox = OutboxFacts()
        self.erasures = Erasures()
        self.latest: dict[str, dict[str, int]] = {
            record_table.table.name: {} for record_table in record_tables.RECORD_TABLES.values()
        }
        self.names: dict[tuple[str, str], str] = {}
        self.renamed: dict[tuple[str, str], int] = {}
        self.reprojected: dict[int, int] = {}
        self._command: _Command | None = None
        self._reprojects = False

    def skip_to(self, reader: Reader, seq: int) -> bool:
        """Begin behind event `seq`, and return whether it is there.

        Of the events up to it, only those are read from which records and counters follow, and those that an erasure
        has written again since, whose tickets are `touched`. Each of these must have its own hash; whether others are
        between them is not looked at.
        """
        self.erasures.follow(reader)
        found = reader.row("SELECT hash FROM ledger WHERE seq = ?", (seq,))
        if found is None:
            self._break(seq, "it is not there: the ledger was cut short, or never had it")
            return False
        for row in reader.rows(_SKIP, (seq, seq)):
            event = dict(zip(_NAMES, row, strict=False))
            self.seq, self.hash = event["seq"] - 1, event["previous"]
            self._step(event, row[len(_NAMES) :])
        self.touched = {ref for (ref,) in reader.rows(_FIND_REWRITTEN, (seq,))}
        self.seq, self.hash = self.sound, self.sound_hash = seq, found[0]
        return True

    def walk(self, reader: Reader, limit: int | None = None) -> bool:
        """Read so many events, or all; return whether there may be more.

        Raises ErasedMeanwhileError where an erasure has changed events that were read before.
        """
        self.erasures.follow(reader)
        before = self.seq
        walked = 0
        for row in reader.rows(_WALK if limit is None else f"{_WALK} LIMIT {limit}", (before,)):
            self._step(dict(zip(_NAMES, row, strict=False)), row[len(_NAMES) :])
            walked += 1
        if limit is None or walked < limit:
            self._end_command()
        return limit is not None and walked == limit

    def _step(self, row: dict[str, Any], command: Row) -> None:
        seq = row["seq"]
        self._follow_command(row, command)
        if seq != self.seq + 1:
            self._break(self.seq + 1, f"event {self.seq + 1} is missing")
            self.hash = row["previous"]
        fault = self._fault(row, command)
        if fault is None:
            try:
                self._apply(row)
            except (msgspec.MsgspecError, ValueError, LookupError, TypeError, ArithmeticError) as error:
                fault = f"it cannot be read: {error}"
        if fault is not None:
            self._break(seq, fault, row["ref"])
        elif self.sound == seq - 1:
            self.sound, self.sound_hash = seq, row["hash"]
        self.seq, self.hash = seq, row["hash"]

    def _fault(self, row: dict[str, Any], command: Row) -> str | None:
        if tuple(map(type, row.values())) not in _USUAL_TYPES:
            for name, types in _TYPES.items():
                if row[name] is None and name == "payload":
                    return "its payload is missing"
                if type(row[name]) not in types and name != "salt":
                    return f"it was changed after it was written: {name} is {shorten_text(row[name])}"
        if row["previous"] != self.hash:
            return "it does not follow the event before it"
        return self.erasures.find_fault(row) or _fault_of_payload(row, *command[:2])

    def _break(self, seq: int, reason: str, ref: object = None) -> None:
        self.findings.add_break(seq, reason)
        if isinstance(ref, str) and reason.startswith(("its payload", "it cannot be read")):
            self.unreadable.add(ref)
        else:
            self.comparable = False

    def _apply(self, row: dict[str, Any]) -> None:
        """Apply an event to the expected records and tickets."""
        if self.is_newer and not _is_known(row):
            self._note_unknown(row)
            return
        self.outbox.note_event(row)
        if row["subject"] == TICKET:
            self.touched.add(row["ref"])
            self.logged += row["event"] == _LOGGED
            self.next_ticket += row["event"] == _LOGGED
            if row["event"] == _REPLIED and ATTACHED in row["payload"]:
                event = payloads.decode(row["payload"])
                self.sent_files.update(each.digest for each in getattr(event, "attachments", ()))
            if row["event"] == _TEXT_CUT and isinstance(event := payloads.decode(row["payload"]), TextCut):
                self.cut_texts.add(event.digest)
            return
        event = payloads.decode(row["payload"])
        if row["subject"] == DESK:
            self._apply_desk_event(event)
            return
        if not isinstance(event, RecordEvent):
            raise TypeError(f"a record of {row['subject']} is an event of a ticket")
        if isinstance(event, ContactErased):
            self.erasures.check_list(event, row["seq"])
        record_table, saved = record_tables.find_table(event), find_saved_event(event)
        if saved is None:
            del self.latest[record_table.table.name][record_tables.record_key(event)]
        else:
            columns = record_table.columns(record_table.of(saved))
            self.latest[record_table.table.name][columns["key"]] = row["seq"]
            self._rename(saved, columns, row["seq"])
        if isinstance(saved, MessageEvent) and saved.message.original:
            self.originals.add(saved.message.original)
        self.known = apply_record_event(self.known, event)
        assert self._command is not None
        self.outbox.note_record(event, row, self._command.first, self.known)
        self._reprojects |= record_table.subject in _REPROJECTING
        if record_table.in_memory:
            self.records_seq = row["seq"]

    def is_partly_known(self, ref: str) -> bool:
        """Return whether a ticket, or a record that it may depend on, has an event of a newer program."""
        if not self.unknown_types.isdisjoint(record_tables.BY_SUBJECT):
            self.unknown_refs.add(ref)
        return ref in self.unknown_refs

    def _note_unknown(self, row: dict[str, Any]) -> None:
        """Note an event of a newer program: what it changed is not compared."""
        self.unknown += 1
        if row["subject"] == TICKET:
            self.touched.add(row["ref"])
            self.unknown_refs.add(row["ref"])
            # Whatever began a ticket gave a reference.
            self.logged += row["version"] == 1
            self.next_ticket += row["version"] == 1
        else:
            self.unknown_types.add(row["subject"])

    def _apply_desk_event(self, event: payloads.AnyEvent) -> None:
        if isinstance(event, DeskMoved | DeskReopened):
            return
        if not isinstance(event, ReferencesSkipped):
            raise TypeError("an event of the desk is one of a ticket or a record")
        if event.following <= self.next_ticket:
            raise ValueError("it would give references again")
        self.next_ticket = event.following

    def _rename(self, event: RecordEvent, columns: dict[str, Any], seq: int) -> None:
        record_type = _NAMED.get(type(event))
        if record_type is None:
            return
        # Somebody who is not on the staff yet is shown by their username.
        unnamed = columns["key"] if record_type == "person" else None
        before = self.names.get((record_type, columns["key"]), unnamed)
        if before is not None and before != columns["name"]:
            self.renamed[record_type, columns["key"]] = seq
        self.names[record_type, columns["key"]] = columns["name"]

    def _follow_command(self, row: dict[str, Any], command: Row) -> None:
        if self._command is None or self._command.id != row["command_id"]:
            self._end_command()
            self._command = _Command(row["command_id"], command, row["ref"], row["seq"], row["seq"])
        if row["event"] == _LOGGED:
            self._command.ref = row["ref"]
        self._command.seq = row["seq"]

    def _end_command(self) -> None:
        """Check the stored row of the command whose events have all been read."""
        command, self._command = self._command, None
        if command is None:
            return
        if self._reprojects:
            self.reprojected[command.seq] = command.first
            self._reprojects = False
        self.commands += 1
        stored, digest, ref, seq = command.row
        if stored is None:
            self.findings.add("commands", command.id, "it is missing, so that it could be carried out again")
            return
        wrong = [
            name
            for name, good in (
                ("digest", is_digest(digest)),
                ("ref", ref == command.ref),
                ("seq", type(seq) is int and seq == command.seq),
            )
            if not good
        ]
        if wrong:
            self.findings.add("commands", command.id, f"differs from the ledger: {', '.join(wrong)}")


def _is_known(row: dict[str, Any]) -> bool:
    """Return whether this program knows the type of an event and of its record, and can read all of it."""
    try:
        event = payloads.decode_known(row["payload"])
    except msgspec.ValidationError:
        return False
    return event is not None and row["subject"] in (TICKET, DESK, *record_tables.BY_SUBJECT)


def _fault_of_payload(row: dict[str, Any], command_id: object, digest: object) -> str | None:
    """Return what is wrong with an event's payload; None where nothing is.

    Events of older versions do not include the digest of their command.
    """
    salt, payload = row["salt"], row["payload"]
    if type(salt) is str:
        chained = row["payload_digest"]
        bound = digest if isinstance(digest, str) else ""
        if chained == ledger.compute_payload_digest(salt, payload, bound):
            return None
        if chained == ledger.compute_payload_digest(salt, payload):
            return None
        if command_id is None:
            return None  # The missing command is reported; without it the payload cannot be checked.
    return "its payload was changed after it was written, or the digest of its command was"


def count_tickets(reader: Reader, since: int) -> int:
    """Return how many tickets have an event behind number `since`, or one that was written again behind it."""
    found = reader.row(_COUNT_TICKETS, (since, since))
    return int(found[0]) if found else 0


def is_digest(value: object) -> bool:
    """Return whether a stored value is a SHA-256 in hexadecimal."""
    return isinstance(value, str) and _DIGEST.fullmatch(value) is not None


def read_event_rows(reader: Reader, query: str, parameters: tuple[object, ...]) -> Iterator[dict[str, Any]]:
    """Yield the events of a query for `COLUMNS`, as mappings."""
    for row in reader.rows(query, parameters):
        yield dict(zip(_NAMES, row, strict=True))
