"""Before a desk is upgraded, it is copied as it is."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from alembic import command
from sqlalchemy import insert, text

from supportdesk.store import schema, tables
from supportdesk.store.database import create_database
from supportdesk.store.errors import DeskUnavailableError
from supportdesk.store.migrations import configuration
from supportdesk.store.postgres import ddl  # noqa: F401 - it says how texts are created
from supportdesk.store.postgres.address import parse_uri
from supportdesk.store.postgres.database import PostgresDatabase
from supportdesk.store.sqlite import lifecycle
from supportdesk.store.verification.verify import verify
from tests.databases import POSTGRES, use
from tests.store.desks import running_server
from tests.store.earlier_desk import unpack


def content(path: Path) -> list[str]:
    with closing(sqlite3.connect(path)) as connection:
        return list(connection.iterdump())


def test_an_older_file_is_copied_beside_itself_once_for_each_upgrade(tmp_path: Path) -> None:
    desk = unpack(tmp_path)
    copies: list[str] = []
    before = content(desk)
    create_database(str(desk), copies.append).close()
    copy = tmp_path / f"desk.db.before-{schema.number_of(schema.REVISIONS[-1])}"
    assert copies == [str(copy)]
    assert content(copy) == before
    assert copy.stat().st_mode & 0o777 == 0o600
    create_database(str(desk), copies.append).close()
    assert copies == [str(copy)], "there was nothing to upgrade"


def test_a_copy_never_replaces_another_one(tmp_path: Path) -> None:
    desk = unpack(tmp_path)
    copies: list[str] = []
    first = tmp_path / f"desk.db.before-{schema.number_of(schema.REVISIONS[-1])}"
    first.write_text("kept")
    create_database(str(desk), copies.append).close()
    assert copies == [f"{first}-2"]
    assert first.read_text() == "kept"


def test_a_desk_that_cannot_be_copied_is_not_upgraded(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk = unpack(tmp_path)
    before = content(desk)

    def refuse(*_: object) -> None:
        raise DeskUnavailableError("the disk is full: make room and try again")

    monkeypatch.setattr(lifecycle, "copy_file", refuse)
    with pytest.raises(DeskUnavailableError, match="the disk is full"):
        create_database(str(desk))
    assert content(desk) == before
    assert [each.name for each in tmp_path.iterdir() if "before" in each.name] == []


def test_a_new_desk_and_one_that_is_up_to_date_are_not_copied(tmp_path: Path) -> None:
    copies: list[str] = []
    create_database(str(tmp_path / "new.db"), copies.append).close()
    create_database(str(tmp_path / "new.db"), copies.append).close()
    assert copies == []


@pytest.mark.server
def test_an_older_desk_on_a_server_is_copied_to_another_schema() -> None:
    with use(POSTGRES):
        address = running_server().address(running_server().make_database())
        copies: list[str] = []
        with closing(PostgresDatabase(parse_uri(address))) as database:
            database.write(lambda connection: command.upgrade(configuration(connection), "0009"))
            database.write(
                lambda connection: connection.execute(
                    insert(tables.attachments).values(digest="d", content=b"kept")
                )
            )
        with closing(create_database(address, copies.append)) as upgraded:
            assert verify(upgraded).mismatches[0].table == "attachments", "nothing explains that one"
            name = f"supportdesk_before_{schema.number_of(schema.REVISIONS[-1])}"
            (place,) = copies
            assert place.startswith(f"the schema {name} of the database ")
            copied = upgraded.read(
                lambda connection: connection.execute(
                    text(f'SELECT content FROM "{name}".attachments')
                ).scalar_one()
            )
        assert copied == b"kept"
