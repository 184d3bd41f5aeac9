"""Which of several watchers watches, where one is enough."""

from __future__ import annotations

import time
from collections.abc import Collection
from datetime import UTC, datetime

from supportdesk.heartbeat import STOPPED, Heartbeat, HeartbeatPlace

SILENT_AFTER = 10.0
"""Seconds without a heartbeat after which another watcher is taken to have stopped."""


class Precedence:
    """Says whether other watchers are alive that do all that this one would do, which is hosted in a console.

    One of its own process goes before any hosted one, and of hosted ones the one that started first; but no watcher
    gives way unless those before it can send by all of its own methods, nor to one that does not get at the desk.
    Several that watch do no harm. Whether another is alive is seen by its heartbeat changing, whatever the clocks say.
    """

    def __init__(self, place: HeartbeatPlace, own: Heartbeat) -> None:
        self._place = place
        self._own = own
        self._seen: dict[str, tuple[int, float]] = {}
        """The last beat of each watcher, and when it changed by the monotonic clock."""

    def another_watches(self, methods: Collection[str] = ()) -> bool:
        """Return whether others go before this one, are alive, and send by all of its `methods`."""
        found = self._place.read()
        listed = (found, *found.others) if found is not None else ()
        others = [each for each in listed if each.id != self._own.id and each.state != STOPPED and each.works]
        is_first = not self._seen
        alive = [each for each in others if self._see(each, is_first=is_first)]
        self._seen = {each.id: self._seen[each.id] for each in others}
        before = [each for each in alive if _rank(each) < _rank(self._own)]
        return bool(before) and set(methods) <= {method for each in before for method in each.methods}

    def _see(self, found: Heartbeat, *, is_first: bool) -> bool:
        """Return whether the heartbeat is that of a living watcher."""
        now = time.monotonic()
        beat, changed = self._seen.get(found.id, (-1, now))
        if found.id in self._seen and beat == found.beat:
            return now - changed <= SILENT_AFTER
        # The first one found may be an old one.
        is_alive = not is_first or abs(found.age(datetime.now(UTC))) <= SILENT_AFTER
        self._seen[found.id] = found.beat, now if is_alive else now - SILENT_AFTER - 1
        return is_alive


def _rank(heartbeat: Heartbeat) -> tuple[bool, datetime, str]:
    return heartbeat.hosted, heartbeat.started, heartbeat.id
