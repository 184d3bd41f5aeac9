"""The schema that `verify` expects on PostgreSQL is that of a new desk.

`python -m tests.store.test_postgres_catalog` writes the file again after a migration.
"""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

import pytest

from supportdesk.resources import data_path
from supportdesk.store.database import create_database
from supportdesk.store.findings import Findings
from supportdesk.store.postgres.catalog import format_catalog, read_catalog
from supportdesk.store.postgres.checks import CheckingReader, check_schema
from supportdesk.store.postgres.database import PostgresDatabase
from tests.databases import POSTGRES, use
from tests.postgres import PostgresServer
from tests.store.desks import running_server

pytestmark = pytest.mark.server

FILE = "schema/postgres.txt"


def new_desk(server: PostgresServer) -> str:
    """The address of an empty desk."""
    address = server.address(server.make_database())
    create_database(address).close()
    return address


def catalog_of(address: str) -> str:
    database = PostgresDatabase(address.replace("+psycopg", ""))
    try:
        with database.connect() as connection:
            return format_catalog(read_catalog(connection))
    finally:
        database.close()


def test_the_expected_schema_is_that_of_a_new_desk() -> None:
    with use(POSTGRES):
        assert data_path(FILE).read_text() == catalog_of(new_desk(running_server()))


@pytest.mark.parametrize(
    ("statement", "finding"),
    [
        ("DROP INDEX ix_tickets_owner", "schema ix_tickets_owner: the index is missing"),
        ("CREATE TABLE notes (id integer)", "schema notes.id: the column does not belong to supportdesk"),
        (
            "ALTER TABLE ledger DROP CONSTRAINT pk_ledger",
            "schema ledger.pk_ledger: the constraint is missing",
        ),
        ("ALTER TABLE tickets ALTER summary DROP NOT NULL", "schema tickets.summary: the column was altered"),
        (
            "ALTER TABLE head DISABLE TRIGGER supportdesk_notify",
            "schema head.supportdesk_notify: the trigger was",
        ),
        (
            "CREATE RULE r AS ON DELETE TO ledger DO INSTEAD NOTHING",
            "schema ledger.r: the rule does not belong",
        ),
    ],
)
def test_whatever_is_changed_in_the_schema_is_found(statement: str, finding: str) -> None:
    with use(POSTGRES):
        address = new_desk(running_server())
        database = PostgresDatabase(address.replace("+psycopg", ""))
        with database.connect() as connection:
            connection.execute(statement)
        reader, findings = CheckingReader(database), Findings()
        check_schema(reader, findings)
        reader.close()
        database.close()
        assert any(str(each).startswith(finding) for each in findings.mismatches), findings.mismatches


def test_an_upgrade_replaces_the_guard_of_an_older_desk() -> None:
    with use(POSTGRES):
        address = new_desk(running_server())
        database = PostgresDatabase(address.replace("+psycopg", ""))
        with closing(database), database.connect() as connection:
            since = ("ix_deliveries_waiting", "ix_deliveries_failed", "ix_tickets_undelivered")
            for index in ("ix_ledger_wrote", "ix_ledger_undelivered", "ix_messages_mail", *since):
                connection.execute(f"DROP INDEX {index}")
            connection.execute(
                "CREATE OR REPLACE FUNCTION supportdesk_guard_event() RETURNS trigger LANGUAGE plpgsql"
                " AS 'BEGIN RETURN NEW; END'"
            )
            connection.execute("UPDATE alembic_version SET version_num = '0012_from_0011'")
        create_database(address).close()
        assert catalog_of(address) == data_path(FILE).read_text()


if __name__ == "__main__":
    with use(POSTGRES):
        Path(__file__).parents[2].joinpath("data", FILE).write_text(catalog_of(new_desk(running_server())))
