"""A watcher on a thread of another program, such as a console."""

from __future__ import annotations

import threading
from collections.abc import Callable
from functools import partial

from supportdesk.desk_api import DeskApi
from supportdesk.heartbeat import Heartbeat, HeartbeatPlace
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
    heartbeat: HeartbeatPlace | None,
    *,
    say: Say = lambda line: None,
    interval: float = INTERVAL,
    outside: Outside = NOWHERE,
) -> HostedWatcher:
    """Start to watch a desk on a thread of this process, which lasts as long as the process or until `stop`.

    `connect` opens the desk, on that thread, for the watcher alone; `heartbeat` is where the desk's watchers say that
    they are alive. While another watcher of the desk is alive that sends by all methods of this one, the thread only
    looks at its heartbeat every few seconds, and watches within 15 s after that one has stopped. So it does while this
    process may only read the desk. `say` gets plain lines for a log, `interval` is in seconds. Never blocks. `outside`
    says how pages are sent and which address is called; by default, none.
    """
    make = partial(make_tasks, outside=outside)
    watcher = Watcher(
        connect,
        heartbeat,
        make,
        say=say,
        interval=interval,
        hosted=True,
        find_methods=outside.find_methods,
        may_work=heartbeat.is_writable if heartbeat is not None else lambda: True,
    )
    return HostedWatcher(watcher)
