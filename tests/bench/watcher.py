"""How soon a due step is recorded and a page handed off, and what watching costs, by the number of open tickets.

The other tickets of the queue fall due at some time of the next year. The processor's time of an idle tick is that of a
watcher that finds nothing due. Ten idle consoles are as many threads that wait for changes as a console does, in one
process, without and beside a watching one.
"""

from __future__ import annotations

import random
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from contextlib import closing
from datetime import timedelta
from functools import partial
from pathlib import Path

from sqlalchemy import Connection, text

from supportdesk.heartbeat import HeartbeatFile, heartbeat_path, read_heartbeat
from supportdesk.sla.clocks import epoch
from supportdesk.store import ledger
from supportdesk.store.ledger import StoredEvent
from supportdesk.tickets import reference
from supportdesk.tickets.events import StepTaken
from supportdesk.watcher.hosting import start_watcher
from supportdesk.watcher.loop import Watcher
from supportdesk.watcher.tasks import make_tasks
from tests.bench import sending
from tests.bench.desks import open_desk
from tests.patience import wait_for
from tests.store.desks import database_of, furnished, logged
from tests.tickets.scenario import MONDAY_NINE
from tests.watcher.fast_clock import FastClock
from tests.watcher.test_killed import Watchers

TICKETS = (100, 10_000, 100_000)
STEPS = 40
"""Steps whose delay is measured."""

PAGES = 40
PAUSE = 0.5
"""Pages whose way to a gateway is measured, and the seconds between two of them on average."""

INTERVAL = 5.0
IDLE_TICKS = 200
CONSOLES = 10
IDLE_SECONDS = 20.0


def report() -> str:
    """Return the delays in seconds, and the processor's time of an idle tick, by the number of open tickets."""
    lines = [
        f"{'':>14}{'due to recorded':>18}{'recorded to handed off':>25}",
        f"{'open tickets':>14}{'p50 s':>9}{'p99 s':>9}{'p50 s':>16}{'p99 s':>9}{'idle tick ms':>14}",
    ]
    for tickets in TICKETS:
        with tempfile.TemporaryDirectory() as folder:
            address = furnished(Path(folder))
            fill(address, tickets)
            delays = measure_delays(address)
            idle = measure_idle_tick(address)
        with tempfile.TemporaryDirectory() as folder:
            address = furnished(Path(folder))
            fill(address, tickets)
            hand_off = sending.measure(address, PAGES, pause=PAUSE)
        figures = f"{describe(delays, STEPS):>18}{describe(hand_off, PAGES):>25}"
        lines.append(f"{tickets:>14,}{figures}{idle * 1000:>14.2f}")
    with tempfile.TemporaryDirectory() as folder:
        address = furnished(Path(folder))
        fill(address, TICKETS[1])
        alone, beside = measure_consoles(address, watched=False), measure_consoles(address, watched=True)
    lines.append(
        f"\n{CONSOLES} idle consoles: {alone[0]:.1f} % of a processor, woken {alone[1]} times; beside a watcher"
        f" {beside[0]:.1f} %, woken {beside[1]} times"
    )
    return "\n".join(lines)


def describe(delays: Sequence[float], expected: int) -> str:
    """Return the median and the 99th percentile of delays in seconds, and how many of them are missing."""
    p99 = sorted(delays)[int(len(delays) * 0.99)]
    missing = f" ({expected - len(delays)} missing)" if len(delays) < expected else ""
    return f"{statistics.median(delays):.1f}{p99:>9.1f}{missing}"


def fill(address: str, tickets: int) -> None:
    """Fill the queue with copies of one row, each of which falls due at some time of the next year.

    The copies have a due time and no events, as the watcher only finds them by it.
    """
    with closing(open_desk(address, FastClock(MONDAY_NINE, time.monotonic(), 0))) as desk:
        logged(desk)

        def copy(connection: Connection) -> None:
            columns = [row[1] for row in connection.exec_driver_sql("PRAGMA table_info(tickets)")]
            others = ", ".join(each for each in columns if each not in {"ref", "watch_due"})
            chance, first = random.Random(tickets), epoch(MONDAY_NINE + timedelta(days=7))
            connection.execute(
                text(
                    f"INSERT INTO tickets (ref, watch_due, {others})"
                    f" SELECT :ref, :due, {others} FROM tickets LIMIT 1"
                ),
                [
                    {"ref": reference.make(900_000 + n), "due": first + chance.randrange(365 * 86_400)}
                    for n in range(tickets)
                ],
            )

        database_of(desk).write(copy)


