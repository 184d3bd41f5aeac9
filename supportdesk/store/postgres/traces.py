"""Removes what deleted and replaced rows leave in the tables of a database.

The server's log of changes (WAL), its archive and its backups keep them until the server's administrator removes those.
"""

from __future__ import annotations

from contextlib import closing

import psycopg
from psycopg import sql

from supportdesk.store import tables
from supportdesk.store.postgres.full_text import INDEXES
from supportdesk.store.postgres.transactions import Transactions


def remove_traces(database: Transactions) -> None:
    """Rewrite every table and what the server knows of its values; others wait meanwhile for each table. It needs free
    space of the largest table's size.

    Raises DeskUnavailableError where a table is in use for too long, or belongs to somebody else.
    """
    names = [each.name for each in (*tables.metadata.sorted_tables, *INDEXES)]
    try:
        with closing(database.connect()) as connection:
            connection.autocommit = True
            for name in names:
                connection.execute(sql.SQL("VACUUM (FULL, ANALYZE) {}").format(sql.Identifier(name)))
            # The server plans by frequent values of each column; those of before are replaced, and removed here.
            connection.execute("VACUUM (FULL) pg_catalog.pg_statistic")
    except psycopg.Error as error:
        raise database.unavailable(error) from error
