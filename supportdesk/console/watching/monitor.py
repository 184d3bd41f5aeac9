"""Looks whether somebody watches the desk, on the thread that follows it, and posts what it finds.

It asks nobody: the heartbeat says that a watcher is alive, and the due column whether it does its work.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import timedelta
from typing import TYPE_CHECKING

from supportdesk.console.messages import StepsOverdue, WatcherSeen

if TYPE_CHECKING:
    from textual.message import Message

    from supportdesk.desk_api import DeskReader
    from supportdesk.heartbeat import Heartbeat, HeartbeatPlace
    from supportdesk.store.read_models import DueTicket

OVERDUE_AFTER = timedelta(seconds=20)
"""How long after it was due a step is overdue: longer than a tick, and than another watcher needs to take over."""
CONFIRM_SECONDS = 10.0
"""For how long the same step of a ticket must be seen overdue before it is posted.

A watcher that catches up after a stop does one late step of a ticket at each tick: it is at work.
"""
CHECK_SECONDS = 5.0
"""Seconds between two looks at what is overdue; each is one query on an index."""
MOST = 20
"""The most overdue tickets that are counted."""


class WatcherMonitor:
    """Posts `WatcherSeen` and `StepsOverdue` whenever they change; `look` is called again and again, on one thread.

    `heartbeat` is where the watcher's heartbeat is, None where there is none to look at; `monotonic` returns
    seconds.
    """

    def __init__(
        self,
        heartbeat: HeartbeatPlace | None,
        post: Callable[[Message], object],
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._place = heartbeat
        self._post = post
        self._monotonic = monotonic
        self._seen: Heartbeat | None = None
        self._mark: object = self
        self._overdue: tuple[DueTicket, ...] = ()
        self._seen_since: dict[DueTicket, float] = {}
        """Since when each overdue ticket has been seen with what is due on it, by `monotonic`."""
        self._next_check = 0.0

    def look(self, desk: DeskReader) -> None:
        """Look at the heartbeat, and every few seconds at what is overdue. Raises DeskUnavailableError."""
        if self._place is not None:
            self._look_at_heartbeat(self._place, desk)
        now = self._monotonic()
        if now >= self._next_check:
            self._next_check = now + CHECK_SECONDS
            self._look_for_overdue(desk, now)

    def _look_at_heartbeat(self, place: HeartbeatPlace, desk: DeskReader) -> None:
        mark = place.mark()
        if mark == self._mark:
            return
        is_first, self._mark = self._mark is self, mark
        found = place.read()
        if is_first or found != self._seen:
            self._seen = found
            self._post(WatcherSeen(found, desk.now()))

    def _look_for_overdue(self, desk: DeskReader, now: float) -> None:
        found = desk.overdue_steps(desk.now() - OVERDUE_AFTER, MOST)
        self._seen_since = {each: self._seen_since.get(each, now) for each in found}
        overdue = tuple(each for each in found if now - self._seen_since[each] >= CONFIRM_SECONDS)
        if overdue != self._overdue:
            self._overdue = overdue
            self._post(StepsOverdue(overdue))
