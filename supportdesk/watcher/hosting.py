"""A watcher on a thread of another program, such as a console."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable
from functools import partial
from pathlib import Path

from supportdesk.desk_api import DeskApi
from supportdesk.heartbeat import Heartbeat, heartbeat_path
from supportdesk.watcher.loop import INTERVAL, Watcher
from supportdesk.watcher.outside import Outside
from supportdesk.watcher.task import Say
from supportdesk.watcher.tasks import NOWHERE, make_tasks


class HostedWatcher:
    """A watcher that runs on a thread until `stop`."""

    def __init__(self, watcher: Watcher) -> None:
        self._watcher = watcher
        self._thread = threading.Thread(target=watcher.run, name="watcher", daemon=True)
        self._thread.start()

    @property
    def heartbeat(self) -> Heartbeat:
        """What the watcher last said of itself; its `beat` is 0 while another one watches."""
        return self._watcher.heartbeat

    def stop(self, timeout: float = 10.0) -> bool:
        """End the watcher and wait for it up to `timeout` seconds; return whether it has ended."""
        self._watcher.stop()
        self._thread.join(timeout)
        return not self._thread.is_alive()


def start_watcher(
    connect: Callable[[], DeskApi],
    desk_file: Path | None,
    *,
    say: Say = lambda line: None,
    interval: float = INTERVAL,
    outside: Outside = NOWHERE,
) -> HostedWatcher:
    """Start to watch a desk on a thread of this process, which lasts as long as the process or until `stop`.

    `connect` opens the desk, on that thread, for the watcher alone; `desk_file` is the desk's file, None for a server.
    While another watcher of the desk is alive that sends by all methods of this one, the thread only looks at its
    heartbeat every few seconds, and watches within 15 s after that one has stopped. So it does while this process may
    only read the desk. `say` gets plain lines for a log,
    `interval` is in seconds. Never blocks. `outside` says how pages are sent and which address is called; by default,
    none.
    """
    make = partial(make_tasks, outside=outside)
    path = heartbeat_path(desk_file) if desk_file is not None else None
    watcher = Watcher(
        connect,
        path,
        make,
        say=say,
        interval=interval,
        hosted=True,
        find_methods=outside.find_methods,
        may_work=partial(may_write, desk_file),
    )
    return HostedWatcher(watcher)


def may_write(desk_file: Path | None) -> bool:
    """Return whether this process may write the file of a desk, and beside it; True where there is none (yet)."""
    if desk_file is None:
        return True
    file = desk_file.expanduser().resolve()
    effective = os.access in os.supports_effective_ids
    return all(
        not os.path.lexists(each) or os.access(each, os.W_OK, effective_ids=effective)
        for each in (file, file.parent)
    )
