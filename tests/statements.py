"""One memory of compiled statements for all databases of a test run: each of them is asked the same."""

import pytest
from sqlalchemy.dialects.sqlite.pysqlite import SQLiteDialect_pysqlite
from sqlalchemy.engine import Engine
from sqlalchemy.util import LRUCache

STATEMENTS = 1_500
"""How many compiled statements are remembered."""


def share_compiled_statements(patch: pytest.MonkeyPatch) -> None:
    """Compile each statement once, instead of once for each desk that is opened.

    A compiled statement is found by its dialect, too: those of SQLite, which differ in nothing, count as one.
    """
    shared: LRUCache[object, object] = LRUCache(STATEMENTS)
    patch.setattr(
        Engine, "_compiled_cache", property(lambda engine: shared, lambda engine, own: None), raising=False
    )
    patch.setattr(SQLiteDialect_pysqlite, "__hash__", lambda dialect: hash(type(dialect)))
    patch.setattr(SQLiteDialect_pysqlite, "__eq__", lambda dialect, other: type(dialect) is type(other))
