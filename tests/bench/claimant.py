"""A console's worth of work: a process that claims a ticket a second and says how long each took.

`python -m tests.bench.claimant ADDRESS FIRST STEP COUNT` opens the desk, prints `ready`, waits for a line, and claims
every STEP-th ticket of the queue from the FIRST on; it prints the milliseconds of each. What commands need is imported
before, and the first ticket is read, as a console does once the queue is on the screen.
"""

from __future__ import annotations

import random
import sys
import time

from supportdesk.clock import SystemClock
from supportdesk.desk import Desk
from supportdesk.desk_api import Applied
from supportdesk.tickets.process.assignment import Claim


def main(address: str, first: int, step: int, count: int) -> None:
    """Claim `count` tickets, one a second on average."""
    desk, chance = Desk.open(address, SystemClock()), random.Random(first)
    refs = sorted(row.ref for row in desk.queue().rows)[first::step][:count]
    desk.ticket(refs[0])
    desk.preview([Claim(refs[0])], by="ann")
    print("ready", flush=True)
    sys.stdin.readline()
    for ref in refs:
        time.sleep(chance.uniform(0.5, 1.5))
        began = time.perf_counter()
        outcome = desk.do(Claim(ref), by="ann")
        assert isinstance(outcome, Applied), outcome
        print((time.perf_counter() - began) * 1_000, flush=True)
    desk.close()


if __name__ == "__main__":
    main(sys.argv[1], *map(int, sys.argv[2:5]))
