"""Detects that a desk was restored or rolled back while it was open: its ledger is not the one seen before."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import TypeVar

from sqlalchemy import Connection

from supportdesk.store import ledger
from supportdesk.store.backend import Database
from supportdesk.store.errors import DeskRestoredError
from supportdesk.store.ledger import Head

T = TypeVar("T")
Work = Callable[[Connection], T]


class CheckedDatabase:
    """A database in which every transaction first checks that the ledger continues the one seen before.

    Any thread may use it. After a different ledger, every call raises DeskRestoredError: what is on the screen and in
    unfinished forms belongs to the previous one.
    """

    def __init__(self, database: Database) -> None:
        self._database = database
        self._guard = threading.Lock()
        self._replaced = False
        self._seen: Head | None = None

    def read(self, work: Work[T]) -> T:
        """Return what `work` reads, all of it at one moment. Raises DeskUnavailableError."""
        return self._database.read(self._checked(work))

    def write(self, work: Work[T]) -> T:
        """Return what `work` returns once all that it wrote is safe on the disk; see `Database.write`."""
        return self._database.write(self._checked(work))

    def check(self) -> None:
        """Raise DeskRestoredError unless the ledger continues the one seen before."""
        self.read(lambda connection: None)

    def _checked(self, work: Work[T]) -> Work[T]:
        # Before the transaction: another thread may see a later head than this transaction does.
        seen = self._seen

        def checked(connection: Connection) -> T:
            self._check(connection, seen)
            return work(connection)

        return checked

    def _check(self, connection: Connection, seen: Head | None) -> None:
        head, hash_seen = ledger.read_head_since(connection, seen.seq if seen is not None else 0)
        if self._replaced or (seen is not None and not _continues(seen, head, hash_seen)):
            self._replaced = True
            raise DeskRestoredError
        if self._seen is not head:
            with self._guard:
                if self._seen is None or head.seq > self._seen.seq:
                    self._seen = head


def _continues(seen: Head, head: Head, hash_seen: str | None) -> bool:
    """Return whether a ledger with this head, and this hash at the number of the head `seen`, continues that one."""
    if head.seq == seen.seq:
        return head.hash == seen.hash
    return head.seq > seen.seq and (seen.seq == 0 or hash_seen == seen.hash)
