"""A desk that is being made: in a schema of its own, where nobody looks for one, until it has everything.

Then its tables are moved to where a desk is looked for, in one transaction. What a killed program leaves is in nobody's
way, and is removed when the next desk is made there.
"""

from __future__ import annotations

import os
import secrets
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from typing import cast
from urllib.parse import quote

import psycopg
from psycopg import sql
from sqlalchemy import Connection, inspect, text

from supportdesk.store import schema
from supportdesk.store.errors import AlreadyExistsError, DeskUnavailableError
from supportdesk.store.postgres import connections
from supportdesk.store.postgres.server_connection import ServerConnection
from supportdesk.store.postgres.transactions import Transactions

_PREFIX = "supportdesk_unfinished_"

_WAIT_FOR_MAKER = "1s"
"""How long a schema must be in use to be left alone: a session takes a moment to notice that its program was killed."""

_MAY_CREATE = text(
    "SELECT has_database_privilege(current_database(), 'CREATE'), current_database(), session_user"
)
_FUNCTIONS = text(
    "SELECT oid::regprocedure::text, proconfig IS NOT NULL FROM pg_proc"
    " WHERE pronamespace = (SELECT oid FROM pg_namespace WHERE nspname = :name)"
)


def make_name() -> str:
    """Return a new name for the schema of an unfinished desk."""
    return f"{_PREFIX}{secrets.token_hex(4)}"


def address_in(address: str, name: str) -> str:
    """Return the address of the desk in a schema, with the options that the address has."""
    given = connections.parameters(address).get("options") or os.environ.get("PGOPTIONS", "")
    return (
        f"{address}{'&' if '?' in address else '?'}options={quote(f'{given} -csearch_path={name}'.strip())}"
    )


def explain_pooler(place: str) -> str:
    """Return why no desk is made through a pooler, whose sessions may lead to any schema."""
    return (
        f"{place} is behind a pooler, through which no desk can be made out of sight: give the address of the server"
        " itself for this command"
    )


def require_right(connection: Connection, place: str) -> None:
    """Raise DeskUnavailableError behind a pooler, and for a login that may not create a schema."""
    if cast("ServerConnection", connection.connection.driver_connection).is_pooled:
        raise DeskUnavailableError(explain_pooler(place))
    is_permitted, database, login = connection.execute(_MAY_CREATE).one()
    if not is_permitted:
        raise DeskUnavailableError(
            f"{place} does not let you create schemas, and a desk is made in one until it is complete: have its owner"
            f' run GRANT CREATE ON DATABASE "{database}" TO "{login}"'
        )


def create_schema(connection: Connection, name: str, place: str) -> None:
    """Create a schema, unless it is there already, to which the connection leads. Raises DeskUnavailableError."""
    connection.execute(text(f'CREATE SCHEMA IF NOT EXISTS "{name}"'))
    if connection.scalar(text("SELECT current_schema()")) != name:
        raise DeskUnavailableError(explain_pooler(place))


@contextmanager
def in_use(database: Transactions) -> Iterator[None]:
    """Keep others within the block from removing an unfinished desk, to whose schema the database leads."""
    try:
        with closing(database.connect()) as connection:
            # It holds back neither VACUUM nor anybody who reads or writes.
            connection.execute(
                "SET idle_in_transaction_session_timeout = 0; LOCK TABLE alembic_version IN ACCESS SHARE MODE"
            )
            yield
    except psycopg.Error as error:
        raise database.unavailable(error) from error


def move_into_place(connection: Connection, name: str, place: str) -> None:
    """Move what is in a schema to where a desk is looked for. Raises AlreadyExistsError where there is one by now."""
    if name not in inspect(connection).get_schema_names():
        return  # It was committed before, and the answer was lost.
    if schema.read_revision(connection) is not None:
        raise AlreadyExistsError(f"{place} has a desk already; give another database")
    here = connection.scalar(text("SELECT quote_ident(current_schema())"))
    for table in inspect(connection).get_table_names(schema=name):
        connection.execute(text(f'ALTER TABLE "{name}"."{table}" SET SCHEMA {here}'))
    for function, has_path in connection.execute(_FUNCTIONS, {"name": name}).all():
        if has_path:
            connection.execute(text(f"ALTER FUNCTION {function} SET search_path = {here}, pg_temp"))
        connection.execute(text(f"ALTER FUNCTION {function} SET SCHEMA {here}"))
    remove(connection, name)


def remove(connection: Connection, name: str) -> None:
    """Remove a schema with all that is in it, if it is there."""
    connection.execute(text(f'DROP SCHEMA IF EXISTS "{name}" CASCADE'))


def remove_leftovers(database: Transactions) -> None:
    """Remove unfinished desks that nobody is making any more. Raises DeskUnavailableError."""
    try:
        with closing(database.connect()) as connection:
            connection.autocommit = True
            connection.execute(f"SET lock_timeout = '{_WAIT_FOR_MAKER}'")
            names = connection.execute(
                "SELECT nspname FROM pg_namespace WHERE starts_with(nspname, %s)", [_PREFIX]
            )
            for (name,) in names.fetchall():
                # Somebody is making it, or it belongs to somebody else.
                with suppress(psycopg.errors.LockNotAvailable, psycopg.errors.InsufficientPrivilege):
                    connection.execute(
                        sql.SQL("DROP SCHEMA IF EXISTS {} CASCADE").format(sql.Identifier(name))
                    )
    except psycopg.Error as error:
        raise database.unavailable(error) from error
