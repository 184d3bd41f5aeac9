"""Verifies that the ledger is intact, the tables match it, and the file contains nothing else. Changes nothing.

The ledger cannot prove that its end was not cut off together with the head, or that it was not rewritten as a whole;
events that were noted elsewhere can (`anchors`). Of commands without events only the form is checked; of commands by
older versions the digest is not. docs/decisions/0009 says of each table what holds it to the ledger, and what is free.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import closing, suppress
from functools import partial

import msgspec

from supportdesk.store import schema
from supportdesk.store.anchors import Anchor, Point
from supportdesk.store.backend import Database, Reader
from supportdesk.store.errors import DeskUnavailableError
from supportdesk.store.findings import ChainBreak, Findings, Mismatch, shorten_text
from supportdesk.store.verification.anchors import find_difference
from supportdesk.store.verification.chain import Chain, count_tickets
from supportdesk.store.verification.erasures import ErasedMeanwhileError
from supportdesk.store.verification.notice_outbox import compare_notices
from supportdesk.store.verification.page_links import compare_page_links
from supportdesk.store.verification.records import compare_attachments, compare_commands, compare_records
from supportdesk.store.verification.steps import find_steps_without_event
from supportdesk.store.verification.tickets import TicketComparison
from supportdesk.tickets.desk_moved import DeskMoved

__all__ = ["ChainBreak", "Mismatch", "Verification", "verify"]

CLOSED_FOR_NO_REASON = "it closes the desk, and the last event does not say where it has moved"
"""The finding for a desk that nobody can use; an unfinished copy is one."""

_MOVED = str(DeskMoved.__struct_config__.tag)

_BATCH = 5_000
"""Events per transaction, so that writers do not wait for the whole verification."""
_SCHEMA = "schema"
"""The check of a database that is made however little is verified; others read all of it."""


_EXPLAINED_BY_ANY = ("escalation_steps", "messages", "page_links", "attachments")
"""Tables whose rows an event of a type that only a newer program knows may have made."""


class Verification(msgspec.Struct, frozen=True):
    """The result: the first `events` are intact, and `head` is the hash of the last of them.

    Of many findings only the first are listed, and `unlisted` counts the others. `since` is the event behind which the
    verification began, and `unread` counts the tickets that had no event since, which were not compared.

    `newer` is the revision of the schema where that is of a newer program, and empty elsewhere. Then the schema was not
    checked, nor what so many `unknown_events` changed, and so many `unknown_tickets` were not compared.
    """

    events: int
    tickets: int
    head: str
    breaks: tuple[ChainBreak, ...]
    mismatches: tuple[Mismatch, ...]
    unlisted: int = 0
    since: int = 0
    unread: int = 0
    newer: str = ""
    unknown_events: int = 0
    unknown_tickets: int = 0

    @property
    def point(self) -> Point:
        """The last intact event, to be noted elsewhere."""
        return Point(self.events, self.head)

    @property
    def findings(self) -> tuple[ChainBreak | Mismatch, ...]:
        """The listed findings: breaks first, then mismatches."""
        return (*self.breaks, *self.mismatches)

    @property
    def broken(self) -> ChainBreak | None:
        """The first event that is not intact."""
        return self.breaks[0] if self.breaks else None

    @property
    def is_intact(self) -> bool:
        """Whether nothing was found."""
        return not self.findings


def verify(database: Database, anchors: Sequence[Anchor] = (), since: int = 0) -> Verification:
    """Check the file, walk along the whole chain, replay it and compare; the ledger must contain the events `anchors`.

    With `since`, only what follows from later events is checked: these, and the tickets that have any, or were changed
    by a later erasure; all records, and the schema. That event is taken as it is, unless it is an anchor or before one.

    Others can go on writing: each batch is read as of one moment, and what is written in the meantime is checked at the
    end. Raises DeskUnavailableError where the desk cannot be opened or read any further, but not for what it contains.
    """
    while True:
        with suppress(ErasedMeanwhileError):
            return _verify(database, anchors, since)


def _verify(database: Database, anchors: Sequence[Anchor], since: int) -> Verification:
    """Verify as `verify` does. Raises ErasedMeanwhileError where a contact was erased meanwhile."""
    findings = Findings()
    newer = _find_newer(database)
    chain = Chain(findings, is_newer=bool(newer))
    with closing(database.reader()) as reader:
        for name, check in reader.checks():
            if name == _SCHEMA and newer:
                continue
            if since == 0 or name == _SCHEMA:
                _guarded(findings, name, partial(check, findings))
        _guarded(
            findings,
            "ledger",
            lambda: _check_ledger(reader, chain, findings, sorted(anchors), since),
            lambda: f"event {chain.seq + 1}",
        )
    return Verification(
        chain.sound,
        chain.logged,
        chain.sound_hash,
        tuple(findings.breaks),
        tuple(findings.mismatches),
        findings.unlisted,
        since,
        chain.unread,
        newer,
        chain.unknown,
        len(chain.unknown_refs),
    )


def _find_newer(database: Database) -> str:
    """Return the number of the schema's revision where that is of a newer program; empty elsewhere."""
    with suppress(DeskUnavailableError):
        found = database.read(schema.read_revision)
        return schema.number_of(found) if found is not None and schema.is_newer(found) else ""
    return ""


