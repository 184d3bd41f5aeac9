"""A server that is stopped, killed or restarted while many write: nothing that was acknowledged is lost."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing

import pytest

from supportdesk.clock import FixedClock
from supportdesk.desk import Desk
from supportdesk.desk_api import DeskUnavailableError
from supportdesk.store import ledger
from supportdesk.store.database import open_database
from tests.databases import POSTGRES, use
from tests.patience import wait_for
from tests.postgres import PostgresServer, database_in, find_programs
from tests.store.desks import furnish, logged, verified
from tests.store.writers import Writer, acknowledged, go, hear, writers
from tests.tickets.scenario import MONDAY_NINE

pytestmark = pytest.mark.server

WRITERS, COMMANDS = 3, 60


@pytest.fixture
def server() -> Iterator[PostgresServer]:
    """A server of the test's own that loses nothing when it is killed."""
    with use(POSTGRES):
        programs = find_programs()
        assert programs is not None
        made = PostgresServer(programs, fsync="on", synchronous_commit="on", full_page_writes="on")
        yield made
        made.remove()


@pytest.fixture
def address(server: PostgresServer) -> str:
    made = server.address(server.make_database())
    furnish(made)
    with closing(Desk.open(made, FixedClock(MONDAY_NINE))) as desk:
        for _ in range(3):
            logged(desk)
    return made


def crash(server: PostgresServer, address: str) -> None:
    """Stop it as a crash does, and start it again."""
    server.stop("immediate")
    server.start()


def restart(server: PostgresServer, address: str) -> None:
    """Stop it as for maintenance, and start it again."""
    server.stop("fast")
    server.start()


def end_sessions(server: PostgresServer, address: str) -> None:
    """End every session in the database, several times."""
    name = database_in(address)
    with server.connect("postgres") as connection:
        for _ in range(5):
            connection.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", [name]
            )
            time.sleep(0.05)


@pytest.mark.parametrize(
    "fault",
    [
        crash,
        pytest.param(restart, marks=pytest.mark.long),
        pytest.param(end_sessions, marks=pytest.mark.long),
    ],
)
def test_what_was_acknowledged_is_there_and_the_writers_go_on(
    server: PostgresServer, address: str, fault: Callable[[PostgresServer, str], None]
) -> None:
    with closing(open_database(address)) as database:
        before = database.read(ledger.read_head).seq
    with writers(address, WRITERS, COMMANDS, again=True) as busy, ThreadPoolExecutor(WRITERS) as pool:
        for writer in busy:
            go(writer)
        first = [hear(writer) for writer in busy]
        rest = [pool.submit(acknowledged, writer) for writer in busy]
        fault(server, address)
        heard = {words[0]: int(words[1]) for words in first}
        for each in rest:
            heard |= each.result()
        assert [_code(writer) for writer in busy] == [0] * WRITERS, "a writer gave up"
    with closing(Desk.open(address, FixedClock(MONDAY_NINE))) as desk:
        found = desk._database.read(
            lambda connection: {
                each.command_id: each.seq for each in ledger.read_events(connection, after=before)
            }
        )
        assert len(heard) == WRITERS * COMMANDS
        assert heard.items() <= found.items(), "something that was acknowledged is lost"
        assert sorted(found.values()) == list(range(before + 1, before + 1 + WRITERS * COMMANDS))
        assert verified(desk).is_intact


def _code(writer: Writer) -> int:
    return wait_for(lambda: [code] if (code := writer.poll()) is not None else None, lambda: "it goes on")[0]


@pytest.mark.long
def test_a_server_that_is_down_for_long_is_reported_and_found_again(
    server: PostgresServer, address: str
) -> None:
    with closing(Desk.open(address, FixedClock(MONDAY_NINE))) as desk:
        server.stop("fast")
        with pytest.raises(DeskUnavailableError, match="cannot be reached"):
            desk.queue()
        with pytest.raises(DeskUnavailableError, match="cannot be reached"):
            wait_for(lambda: desk.wait_for_change(0.1), lambda: "the watch does not notice it")
        server.start()
        ref = logged(desk)
        assert ref in {row.ref for row in desk.queue().rows}
        assert verified(desk).is_intact
