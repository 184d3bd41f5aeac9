"""How a database would carry out a query."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from typing import Any, cast

import psycopg
from sqlalchemy import Engine, event

Parameters = Sequence[Any] | Mapping[str, Any]


@contextmanager
def noted_statements(*tables: str) -> Iterator[list[tuple[str, Any]]]:
    """Note the drivers' statements that name any of these tables, with their parameters."""
    seen: list[tuple[str, Any]] = []

    def note(_connection: Any, _cursor: Any, statement: str, parameters: Any, *_: Any) -> None:
        if any(table in statement for table in tables):
            seen.append((statement, parameters))

    event.listen(Engine, "before_cursor_execute", note)
    try:
        yield seen
    finally:
        event.remove(Engine, "before_cursor_execute", note)


def list_table_scans(address: str, statement: str, parameters: Parameters) -> list[str]:
    """Return the steps of the plan for a driver's statement that read a whole table."""
    return [
        step
        for step in explain(address, statement, parameters)
        if step.lstrip("-> ").startswith(("SCAN", "Seq"))
    ]


def explain(address: str, statement: str, parameters: Parameters) -> list[str]:
    """Return the steps of the plan for a driver's statement at a desk's database.

    PostgreSQL reads small tables whole, whatever indexes they have: here it does so only where none can be used.
    """
    if address.startswith("postgresql"):
        with closing(psycopg.connect(address.replace("+psycopg", ""))) as server:
            server.execute("SET enable_seqscan = off")
            planned = server.execute(cast("Any", f"EXPLAIN {statement}"), parameters)
            return [step for (step,) in planned]
    with closing(sqlite3.connect(address)) as file:
        return [step[3] for step in file.execute(f"EXPLAIN QUERY PLAN {statement}", parameters)]
