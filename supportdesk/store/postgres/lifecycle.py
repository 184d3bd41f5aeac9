"""Opens, creates and upgrades desks in a PostgreSQL database, after looking whether the server can hold one."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import closing, suppress

from sqlalchemy import Connection, inspect, text
from sqlalchemy.exc import DBAPIError

from supportdesk.store import schema
from supportdesk.store.errors import AlreadyExistsError, DeskUnavailableError
from supportdesk.store.postgres import connections, unfinished
from supportdesk.store.postgres.address import parse_uri
from supportdesk.store.postgres.database import PostgresDatabase
from supportdesk.store.postgres.transactions import Transactions

OLDEST = 15
"""The oldest major version of PostgreSQL that a desk can be in."""

UPGRADE_PATIENCE = 60.0
"""Seconds after which an upgrade fails that is always kept from a table."""

_WAIT_BRIEFLY = text("SET LOCAL lock_timeout = '300ms'")
_NEEDED = text(
    "SELECT current_setting('server_version_num')::integer, current_setting('server_encoding'),"
    " current_setting('standard_conforming_strings')"
)
_PROBE = text("SELECT array_to_tsvector(ARRAY['a', 'b']) @@ CAST('''a'' & ''b'':*' AS tsquery)")


def open_server(address: str) -> PostgresDatabase:
    """Return the database at an address. Raises DeskUnavailableError where it is not a desk of this version."""
    database = PostgresDatabase(parse_uri(address))
    try:
        database.read(lambda connection: _require_desk(connection, database.place))
    except BaseException:
        database.close()
        raise
    return database


def create_on_server(address: str, report_copy: Callable[[str], None]) -> PostgresDatabase:
    """Return the database at an address, with a desk in it if there was none, upgraded to the present schema.

    `report_copy` gets the place of the copy that is made of an older one.
    """
    database = PostgresDatabase(parse_uri(address))
    try:
        database.read(lambda connection: _require_server(connection, database.place))
        bring_up_to_date(database, report_copy)
    except BaseException:
        database.close()
        raise
    return database


def create_with_records_on_server(address: str, save_records: Callable[[str], None]) -> None:
    """Create a desk that appears with its first records, or not at all. Raises AlreadyExistsError."""
    database = PostgresDatabase(parse_uri(address))
    try:
        database.read(lambda connection: _require_place(connection, database.place))
        unfinished.remove_leftovers(database)
        name = unfinished.make_name()
        try:
            _fill(unfinished.address_in(parse_uri(address), name), name, save_records)
            database.write(lambda connection: unfinished.move_into_place(connection, name, database.place))
        except BaseException:
            # Where the server is gone, the next desk that is made there removes it.
            with suppress(DeskUnavailableError):
                database.write(lambda connection: unfinished.remove(connection, name))
            raise
    finally:
        database.close()


def _require_place(connection: Connection, place: str) -> None:
    _require_server(connection, place)
    if schema.read_revision(connection) is not None:
        raise AlreadyExistsError(f"{place} has a desk already; give another database")
    unfinished.require_right(connection, place)


def _fill(address: str, name: str, save_records: Callable[[str], None]) -> None:
    database = PostgresDatabase(address)
    try:
        bring_up_to_date(database, new_schema=name)
        with unfinished.in_use(database):
            save_records(address)
    finally:
        database.close()


def bring_up_to_date(
    database: PostgresDatabase,
    report_copy: Callable[[str], None] = lambda place: None,
    *,
    new_schema: str | None = None,
) -> None:
    """Upgrade the schema, after copying an older desk, in one transaction; `new_schema` is created in it.

    Everybody else would wait behind it for a table that somebody reads for long, so that it waits briefly and begins
    again. Raises DeskUnavailableError.
    """
    from alembic.util import CommandError

    from supportdesk.store.migrations import upgrade
    from supportdesk.store.postgres import ddl  # noqa: F401 - it says how texts are created

    was_tried = False

    def copy_and_upgrade(connection: Connection) -> str:
        nonlocal was_tried
        connection.execute(_WAIT_BRIEFLY)
        if new_schema is not None:
            unfinished.create_schema(connection, new_schema, database.place)
        copy = ""
        if schema.is_older(connection):
            if was_tried:
                # Only to find out whether it is kept from a table again: copying may take long.
                with connection.begin_nested() as trial:
                    upgrade(connection)
                    trial.rollback()
            was_tried = True
            copy = _copy_before_upgrade(connection)
        upgrade(connection)
        return copy

    database.read(schema.refuse_newer)
    try:
        with closing(Transactions(database.uri, patience=UPGRADE_PATIENCE)) as patient:
            patient.allow_long_statements()
            copy = patient.write(copy_and_upgrade)
    except CommandError as error:
        raise DeskUnavailableError(f"{database.place} holds another desk's tables: {error}") from error
    except DeskUnavailableError as error:
        if not connections.is_locked(error.__cause__):
            raise
        raise DeskUnavailableError(
            f"{database.place} was not upgraded, and nothing was changed: somebody reads or writes it for long. Wait"
            " for exports and reports to end, and run `supportdesk init` again"
        ) from error
    if copy:
        report_copy(f"the schema {copy} of {database.place}")


def _copy_before_upgrade(connection: Connection) -> str:
    """Copy every table as it is to a new schema, while nobody writes; return its name."""
    connection.execute(text("SELECT seq FROM head FOR UPDATE"))
    taken = inspect(connection).get_schema_names()
    beginning = f"supportdesk_before_{schema.number_of(schema.REVISIONS[-1])}"
    name = next(
        each for each in (beginning, *(f"{beginning}_{n}" for n in range(2, 10_000))) if each not in taken
    )
    connection.execute(text(f'CREATE SCHEMA "{name}"'))
    for table in inspect(connection).get_table_names():
        connection.execute(text(f'CREATE TABLE "{name}"."{table}" AS TABLE "{table}"'))
    return name


def _require_desk(connection: Connection, place: str) -> None:
    _require_server(connection, place)
    if schema.read_revision(connection) is None:
        raise DeskUnavailableError(
            f"{place} has no desk: check the address and the search_path; for a new desk, run `supportdesk init`"
        )
    schema.require_usable(connection)


def _require_server(connection: Connection, place: str) -> None:
    """Raise DeskUnavailableError for a server that lacks what a desk needs."""
    try:
        version, encoding, strings = connection.execute(_NEEDED).one()
        major = version // 10_000
        if major < OLDEST:
            raise DeskUnavailableError(
                f"{place} is PostgreSQL {major}; a desk needs {OLDEST} or later: upgrade the server"
            )
        if encoding != "UTF8":
            raise DeskUnavailableError(
                f"{place} stores texts in {encoding}; a desk needs UTF-8: create another database with"
                " `createdb --encoding=UTF8 --template=template0`"
            )
        if strings != "on":
            raise DeskUnavailableError(
                f"{place} has standard_conforming_strings = {strings}; a desk needs it on"
            )
        connection.execute(_PROBE).one()
    except DBAPIError as error:
        if connections.find_trouble(error.orig) is not connections.Trouble.FINAL:
            raise
        raise DeskUnavailableError(
            f"{place} is no PostgreSQL that a desk can use ({' '.join(str(error.orig).split())})"
        ) from error
