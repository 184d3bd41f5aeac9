"""Which of several watchers watches, where one is enough."""

from __future__ import annotations

import time
from datetime import UTC, datetime
from pathlib import Path

from supportdesk.heartbeat import STOPPED, Heartbeat, read_heartbeat

SILENT_AFTER = 10.0
"""Seconds without a heartbeat after which another watcher is taken to have stopped."""


class Precedence:
    """Says whether another watcher is alive that goes before this one, which is hosted in a console.

    One of its own process goes before any hosted one, and of hosted ones the one that started first. Two that watch
    during a tick do no harm. Whether another is alive is seen by its heartbeat changing, whatever the clocks say.
    """

    def __init__(self, path: Path, own: Heartbeat) -> None:
        self._path = path
        self._own = own
        self._seen: Heartbeat | None = None
        self._changed = 0.0

    def another_watches(self) -> bool:
        """Return whether another watcher goes before this one, and is alive."""
        found = read_heartbeat(self._path)
        if found is None or found.id == self._own.id or found.state == STOPPED:
            self._seen = found
            return False
        changed, self._seen = self._see(found), found
        return changed and _rank(found) < _rank(self._own)

    def _see(self, found: Heartbeat) -> bool:
        """Return whether the heartbeat is that of a living watcher."""
        now = time.monotonic()
        seen = self._seen
        if seen is not None and (seen.id, seen.beat) == (found.id, found.beat):
            return now - self._changed <= SILENT_AFTER
        # The first one found may be an old one.
        is_recent = abs(found.age(datetime.now(UTC))) <= SILENT_AFTER
        self._changed = now if seen is not None or is_recent else now - SILENT_AFTER - 1
        return seen is not None or is_recent


def _rank(heartbeat: Heartbeat) -> tuple[bool, datetime, str]:
    return heartbeat.hosted, heartbeat.started, heartbeat.id
