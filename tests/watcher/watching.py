"""A process that watches a desk with a fast clock until it is killed.

`python -m tests.watcher.watching ADDRESS INTERVAL CLOCK HOSTED` prints `ready` after its first tick. `CLOCK` is a
`FastClock` as JSON; with HOSTED `1` it gives way to other watchers, as one in a console does.
"""

from __future__ import annotations

import sys

import msgspec

from supportdesk.desk import Desk
from supportdesk.store.location import find_heartbeat
from supportdesk.watcher.loop import Watcher
from supportdesk.watcher.tasks import make_tasks
from tests.watcher.fast_clock import FastClock


def main(address: str, interval: float, clock: FastClock, *, hosted: bool) -> None:
    """Watch until the process is killed."""

    def open_desk() -> Desk:
        desk = Desk.open(address, clock)
        desk.date_is_confirmed = True
        return desk

    watcher = Watcher(
        open_desk,
        find_heartbeat(address),
        make_tasks,
        say=lambda line: print(line, flush=True),
        interval=interval,
        hosted=hosted,
    )
    watcher.run()


if __name__ == "__main__":
    main(
        sys.argv[1],
        float(sys.argv[2]),
        msgspec.json.decode(sys.argv[3], type=FastClock),
        hosted=sys.argv[4] == "1",
    )
