"""Sends the writes of a command in one go: others wait for its head row, and each answer would be waited for."""

from __future__ import annotations

from collections.abc import Iterable

import psycopg
from sqlalchemy import Connection

from supportdesk.store.statements import Write, compile_once, execute, note_lost


def send(connection: Connection, writes: Iterable[Write]) -> int:
    """Execute writes in their order and return how many rows were written. Raises psycopg.Error."""
    driver = connection.connection.driver_connection
    assert isinstance(driver, psycopg.Connection)
    cursors = []
    try:
        with driver.pipeline():
            for statement, rows in writes:
                compiled = compile_once(statement, tuple(rows[0]), connection.dialect)
                for row in rows:
                    cursor = driver.cursor()
                    execute(connection, cursor, compiled.sql, compiled.bind(row))
                    cursors.append(cursor)
    except psycopg.Error as error:
        note_lost(connection, error)
        raise
    return sum(each.rowcount for each in cursors)
