"""One memory of compiled statements for all databases of a test run: each of them is asked the same."""

import pytest
from sqlalchemy.dialects.postgresql.psycopg import PGDialect_psycopg
from sqlalchemy.dialects.sqlite.pysqlite import SQLiteDialect_pysqlite
from sqlalchemy.engine import Engine
from sqlalchemy.util import LRUCache

STATEMENTS = 1_500
"""How many compiled statements are remembered."""


def share_compiled_statements(patch: pytest.MonkeyPatch) -> None:
    """Compile each statement once, instead of once for each desk that is opened.

    A compiled statement is found by its dialect, too: those of one kind of database, which differ in nothing, count as
    one.
    """
    shared: LRUCache[object, object] = LRUCache(STATEMENTS)
    patch.setattr(
        Engine, "_compiled_cache", property(lambda engine: shared, lambda engine, own: None), raising=False
    )
    for kind in (SQLiteDialect_pysqlite, PGDialect_psycopg):
        patch.setattr(kind, "__hash__", lambda dialect: hash(type(dialect)))
        patch.setattr(kind, "__eq__", lambda dialect, other: type(dialect) is type(other))
