"""The schema: created by its migrations only; an older and a newer one are recognised."""

import subprocess
import sys
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, create_engine, inspect, text
from sqlalchemy.dialects import postgresql
from sqlalchemy.schema import CreateIndex, CreateTable

from supportdesk.clock import FixedClock
from supportdesk.desk import Desk
from supportdesk.store import schema
from supportdesk.store.database import create_database, open_database
from supportdesk.store.errors import DeskUnavailableError
from supportdesk.store.migrations import configuration
from supportdesk.store.sqlite import (
    ddl,
    full_text,
)
from supportdesk.store.tables import metadata
from supportdesk.store.verification.verify import verify
from supportdesk.tickets.actors import SYSTEM
from supportdesk.tickets.documents import Rotation
from supportdesk.tickets.records.commands import SaveRotation
from tests.store.desks import (
    AS_BEFORE_0006,
    done,
    furnished,
    furnished_desk,
    logged,
    rewrite_as_before_0006,
)
from tests.tickets.scenario import MONDAY_NINE, RECORDS


def definitions(connection: Connection) -> dict[str, list[str]]:
    """The lines by which each table and index is defined, in an order that does not depend on who wrote them."""
    found = connection.execute(text("SELECT name, sql FROM sqlite_master WHERE sql IS NOT NULL"))
    return {
        name: sorted(" ".join(line.replace('"', "").split()).rstrip(",") for line in sql.splitlines())
        for name, sql in found
        if name != "alembic_version" and not is_an_index_of_words(name)
    }


def is_an_index_of_words(name: str) -> bool:
    """Whether a table is a full-text index, or one of those in which SQLite keeps it."""
    return name.startswith(tuple(index.name for index in full_text.INDEXES))


def test_the_migrations_make_exactly_the_tables(tmp_path: Path) -> None:
    migrated = create_database(str(tmp_path / "desk.db"))
    differences = migrated.read(
        lambda connection: compare_metadata(
            MigrationContext.configure(
                connection,
                opts={
                    "compare_server_default": True,
                    "include_name": lambda name, kind, _: kind != "table" or not is_an_index_of_words(name),
                },
            ),
            metadata,
        )
    )
    assert differences == []
    direct = create_engine("sqlite://")
    with direct.begin() as connection:
        ddl.prepare(metadata).create_all(connection)
        made = definitions(connection)
    direct.dispose()
    assert migrated.read(definitions) == made
    migrated.close()


def test_the_program_knows_every_revision_that_there_is() -> None:
    scripts = ScriptDirectory.from_config(configuration())
    assert tuple(script.revision for script in reversed(list(scripts.walk_revisions()))) == schema.REVISIONS


@pytest.mark.parametrize(
    ("name", "goes_on"),
    [
        ("0016_from_0015", True),
        ("0017_from_0011", True),
        ("0017_from_0016", False),
        ("0016", False),
        ("0016_from_", False),
        ("0016_from_0016", False),
        ("0014_from_0011", False),
        ("0015", False),
        ("x", False),
    ],
)
def test_a_revision_says_whether_this_program_goes_on(name: str, *, goes_on: bool) -> None:
    assert schema.number_of(schema.REVISIONS[-1]) == "0015", "say it of the present one"
    assert schema.is_newer(name) == goes_on


def test_every_table_can_be_made_on_postgresql() -> None:
    dialect = postgresql.dialect()  # type: ignore[no-untyped-call]
    for table in metadata.sorted_tables:
        assert "CREATE TABLE" in str(CreateTable(table).compile(dialect=dialect))
        for index in table.indexes:
            assert "CREATE" in str(CreateIndex(index).compile(dialect=dialect))


@pytest.mark.usefixtures("database_kind")
@pytest.mark.parametrize(
    ("statement", "advice"),
    [
        ("UPDATE alembic_version SET version_num = '9999'", "newer supportdesk"),
        ("DELETE FROM alembic_version", "run `supportdesk init`"),
        ("DROP TABLE alembic_version", "run `supportdesk init`"),
    ],
)
def test_another_schema_is_refused_with_advice(tmp_path: Path, statement: str, advice: str) -> None:
    address = furnished(tmp_path)
    with closing(open_database(address)) as database:
        database.write(lambda connection: connection.execute(text(statement)))
    with pytest.raises(DeskUnavailableError, match=advice):
        open_database(address)


@pytest.mark.usefixtures("database_kind")
def test_a_newer_schema_is_never_touched(tmp_path: Path) -> None:
    address = furnished(tmp_path)
    with closing(open_database(address)) as database:
        database.write(
            lambda connection: connection.execute(text("UPDATE alembic_version SET version_num = 'x'"))
        )
    with pytest.raises(DeskUnavailableError, match="newer"):
        create_database(address)


@pytest.mark.usefixtures("database_kind")
def test_a_migration_that_fails_leaves_the_database_as_it_was(tmp_path: Path) -> None:
    database = open_database(furnished(tmp_path))

    def work(connection: Connection) -> None:
        connection.execute(text("CREATE TABLE half (done INTEGER)"))
        raise RuntimeError("half-way")

    with pytest.raises(RuntimeError):
        database.write(work)
    assert not database.read(lambda connection: inspect(connection).has_table("half"))
    database.close()


def test_the_tools_that_change_a_schema_are_not_loaded_to_use_it() -> None:
    loaded = subprocess.run(
        [sys.executable, "-c", "import sys, supportdesk.desk; print(*sys.modules)"],
        check=True,
        capture_output=True,
        text=True,
    ).stdout.split()
    slow = {"alembic", "mako", "holidays", "rapidfuzz", "supportdesk.store.migrations"}
    assert slow.isdisjoint(loaded)


@pytest.mark.sqlite
def test_a_desk_of_one_rotation_and_without_whose_page_is_open_is_brought_up_to_date_and_verifies(
    tmp_path: Path,
) -> None:
    path = str(tmp_path / "desk.db")
    with furnished_desk(tmp_path) as desk:
        summer = Rotation(("priya",), MONDAY_NINE + timedelta(days=7), "Europe/London")
        done(desk, SaveRotation(summer), by=SYSTEM.key)
        ref = logged(desk, severity="critical", channel="hotline")
    database = open_database(path)
    database.write(rewrite_as_before_0006)
    for statement in (
        "DELETE FROM rotations WHERE document NOT LIKE '%2026-11-30%'",
        "UPDATE rotations SET key = 'on call'",
        "ALTER TABLE tickets DROP COLUMN paged",
        *AS_BEFORE_0006,
        "UPDATE alembic_version SET version_num = '0004'",
    ):
        database.write(lambda connection, statement=statement: connection.execute(text(statement)))  # type: ignore[misc]
    database.close()
    database = create_database(path)
    assert verify(database).is_intact
    database.close()
    with closing(Desk.open(path, FixedClock(MONDAY_NINE))) as desk:
        assert desk.roster().reference_data.rotations == (*RECORDS.rotations, summer)
        assert desk.ticket(ref).row.paged == ("dora",)
