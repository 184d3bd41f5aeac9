"""Notices that a desk was restored or rolled back while it was open: its ledger is not the one that was seen."""

from __future__ import annotations

import threading

from sqlalchemy import Connection, bindparam, select

from supportdesk.store import ledger, tables
from supportdesk.store.errors import DeskRestoredError
from supportdesk.store.ledger import Head

_HASH = select(tables.ledger.c.hash).where(tables.ledger.c.seq == bindparam("seq"))


class Continuity:
    """The end of the ledger that a desk saw last. Any thread may use it.

    Once the ledger is found to be another one, that is for good: what is shown and typed belongs to the former.
    """

    def __init__(self) -> None:
        self._guard = threading.Lock()
        self._broken = False
        self.seen: Head | None = None
        """The latest end that was seen; to be looked at before the transaction whose connection is checked."""

    def check(self, connection: Connection, seen: Head | None) -> None:
        """Raise DeskRestoredError unless the ledger holds what had been `seen` of it before this transaction."""
        head = ledger.read_head(connection)
        if self._broken or (seen is not None and not _goes_on(connection, seen, head)):
            self._broken = True
            raise DeskRestoredError
        if self.seen is not head:
            with self._guard:
                if self.seen is None or head.seq > self.seen.seq:
                    self.seen = head


def _goes_on(connection: Connection, seen: Head, head: Head) -> bool:
    if head.seq == seen.seq:
        return head.hash == seen.hash
    if head.seq < seen.seq:
        return False
    return seen.seq == 0 or connection.execute(_HASH, {"seq": seen.seq}).scalar() == seen.hash