def read_after(seen: int, connection: Connection) -> list[StoredEvent]:
    """Return the events after an event number."""
    return list(ledger.read_events(connection, after=seen))


def measure_delays(address: str) -> list[float]:
    """Return the seconds between the due time of each step and the moment at which it was recorded."""
    start, clock = MONDAY_NINE, FastClock(MONDAY_NINE, time.monotonic(), 1)
    with closing(open_desk(address, clock)) as desk:
        chance = random.Random(1)
        # Logged so long ago that the second step of each ladder falls due within the time of the measurement.
        span = STEPS * 1.0
        for _ in range(STEPS):
            late = timedelta(seconds=300 - chance.uniform(10, 10 + span))
            past = open_desk(address, FastClock(start - late, time.monotonic(), 1))
            logged(past, severity="critical", channel="hotline")
            past.close()
        watcher = start_watcher(lambda: open_desk(address, clock), None, interval=INTERVAL)
        end = time.monotonic() + span + 30
        delays: dict[str, float] = {}
        seen = 0
        while len(delays) < STEPS and time.monotonic() < end:
            events = database_of(desk).read(partial(read_after, seen))
            for each in events:
                seen = each.seq
                if isinstance(each.event, StepTaken):
                    recorded = (clock.now() - each.event.due).total_seconds()
                    delays.setdefault(f"{each.ref} {each.event.step}", recorded)
            time.sleep(0.05)
        watcher.stop()
    return list(delays.values())


def measure_idle_tick(address: str) -> float:
    """Return the processor's time of a tick at which nothing is due, in seconds."""
    clock = FastClock(MONDAY_NINE, time.monotonic(), 0)
    watcher = Watcher(
        lambda: open_desk(address, clock),
        HeartbeatFile(Path(f"{address}.watcher")),
        make_tasks,
        say=lambda line: None,
    )
    watcher.tick()
    began = time.process_time()
    for _ in range(IDLE_TICKS):
        watcher.tick()
    passed = time.process_time() - began
    watcher.close()
    return passed / IDLE_TICKS


IDLE_CONSOLES = """
import sys, threading, time
from supportdesk.desk import Desk
desks = [Desk.open(sys.argv[1]) for _ in range(int(sys.argv[2]))]
end = time.monotonic() + float(sys.argv[3])
woken = []
def follow(desk):
    while time.monotonic() < end:
        if desk.wait_for_change(1.0):
            woken.append(desk)
threads = [threading.Thread(target=follow, args=(desk,)) for desk in desks]
began = time.process_time()
for thread in threads: thread.start()
for thread in threads: thread.join()
print(time.process_time() - began, len(woken))
"""


def measure_consoles(address: str, *, watched: bool) -> tuple[float, int]:
    """Return the percentage of a processor that idle consoles take, and how often one was woken."""
    clock = FastClock(MONDAY_NINE, time.monotonic(), 1)
    watching = Watchers(address, clock, 1, interval=INTERVAL) if watched else None
    if watched:
        # Its first tick tells supervisors of gaps in the rota, which wakes every console.
        beat = heartbeat_path(Path(address))
        wait_for(lambda: (found := read_heartbeat(beat)) and found.beat > 1, lambda: "nobody watches")
    command = [sys.executable, "-c", IDLE_CONSOLES, address, str(CONSOLES), str(IDLE_SECONDS)]
    try:
        ran = subprocess.run(command, check=True, text=True, stdout=subprocess.PIPE)
    finally:
        if watching is not None:
            watching.end()
    seconds, woken = ran.stdout.split()
    return float(seconds) / IDLE_SECONDS * 100, int(woken)


if __name__ == "__main__":
    print(report())
