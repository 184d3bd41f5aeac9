"""The watcher that a console hosts, so that a desk on one machine needs no service."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, NamedTuple, Protocol

if TYPE_CHECKING:
    from collections.abc import Callable

    from supportdesk.heartbeat import HeartbeatPlace

LONGEST_STOP = 2.0
"""Seconds for which quitting waits for the watcher to end; what it is doing then ends with the process."""


class RunningWatcher(Protocol):
    """A watcher on a thread of its own."""

    def stop(self, timeout: float) -> object:
        """End it, and wait for that up to `timeout` seconds."""
        ...


class Watching(NamedTuple):
    """Where the heartbeat of the desk's watcher is, None without one, and the function that starts a watcher.

    `start` does not block. What it starts gives way to any other watcher of the desk that is alive.
    """

    heartbeat: HeartbeatPlace | None
    start: Callable[[], RunningWatcher]


class WatcherHost:
    """Starts a watcher once, and ends it; both may be called on any thread. Without `watching` it does nothing."""

    def __init__(self, watching: Watching | None) -> None:
        self._watching = watching
        self._watcher: RunningWatcher | None = None
        self._is_over = False
        self._changing = threading.Lock()

    @property
    def heartbeat(self) -> HeartbeatPlace | None:
        """Where the heartbeat is; None where there is none to look at."""
        return self._watching.heartbeat if self._watching is not None else None

    def start(self) -> None:
        """Start a watcher, unless the console has been left."""
        with self._changing:
            if self._watching is not None and self._watcher is None and not self._is_over:
                self._watcher = self._watching.start()

    def stop(self) -> None:
        """End the watcher, and start none any more. Blocks for at most `LONGEST_STOP` seconds."""
        with self._changing:
            self._is_over = True
            if self._watcher is not None:
                self._watcher.stop(LONGEST_STOP)
