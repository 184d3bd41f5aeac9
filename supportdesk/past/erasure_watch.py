"""Notices that a contact was erased while a replay is open, whose ledger was read before."""

from __future__ import annotations

from collections.abc import Callable

from sqlalchemy import Connection

from supportdesk.store import ledger
from supportdesk.store.database import open_database
from supportdesk.store.erasure.attestation import find_last_erasure
from supportdesk.store.errors import DeskUnavailableError
from supportdesk.store.time_travel import EventTimeline

EVERY = 5.0
"""Real seconds between two looks."""


class ErasureWatch:
    """Looks at the desk at an address, whose ledger was read after the erasure by event number `last`; 0 for none."""

    def __init__(self, address: str, last: int, monotonic: Callable[[], float]) -> None:
        self._address = address
        self._last = last
        self._monotonic = monotonic
        self._next = monotonic() + EVERY

    def read_again(self) -> EventTimeline | None:
        """Return the ledger as it is now, once a contact was erased; None otherwise. Looks every few seconds only, and
        again later where the desk cannot be read.
        """
        if self._monotonic() < self._next:
            return None
        self._next = self._monotonic() + EVERY
        try:
            last, timeline = read_timeline(self._address, self._last)
        except DeskUnavailableError:
            return None
        self._last = last
        return timeline


def read_timeline(address: str, before: int = -1) -> tuple[int, EventTimeline | None]:
    """Return the number of the last erasure and the whole ledger; no ledger unless the erasure is after `before`.

    Raises DeskUnavailableError.
    """

    def read(connection: Connection) -> tuple[int, EventTimeline | None]:
        last = find_last_erasure(connection)
        return last, EventTimeline(ledger.read_events(connection)) if last > before else None

    database = open_database(address)
    try:
        return database.read(read)
    finally:
        database.close()
