"""Changes a desk's database behind its back, as somebody with a database tool would."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import psycopg

Run = Callable[[str], int]
"""Runs a statement and returns how many rows it changed."""


@contextmanager
def database_tool(address: str) -> Iterator[Run]:
    """A connection by which whatever a database lets its owner do can be done: references, checks and triggers
    are off.
    """
    if address.startswith("postgresql"):
        with closing(psycopg.connect(address.replace("+psycopg", ""), autocommit=True)) as server:
            server.execute("SET session_replication_role = replica")
            yield lambda statement: server.execute(_on_server(statement)).rowcount
        return
    with closing(sqlite3.connect(address, isolation_level=None)) as file:
        for setting in ("foreign_keys = OFF", "ignore_check_constraints = ON", "writable_schema = ON"):
            file.execute(f"PRAGMA {setting}")
        yield lambda statement: file.execute(statement).rowcount


def read_all(address: str) -> bytes:
    """Return everything that a desk has stored: the bytes of its file, or every row of its tables as text."""
    if not address.startswith("postgresql"):
        return Path(address).read_bytes()
    with closing(psycopg.connect(address.replace("+psycopg", ""))) as server:
        named = server.execute(
            "SELECT oid::regclass::text FROM pg_class WHERE relkind = 'r' AND oid >= 16384"
        )
        queries: list[Any] = [f"SELECT t::text FROM {name} AS t ORDER BY 1" for (name,) in sorted(named)]
        return repr([server.execute(query).fetchall() for query in queries]).encode()


def _on_server(statement: str) -> Any:
    """Return a statement with its bytes as PostgreSQL writes them."""
    return re.sub("X'([0-9a-f]*)'", r"'\\x\1'::bytea", statement)
