"""A connection that notices a pooler on the way to the server, and a server that has fallen silent."""

from __future__ import annotations

import time
from collections.abc import Callable, Generator, Sequence
from typing import Any, LiteralString, TypeVar

import psycopg
from psycopg import conninfo
from psycopg.rows import TupleRow

LOCK_TIMEOUT = 20
"""Seconds for which a statement waits for a lock."""

SETTINGS = {
    "lock_timeout": f"{LOCK_TIMEOUT}s",
    "idle_in_transaction_session_timeout": "60s",
    "timezone": "UTC",
    # What the driver reads, and what `verify` compares, whatever is set for the login or the database.
    "datestyle": "ISO",
    "bytea_output": "hex",
    "extra_float_digits": "1",
    "quote_all_identifiers": "off",
    "array_nulls": "on",
}
"""What holds in every session."""

SILENCE = 5.0
"""Seconds without a byte of an answer after which the server is asked on another connection whether it is alive."""

CLOSING = 0.5
"""Seconds without a byte of an answer after which a connection that is to be closed gives up."""

_SET = ", ".join(f"set_config('{name}', '{value}', {{local}})" for name, value in SETTINGS.items())
_FIRST = f"SELECT pg_backend_pid() <> %(known)s, {_SET.format(local='pg_backend_pid() <> %(known)s')}"
_EACH = (
    f"SELECT set_config('search_path', %s, true), set_config('statement_timeout', %s, true),"
    f" {_SET.format(local='true')}"
)
_DEFAULTS = (
    "SELECT reset_val FROM pg_settings WHERE name IN"
    " ('default_transaction_read_only', 'search_path', 'statement_timeout') ORDER BY name"
)
"""What another client of a pooler may have changed, as it is for the login."""

_CONNECTION_LOST = "08"
"""The class of SQLSTATE with which a pooler, too, says that the server behind it is away."""

T = TypeVar("T")


class ServerConnection(psycopg.Connection[TupleRow]):
    """A connection of the driver's, which `prepare_session` makes ready.

    `is_pooled` says that a pooler is on the way: another transaction may reach another session of the server, with
    other settings and other prepared statements. An answer may take any time as long as the server answers others;
    otherwise psycopg.OperationalError is raised. Once `is_closing`, it is raised soon in any case.
    """

    is_pooled = False
    is_closing = False
    silence = SILENCE
    is_probe = False
    _may_write = False
    _defaults: tuple[str, ...] = ()
    _commit_delayed: Callable[[], None] | None = None
    _send_delayed: Callable[[], None] | None = None

    def prepare_session(self) -> None:
        """Apply the settings, outside any transaction, and find out whether a pooler is on the way."""
        self.isolation_level = psycopg.IsolationLevel.READ_COMMITTED
        (found,) = self.execute(_FIRST, {"known": self.info.backend_pid}).fetchall()
        self.is_pooled = bool(found[0])
        if self.is_pooled:
            # A name of ours may be that of another client's statement.
            self.prepare_threshold = None
            is_read_only, *defaults = (value for (value,) in self.execute(_DEFAULTS).fetchall())
            self._may_write, self._defaults = is_read_only == "off", tuple(defaults)

    def prepare_transaction(self, execute: Callable[[LiteralString, tuple[str, ...]], object]) -> None:
        """Apply the settings to the transaction that begins now, where its session may be another one each time.

        `execute` carries out a statement in it.
        """
        self._choose_access()
        if self.is_pooled:
            execute(_EACH, self._defaults)

    def fetch_row(self, statement: LiteralString, parameters: Sequence[object] = ()) -> TupleRow | None:
        """Return the first row of a statement that is a transaction of its own, under autocommit; None without one."""
        if not self.is_pooled:
            return _first_row(self.execute(statement, parameters))
        self._choose_access()
        with self.transaction():
            self.execute(_EACH, self._defaults)
            return _first_row(self.execute(statement, parameters))

    def _choose_access(self) -> None:
        if not self.read_only:
            # As the login's default says, which another client of a pooler may have changed.
            self.read_only = False if self.is_pooled and self._may_write else None

    def wait_for_commit(self, commit: Callable[[], None], send: Callable[[], None]) -> None:
        """Have the transaction that is under way commit by `commit`, which sends something else before.

        If another statement is to be executed before the commit, `send` only sends that.
        """
        self._commit_delayed, self._send_delayed = commit, send

    def send_delayed(self) -> None:
        """Send what waits for the commit; nothing where nothing waits."""
        if (send := self._send_delayed) is not None:
            self._commit_delayed = self._send_delayed = None
            send()

    def commit(self) -> None:
        """Commit, with what waits for it."""
        if (commit := self._commit_delayed) is None:
            super().commit()
            return
        self._commit_delayed = self._send_delayed = None
        commit()

    def rollback(self) -> None:
        """Roll back, and forget what waits for the commit."""
        self._commit_delayed = self._send_delayed = None
        super().rollback()

    def wait(self, gen: Generator[Any, Any, T], *args: Any, **kwargs: Any) -> T:
        """Return the result of one of the driver's generators. Raises psycopg.OperationalError for a silent server."""
        return super().wait(self._attend(gen), *args, **kwargs)

    def _attend(self, gen: Generator[Any, Any, T]) -> Generator[Any, Any, T]:
        heard_at = time.monotonic()
        try:
            wanted = next(gen)
            while True:
                ready = yield wanted
                if ready:
                    heard_at = time.monotonic()
                elif self._is_lost(time.monotonic() - heard_at):
                    self.pgconn.finish()
                    raise psycopg.OperationalError("the server does not answer")
                elif time.monotonic() - heard_at >= self.silence:
                    # It answered the probe.
                    heard_at = time.monotonic()
                wanted = gen.send(ready)
        except StopIteration as stop:
            value: T = stop.value
            return value

    def _is_lost(self, seconds: float) -> bool:
        """Return whether an answer that has not come for so many seconds will not come."""
        if self.is_closing and seconds >= CLOSING:
            return True
        return seconds >= self.silence and (self.is_probe or not self._is_server_alive())

    def _is_server_alive(self) -> bool:
        """Return whether the server answers on another connection; a refusal is an answer."""
        # The same one, not another of the hosts.
        server: dict[str, Any] = {
            **conninfo.conninfo_to_dict(self.info.dsn),
            "host": self.info.host,
            "hostaddr": self.info.hostaddr or None,
            "port": self.info.port,
            "password": self.info.password or None,
            "target_session_attrs": "any",
        }
        try:
            probe = _Probe.connect("", autocommit=True, **server)
        except psycopg.errors.ConnectionTimeout:
            return False
        except psycopg.OperationalError:
            # Imported when a server refuses, which is rare.
            from supportdesk.store.postgres.refusals import find_refusal

            return _is_answer(find_refusal(server))
        try:
            probe.execute("SELECT")
        except psycopg.OperationalError as error:
            return _is_answer(error.sqlstate)
        finally:
            probe.close()
        return True


def _is_answer(state: str | None) -> bool:
    """Return whether a refusal with this SQLSTATE comes from a server, not from a pooler that cannot reach one."""
    return bool(state) and not str(state).startswith(_CONNECTION_LOST)


def _first_row(cursor: psycopg.Cursor[TupleRow]) -> TupleRow | None:
    return cursor.fetchone() if cursor.description is not None else None


class _Probe(ServerConnection):
    """A connection by which a server is asked whether it is alive."""

    is_probe = True
