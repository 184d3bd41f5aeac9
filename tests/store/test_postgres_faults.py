"""What a server or the way to it can do to a command: it is carried out once, or refused with a clear message."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager, suppress
from pathlib import Path

import msgspec
import pytest
from sqlalchemy import Connection

from supportdesk.clock import FixedClock
from supportdesk.desk import Desk
from supportdesk.desk_api import Applied
from supportdesk.store import ledger
from supportdesk.store.errors import DeskUnavailableError, OutcomeUnknownError
from supportdesk.store.postgres import change_watch, server_connection, transactions
from supportdesk.store.postgres.change_watch import PostgresChangeWatch
from supportdesk.store.postgres.database import PostgresDatabase
from supportdesk.tickets.documents import Person
from supportdesk.tickets.process.assignment import Assign, Claim
from supportdesk.tickets.process.conversation import Note
from supportdesk.tickets.records.commands import SavePerson
from tests.databases import POSTGRES, use
from tests.patience import wait_for
from tests.postgres import PostgresServer, database_in
from tests.proxy import Proxy
from tests.store.desks import database_of, done, furnished_desk, logged, running_server, uri_of, verified
from tests.store.outboxes import claim, critical, give_addresses
from tests.tickets.scenario import MONDAY_NINE, RECORDS

pytestmark = pytest.mark.server

COMMIT = b"COMMIT\0"


@pytest.fixture
def server() -> Iterator[PostgresServer]:
    with use(POSTGRES):
        yield running_server()


@pytest.fixture
def desk(server: PostgresServer, tmp_path: Path) -> Iterator[Desk]:
    with furnished_desk(tmp_path) as desk:
        yield desk


@pytest.fixture
def proxy(server: PostgresServer) -> Iterator[Proxy]:
    made = Proxy(server.port)
    yield made
    made.close()


def name_of(desk: Desk) -> str:
    return database_in(uri_of(database_of(desk)))


@contextmanager
def opened_through(proxy: Proxy, desk: Desk) -> Iterator[Desk]:
    """The same desk, reached through the proxy."""
    uri = f"postgresql://postgres@127.0.0.1:{proxy.port}/{name_of(desk)}"
    with closing(Desk.open(uri, FixedClock(MONDAY_NINE))) as other:
        yield other


def notes(desk: Desk, ref: str) -> int:
    return [entry.event for entry in desk.ticket(ref).timeline].count("noted")


@pytest.mark.parametrize("state", ["40001", "40P01"])
def test_a_command_that_the_server_breaks_off_is_run_again_as_a_whole(
    server: PostgresServer, desk: Desk, state: str
) -> None:
    ref = logged(desk)
    with server.connect(name_of(desk)) as connection:
        connection.execute("CREATE SEQUENCE tries")
        connection.execute(
            "CREATE FUNCTION break_off() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
            f" IF nextval('tries') < 4 THEN RAISE EXCEPTION 'injected' USING ERRCODE = '{state}'; END IF;"
            " RETURN NEW; END $$"
        )
        connection.execute(
            "CREATE TRIGGER break_off BEFORE INSERT ON ledger FOR EACH ROW EXECUTE FUNCTION break_off()"
        )
        done(desk, Note(ref, "the usual thing"))
        assert connection.execute("SELECT last_value FROM tries").fetchone() == (4,)
        connection.execute("DROP FUNCTION break_off CASCADE")
        connection.execute("DROP SEQUENCE tries")
    assert notes(desk, ref) == 1
    assert verified(desk).is_intact


def test_a_command_whose_session_is_ended_is_run_again(server: PostgresServer, desk: Desk) -> None:
    ref = logged(desk)
    name = name_of(desk)
    with server.connect(name) as admin, server.connect(name) as holder:
        holder.autocommit = False
        holder.execute("SELECT * FROM tickets FOR UPDATE")
        with ThreadPoolExecutor(1) as pool:
            outcome = pool.submit(desk.do, Note(ref, "the usual thing"), by="ann", command_id="note-1")
            waiting = "SELECT pid FROM pg_stat_activity WHERE datname = %s AND wait_event_type = 'Lock'"
            (pid,) = wait_for(
                lambda: admin.execute(waiting, [name]).fetchone(), lambda: "the command waits for nothing"
            )
            admin.execute("SELECT pg_terminate_backend(%s)", [pid])
            holder.rollback()
            assert isinstance(outcome.result(), Applied)
    assert notes(desk, ref) == 1
    assert verified(desk).is_intact


def test_where_the_answer_to_a_commit_is_lost_the_commands_id_settles_it(desk: Desk, proxy: Proxy) -> None:
    ref = logged(desk)
    with opened_through(proxy, desk) as other:
        proxy.swallow = COMMIT
        outcome = other.do(Note(ref, "the usual thing"), by="ann", command_id="note-1")
        assert proxy.swallowed.wait(60)
    assert isinstance(outcome, Applied)
    assert outcome.repeated, "the first time it was written already"
    assert notes(desk, ref) == 1
    assert verified(desk).is_intact


def test_messages_are_claimed_at_once_although_the_answer_to_that_was_lost(desk: Desk, proxy: Proxy) -> None:
    give_addresses(desk)
    critical(desk)
    with opened_through(proxy, desk) as other:
        proxy.swallow = COMMIT
        assert claim(other), "what the lost claim has is not sent until that expires"
        assert proxy.swallowed.wait(60)
        assert not claim(other)


def test_where_the_server_stays_away_after_a_commit_nobody_is_told_that_it_failed(
    desk: Desk, proxy: Proxy, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(transactions, "UNKNOWN_PATIENCE", 0.2)
    ref = logged(desk)
    with opened_through(proxy, desk) as other:
        proxy.swallow, proxy.closes_then = COMMIT, True
        with pytest.raises(
            OutcomeUnknownError, match=r"Send it again once the desk is back: it is saved only once"
        ):
            other.do(Note(ref, "the usual thing"), by="ann", command_id="note-1")
    again = done(desk, Note(ref, "the usual thing"), command_id="note-1")
    assert again.repeated
    assert notes(desk, ref) == 1


def test_a_server_that_cannot_be_reached_refuses_soon_and_works_again_at_once(
    desk: Desk, proxy: Proxy, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(transactions, "RECONNECTING", 0.2)
    ref = logged(desk)
    with opened_through(proxy, desk) as other:
        done(other, Note(ref, "before"))
        proxy.block()
        proxy.cut()
        other._database.uri += "?connect_timeout=2"  # type: ignore[attr-defined]
        with pytest.raises(DeskUnavailableError, match="cannot be reached"):
            other.do(Note(ref, "meanwhile"), by="ann")
        proxy.unblock()
        done(other, Note(ref, "after"))
    assert notes(desk, ref) == 2


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Suspect a silent server soon."""
    for module, name in ((server_connection.ServerConnection, "silence"), (change_watch, "SILENCE")):
        monkeypatch.setattr(module, name, 0.2)
    monkeypatch.setattr(transactions, "RECONNECTING", 0.2)


