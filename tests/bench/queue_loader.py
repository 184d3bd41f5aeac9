"""A console that only opens its desk: it says what that took.

`python -m tests.bench.queue_loader ADDRESS` loads the queue as a console does, and prints the seconds, those of the
processor, the megabytes that the process has before and after, and the number of tickets.
"""

from __future__ import annotations

import resource
import sys
import time
from pathlib import Path

from textual.message import Message

from supportdesk.clock import FixedClock
from supportdesk.console.desk_watch import DeskWatch
from supportdesk.console.messages import DeskFailed, DeskOpened
from supportdesk.console.queue import model, views  # noqa: F401 - imported before the time is taken
from supportdesk.desk import Desk
from tests.bench.large_desks import NOW, OPERATOR


def main(address: str) -> None:
    """Load the queue once."""
    before, began, began_cpu = _megabytes(), time.perf_counter(), time.process_time()

    def post(message: Message) -> None:
        if isinstance(message, DeskFailed):
            raise message.error
        if isinstance(message, DeskOpened):
            taken = time.perf_counter() - began, time.process_time() - began_cpu
            print(*taken, before, _megabytes(), len(message.model.index.entries), flush=True)
            watch.stop()

    watch = DeskWatch(lambda: Desk.open(address, FixedClock(NOW)), OPERATOR, post)
    watch.run()


def _megabytes() -> float:
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    return pages * resource.getpagesize() / 2**20


if __name__ == "__main__":
    main(sys.argv[1])
