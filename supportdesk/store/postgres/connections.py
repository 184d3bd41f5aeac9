"""Connections to a PostgreSQL server, and what its errors mean.

Credentials come from libpq's usual places: a service file, a passfile, the environment or the operating system's user.
"""

from __future__ import annotations

import logging
import re
from enum import Enum, auto
from typing import Any

import psycopg
from psycopg import conninfo

from supportdesk.store.errors import DeskUnavailableError
from supportdesk.store.postgres.address import CREDENTIALS_GIVEN
from supportdesk.store.postgres.server_connection import LOCK_TIMEOUT, ServerConnection

DAMAGED = (
    "is damaged: close all consoles, have an empty database made, and run `supportdesk db copy BACKUP ADDRESS` with"
    " your newest backup"
)
"""The message for a damaged desk, after its place."""

# It would print what it also raises, in the middle of a screen.
logging.getLogger("psycopg").addHandler(logging.NullHandler())

_QUOTED = re.compile('".*"', re.DOTALL)

_BEFORE_REASON = re.compile(
    r"^(connection (failed|is bad): (connection to server .*? failed: )?(\w+: )?"
    r"|failed to resolve host '[^']*': (\[Errno -?\d+\] )?)"
)
"""What precedes a reason and names the address, which messages name already."""

CONNECT_TIMEOUT = 5
"""Seconds for which a connection to one host is tried."""

_DEFAULTS: dict[str, Any] = {
    "application_name": "supportdesk",
    "client_encoding": "UTF8",
    "connect_timeout": CONNECT_TIMEOUT,
    # A server that has gone silent is noticed, also in the middle of an answer.
    "keepalives_idle": 10,
    "keepalives_interval": 5,
    "keepalives_count": 3,
    "tcp_user_timeout": 15_000,
    "target_session_attrs": "read-write",
}

GUARD = "SD001"
"""The state of what the guards of the tables refuse."""


class Trouble(Enum):
    """What an error of the server means for a transaction."""

    CONFLICT = auto()
    """Another transaction was in its way: run it again."""
    TAKEN = auto()
    """Another transaction wrote the same key: run it again, a few times at most."""
    UNPREPARED = auto()
    """A pooler between us and the server has lost the prepared statements: do without them."""
    STARTING = auto()
    """The server is starting, or has no connection left: it will take one in a while."""
    DISCONNECTED = auto()
    """The connection is gone, or leads to a server that may not be written: connect again."""
    FINAL = auto()
    """Running it again would not help."""


_STATEMENT_MODE = "SD003"
"""Our own state for what a pooler refuses that hands out the server for one statement at a time."""

_POOLER = "08P01"
_OF_POOLER = (
    ("statement pooling mode", _STATEMENT_MODE),
    ("no such database", "3D000"),
    ("no more connections allowed", "57P03"),
    ("login has been failing", "57P03"),
    ("query_wait_timeout", "57P03"),
    # Whatever else it refuses a connection for.
    ("FATAL", "SD004"),
)
"""A pooler has one state for all that it says for itself, in English: the state that is meant by the words."""

_CONFLICTS = {"40001", "40P01", "55P03"}
_UNPREPARED = {"26000", "42P05"}
# Shutdown, crash, and a server that has become a standby.
_STARTING_STATES = {"57P03", "53300"}
_DISCONNECTED = {"57P01", "57P02", "57P05", "25006", "25P03"}
# Values, tables and columns, files on the server's disk, and pages in them.
_CONTENT = {"22", "42", "58", "XX"}
_NOT_CONTENT = {"42501", "XX002"}
_ADVICE = {
    _STATEMENT_MODE: "is behind a pooler in statement mode, which allows no transactions: set its pool_mode to"
    " transaction or session",
    "25006": "may only be read, as a standby: give all hosts in the address, or ask its administrator to allow writing",
    "28": "does not let you in: check your user name, ~/.pgpass or the service file, and the server's pg_hba.conf",
    "3D": "has no such database: check its name in the address; for a new one, ask the server's administrator"
    " (`createdb`)",
    "55000": "takes no connections now: ask the server's administrator",
    "57014": "broke off what took too long, or an administrator did: try again, or ask for a higher statement_timeout",
    "53100": "cannot be written, because the server's disk is full: make room there and try again",
    "53300": "has no connection left: close consoles, or raise max_connections on the server",
    "53": "lacks memory, disk or connections: ask the server's administrator",
    "55P03": f"has kept what is needed locked for {LOCK_TIMEOUT} s: try again",
    "XX001": "reports that its data are damaged: ask the server's administrator, then run `supportdesk verify`",
    "XX002": "reports that an index is damaged: ask the server's administrator to REINDEX the database",
}