@pytest.mark.long
@pytest.mark.usefixtures("impatient")
def test_a_server_that_falls_silent_is_noticed_although_nothing_is_cut(desk: Desk, proxy: Proxy) -> None:
    ref = logged(desk)
    with opened_through(proxy, desk) as other:
        done(other, Note(ref, "before"))
        assert other.wait_for_change(60)
        proxy.block()
        with pytest.raises(DeskUnavailableError, match="the server does not answer"):
            other.do(Note(ref, "meanwhile"), by="ann")
        with pytest.raises(DeskUnavailableError, match="the server does not answer"):
            wait_for(lambda: other.wait_for_change(0.1), lambda: "the watch does not notice it")
        proxy.unblock()
        done(other, Note(ref, "after"))
    assert notes(desk, ref) == 2


@pytest.mark.usefixtures("impatient")
def test_a_statement_may_take_long_while_the_server_answers_others(desk: Desk) -> None:
    found = database_of(desk).read(
        lambda connection: connection.exec_driver_sql("SELECT 1 FROM pg_sleep(1)").scalar_one()
    )
    assert found == 1


def test_closing_a_desk_ends_what_waits_for_a_silent_server(desk: Desk, proxy: Proxy) -> None:
    ref = logged(desk)
    with ThreadPoolExecutor(1) as pool, opened_through(proxy, desk) as other:
        done(other, Note(ref, "before"))
        proxy.block()
        outcome = pool.submit(other.do, Note(ref, "meanwhile"), by="ann")
        wait_for(outcome.running, lambda: "the command does not begin")
        other.close()
        with pytest.raises(DeskUnavailableError, match="is closed here"):
            outcome.result()


