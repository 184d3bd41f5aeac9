"""What can happen on the way to a desk on a PostgreSQL server: the network, the address, and the login."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from tests.faults.postgres_desk import FAULTS, OWNER, PostgresDesk
from tests.postgres import find_free_port

ADDRESS = "correct the address"
PASS = "correct the login or pg_hba.conf"
NOTHING = "nothing: it is sent again"


@FAULTS.fault("every connection is cut", "nothing: everything connects again", needs_proxy=True, is_long=True)
def cut(desk: PostgresDesk) -> Iterator[None]:
    desk.proxy.cut()
    yield


@FAULTS.fault("nothing comes through its port", "let it through", needs_proxy=True, is_long=True)
def block(desk: PostgresDesk) -> Iterator[None]:
    desk.proxy.block()
    yield
    desk.proxy.unblock()


@FAULTS.fault("the connection is cut as a change is to be saved (COMMIT)", NOTHING, needs_proxy=True)
def cut_at_commit(desk: PostgresDesk) -> Iterator[None]:
    desk.proxy.refuse = b"COMMIT\0"
    yield


@FAULTS.fault("the answer that it was saved is lost (COMMIT)", "nothing: it is saved once", needs_proxy=True)
def lose_answer(desk: PostgresDesk) -> Iterator[None]:
    desk.proxy.swallow = b"COMMIT\0"
    yield


@FAULTS.fault("the name of its host is not known", ADDRESS, is_long=True)
def name_unknown_host(desk: PostgresDesk) -> Iterator[None]:
    with at(desk, desk.find_address(host="db1.invalid")):
        yield


@FAULTS.fault("nobody listens at the port", ADDRESS, is_long=True)
def name_unused_port(desk: PostgresDesk) -> Iterator[None]:
    with at(desk, desk.find_address(port=find_free_port())):
        yield


@FAULTS.fault("the name of the database is wrong", ADDRESS)
def name_unknown_database(desk: PostgresDesk) -> Iterator[None]:
    with at(desk, desk.find_address(name="dsek")):
        yield


@contextmanager
def at(desk: PostgresDesk, address: str) -> Iterator[None]:
    """Have the programs that start look for the desk at another address."""
    before, desk.address = desk.address, address
    yield
    desk.address = before


@contextmanager
def by_rule(desk: PostgresDesk, method: str) -> Iterator[None]:
    """Have the server let the programs in by another method."""
    file = desk.server.data / "pg_hba.conf"
    before = file.read_text()
    file.write_text(f"host all {OWNER} all {method}\n{before}")
    desk.execute("SELECT pg_reload_conf()")
    yield
    file.write_text(before)
    desk.execute("SELECT pg_reload_conf()")


@FAULTS.fault("it asks for a password, and you have none", PASS)
def ask_for_password(desk: PostgresDesk) -> Iterator[None]:
    with by_rule(desk, "scram-sha-256"):
        yield


@FAULTS.fault("it lets nobody in from your machine", PASS, is_long=True)
def let_nobody_in(desk: PostgresDesk) -> Iterator[None]:
    with by_rule(desk, "reject"):
        yield


@FAULTS.fault("your login is not known", PASS, is_long=True)
def name_unknown_login(desk: PostgresDesk) -> Iterator[None]:
    desk.execute(f"ALTER ROLE {OWNER} RENAME TO away")
    yield
    desk.execute(f"ALTER ROLE away RENAME TO {OWNER}")


@FAULTS.fault("your login may not log in", PASS, is_long=True)
def lock_login(desk: PostgresDesk) -> Iterator[None]:
    desk.execute(f"ALTER ROLE {OWNER} NOLOGIN")
    yield
    desk.execute(f"ALTER ROLE {OWNER} LOGIN")


@FAULTS.fault("it lets nobody into the database (ALLOW_CONNECTIONS)", "ask its administrator", is_long=True)
def close_database(desk: PostgresDesk) -> Iterator[None]:
    desk.execute(f"ALTER DATABASE {desk.name} ALLOW_CONNECTIONS false", database="postgres")
    yield
    desk.execute(f"ALTER DATABASE {desk.name} ALLOW_CONNECTIONS true", database="postgres")


@FAULTS.fault("it speaks German, and your login is not known", PASS, is_long=True)
def speak_german(desk: PostgresDesk) -> Iterator[None]:
    desk.server.stop("fast")
    before = desk.server.settings
    desk.server.settings = {**before, "lc_messages": "C.UTF-8"}
    desk.server.environment = {"LANGUAGE": "de"}
    desk.server.start()
    desk.execute(f"ALTER ROLE {OWNER} RENAME TO away")
    yield
    desk.execute(f"ALTER ROLE away RENAME TO {OWNER}")
    desk.server.stop("fast")
    desk.server.settings, desk.server.environment = before, {}
    desk.server.start()
