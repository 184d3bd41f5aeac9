"""A console that only looks: it says when it has read each change.

`python -m tests.bench.observer ADDRESS COUNT` opens the desk, prints `ready`, and then by the monotonic clock when it
had read each of COUNT changes.
"""

from __future__ import annotations

import sys
import time

from supportdesk.desk import Desk


def main(address: str, count: int) -> None:
    """Read `count` changes, each of one ticket."""
    desk = Desk.open(address)
    since = desk.queue().seq
    print("ready", flush=True)
    left = count
    while left:
        if not desk.wait_for_change(60):
            continue
        changes = desk.changes(since)
        seen, since = time.monotonic(), changes.seq
        for _ in changes.rows:
            print(seen, flush=True)
            left -= 1
    desk.close()


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
