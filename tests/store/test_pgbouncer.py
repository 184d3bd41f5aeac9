"""A desk behind a pooler, which hands out the sessions of a server: nothing is lost, and nothing leaks to others."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import Connection

from supportdesk.clock import FixedClock
from supportdesk.desk import Desk
from supportdesk.desk_api import DeskUnavailableError
from supportdesk.store import ledger
from supportdesk.tickets.process.assignment import Claim
from supportdesk.tickets.process.conversation import Note
from tests.databases import POSTGRES, use
from tests.pgbouncer import MISSING, pooler
from tests.postgres import USER, PostgresServer, database_in, find_programs
from tests.store.desks import (
    database_of,
    done,
    furnish,
    furnished_desk,
    logged,
    running_server,
    uri_of,
    verified,
)
from tests.store.writers import acknowledged, go, writers
from tests.tickets.scenario import MONDAY_NINE

pytestmark = [
    pytest.mark.skipif(MISSING, reason="PgBouncer is not installed: apt-get install pgbouncer"),
    pytest.mark.server,
]

WRITERS, COMMANDS = 3, 10

LEAKS = (
    "SET search_path = pg_catalog",
    "SET lock_timeout = 1",
    "SET statement_timeout = '1min'",
    "SET datestyle = 'German'",
    "SET extra_float_digits = -15",
    "SET default_transaction_isolation = 'serializable'",
    "SET default_transaction_read_only = on",
    "PREPARE _pg3_0 AS SELECT 'nonsense'",
    "PREPARE _pg3_1 AS SELECT 'nonsense'",
)
"""What another client leaves in a session that it shares."""


@pytest.fixture
def server() -> Iterator[PostgresServer]:
    with use(POSTGRES):
        yield running_server()


@pytest.fixture
def desk(server: PostgresServer, tmp_path: Path) -> Iterator[Desk]:
    with furnished_desk(tmp_path) as desk:
        yield desk


def address_through(port: int, desk: Desk) -> str:
    """The address of a desk through a pooler."""
    return f"postgresql+psycopg://{USER}@127.0.0.1:{port}/{database_in(uri_of(database_of(desk)))}"


@contextmanager
def opened_through(port: int, desk: Desk) -> Iterator[Desk]:
    """The same desk, reached through a pooler."""
    with closing(Desk.open(address_through(port, desk), FixedClock(MONDAY_NINE))) as other:
        yield other


@pytest.mark.parametrize("mode", [pytest.param("session", marks=pytest.mark.long), "transaction"])
def test_what_many_save_through_a_pooler_is_there_in_order(
    server: PostgresServer, desk: Desk, mode: str
) -> None:
    for _ in range(2):
        logged(desk)
    before = desk.changes(0).seq
    with (
        pooler(server, mode) as port,
        writers(address_through(port, desk), WRITERS, COMMANDS) as busy,
        opened_through(port, desk) as other,
    ):
        for writer in busy:
            go(writer)
        done(other, Claim(logged(other)))
        heard = {key: seq for writer in busy for key, seq in acknowledged(writer).items()}
        assert verified(other).is_intact
    assert len(heard) == WRITERS * COMMANDS
    found = database_of(desk).read(
        lambda connection: {
            each.command_id: each.seq for each in ledger.read_events(connection, after=before)
        }
    )
    assert heard.items() <= found.items(), "something that was acknowledged is lost"


def test_what_another_client_leaves_in_a_shared_session_changes_nothing(
    server: PostgresServer, desk: Desk
) -> None:
    ref = logged(desk)
    with pooler(server, "transaction", connections=1) as port, opened_through(port, desk) as other:
        uri = address_through(port, desk).replace("+psycopg", "")
        with psycopg.connect(uri, autocommit=True) as stranger:
            for statement in LEAKS:
                stranger.execute(statement)
            for number in range(8):
                done(other, Note(ref, f"number {number}"))
            timeout = database_of(other).read(
                lambda connection: connection.exec_driver_sql("SHOW statement_timeout").scalar_one()
            )
            assert timeout == "0"
            assert verified(other).is_intact
            assert other.queue() == desk.queue()
            assert other.ticket(ref) == desk.ticket(ref)
            # Nor does the desk leave anything there.
            assert stranger.execute("SHOW lock_timeout").fetchone() == ("1ms",)
            names = {name for (name,) in stranger.execute("SELECT name FROM pg_prepared_statements")}
            assert names == {"_pg3_0", "_pg3_1"}


def test_through_a_pooler_everything_is_read_as_of_one_moment(server: PostgresServer, desk: Desk) -> None:
    ref = logged(desk)
    with pooler(server, "transaction") as port, opened_through(port, desk) as other:

        def read_twice(connection: Connection) -> tuple[int, int]:
            before = ledger.read_head(connection).seq
            done(desk, Note(ref, "meanwhile"))
            return before, ledger.read_head(connection).seq

        before, after = database_of(other).read(read_twice)
    assert before == after


@pytest.mark.parametrize(("mode", "is_deaf"), [("session", False), ("transaction", True)])
def test_a_console_sees_changes_and_doctor_says_whether_a_pooler_hides_them(
    server: PostgresServer, desk: Desk, mode: str, *, is_deaf: bool
) -> None:
    with pooler(server, mode) as port, opened_through(port, desk) as other:
        assert not other.wait_for_change(0)
        logged(desk)
        assert other.wait_for_change(60)
        facts = database_of(other).read(database_of(other).describe)
    assert any("LISTEN is deaf" in each for each in facts.advice) == is_deaf


def test_a_pooler_in_statement_mode_is_refused_and_says_what_to_change(
    server: PostgresServer, desk: Desk
) -> None:
    with (
        pooler(server, "statement") as port,
        pytest.raises(
            DeskUnavailableError, match=r"in statement mode, .*: set its pool_mode to transaction or session"
        ),
    ):
        Desk.open(address_through(port, desk))


@pytest.fixture
def own_server() -> Iterator[PostgresServer]:
    """A server that may be stopped."""
    with use(POSTGRES):
        programs = find_programs()
        assert programs is not None
        made = PostgresServer(programs)
        yield made
        made.remove()


@pytest.mark.long
def test_a_desk_goes_on_when_the_server_behind_a_pooler_was_restarted(own_server: PostgresServer) -> None:
    name = own_server.make_database()
    furnish(own_server.address(name))
    with (
        pooler(own_server, "transaction", server_login_retry="1") as port,
        closing(Desk.open(f"postgresql://{USER}@127.0.0.1:{port}/{name}", FixedClock(MONDAY_NINE))) as desk,
    ):
        ref = logged(desk)
        own_server.stop("fast")
        with pytest.raises(DeskUnavailableError, match="cannot be reached"):
            desk.queue()
        own_server.start()
        done(desk, Note(ref, "afterwards"))
        assert verified(desk).is_intact
