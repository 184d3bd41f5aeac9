"""Detects that a desk was restored, rolled back or upgraded while it was open: it is not the one that was opened."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import TypeVar

import msgspec
from sqlalchemy import Connection, bindparam, select

from supportdesk.store import ledger, schema, tables
from supportdesk.store.backend import Database, Work
from supportdesk.store.errors import DeskRestoredError, DeskUpgradedError, ForbiddenError
from supportdesk.store.ledger import Head
from supportdesk.store.statements import fetch_one

_FIND_SEEN = ledger.READ_HEAD.add_columns(
    select(schema.revision.c.version_num).scalar_subquery(),
    select(tables.ledger.c.hash).where(tables.ledger.c.seq == bindparam("seen")).scalar_subquery(),
    select(tables.ledger.c.at).where(tables.ledger.c.seq == tables.head.c.seq).scalar_subquery(),
)
"""The head, the schema's revision, the hash at the number of the head that was seen last, and the last event's time."""

T = TypeVar("T")


class Beginning(msgspec.Struct, frozen=True):
    """What a transaction found as it began: the number of the last event, and its time as it is stored, or None."""

    seq: int
    last_at: object


class CheckedDatabase:
    """A database in which every transaction first checks that the ledger continues the one seen before.

    Any thread may use it. While another ledger is there, every call raises DeskRestoredError: what is on the screen and
    in unfinished forms belongs to the one seen before, and goes on where that is put back, of which its hash tells.
    After an upgrade by a newer program, it goes on where that lets it, and says so in `newer`; else, and where it
    cannot read what the newer one wrote, calls raise DeskUpgradedError.
    """

    def __init__(self, database: Database) -> None:
        self._database = database
        self._guard = threading.Lock()
        self._seen: Head | None = None
        self.newer = ""
        """The number of the schema's revision once it is that of a newer program; empty before."""

    def read(self, work: Work[T]) -> T:
        """Return what `work` reads, all of it at one moment. Raises DeskUnavailableError."""
        return self._database.read(self._checked(lambda connection, _: work(connection)))

    def write(self, work: Work[T]) -> T:
        """Return what `work` returns once all that it wrote is safe on the disk; see `Database.write`.

        Nobody else writes meanwhile: the head is locked first. Commands lock it last (`write_after`).
        """

        def write_alone(connection: Connection, _: Beginning) -> T:
            ledger.lock_head(connection)
            return work(connection)

        return self.write_after(write_alone)

    def write_after(self, work: Callable[[Connection, Beginning], T]) -> T:
        """Write as `write` does, beside others; `work` also gets what was there before it."""
        return self._database.write(self._checked(work))

    def remove_traces(self) -> None:
        """Remove for good what erasures left in free space; nothing is done where nothing is left.

        Raises DeskUnavailableError; then it is to be repeated.
        """
        from supportdesk.store.erasure.attestation import find_last_erasure, forget_traces, has_traces

        if self.read(has_traces):
            if (owner := self.find_other_owner()) is not None:
                raise ForbiddenError(
                    f"only {owner!r}, who owns the tables, can do that: run `supportdesk erase --finish` with that"
                    " login"
                )
            last = self.read(find_last_erasure)
            self._database.remove_traces()
            self.write(lambda connection: forget_traces(connection, last))

    def list_copies(self) -> list[str]:
        """Return the copies of the desk that an erasure does not change; see `Database`."""
        return self._database.list_copies()

    def find_other_owner(self) -> str | None:
        """Return the login that alone can change what was written; None where this one can."""
        return self._database.find_other_owner()

    def check(self) -> None:
        """Raise DeskReplacedError unless the desk is still the one that was opened."""
        self.read(lambda connection: None)

    def _checked(self, work: Callable[[Connection, Beginning], T]) -> Work[T]:
        # Before the transaction: another thread may see a later head than this transaction does.
        seen = self._seen

        def checked(connection: Connection) -> T:
            beginning = self._check(connection, seen)
            try:
                return work(connection, beginning)
            except msgspec.ValidationError as error:
                if not self.newer:
                    raise
                raise DeskUpgradedError from error

        return checked

    def _check(self, connection: Connection, seen: Head | None) -> Beginning:
        """Return what is there, unless it is another desk or schema."""
        found = fetch_one(connection, _FIND_SEEN, {"seen": seen.seq if seen is not None else 0})
        *row, revision, hash_seen, last_at = found
        if revision is not None and revision != schema.REVISIONS[-1]:
            if not schema.is_newer(revision):
                raise DeskUpgradedError
            self.newer = schema.number_of(revision)
        head = ledger.make_head(row)
        if head.is_closed:
            raise ledger.explain_closure(connection, head)
        if seen is not None and not _continues(seen, head, hash_seen):
            raise DeskRestoredError
        if self._seen is not head:
            with self._guard:
                if self._seen is None or head.seq > self._seen.seq:
                    self._seen = head
        return Beginning(head.seq, last_at)


def _continues(seen: Head, head: Head, hash_seen: str | None) -> bool:
    """Return whether a ledger with this head, and this hash at the number of the head `seen`, continues that one."""
    if head.seq == seen.seq:
        return head.hash == seen.hash
    return head.seq > seen.seq and (seen.seq == 0 or hash_seen == seen.hash)