def _guarded(
    findings: Findings, table: str, look: Callable[[], None], where: Callable[[], str] | None = None
) -> None:
    """Run a check, and make a finding of anything that it raises: tampering must not stop the verification."""
    try:
        look()
    except (ErasedMeanwhileError, DeskUnavailableError):
        # Others are at work, or the database is away: what it contains is not at fault.
        raise
    except Exception as error:  # noqa: BLE001 - anything may be in a file that was tampered with
        at = where() if where else f"the {table}"
        findings.add(table, "", f"it cannot be read at {at}: {str(error) or type(error).__name__}")


def _check_ledger(
    reader: Reader, chain: Chain, findings: Findings, anchors: Sequence[Anchor], since: int
) -> None:
    for (seq,) in reader.rows("SELECT seq FROM ledger WHERE seq < 1 ORDER BY seq"):
        findings.add_break(seq, "the first event is number 1")
    if since:
        with reader.moment():
            if not chain.skip_to(reader, since):
                return
    more = True
    while more:
        with reader.moment():
            more = chain.walk(reader, _BATCH)
    tickets = TicketComparison(chain, findings)
    left = chain.touched if since else None
    chain.touched = set()
    more = chain.comparable
    while more:
        with reader.moment():
            chain.walk(reader)
            more = tickets.walk(reader, _BATCH) if left is None else tickets.compare_some(reader, left)
    with reader.moment():
        chain.walk(reader)
        _check_head(reader, chain, findings)
        # The walk has checked the stored hashes, or found a break.
        difference = find_difference(reader, chain.seq, anchors)
        if difference is not None:
            findings.add_break(difference.seq, difference.reason)
        if not chain.comparable:
            return
        while tickets.compare_some(reader, chain.touched):
            pass
        if since:
            chain.unread = chain.logged - count_tickets(reader, since)
        for table, look in (
            ("tickets", lambda: tickets.find_rows_without_event(reader)),
            ("escalation_steps", lambda: find_steps_without_event(reader, findings)),
            ("messages", lambda: compare_notices(reader, findings, chain.outbox)),
            ("page_links", lambda: compare_page_links(reader, chain, findings)),
            ("records", lambda: compare_records(reader, chain, findings)),
            ("attachments", lambda: compare_attachments(reader, chain, findings)),
            ("erased_events", lambda: chain.erasures.compare(findings)),
            ("commands", lambda: compare_commands(reader, chain, findings)),
        ):
            # What an unknown event may explain is not compared.
            if not chain.unknown or table not in _EXPLAINED_BY_ANY:
                _guarded(findings, table, look)


def _check_head(reader: Reader, chain: Chain, findings: Findings) -> None:
    rows = list(reader.rows("SELECT id, seq, hash, next_ticket, records_seq FROM head LIMIT 2"))
    if len(rows) != 1:
        findings.add_break(chain.seq, "the head is missing" if not rows else "there are several heads")
        return
    [(_, seq, last, next_ticket, records_seq)] = rows
    if type(records_seq) is int and records_seq < 0:
        records_seq = ~records_seq
        tag = reader.row("SELECT event FROM ledger WHERE seq = ?", (seq,))
        if tag is None or tag[0] != _MOVED:
            findings.add("head", "", CLOSED_FOR_NO_REASON)
    if (seq, last) != (chain.seq, chain.hash) or type(seq) is not int:
        findings.add_break(chain.seq + 1, f"the head gives {shorten_text(seq)} events with another end")
    elif chain.comparable and not _counts(chain, next_ticket, records_seq):
        findings.add_break(chain.seq, "the head does not count tickets and records as the events do")


def _counts(chain: Chain, next_ticket: object, records_seq: object) -> bool:
    """Return whether a head counts tickets and records as the events do."""
    if chain.unknown_types and isinstance(records_seq, int) and records_seq > chain.records_seq:
        # An event of a newer program may be the last of a record.
        records_seq = chain.records_seq
    return (next_ticket, records_seq) == (chain.next_ticket, chain.records_seq)
