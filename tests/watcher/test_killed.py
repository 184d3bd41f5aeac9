"""Processes that watch one desk, some of which are killed at any moment: no step is lost, and none fires twice."""

from __future__ import annotations

import random
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import msgspec
import pytest

from supportdesk.desk import Desk
from supportdesk.store import ledger
from supportdesk.store.location import find_heartbeat
from supportdesk.tickets.events import Paged, StepTaken
from tests.patience import wait_for
from tests.store.desks import database_of, furnished, logged, verified
from tests.tickets.scenario import MONDAY_NINE
from tests.watcher.fast_clock import FastClock

pytestmark = pytest.mark.slow

INTERVAL = 0.25
"""Seconds between the ticks of a process."""

STEPS = {
    "critical": [
        *("on-call/2", "second", "manager", "head", "response-director"),
        *("resolution-owner", "resolution-head", "resolution-director"),
    ],
    "high": ["response-owner", "response-supervisor", "response-manager"],
}
"""The steps of which nobody takes notice, within nine hours of a Monday morning."""

NINE_HOURS = 9 * 3600


class Watchers:
    """Processes that watch a desk; each one that is killed is replaced by a new one."""

    def __init__(
        self, address: str, clock: FastClock, count: int, *, hosted: bool = False, interval: float = INTERVAL
    ) -> None:
        self._command = [
            *(sys.executable, "-m", "tests.watcher.watching", address, str(interval)),
            *(msgspec.json.encode(clock).decode(), "1" if hosted else "0"),
        ]
        self.processes = [self.start() for _ in range(count)]

    def start(self) -> subprocess.Popen[str]:
        return subprocess.Popen(self._command, stdout=subprocess.DEVNULL, text=True)

    def kill(self, place: int) -> None:
        """Kill a process, and start another one in its place."""
        self.processes[place].send_signal(signal.SIGKILL)
        self.processes[place].wait()
        self.processes[place] = self.start()

    def end(self) -> None:
        for process in self.processes:
            process.kill()
            process.wait()


@contextmanager
def watching(address: str, clock: FastClock, count: int, *, hosted: bool = False) -> Iterator[Watchers]:
    watchers = Watchers(address, clock, count, hosted=hosted)
    try:
        yield watchers
    finally:
        watchers.end()


def check_killed(folder: Path, *, processes: int, kills: int, tickets: int, seconds: float) -> None:
    """Let nine hours pass in so many seconds, and kill processes all the while."""
    address = furnished(folder)
    clock = FastClock(MONDAY_NINE, time.monotonic(), NINE_HOURS / seconds)
    desk = Desk.open(address, clock)
    desk.date_is_confirmed = True
    refs = {
        logged(desk, severity=severity, channel="hotline"): severity
        for _ in range(tickets)
        for severity in STEPS
    }
    chance = random.Random(kills)
    with watching(address, clock, processes) as watchers:
        for _ in range(kills):
            time.sleep(chance.uniform(0.3, 0.7) * seconds / kills)
            watchers.kill(chance.randrange(processes))
        wait_for(
            lambda: desk.now() > MONDAY_NINE.replace(hour=18) and not desk.due_refs(desk.now()),
            lambda: f"due at {desk.now()}: {desk.overdue_steps(desk.now())}",
        )
    taken: list[tuple[str, str]] = []
    paged: Counter[str] = Counter()
    for entry in database_of(desk).read(lambda connection: list(ledger.read_events(connection))):
        if isinstance(entry.event, StepTaken):
            taken.append((str(entry.ref), entry.event.step))
            paged[str(entry.ref)] += entry.event.action == "page" and entry.event.outcome == "fired"
        elif isinstance(entry.event, Paged) and entry.actor == "watcher":
            paged[str(entry.ref)] -= 1
    assert [each for each, count in Counter(taken).items() if count > 1] == []
    assert set(taken) == {(ref, step) for ref, severity in refs.items() for step in STEPS[severity]}
    assert not any(paged.values()), "a page for each step that fired"
    assert verified(desk).is_intact
    desk.close()


@pytest.mark.straggler
def test_no_step_is_lost_and_none_fires_twice_when_watchers_are_killed(tmp_path: Path) -> None:
    check_killed(tmp_path, processes=3, kills=5, tickets=3, seconds=12)


@pytest.mark.long
def test_of_eight_watchers_thirty_are_killed_and_no_step_is_lost_or_fires_twice(tmp_path: Path) -> None:
    check_killed(tmp_path, processes=8, kills=30, tickets=12, seconds=90)


def test_another_process_takes_over_when_the_one_that_watches_is_killed(tmp_path: Path) -> None:
    address = furnished(tmp_path)
    place = find_heartbeat(address)
    with watching(address, FastClock(MONDAY_NINE, time.monotonic(), 1), 2, hosted=True) as watchers:
        first = wait_for(place.read, lambda: "nobody watches")
        killed = next(n for n, each in enumerate(watchers.processes) if each.pid == first.pid)
        watchers.processes[killed].send_signal(signal.SIGKILL)

        def taken_over() -> bool:
            found = place.read()
            return found is not None and found.pid == watchers.processes[1 - killed].pid

        wait_for(taken_over, lambda: "nobody took over")
