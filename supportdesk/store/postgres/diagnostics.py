"""What a PostgreSQL server reports of itself and of a desk's database."""

from __future__ import annotations

import secrets
import time
from collections.abc import Iterator
from typing import Any

import msgspec
import psycopg
from sqlalchemy import Connection, text

from supportdesk.store.backend import DatabaseFacts
from supportdesk.store.postgres import full_text, roles
from supportdesk.store.postgres.transactions import Transactions

SKEW = 2.0
"""Seconds by which the clocks of the server and of this machine may differ before it is advised to set them."""

_HEARING = 2.0
"""Seconds within which a NOTIFY must have arrived."""

_DEAD_SHARE, _DEAD_LEAST = 1.0, 10_000
"""How many dead rows, for each live one and at least, show that autovacuum does not keep up."""

_SHOWN = 10
"""How many logins are named."""

_SERVER = text(
    "SELECT split_part(current_setting('server_version'), ' ', 1) AS version,"
    " pg_database_size(current_database()) AS size, pg_is_in_recovery() AS is_standby,"
    " current_setting('synchronous_standby_names') AS synchronous, current_setting('synchronous_commit') AS commits,"
    " current_setting('fsync') AS fsync, current_setting('autovacuum') AS autovacuum,"
    " current_setting('supportdesk.notify', true) AS notify, (SELECT count(*) FROM pg_stat_replication) AS standbys,"
    " session_user AS login, (SELECT pg_has_role(session_user, relowner, 'MEMBER') FROM pg_class"
    " WHERE oid = 'ledger'::regclass) AS is_owner, extract(epoch FROM clock_timestamp())::double precision AS now"
)
_DEAD = text(
    "SELECT relname, n_dead_tup, n_live_tup FROM pg_stat_user_tables WHERE schemaname = current_schema()"
    " AND n_dead_tup > :least AND n_dead_tup > :share * n_live_tup ORDER BY relname"
)


class Server(msgspec.Struct, frozen=True):
    """What the server says; `skew` is how many seconds its clock is ahead of this machine's."""

    version: str
    size: int
    is_standby: bool
    synchronous: str
    commits: str
    fsync: str
    autovacuum: str
    notify: str | None
    standbys: int
    login: str
    is_owner: bool
    skew: float


def describe(database: Transactions, connection: Connection) -> DatabaseFacts:
    """Return the facts of a database and its server."""
    server = _ask(connection)
    hears = _hears(database) if not server.is_standby and server.notify != "off" else None
    dead = connection.execute(_DEAD, {"least": _DEAD_LEAST, "share": _DEAD_SHARE}).all()
    return DatabaseFacts(
        summary=f"PostgreSQL {server.version}, {database.place}, {server.size:,} bytes, as {server.login}",
        details=(
            (
                "Server",
                "standby, which can only be read" if server.is_standby else _describe_standbys(server),
            ),
            ("Changes", _describe_changes(hears, server.notify)),
            ("Clock", _describe_skew(server.skew)),
        ),
        search=full_text.SEARCH,
        faults=tuple(_find_faults(server, database.place)),
        advice=(
            *_advise(server, hears),
            *(_advise_vacuum(*row) for row in dead),
            *_advise_logins(roles.find_outdated_logins(connection)),
        ),
        writes_as=None if server.is_owner else server.login,
    )


def _ask(connection: Connection) -> Server:
    before = time.time()
    row = dict(connection.execute(_SERVER).mappings().one())
    # It looked at its clock somewhere between.
    here = (before + time.time()) / 2
    return Server(**{name: value for name, value in row.items() if name != "now"}, skew=row["now"] - here)


def _hears(database: Transactions) -> bool:
    """Return whether LISTEN works on the way to the server: a pooler may make it deaf without an error."""
    channel = f"supportdesk_{secrets.token_hex(4)}"
    try:
        with database.connect() as listener, database.connect() as speaker:
            for each in (listener, speaker):
                each.autocommit = True
            listener.execute(f"LISTEN {channel}")
            speaker.execute(f"NOTIFY {channel}")
            return _arrives(listener)
    except psycopg.Error:
        return False


def _arrives(listener: psycopg.Connection[Any]) -> bool:
    return any(True for _ in listener.notifies(timeout=_HEARING, stop_after=1))


def _describe_standbys(server: Server) -> str:
    if not server.standbys:
        return "no standby that this login can see"
    how = "synchronous" if _is_synchronous(server) else "asynchronous"
    return f"{server.standbys} standby{'s' if server.standbys > 1 else ''}, {how}"


def _is_synchronous(server: Server) -> bool:
    return bool(server.synchronous) and server.commits not in ("off", "local")


def _describe_changes(hears: bool | None, notify: str | None) -> str:
    if notify == "off":
        return "looked for every 2 s, because NOTIFY is switched off"
    return {
        None: "looked for every 2 s",
        True: "reported by the server at once (NOTIFY)",
        False: "looked for",
    }[hears]


def _describe_skew(skew: float) -> str:
    if abs(skew) < 1:
        return "the server's agrees with this machine's"
    return f"the server's is {abs(skew):.0f} s {'ahead of' if skew > 0 else 'behind'} this machine's"


def _find_faults(server: Server, place: str) -> Iterator[str]:
    if server.fsync == "off":
        yield f"{place} loses what it has acknowledged when its machine stops: set fsync = on."


def _advise(server: Server, hears: bool | None) -> Iterator[str]:
    if server.is_standby:
        yield "This server is a standby: to write, give the primary, or all hosts with target_session_attrs=read-write."
    if server.commits == "off":
        yield "synchronous_commit is off: what was acknowledged last may be lost when the server stops; set it on."
    elif server.standbys and not _is_synchronous(server):
        yield (
            "Replication is asynchronous: a failover may lose acknowledged commands; set synchronous_standby_names, or"
            " synchronous_mode in Patroni."
        )
    if hears is False:
        yield (
            "LISTEN is deaf: changes of others appear up to 2 s late. A pooler in transaction mode does that;"
            " connect to the server itself, or through a pool in session mode."
        )
    if server.autovacuum == "off":
        yield "autovacuum is off: the database grows and becomes slow; set autovacuum = on."
    if abs(server.skew) >= SKEW:
        yield f"The clock of the server differs by {abs(server.skew):.0f} s from this machine's: have both set by NTP."


def _advise_logins(outdated: list[str]) -> Iterator[str]:
    if outdated:
        shown = ", ".join(outdated[:_SHOWN]) + (", ..." if len(outdated) > _SHOWN else "")
        yield (
            f"Logins without the roles that the staff have on the desk, or with more: {shown}. The owner of the"
            " database runs `supportdesk db roles --apply`."
        )


def _advise_vacuum(table: str, dead: int, live: int) -> str:
    return (
        f"autovacuum does not keep up with {table}: {dead:,} dead rows beside {live:,}; lower"
        " autovacuum_vacuum_scale_factor, and look for transactions that stay open."
    )
