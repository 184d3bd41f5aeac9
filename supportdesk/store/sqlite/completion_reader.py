"""Reads a few words of a desk's file without SQLAlchemy, for shell completion, which must be fast.

It never changes the file, waits for it or raises; where the file cannot be read at once, it returns nothing.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from contextlib import closing
from pathlib import Path

from supportdesk.files import check_regular
from supportdesk.store.errors import DeskUnavailableError
from supportdesk.store.sqlite import journal
from supportdesk.tickets import reference
from supportdesk.tickets.folding import fold

SQLITE = sqlite3.sqlite_version
"""The version of SQLite in this Python."""

_PATIENCE = 0.05
"""Seconds to wait for a lock."""
_MOST = 100

_TABLES = {
    "person": "SELECT key, name FROM staff WHERE fold(key) LIKE ? ESCAPE '!' ORDER BY key LIMIT ?",
    "organisation": "SELECT name, key FROM organisations WHERE fold(name) LIKE ? ESCAPE '!' ORDER BY name LIMIT ?",
    "release": "SELECT key, day FROM releases WHERE fold(key) LIKE ? ESCAPE '!' ORDER BY day DESC LIMIT ?",
    "article": "SELECT key, title FROM articles WHERE fold(key) LIKE ? ESCAPE '!' ORDER BY key LIMIT ?",
    "ticket": (
        "SELECT ref, summary FROM tickets WHERE in_queue = 1 AND fold(replace(ref, '-', '')) LIKE ? ESCAPE '!'"
        " ORDER BY severity_rank, urgency LIMIT ?"
    ),
}
_OF_POLICY = {
    "severity": ("severities",),
    "channel": ("channels",),
    "team": ("teams",),
    "escalation target": ("teams", "ladder"),
}


def read_completions(path: Path, what: str, begun: str) -> list[tuple[str, str]]:
    """Return words of the type `what` that begin with `begun`, each with a description."""
    try:
        # SQLite would wait for the writer of a pipe, and does not roll back a journal where it may only read.
        check_regular(path.stat().st_mode, path)
        if journal.hot_journals(path):
            return []
        with closing(
            sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True, timeout=_PATIENCE)
        ) as desk:
            return list(_of_policy(desk, what, begun) if what in _OF_POLICY else _of_table(desk, what, begun))
    except (
        sqlite3.Error,
        OSError,
        ValueError,
        KeyError,
        TypeError,
        AttributeError,
        RecursionError,
        DeskUnavailableError,
    ):
        return []


def _of_table(desk: sqlite3.Connection, what: str, begun: str) -> Iterable[tuple[str, str]]:
    desk.create_function("fold", 1, fold, deterministic=True)
    begun = reference.typed_beginning(begun) if what == "ticket" else begun
    plain = "".join(f"!{each}" if each in "!%_" else each for each in fold(begun))
    for word, help_text in desk.execute(_TABLES[what], (f"{plain}%", _MOST)):
        yield str(word), str(help_text)


def _of_policy(desk: sqlite3.Connection, what: str, begun: str) -> Iterable[tuple[str, str]]:
    import json

    found = desk.execute("SELECT document FROM policies ORDER BY effective DESC LIMIT 1").fetchone()
    policy = json.loads(found[0]) if found else {}
    for each in (each for part in _OF_POLICY[what] for each in policy.get(part, ())):
        if fold(each["key"]).startswith(fold(begun)):
            yield each["key"], each["name"]