def test_a_server_on_which_nothing_can_be_written_is_named_as_such(
    server: PostgresServer, desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(transactions, "RECONNECTING", 0.2)
    with server.connect("postgres") as connection:
        connection.execute(f"ALTER DATABASE {name_of(desk)} SET default_transaction_read_only = on")
    with pytest.raises(DeskUnavailableError, match="may only be read"):
        Desk.open(uri_of(database_of(desk)))


def test_a_record_that_changes_before_the_head_is_locked_has_the_command_decided_again(
    server: PostgresServer, desk: Desk
) -> None:
    ref = logged(desk)
    name = name_of(desk)
    leaver = RECORDS.staff["sam"]
    with (
        closing(Desk.open(uri_of(database_of(desk)), FixedClock(MONDAY_NINE))) as other,
        server.connect(name) as holder,
    ):
        holder.autocommit = False
        holder.execute("SELECT * FROM head FOR UPDATE")
        with ThreadPoolExecutor(2) as pool:
            # Both are decided, and wait for the head: the leaver's goes first.
            leaves = pool.submit(other.do, SavePerson(_inactive(leaver)), by="sue")
            _await_waiters(server, name, 1)
            assigned = pool.submit(desk.do, Assign(ref, "sam"), by="sue")
            _await_waiters(server, name, 2)
            holder.rollback()
            assert isinstance(leaves.result(), Applied)
            outcome = assigned.result()
    assert not isinstance(outcome, Applied), "the ticket would belong to somebody who has left"
    assert verified(desk).is_intact


def _inactive(person: Person) -> Person:
    return msgspec.structs.replace(person, active=False)


def _await_waiters(server: PostgresServer, name: str, number: int) -> None:
    query = (
        "SELECT count(*) = %s FROM pg_stat_activity WHERE datname = %s AND wait_event_type = 'Lock'"
        " AND query LIKE '%%head%%'"
    )
    with server.connect(name) as connection:
        wait_for(
            lambda: (connection.execute(query, [number, name]).fetchone() or (False,))[0],
            lambda: "the commands do not wait for the head",
        )


def test_a_console_hears_of_a_commit_although_notify_is_switched_off(
    server: PostgresServer, desk: Desk
) -> None:
    with server.connect(name_of(desk)) as connection:
        connection.execute(f"ALTER DATABASE {name_of(desk)} SET supportdesk.notify = off")
    with closing(Desk.open(uri_of(database_of(desk)), FixedClock(MONDAY_NINE))) as other:
        logged(other)
        assert desk.wait_for_change(60)


def test_only_a_desk_that_waits_for_changes_has_a_session_that_listens(
    server: PostgresServer, desk: Desk
) -> None:
    with server.connect(name_of(desk)) as connection:

        def count_listeners() -> int:
            query = "SELECT count(*) FROM pg_stat_activity WHERE datname = %s AND pid <> pg_backend_pid()"
            (sessions,) = connection.execute(query, [name_of(desk)]).fetchone() or (0,)
            return int(sessions) - 1

        logged(desk)
        assert count_listeners() == 0
        with closing(Desk.open(uri_of(database_of(desk)), FixedClock(MONDAY_NINE))) as other:
            logged(other)
        assert desk.wait_for_change(0), "what was committed before the first wait counts"
        wait_for(lambda: count_listeners() == 1, lambda: "nobody listens")


def test_a_watch_that_found_a_commit_unreported_looks_more_often(server: PostgresServer, desk: Desk) -> None:
    with server.connect(name_of(desk)) as connection:
        connection.execute(f"ALTER DATABASE {name_of(desk)} SET supportdesk.notify = off")
    database = PostgresDatabase(uri_of(database_of(desk)))
    watch = PostgresChangeWatch(database)
    assert not watch.wait(0)
    with closing(Desk.open(uri_of(database_of(desk)), FixedClock(MONDAY_NINE))) as other:
        logged(other)
    assert watch.wait(60)
    assert watch.is_deaf
    watch.close()
    database.close()


def test_what_is_committed_while_the_watch_is_cut_off_is_found_afterwards(desk: Desk, proxy: Proxy) -> None:
    database = PostgresDatabase(f"postgresql://postgres@127.0.0.1:{proxy.port}/{name_of(desk)}")
    watch = PostgresChangeWatch(database)
    assert not watch.wait(0)
    proxy.cut()
    logged(desk)
    with suppress(DeskUnavailableError):
        watch.wait(0)
    assert watch.wait(60)
    watch.close()
    database.close()


def test_two_who_lock_several_tickets_in_opposite_order_both_succeed(desk: Desk) -> None:
    refs = [logged(desk) for _ in range(2)]
    with (
        closing(Desk.open(uri_of(database_of(desk)), FixedClock(MONDAY_NINE))) as other,
        ThreadPoolExecutor(2) as pool,
    ):

        def claim_all(each: Desk, by: str, order: list[str]) -> object:
            return each.transaction(
                lambda doing: [doing(Note(ref, by), by=by, command_id=f"{by}-{ref}") for ref in order]
            )

        for outcome in (
            pool.submit(claim_all, desk, "ann", refs),
            pool.submit(claim_all, other, "sam", refs[::-1]),
        ):
            assert all(isinstance(each, Applied) for each in outcome.result())  # type: ignore[attr-defined]
    assert [notes(desk, ref) for ref in refs] == [2, 2]
    assert verified(desk).is_intact


def test_nobody_can_commit_behind_a_reader(desk: Desk) -> None:
    ref = logged(desk)
    database = database_of(desk)

    def read(connection: Connection) -> tuple[int, int]:
        before = ledger.read_head(connection).seq
        done(desk, Claim(ref))
        return before, ledger.read_head(connection).seq

    before, after = database.read(read)
    assert before == after, "what is read is as of one moment"


def test_a_reader_cannot_write(desk: Desk) -> None:
    with pytest.raises(DeskUnavailableError, match="may only be read, as a standby"):
        database_of(desk).read(lambda connection: connection.exec_driver_sql("DELETE FROM ledger"))
    assert verified(desk).is_intact
