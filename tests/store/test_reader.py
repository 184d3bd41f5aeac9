"""A reader tells what a desk contains from being kept from reading it: `verify` calls no desk damaged that is well."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from supportdesk.desk import Desk
from supportdesk.store.errors import DeskUnavailableError, ForbiddenError
from supportdesk.store.sqlite import reader as sqlite_reader
from supportdesk.store.verification.verify import verify
from tests.databases import POSTGRES, use
from tests.postgres import database_in
from tests.store.desks import database_of, furnished, furnished_desk, running_server, uri_of

EVENTS = "SELECT seq FROM ledger"


@pytest.mark.sqlite
def test_a_file_that_another_program_locks_meanwhile_is_not_damaged(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sqlite_reader, "_PATIENCE", 0.05)
    path = furnished(tmp_path)
    with closing(Desk.open(path)) as desk, closing(database_of(desk).reader()) as reader:
        assert list(reader.rows(EVENTS))
        with closing(sqlite3.connect(path, isolation_level=None)) as other:
            other.execute("BEGIN EXCLUSIVE")
            with pytest.raises(DeskUnavailableError, match="locked"):
                reader.row(EVENTS)


@pytest.mark.sqlite
def test_a_text_that_is_none_is_returned_as_its_bytes_among_others(tmp_path: Path) -> None:
    path = furnished(tmp_path)
    with closing(sqlite3.connect(path)) as file:
        (before,), (_,), (after,) = file.execute("SELECT actor FROM ledger WHERE seq IN (2, 3, 4)").fetchall()
        file.execute("UPDATE ledger SET actor = CAST(X'ff' AS TEXT) WHERE seq = 3")
        file.commit()
    with closing(Desk.open(path)) as desk, closing(database_of(desk).reader()) as reader:
        actors = [actor for (actor,) in reader.rows("SELECT actor FROM ledger WHERE seq IN (2, 3, 4)")]
    assert actors == [before, b"\xff", after]


@pytest.mark.server
def test_a_session_that_ends_meanwhile_is_no_damage(tmp_path: Path) -> None:
    with use(POSTGRES), furnished_desk(tmp_path) as desk:
        name = database_in(uri_of(database_of(desk)))
        with closing(database_of(desk).reader()) as reader:
            assert reader.row(EVENTS)
            with running_server().connect("postgres") as connection:
                connection.execute(
                    "SELECT pg_terminate_backend(pid, 60000) FROM pg_stat_activity WHERE datname = %s", [name]
                )
            with pytest.raises(DeskUnavailableError, match="cannot be reached"):
                list(reader.rows(EVENTS))


@pytest.mark.server
def test_a_table_that_a_login_may_not_read_is_not_damaged(tmp_path: Path) -> None:
    with use(POSTGRES), furnished_desk(tmp_path) as desk:
        server, name = running_server(), database_in(uri_of(database_of(desk)))
        with server.connect(name) as connection:
            connection.execute("CREATE ROLE reader_of_some LOGIN")
            connection.execute("GRANT SELECT ON ALL TABLES IN SCHEMA public TO reader_of_some")
            connection.execute("REVOKE SELECT ON tickets FROM reader_of_some")
        try:
            with (
                closing(Desk.open(server.address(name, "reader_of_some"))) as other,
                pytest.raises(ForbiddenError, match="permission denied for table tickets"),
            ):
                verify(database_of(other))
        finally:
            with server.connect(name) as connection:
                connection.execute("DROP OWNED BY reader_of_some")
                connection.execute("DROP ROLE reader_of_some")
        assert verify(database_of(desk)).is_intact
