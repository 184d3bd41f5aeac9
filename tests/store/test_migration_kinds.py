"""Every migration says whether it only expands the schema, so that older consoles can go on, or contracts it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from alembic import command
from alembic.script import Script, ScriptDirectory
from sqlalchemy import Connection, event

from supportdesk.store import schema
from supportdesk.store.backend import Database
from supportdesk.store.migrations import configuration
from supportdesk.store.postgres import ddl  # noqa: F401 - it says how texts are created
from supportdesk.store.postgres.address import parse_uri
from supportdesk.store.postgres.database import PostgresDatabase
from supportdesk.store.sqlite.database import SqliteDatabase
from tests.databases import POSTGRES, SQLITE, use
from tests.store.desks import running_server

EXPANDS, CONTRACTS = "expands", "contracts"
WITHOUT_ADDITION = "0011"
"""The last revision from before revisions could say that older programs may go on."""

EXPANDING = (
    r"SELECT .*",
    r"PRAGMA .*",
    r"COMMENT ON .*",
    r"INSERT INTO \w+ .*",
    r"(INSERT INTO|UPDATE) alembic_version .*",
    r"CREATE (VIRTUAL )?TABLE .*",
    r"CREATE INDEX .*",
    r"CREATE OR REPLACE FUNCTION supportdesk_guard_event\(.*",
    r"ALTER TABLE \w+ ADD (COLUMN )?(?!CONSTRAINT)(?!.*NOT NULL).*",
    r"ALTER TABLE \w+ ADD (COLUMN )?(?!CONSTRAINT).* DEFAULT (?!NULL).*",
    r"ALTER TABLE \w+ ADD CONSTRAINT .* NOT VALID",
)
"""What may be in a migration that only expands: no older program misses anything or is refused anything.

A guard of events may be replaced by one that refuses only what no older program writes.
"""


def expands(statement: str) -> bool:
    """Whether a statement only adds what an older program can do without."""
    plain = " ".join(statement.split())
    return any(re.fullmatch(each, plain, re.IGNORECASE) for each in EXPANDING)


def scripts() -> list[Script]:
    """Every migration, the oldest first."""
    return list(reversed(list(ScriptDirectory.from_config(configuration()).walk_revisions())))


def statements_of_each(database: Database) -> Iterator[tuple[Script, list[str]]]:
    """Carry out every migration, and yield it with its statements."""
    for script in scripts():
        found: list[str] = []

        def run(connection: Connection, script: Script = script, found: list[str] = found) -> None:
            listened: list[str] = []
            event.listen(
                connection, "before_cursor_execute", lambda _, __, statement, *___: listened.append(statement)
            )
            command.upgrade(configuration(connection), script.revision)
            found[:] = listened

        database.write(run)
        yield script, found


@pytest.fixture(params=[SQLITE, pytest.param(POSTGRES, marks=pytest.mark.server)])
def empty(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    with use(request.param):
        database: Database
        if request.param == POSTGRES:
            database = PostgresDatabase(parse_uri(running_server().address(running_server().make_database())))
        else:
            (tmp_path / "desk.db").touch()
            database = SqliteDatabase(tmp_path / "desk.db")
            database.prepare()
        with closing(database):
            yield database


def test_an_expanding_migration_only_adds_what_an_older_program_can_do_without(empty: Database) -> None:
    seen = set()
    for script, statements in statements_of_each(empty):
        seen.add(script.module.kind)
        assert statements, script.path
        others = [each for each in statements if not expands(each)]
        if script.module.kind == EXPANDS:
            assert others == [], script.path
    assert seen == {EXPANDS, CONTRACTS}


@pytest.mark.parametrize(
    "statement",
    [
        "DROP TABLE moods",
        "DROP INDEX ix_tickets_mood",
        "ALTER TABLE tickets DROP COLUMN mood",
        "ALTER TABLE tickets RENAME COLUMN mood TO spirits",
        "ALTER TABLE tickets RENAME TO requests",
        "ALTER TABLE tickets ALTER COLUMN mood SET NOT NULL",
        "ALTER TABLE tickets ALTER COLUMN mood TYPE integer",
        "ALTER TABLE tickets ADD COLUMN mood TEXT NOT NULL",
        "ALTER TABLE tickets ADD COLUMN mood TEXT NOT NULL DEFAULT NULL",
        "ALTER TABLE tickets ADD CONSTRAINT ck_tickets_mood CHECK (mood <> '')",
        "CREATE UNIQUE INDEX ix_tickets_mood ON tickets (mood)",
        "CREATE OR REPLACE FUNCTION supportdesk_guard_head() RETURNS trigger",
        "CREATE TRIGGER guard BEFORE INSERT ON tickets EXECUTE FUNCTION guard()",
        "UPDATE tickets SET owner = NULL",
        "DELETE FROM tickets",
    ],
)
def test_what_an_older_program_would_stumble_over_is_no_expansion(statement: str) -> None:
    assert not expands(statement)


@pytest.mark.parametrize(
    "statement",
    [
        "CREATE TABLE moods (\n  ref TEXT NOT NULL\n)",
        "CREATE INDEX ix_tickets_mood ON tickets (mood)",
        "ALTER TABLE tickets ADD COLUMN mood TEXT",
        "ALTER TABLE tickets ADD mood TEXT",
        "ALTER TABLE tickets ADD COLUMN mood TEXT NOT NULL DEFAULT ''",
        "ALTER TABLE tickets ADD CONSTRAINT ck_tickets_mood CHECK (mood <> '') NOT VALID",
    ],
)
def test_what_only_adds_is_an_expansion(statement: str) -> None:
    assert expands(statement)


def wrong_revisions(revisions: list[tuple[str, str]]) -> list[str]:
    """The revisions, given with their kinds and the oldest first, that let too old or too few programs go on."""
    wrong = []
    before = ""
    for name, kind in revisions:
        own, oldest = schema.number_of(name), schema.oldest_program(name)
        if own <= WITHOUT_ADDITION:
            good = name == own
        elif kind == EXPANDS:
            # Who could use the desk before still can.
            good = oldest == schema.oldest_program(before) and oldest < own
        else:
            # Programs of the revision before at most: they do without what is taken away.
            good = schema.number_of(before) <= oldest <= own
        if not good or kind not in (EXPANDS, CONTRACTS):
            wrong.append(name)
        before = name
    return wrong


def test_every_migration_says_which_programs_go_on() -> None:
    assert wrong_revisions([(each.revision, each.module.kind) for each in scripts()]) == []


@pytest.mark.parametrize(
    ("revisions", "wrong"),
    [
        ([("0012_from_0011", EXPANDS), ("0013_from_0011", EXPANDS), ("0014_from_0013", CONTRACTS)], []),
        ([("0012_from_0011", EXPANDS), ("0013", CONTRACTS), ("0014_from_0013", EXPANDS)], []),
        ([("0012_from_0010", EXPANDS)], ["0012_from_0010"]),
        ([("0012", EXPANDS)], ["0012"]),
        ([("0012_from_0011", EXPANDS), ("0013_from_0011", CONTRACTS)], ["0013_from_0011"]),
        ([("0012", CONTRACTS), ("0013_from_0011", EXPANDS)], ["0013_from_0011"]),
        ([("0012_from_0011", "changes")], ["0012_from_0011"]),
    ],
)
def test_a_revision_that_lets_too_old_programs_go_on_is_found(
    revisions: list[tuple[str, str]], wrong: list[str]
) -> None:
    assert wrong_revisions([("0011", EXPANDS), *revisions]) == wrong
