"""The board read from the desk: off the event loop, and no more often than the desk's size allows."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime

import msgspec

from supportdesk.desk_api import DeskApi, DeskUnavailableError
from supportdesk.reports.board import Board, build_board, needed_since
from supportdesk.sla.policy import Policy
from supportdesk.store.read_models import Roster, TicketHistory

THROTTLE_FACTOR = 20
"""After a reading, the board is not read again for this many times the duration of that reading."""


class BoardData(msgspec.Struct, frozen=True):
    """A board with what it was drawn up from; `at` is the desk's time of it."""

    board: Board
    histories: Sequence[TicketHistory]
    policy: Policy
    policies: Mapping[str, Policy]
    roster: Roster
    at: datetime


class BoardReader:
    """Reads a desk's history again only when something changed, and draws the board up whenever it is asked to.

    `read` blocks: call it on a thread, one call at a time.
    """

    def __init__(self, desk: DeskApi, *, stopwatch: Callable[[], float] = time.monotonic) -> None:
        self._desk = desk
        self._stopwatch = stopwatch
        self._histories: Sequence[TicketHistory] = ()
        self._since: datetime | None = None
        self._changed = True
        self._rest_until = 0.0

    def changed(self) -> None:
        """The desk has changed; the next reading asks it again."""
        self._changed = True

    @property
    def is_throttled(self) -> bool:
        """Whether it is too early to read again."""
        return self._stopwatch() < self._rest_until

    def read(self) -> BoardData | None:
        """The board as it is now; None where the desk is out of reach."""
        began = self._stopwatch()
        try:
            drawn = self._read()
        except DeskUnavailableError:
            self._changed = True
            drawn = None
        now = self._stopwatch()
        self._rest_until = now + THROTTLE_FACTOR * (now - began)
        return drawn

    def _read(self) -> BoardData:
        desk, now = self._desk, self._desk.now()
        policy, roster = desk.policy_at(now), desk.roster()
        since = needed_since(now, policy.timezone)
        if self._changed or since != self._since:
            # Before the reading: what changes meanwhile has to be read again.
            self._changed = False
            self._histories, self._since = desk.history(since), since
        board = build_board(self._histories, desk.policies, policy, roster, now)
        return BoardData(board, self._histories, policy, desk.policies, roster, now)
