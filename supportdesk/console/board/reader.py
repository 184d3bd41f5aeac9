"""Reads the board from the desk: on a thread, and no more often than the size of the desk allows."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime

import msgspec

from supportdesk.desk_api import DeskUnavailableError, Queries
from supportdesk.reports.board import Board, build_board, needed_since
from supportdesk.sla.policy import Policy
from supportdesk.store.read_models import Roster, TicketHistory

THROTTLE_FACTOR = 20
"""After a reading, the board is not read again for this many times the duration of that reading."""


class BoardData(msgspec.Struct, frozen=True):
    """A board with the data that it was built from; `at` is the desk's time in UTC when it was read."""

    board: Board
    histories: Sequence[TicketHistory]
    policy: Policy
    policies: Mapping[str, Policy]
    roster: Roster
    at: datetime


class BoardReader:
    """Builds the board on each `read`, and reads the desk's history again only after a change.

    `read` blocks: call it on a thread, one call at a time. `monotonic` returns a time in seconds.
    """

    def __init__(self, desk: Queries, *, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._desk = desk
        self._monotonic = monotonic
        self._histories: Sequence[TicketHistory] = ()
        self._since: datetime | None = None
        self._changed = True
        self._throttled_until = 0.0

    def changed(self) -> None:
        """Note that the desk has changed: the next `read` reads its history again."""
        self._changed = True

    @property
    def is_throttled(self) -> bool:
        """Whether it is too early to read again; see `THROTTLE_FACTOR`."""
        return self._monotonic() < self._throttled_until

    def read(self) -> BoardData | None:
        """Return the board as it is now; None if the desk cannot be reached."""
        began = self._monotonic()
        try:
            data = self._read()
        except DeskUnavailableError:
            self._changed = True
            data = None
        now = self._monotonic()
        self._throttled_until = now + THROTTLE_FACTOR * (now - began)
        return data

    def _read(self) -> BoardData:
        desk, now = self._desk, self._desk.now()
        policy, roster = desk.policy_at(now), desk.roster()
        since = needed_since(now, policy.timezone)
        if self._changed or since != self._since:
            # Reset before the read, so that a change during it causes another one.
            self._changed = False
            self._histories, self._since = desk.history(since), since
        board = build_board(self._histories, desk.policies, policy, roster, now)
        return BoardData(board, self._histories, policy, desk.policies, roster, now)
