"""Reads a few words of a desk on a server without SQLAlchemy, for shell completion, which must be fast.

It never raises; where the server does not answer at once, it returns nothing.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import msgspec
import psycopg

from supportdesk.store.postgres import connections
from supportdesk.tickets import reference
from supportdesk.tickets.folding import fold

_PATIENCE = 1
"""Seconds to wait for the server."""
_MOST = 100

_TABLES = {
    "person": "SELECT key, name FROM staff ORDER BY key",
    "organisation": "SELECT name, key FROM organisations ORDER BY name",
    "release": "SELECT key, day::text FROM releases ORDER BY day DESC",
    "article": "SELECT key, title FROM articles ORDER BY key",
    "ticket": "SELECT ref, summary FROM tickets WHERE in_queue ORDER BY severity_rank, urgency",
}
_OF_POLICY = {
    "severity": ("severities",),
    "channel": ("channels",),
    "team": ("teams",),
    "escalation target": ("teams", "ladder"),
}


def read_completions(uri: str, what: str, begun: str) -> list[tuple[str, str]]:
    """Return words of the type `what` that begin with `begun`, each with a description."""
    try:
        with connections.connect(
            uri,
            connect_timeout=_PATIENCE,
            target_session_attrs="any",
            options=f"-c statement_timeout={_PATIENCE}s",
        ) as connection:
            rows = _of_policy(connection, what) if what in _OF_POLICY else _of_table(connection, what)
            begun = reference.typed_beginning(begun) if what == "ticket" else begun
            return [*_matching(rows, fold(begun), is_ticket=what == "ticket")][:_MOST]
    except (psycopg.Error, KeyError, TypeError, ValueError, msgspec.MsgspecError):
        return []


def _matching(rows: Iterator[tuple[str, str]], begun: str, *, is_ticket: bool) -> Iterator[tuple[str, str]]:
    for word, help_text in rows:
        if fold(word.replace("-", "") if is_ticket else word).startswith(begun):
            yield str(word), str(help_text)


def _of_table(connection: psycopg.Connection[Any], what: str) -> Iterator[tuple[str, str]]:
    yield from connection.execute(_TABLES[what]).fetchall()


def _of_policy(connection: psycopg.Connection[Any], what: str) -> Iterator[tuple[str, str]]:
    found = connection.execute("SELECT document FROM policies ORDER BY effective DESC LIMIT 1").fetchone()
    policy = msgspec.json.decode(found[0]) if found else {}
    for each in (each for part in _OF_POLICY[what] for each in policy.get(part, ())):
        yield each["key"], each["name"]
