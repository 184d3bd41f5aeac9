"""A watcher in a process of its own, which looks at its desk when it is told to."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from multiprocessing.connection import Connection

from supportdesk.desk import Desk
from supportdesk.heartbeat import WATCHING
from supportdesk.store.location import find_heartbeat
from supportdesk.watcher.loop import Watcher
from supportdesk.watcher.tasks import make_tasks
from tests.faults.capabilities import bind_to_permissions
from tests.forked import fork_server
from tests.patience import LAST_RESORT

IS_WELL = (WATCHING, "is written again")
"""The ends of what a watcher says when all is well."""


class WatcherProcess:
    """A watcher that has opened the desk, and keeps it open between two looks."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def begin(self) -> None:
        """Have it look at the desk; `end` waits for that."""
        self._connection.send(None)

    def end(self) -> list[str]:
        """Return what it has said since the last call, once it has looked. A hang fails."""
        assert self._connection.poll(LAST_RESORT), "the watcher hangs"
        said: list[str] = self._connection.recv()
        return said

    def look(self) -> list[str]:
        """Have it look, and return what it said; nothing where that is what it said before."""
        self.begin()
        return self.end()


@contextmanager
def watcher_process(address: str, *, is_bound: bool = False) -> Iterator[WatcherProcess]:
    """Start a watcher of a desk; it is gone after the block."""
    ours, theirs = fork_server().Pipe()
    process = fork_server().Process(target=_watch, args=(theirs, address, is_bound), daemon=True)
    process.start()
    # So that its end is noticed here.
    theirs.close()
    try:
        yield WatcherProcess(ours)
    finally:
        process.kill()
        process.join()


def _watch(connection: Connection, address: str, is_bound: bool) -> None:
    if is_bound:
        bind_to_permissions()
    said: list[str] = []
    watcher = Watcher(lambda: Desk.open(address), find_heartbeat(address), make_tasks, say=said.append)
    while True:
        connection.recv()
        watcher.tick()
        connection.send(said)
        said.clear()
