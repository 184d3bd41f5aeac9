"""A desk on three servers under Patroni outlives the loss of its leader: nothing is lost, and consoles come back."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from itertools import pairwise

import psycopg
import pytest
from textual.message import Message

from supportdesk.clock import FixedClock
from supportdesk.console.desk_watch import DeskWatch
from supportdesk.console.messages import DeskDisconnected, DeskFailed, QueueChanged
from supportdesk.desk import Desk
from supportdesk.store import ledger
from tests.patience import wait_for
from tests.patroni import PatroniCluster, is_installed
from tests.store.desks import furnish, logged, verified
from tests.store.writers import acknowledged, go, hear, writers
from tests.tickets.scenario import MONDAY_NINE

pytestmark = [
    pytest.mark.long,
    pytest.mark.skipif(not is_installed(), reason="it needs Debian's patroni and etcd-server"),
]

WRITERS, COMMANDS, PAUSE, CONSOLES = 8, 150, 0.05, 2


@pytest.fixture(scope="module")
def cluster() -> Iterator[PatroniCluster]:
    made = PatroniCluster()
    try:
        yield made
    finally:
        made.remove()


@pytest.fixture
def address(cluster: PatroniCluster, request: pytest.FixtureRequest) -> str:
    """The address of a furnished desk with three tickets, on a cluster that is ready."""
    cluster.wait_until_ready()
    name = f"desk_{abs(hash(request.node.name)) % 1_000_000}"
    uri = cluster.address("postgres").replace("+psycopg", "")
    with psycopg.connect(uri, autocommit=True, target_session_attrs="read-write") as connection:
        connection.execute(f"CREATE DATABASE {name} TEMPLATE template0 ENCODING 'UTF8'")
    made = cluster.address(name)
    furnish(made)
    with closing(Desk.open(made, FixedClock(MONDAY_NINE))) as desk:
        for _ in range(3):
            logged(desk)
    return made


class WatchingConsole:
    """What a console follows of a desk, without its screen: which events it has read, and what it was told."""

    def __init__(self, address: str) -> None:
        self.posted: list[Message] = []
        self.read: list[list[int]] = []
        self._watch = DeskWatch(lambda: Desk.open(address, FixedClock(MONDAY_NINE)), "ann", self._post)
        self._thread = threading.Thread(target=self._watch.run, daemon=True)
        self._thread.start()

    def _post(self, message: Message) -> None:
        self.posted.append(message)
        if isinstance(message, QueueChanged):
            self.read.append(sorted(row.changed_seq for row in message.rows))

    @property
    def seq(self) -> int:
        """The number of the last event that it has read."""
        return self._watch.seq

    def was_cut_off(self) -> bool:
        """Whether it was told that the desk could not be reached."""
        return any(isinstance(each, DeskDisconnected) for each in self.posted)

    def stop(self) -> None:
        assert not any(isinstance(each, DeskFailed) for each in self.posted)
        self._watch.stop()


def switch_over(cluster: PatroniCluster, leader: str) -> None:
    cluster.switch_over(leader)


def kill_leader(cluster: PatroniCluster, leader: str) -> None:
    cluster.kill(leader)


@pytest.mark.parametrize("fault", [switch_over, kill_leader])
def test_nothing_that_was_acknowledged_is_lost_and_consoles_recover_by_themselves(
    cluster: PatroniCluster, address: str, fault: Callable[[PatroniCluster, str], None]
) -> None:
    leader = cluster.wait_until_ready()
    with closing(Desk.open(address, FixedClock(MONDAY_NINE))) as desk:
        before = desk.queue().seq
    consoles = [WatchingConsole(address) for _ in range(CONSOLES)]
    with (
        writers(address, WRITERS, COMMANDS, PAUSE, again=True) as busy,
        ThreadPoolExecutor(WRITERS) as pool,
    ):
        for writer in busy:
            go(writer)
        first = [hear(writer) for writer in busy]
        rest = [pool.submit(acknowledged, writer) for writer in busy]
        fault(cluster, leader)
        heard = {words[0]: int(words[1]) for words in first}
        for each in rest:
            heard |= each.result()
    assert len(heard) == WRITERS * COMMANDS
    last = before + WRITERS * COMMANDS
    for console in consoles:
        wait_for(lambda console=console: console.seq == last, lambda: "a console does not come back")  # type: ignore[misc]
        assert all(one[-1] < two[0] for one, two in pairwise(console.read)), "an event came late"
        console.stop()
    assert cluster.find_leader() not in (None, leader), "another node leads"
    with closing(Desk.open(address, FixedClock(MONDAY_NINE))) as desk:
        found = desk._database.read(
            lambda connection: {
                each.command_id: each.seq for each in ledger.read_events(connection, after=before)
            }
        )
        assert heard.items() <= found.items(), "something that was acknowledged is lost"
        assert sorted(found.values()) == list(range(before + 1, last + 1))
        assert verified(desk).is_intact
    if fault is kill_leader:
        assert all(console.was_cut_off() for console in consoles)
        cluster.start(leader)
