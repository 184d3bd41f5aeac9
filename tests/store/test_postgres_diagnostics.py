"""What `doctor` says of a server: each sentence on a server of which it is true, and not before."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import closing
from types import SimpleNamespace

import psycopg
import pytest

from supportdesk.desk import SYSTEM, Desk
from supportdesk.store.backend import DatabaseFacts
from supportdesk.store.database import create_database, open_database
from supportdesk.store.errors import DeskUnavailableError
from supportdesk.store.ledger import read_head
from supportdesk.store.postgres import diagnostics
from supportdesk.tickets.records.commands import InstallPolicy
from tests.patience import wait_for
from tests.postgres import PostgresServer, find_programs
from tests.standby import REPLICATION, Standby
from tests.store.desks import done
from tests.tickets.scenario import claritum

pytestmark = pytest.mark.server

DATABASE = "desk"


@pytest.fixture(scope="module")
def primary() -> Iterator[PostgresServer]:
    programs = find_programs()
    if programs is None:
        pytest.skip("PostgreSQL is not installed: apt-get install postgresql")
    server = PostgresServer(programs, autovacuum="off", **REPLICATION)
    with server.connect("postgres") as connection:
        connection.execute(f"CREATE DATABASE {DATABASE}")
    create_database(server.address(DATABASE)).close()
    yield server
    server.remove()


@pytest.fixture(scope="module")
def standby(primary: PostgresServer) -> Iterator[Standby]:
    made = Standby(primary)
    yield made
    made.remove()


def facts_of(address: str) -> DatabaseFacts:
    with closing(open_database(address)) as database:
        return database.read(database.describe)


def advice_of(server: PostgresServer) -> str:
    return "\n".join(facts_of(server.address(DATABASE)).advice)


def detail(facts: DatabaseFacts, label: str) -> str:
    return dict(facts.details)[label]


def set_everywhere(server: PostgresServer, statement: str, shown: Callable[[], bool]) -> None:
    """Change a setting of the whole server, and wait until it is what it should be."""
    with server.connect("postgres") as connection:
        connection.execute(statement.encode())
        connection.execute("SELECT pg_reload_conf()")
    wait_for(shown, lambda: f"it has no effect: {statement}")


def set_for_desk(server: PostgresServer, setting: str) -> None:
    with server.connect("postgres") as connection:
        connection.execute(f"ALTER DATABASE {DATABASE} {setting}".encode())


def test_replication_is_told_as_what_it_is(primary: PostgresServer, standby: Standby) -> None:
    def state() -> str:
        return detail(facts_of(primary.address(DATABASE)), "Server")

    wait_for(lambda: state() == "1 standby, asynchronous", state)
    assert "Replication is asynchronous: a failover may lose acknowledged commands" in advice_of(primary)
    set_everywhere(
        primary,
        "ALTER SYSTEM SET synchronous_standby_names = '*'",
        lambda: state() == "1 standby, synchronous",
    )
    assert "asynchronous" not in advice_of(primary)
    set_for_desk(primary, "SET synchronous_commit = local")
    assert state() == "1 standby, asynchronous", "a commit waits for no standby"
    set_for_desk(primary, "SET synchronous_commit = off")
    assert "synchronous_commit is off: what was acknowledged last may be lost" in advice_of(primary)
    set_for_desk(primary, "RESET synchronous_commit")
    set_everywhere(
        primary,
        "ALTER SYSTEM RESET synchronous_standby_names",
        lambda: state() == "1 standby, asynchronous",
    )


@pytest.mark.long
def test_a_standby_is_named_and_can_be_read_but_not_written(
    primary: PostgresServer, standby: Standby
) -> None:
    address = standby.address(DATABASE)
    with closing(Desk.open(primary.address(DATABASE))) as desk:
        seq = done(desk, InstallPolicy(claritum()), by=SYSTEM.key).seq
    with closing(open_database(f"{address}?target_session_attrs=any")) as database:
        wait_for(lambda: database.read(read_head).seq == seq, lambda: "the standby does not follow")
        facts = database.read(database.describe)
        with pytest.raises(DeskUnavailableError, match="may only be read, as a standby"):
            database.write(lambda connection: connection.exec_driver_sql("UPDATE head SET seq = seq"))
    assert detail(facts, "Server") == "standby, which can only be read"
    assert detail(facts, "Changes") == "looked for every 2 s"
    assert any(
        each.startswith("This server is a standby: to write, give the primary") for each in facts.advice
    )
    with pytest.raises(DeskUnavailableError, match="may only be read, as a standby"):
        open_database(f"{address}?connect_timeout=2")


def test_of_a_primary_and_its_standby_the_one_that_can_be_written_is_used(
    primary: PostgresServer, standby: Standby
) -> None:
    ports = f"127.0.0.1:{standby.port},127.0.0.1:{primary.port}"
    facts = facts_of(f"postgresql://postgres@{ports}/{DATABASE}")
    assert "standby, which" not in detail(facts, "Server")


def test_autovacuum_that_is_off_or_does_not_keep_up_is_told(primary: PostgresServer) -> None:
    assert "autovacuum is off: the database grows" in advice_of(primary)
    assert "does not keep up" not in advice_of(primary)
    with primary.connect(DATABASE) as connection:
        connection.execute("CREATE TABLE busy AS SELECT generate_series(1, 20002) AS number")
        connection.execute("DELETE FROM busy WHERE number > 5000")
        # The counts are reported now, and not a second later.
        connection.execute("SELECT pg_stat_force_next_flush()")
        connection.execute("SELECT 1")
        wait_for(
            lambda: (
                "autovacuum does not keep up with busy: 15,002 dead rows beside 5,000" in advice_of(primary)
            ),
            lambda: advice_of(primary),
        )
        connection.execute("VACUUM busy")
        wait_for(lambda: "does not keep up" not in advice_of(primary), lambda: advice_of(primary))
        connection.execute("DROP TABLE busy")


@pytest.mark.parametrize(
    ("ahead", "told", "advised"),
    [
        (0.0, "the server's agrees with this machine's", False),
        (90.0, "the server's is 90 s behind this machine's", True),
        (-3600.0, "the server's is 3600 s ahead of this machine's", True),
    ],
)
def test_clocks_that_differ_are_told(
    primary: PostgresServer, monkeypatch: pytest.MonkeyPatch, ahead: float, told: str, *, advised: bool
) -> None:
    here = SimpleNamespace(time=lambda: time.time() + ahead)
    monkeypatch.setattr(diagnostics, "time", here)
    facts = facts_of(primary.address(DATABASE))
    assert detail(facts, "Clock") == told
    assert any("have both set by NTP" in each for each in facts.advice) == advised


def test_how_changes_are_noticed_is_told(primary: PostgresServer) -> None:
    address = primary.address(DATABASE)
    assert detail(facts_of(address), "Changes") == "reported by the server at once (NOTIFY)"
    set_for_desk(primary, "SET supportdesk.notify = off")
    off = facts_of(address)
    assert detail(off, "Changes") == "looked for every 2 s, because NOTIFY is switched off"
    set_for_desk(primary, "RESET supportdesk.notify")
    assert not any("LISTEN" in each for each in off.advice)


def test_a_server_that_does_not_write_through_is_a_fault(primary: PostgresServer) -> None:
    (fault,) = facts_of(primary.address(DATABASE)).faults
    assert "loses what it has acknowledged when its machine stops: set fsync = on" in fault


def test_a_login_that_may_not_see_replication_is_told_so(primary: PostgresServer, standby: Standby) -> None:
    with primary.connect(DATABASE) as connection:
        connection.execute("DROP ROLE IF EXISTS reader")
        connection.execute("CREATE ROLE reader LOGIN")
        connection.execute("GRANT SELECT ON ALL TABLES IN SCHEMA public TO reader")
    facts = facts_of(primary.address(DATABASE, "reader"))
    assert detail(facts, "Server") in ("1 standby, asynchronous", "no standby that this login can see")
    assert facts.summary.endswith("as reader")
    with primary.connect(DATABASE) as connection:
        connection.execute("DROP OWNED BY reader")
        connection.execute("DROP ROLE reader")


def test_a_failed_listener_counts_as_deaf(primary: PostgresServer, monkeypatch: pytest.MonkeyPatch) -> None:
    """A standby would refuse LISTEN; here, the way to it is gone."""
    with closing(open_database(primary.address(DATABASE))) as database:

        def refuse() -> None:
            raise psycopg.OperationalError("gone")

        monkeypatch.setattr(database, "connect", refuse)
        facts = database.read(database.describe)
    assert detail(facts, "Changes") == "looked for"
    assert any("LISTEN is deaf" in each for each in facts.advice)
