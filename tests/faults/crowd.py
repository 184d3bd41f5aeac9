"""Many people at one desk, each in a process of their own: those who claim the same tickets, and those at consoles."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Sequence
from contextlib import closing, suppress
from multiprocessing.connection import Connection
from threading import Barrier
from typing import Any

import msgspec

from supportdesk.clock import FixedClock
from supportdesk.desk import Desk
from supportdesk.desk_api import Applied, DeskUnavailableError
from supportdesk.tickets.command import Command
from supportdesk.tickets.process.assignment import Claim, HandBack
from tests.forked import fork_server
from tests.patience import LAST_RESORT
from tests.tickets.scenario import MONDAY_NINE


class Console(msgspec.Struct, frozen=True):
    """Somebody who works for so many seconds at a console, always on the same ticket."""

    address: str
    person: str
    ref: str
    seconds: int


class Shift(msgspec.Struct, frozen=True):
    """What somebody at a console did and saw: each command by its id with its number in the ledger, the seconds that
    each claim took, and the numbers up to which their screen showed the desk, as they came.
    """

    commands: dict[str, int]
    claims: list[float]
    seen: list[int]


def claim_together(address: str, people: Sequence[str], refs: Sequence[str]) -> list[list[str]]:
    """Let people claim one ticket after the other, all of them at the same moment.

    Return for each of them, by ticket, why the claim was refused; empty where it was not.
    """
    barrier = fork_server().Barrier(len(people))
    return _run([(_claim, (address, person, list(refs), barrier)) for person in people])


def work_at_consoles(consoles: Sequence[Console]) -> list[Shift]:
    """Let people work at consoles: a command a second, while the screen follows the desk."""
    barrier = fork_server().Barrier(len(consoles))
    return _run([(_work, (console, barrier)) for console in consoles])


def _run(calls: list[tuple[Callable[..., None], tuple[object, ...]]]) -> list[Any]:
    """Run each call in a process of its own, and return what they send, in order."""
    connections, processes = [], []
    for target, arguments in calls:
        ours, theirs = fork_server().Pipe()
        process = fork_server().Process(target=target, args=(theirs, *arguments), daemon=True)
        process.start()
        theirs.close()
        connections.append(ours)
        processes.append(process)
    try:
        found = []
        for connection in connections:
            assert connection.poll(LAST_RESORT), "a process hangs"
            found.append(connection.recv())
        return found
    finally:
        for process in processes:
            process.kill()
            process.join()


def _claim(connection: Connection, address: str, person: str, refs: list[str], barrier: Barrier) -> None:
    refused = []
    with closing(Desk.open(address, FixedClock(MONDAY_NINE))) as desk:
        for ref in refs:
            barrier.wait(LAST_RESORT)
            outcome = desk.do(Claim(ref), by=person)
            refused.append("" if isinstance(outcome, Applied) else outcome.reason)
    connection.send(refused)


def _work(connection: Connection, console: Console, barrier: Barrier) -> None:
    with closing(Desk.open(console.address, FixedClock(MONDAY_NINE))) as desk:
        commands: dict[str, int] = {}
        claims, seen, is_over = [], [desk.queue().seq], threading.Event()

        def watch() -> None:
            while not is_over.is_set():
                with suppress(DeskUnavailableError):
                    if desk.wait_for_change(0.5):
                        seen.append(desk.changes(seen[-1]).seq)

        screen = threading.Thread(target=watch)
        barrier.wait(LAST_RESORT)
        screen.start()
        began = time.monotonic()
        for number in range(console.seconds):
            time.sleep(max(0.0, began + number - time.monotonic()))
            command = HandBack(console.ref, "the next one") if number % 2 else Claim(console.ref)
            sent = time.perf_counter()
            command_id = f"{console.ref}-{number}"
            outcome = _send(desk, command, by=console.person, command_id=command_id)
            if isinstance(command, Claim):
                claims.append(time.perf_counter() - sent)
            commands[command_id] = outcome.seq
        barrier.wait(LAST_RESORT)
        is_over.set()
        screen.join()
        seen.append(desk.changes(seen[-1]).seq)
    connection.send(Shift(commands, claims, seen))


def _send(desk: Desk, command: Command, *, by: str, command_id: str) -> Applied:
    """Send a command, and again where the desk is too busy, as people do."""
    while True:
        with suppress(DeskUnavailableError):
            outcome = desk.do(command, by=by, command_id=command_id)
            assert isinstance(outcome, Applied), outcome
            return outcome