def parameters(uri: str) -> dict[str, Any]:
    """Return the parameters of a connection. Raises DeskUnavailableError for a URI that is malformed."""
    try:
        given = conninfo.conninfo_to_dict(uri)
    except psycopg.ProgrammingError as error:
        # What libpq quotes may be a part of a password.
        raise _malformed(_QUOTED.sub("…", reason_of(error))) from None
    if given.get("password") or given.get("sslpassword"):
        raise DeskUnavailableError(CREDENTIALS_GIVEN)
    ports = str(given.get("port") or "").split(",")
    if not all(each.isdecimal() for each in ports if each):
        raise _malformed("what follows the colon is no port, which is a number")
    return {**_DEFAULTS, **{name: value for name, value in given.items() if value is not None}}


def _malformed(why: str) -> DeskUnavailableError:
    return DeskUnavailableError(
        f"the address of the database cannot be read ({why}): write postgresql://HOST/DATABASE"
    )


def connect(uri: str, **changes: Any) -> ServerConnection:
    """Return a new connection, on which no transaction has begun. Raises psycopg.OperationalError."""
    prepare = changes.pop("prepare_threshold", 5)
    given = {**parameters(uri), **changes}
    try:
        connection = ServerConnection.connect("", autocommit=True, prepare_threshold=prepare, **given)
    except psycopg.OperationalError as error:
        if error.sqlstate is None and error.pgconn is not None:
            from supportdesk.store.postgres.refusals import find_refusal

            error.sqlstate = find_refusal(given) or None
        raise
    try:
        connection.prepare_session()
        connection.autocommit = False
    except BaseException:
        connection.close()
        raise
    return connection


def describe_place(uri: str) -> str:
    """Return where a desk is, for messages: `the database desk on db1, db2`."""
    given = parameters(uri)
    if "service" in given:
        return f"the database of the service {given['service']}"
    hosts = ", ".join(filter(None, str(given.get("host", "")).split(","))) or "this machine"
    return f"the database {given.get('dbname', 'of your name')} on {hosts}"


def find_trouble(error: BaseException | None) -> Trouble:
    """Return what an error of the driver means."""
    state = _state(error)
    if state in _CONFLICTS:
        return Trouble.CONFLICT
    if state == "23505":
        return Trouble.TAKEN
    if state in _UNPREPARED:
        return Trouble.UNPREPARED
    if state in _STARTING_STATES:
        return Trouble.STARTING
    if state in _DISCONNECTED or state.startswith("08"):
        return Trouble.DISCONNECTED
    if not state and isinstance(error, psycopg.OperationalError | psycopg.InterfaceError):
        return Trouble.DISCONNECTED
    return Trouble.FINAL


def is_locked(error: BaseException | None) -> bool:
    """Return whether a transaction failed because others kept what it needs locked for too long."""
    return _state(getattr(error, "orig", error)) == "55P03"


def find_prohibition(error: BaseException | None) -> str:
    """Return why the database does not let this login do something; empty for any other error."""
    state = _state(error)
    if state == GUARD:
        return reason_of(error)
    if state == "42501":
        return f"the database does not let you do this ({reason_of(error)}); ask a supervisor or an administrator"
    return ""


def is_about_content(error: BaseException | None) -> bool:
    """Return whether an error is about what the database contains, not about getting at it or about an index."""
    state = _state(error)
    # After an error, every other statement of its transaction fails.
    return (state[:2] in _CONTENT and state not in _NOT_CONTENT) or state == "25P02"


def explain(error: BaseException | None, place: str) -> str:
    """Return a message for an error: what is wrong, and what to do. It holds no parameter of a statement."""
    state = _state(error)
    for beginning in (state, state[:2]):
        if beginning in _ADVICE:
            return f"{place} {_ADVICE[beginning]}"
    reason = reason_of(error)
    if find_trouble(error) in (Trouble.DISCONNECTED, Trouble.STARTING):
        return f"{place} cannot be reached ({reason}): check the server and the network"
    if is_about_content(error):
        return (
            f"{place} cannot be used as a desk ({reason}): run `supportdesk verify`, which says what is wrong"
        )
    if isinstance(error, psycopg.OperationalError):
        return f"{place} cannot be used now ({reason}): ask the server's administrator"
    return f"{place} cannot be used as a desk ({reason}): run `supportdesk doctor`"


def _state(error: BaseException | None) -> str:
    state: str | None = getattr(error, "sqlstate", None)
    if state == _POOLER:
        return next((meant for words, meant in _OF_POOLER if words in str(error)), state)
    if state == "0A000" and "during recovery" in str(error):
        # A pooler leads to a server that has become a standby.
        return "25006"
    return state or ""


def reason_of(error: BaseException | None) -> str:
    """Return the reason in an error of the driver, without the address and without what may quote a row."""
    line = " ".join(str(error).strip().partition("\n")[0].split()) if error is not None else "no reason given"
    return _BEFORE_REASON.sub("", line)
