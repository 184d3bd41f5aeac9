"""What can happen to a PostgreSQL server: it stops, is killed, becomes a standby, or takes nobody more."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager, suppress
from typing import Any

import psycopg

from tests.faults.postgres_desk import FAULTS, OWNER, PostgresDesk
from tests.patience import wait_for
from tests.watcher.test_moved_clock import LIBRARY

START = "start it"


@FAULTS.fault("the server is stopped", START, is_long=True)
def stop(desk: PostgresDesk) -> Iterator[None]:
    desk.server.stop("fast")
    yield
    desk.server.start()


@FAULTS.fault("its machine fails (kill -9 of the server)", START, is_long=True)
def kill(desk: PostgresDesk) -> Iterator[None]:
    desk.server.kill()
    yield
    desk.server.start()


@FAULTS.fault("it is restarted", "nothing: everything connects again")
def restart(desk: PostgresDesk) -> Iterator[None]:
    desk.server.stop("fast")
    desk.server.start()
    yield


@FAULTS.fault(
    "it crashes and recovers (kill -9 of one of its processes)", "nothing: everything connects again"
)
def kill_one(desk: PostgresDesk) -> Iterator[None]:
    with desk.connect() as connection:
        found = connection.execute(
            "SELECT pid FROM pg_stat_activity WHERE datname = %s AND usename = %s", [desk.name, OWNER]
        ).fetchone()
        assert found is not None
        os.kill(found[0], signal.SIGKILL)
        wait_for(lambda: has_ended(connection), lambda: "the server does not notice it")
    wait_for(lambda: answers(desk), lambda: "the server does not recover")
    yield


@contextmanager
def as_standby(desk: PostgresDesk, **settings: str) -> Iterator[None]:
    """Stop the server, and start it as a standby that follows nobody; it may not answer."""
    desk.server.stop("fast")
    signs = [desk.server.data / "standby.signal"]
    signs[0].touch()
    before = desk.server.settings
    desk.server.settings = {**before, **settings}
    desk.server.launch()
    yield
    desk.server.stop("immediate")
    for sign in signs:
        sign.unlink()
    desk.server.settings = before
    desk.server.start()


def has_ended(connection: psycopg.Connection[Any]) -> bool:
    """Return whether the server has ended a session."""
    try:
        connection.execute("SELECT")
    except psycopg.OperationalError:
        return True
    return False


def answers(desk: PostgresDesk) -> bool:
    """Return whether the server takes connections."""
    with suppress(psycopg.OperationalError):
        desk.connect().close()
        return True
    return False


@FAULTS.fault("it is still starting, for longer than 20 s", "wait until it has started", is_long=True)
def start_for_ever(desk: PostgresDesk) -> Iterator[None]:
    # It waits for the first file of an archive that does not come.
    with as_standby(desk, restore_command="sleep 300"):
        yield


@FAULTS.fault("it is a standby", "give all hosts in the address", is_long=True)
def be_standby(desk: PostgresDesk) -> Iterator[None]:
    with as_standby(desk, restore_command="false"):
        wait_for(lambda: answers(desk), lambda: "the standby does not answer")
        yield


@FAULTS.fault("it is a standby that takes no connection", "give all hosts in the address", is_long=True)
def be_silent_standby(desk: PostgresDesk) -> Iterator[None]:
    with as_standby(desk, restore_command="false", hot_standby="off"):
        yield


@FAULTS.fault("it has no connection left", "close others, or raise max_connections", is_long=True)
def take_connections(desk: PostgresDesk) -> Iterator[None]:
    with ExitStack() as taken:
        with suppress(psycopg.OperationalError):
            while True:
                taken.enter_context(desk.server.connect("postgres", OWNER))
        yield


@FAULTS.fault("your login has no connection left", "close others, or raise its limit", is_long=True)
def limit_connections(desk: PostgresDesk) -> Iterator[None]:
    desk.execute(f"ALTER ROLE {OWNER} CONNECTION LIMIT 0")
    yield
    desk.execute(f"ALTER ROLE {OWNER} CONNECTION LIMIT -1")


@FAULTS.fault("its clock is three hours slow", "nothing: no time is taken from it", is_long=True)
def slow_clock(desk: PostgresDesk) -> Iterator[None]:
    desk.server.stop("fast")
    desk.server.environment = {"LD_PRELOAD": str(LIBRARY), "FAKETIME": "-3h", "DONT_FAKE_MONOTONIC": "1"}
    desk.server.start()
    yield
    desk.server.stop("fast")
    desk.server.environment = {}
    desk.server.start()


_WAITING = "SELECT pid FROM pg_stat_activity WHERE datname = %s AND usename = %s AND wait_event_type = 'Lock'"


def find_waiting(desk: PostgresDesk) -> int | None:
    """Return the process of a session of the programs that waits for a lock."""
    with desk.connect() as connection:
        found = connection.execute(_WAITING, [desk.name, OWNER]).fetchone()
    return None if found is None else int(found[0])


@contextmanager
def met_in_change(desk: PostgresDesk, statement: str) -> Iterator[None]:
    """Keep changes waiting for the head until a statement was executed on the session of the first that waits."""

    def meet() -> None:
        met = wait_for(lambda: find_waiting(desk), lambda: "nothing waits for the head")
        with desk.connect() as connection:
            connection.execute(statement.encode(), [met])
        wait_for(lambda: find_waiting(desk) != met, lambda: "it still waits")
        holder.rollback()

    with desk.connect() as holder, ThreadPoolExecutor(1) as pool:
        holder.autocommit = False
        holder.execute("SELECT * FROM head FOR UPDATE")
        meeting = pool.submit(meet)
        yield
        meeting.result()


@FAULTS.fault("an administrator ends the session in the middle of a change", "nothing: it is repeated")
def end_session(desk: PostgresDesk) -> Iterator[None]:
    with met_in_change(desk, "SELECT pg_terminate_backend(%s, 60000)"):
        yield


@FAULTS.fault("a change and another wait for each other (deadlock)", "nothing: it is repeated", is_long=True)
def lock_each_other(desk: PostgresDesk) -> Iterator[None]:
    # The one that changes a ticket holds its row when it waits for the head, and is broken off after a second.
    with desk.connect() as other:
        other.execute("SET deadlock_timeout = '5min'")
        other.autocommit = False
        other.execute("SELECT * FROM head FOR UPDATE")

        def take_ticket() -> None:
            wait_for(lambda: find_waiting(desk), lambda: "nothing waits for the head")
            other.execute("SELECT * FROM tickets FOR UPDATE")
            other.rollback()

        with ThreadPoolExecutor(1) as pool:
            taking = pool.submit(take_ticket)
            yield
            taking.result()


@FAULTS.fault("an administrator cancels the change", "try again")
def cancel_change(desk: PostgresDesk) -> Iterator[None]:
    with met_in_change(desk, "SELECT pg_cancel_backend(%s)"):
        yield
