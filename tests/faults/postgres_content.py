"""What can happen to a desk's database on a PostgreSQL server: its tables, its rights, its settings and its disk."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager

from tests.faults.postgres_desk import FAULTS, OWNER, PostgresDesk
from tests.store.desks import furnish

PUT_BACK = "put it back"
RESTORED = "`supportdesk db copy BACKUP ADDRESS`, into an empty database"
RIGHTS = "ask for the right"


@FAULTS.fault("its table of events is locked for 30 seconds", "the other program ends", is_long=True)
def lock_table(desk: PostgresDesk) -> Iterator[None]:
    with desk.connect() as holder:
        holder.autocommit = False
        holder.execute("LOCK TABLE ledger, head IN ACCESS EXCLUSIVE MODE")
        began = time.monotonic()
        yield
        time.sleep(max(0.0, 30 - (time.monotonic() - began)))
        holder.rollback()


@FAULTS.fault("the database is dropped", RESTORED, is_long=True)
def drop_database(desk: PostgresDesk) -> Iterator[None]:
    desk.server.drop_database(desk.name)
    yield
    desk.execute(f"CREATE DATABASE {desk.name}", database="postgres")
    desk.restore()


@FAULTS.fault("the database is renamed", PUT_BACK, is_long=True)
def rename_database(desk: PostgresDesk) -> Iterator[None]:
    with renamed(desk):
        yield


@contextmanager
def renamed(desk: PostgresDesk) -> Iterator[None]:
    """Rename the database, and put it back in the place of whatever is there."""
    away = f"{desk.name}_away"
    desk.execute(f"ALTER DATABASE {desk.name} ALLOW_CONNECTIONS false", database="postgres")
    desk.end_sessions()
    desk.execute(f"ALTER DATABASE {desk.name} RENAME TO {away}", database="postgres")
    yield
    desk.execute(f"DROP DATABASE IF EXISTS {desk.name} WITH (FORCE)", database="postgres")
    desk.execute(
        f"ALTER DATABASE {away} RENAME TO {desk.name}",
        f"ALTER DATABASE {desk.name} ALLOW_CONNECTIONS true",
        database="postgres",
    )


@FAULTS.fault("an empty database is in its place", PUT_BACK)
def empty_database(desk: PostgresDesk) -> Iterator[None]:
    with renamed(desk):
        desk.execute(f"CREATE DATABASE {desk.name} OWNER {OWNER}", database="postgres")
        yield


@FAULTS.fault("a database that is not in UTF-8 is in its place", PUT_BACK, is_long=True)
def wrong_encoding(desk: PostgresDesk) -> Iterator[None]:
    with renamed(desk):
        desk.execute(
            f"CREATE DATABASE {desk.name} OWNER {OWNER} ENCODING 'LATIN1' TEMPLATE template0",
            database="postgres",
        )
        yield


@FAULTS.fault("another desk is in its place", PUT_BACK, is_long=True)
def replace_by_desk(desk: PostgresDesk) -> Iterator[None]:
    with renamed(desk):
        desk.execute(f"CREATE DATABASE {desk.name} OWNER {OWNER}", database="postgres")
        furnish(desk.address)
        yield


@FAULTS.fault("its schema is not on your search_path", "correct the search_path", is_long=True)
def hide_schema(desk: PostgresDesk) -> Iterator[None]:
    desk.execute(f"ALTER DATABASE {desk.name} SET search_path = elsewhere")
    desk.end_sessions()
    yield
    desk.execute(f"ALTER DATABASE {desk.name} RESET search_path")
    desk.end_sessions()


@FAULTS.fault("its table of tickets is missing", PUT_BACK)
def rename_table(desk: PostgresDesk) -> Iterator[None]:
    desk.execute("ALTER TABLE tickets RENAME TO tickets_away")
    yield
    desk.execute("ALTER TABLE tickets_away RENAME TO tickets")


@FAULTS.fault("you may not write into its ledger", RIGHTS, is_long=True)
def forbid_writing(desk: PostgresDesk) -> Iterator[None]:
    desk.execute(f"REVOKE INSERT ON ledger FROM {OWNER}")
    yield
    desk.execute(f"GRANT INSERT ON ledger TO {OWNER}")


@FAULTS.fault("you may not read its tickets", RIGHTS)
def forbid_reading(desk: PostgresDesk) -> Iterator[None]:
    desk.execute(f"REVOKE SELECT ON tickets FROM {OWNER}")
    yield
    desk.execute(f"GRANT SELECT ON tickets TO {OWNER}")


@FAULTS.fault("the watcher may not write its heartbeat", RIGHTS, is_long=True)
def forbid_heartbeat(desk: PostgresDesk) -> Iterator[None]:
    desk.execute(f"REVOKE UPDATE ON heartbeat FROM {OWNER}")
    yield
    desk.execute(f"GRANT UPDATE ON heartbeat TO {OWNER}")


@contextmanager
def setting(desk: PostgresDesk, name: str, value: str) -> Iterator[None]:
    """Have new sessions in the database begin with a setting."""
    desk.execute(f"ALTER DATABASE {desk.name} SET {name} = {value}")
    desk.end_sessions()
    yield
    # Not from within: it may be that nobody can write there.
    desk.execute(f"ALTER DATABASE {desk.name} RESET {name}", database="postgres")
    desk.end_sessions()


@FAULTS.fault("the database may only be read (default_transaction_read_only)", "allow writing", is_long=True)
def read_only(desk: PostgresDesk) -> Iterator[None]:
    with setting(desk, "default_transaction_read_only", "on"):
        yield


@FAULTS.fault("its transactions are serializable", "nothing: it sets its own", is_long=True)
def serializable(desk: PostgresDesk) -> Iterator[None]:
    with setting(desk, "default_transaction_isolation", "serializable"):
        yield


@FAULTS.fault("NOTIFY is switched off", "nothing: it looks for changes", is_long=True)
def switch_notify_off(desk: PostgresDesk) -> Iterator[None]:
    with setting(desk, "supportdesk.notify", "off"):
        yield


@FAULTS.fault("it ends sessions that are idle for 50 ms", "nothing: everything connects again", is_long=True)
def end_idle_sessions(desk: PostgresDesk) -> Iterator[None]:
    with setting(desk, "idle_session_timeout", "50"):
        yield


@FAULTS.fault("a change takes longer than its statement_timeout", "raise it, or try again", is_long=True)
def break_off_statements(desk: PostgresDesk) -> Iterator[None]:
    with setting(desk, "statement_timeout", "'1s'"), desk.connect() as holder:
        holder.autocommit = False
        holder.execute("SET statement_timeout = 0")
        holder.execute("SELECT * FROM head FOR UPDATE")
        yield
        holder.rollback()
