"""The kinds of database whose faults are caused."""

from __future__ import annotations

from tests.faults.database import BreakableDatabase
from tests.faults.postgres_desk import PostgresDesk
from tests.faults.sqlite_desk import SqliteDesk

KINDS: list[type[BreakableDatabase]] = [SqliteDesk, PostgresDesk]
