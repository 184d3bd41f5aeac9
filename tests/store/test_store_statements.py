"""The writes of a command are executed together, and each must find its row."""

from pathlib import Path
from typing import Any

import psycopg
import pytest
from sqlalchemy import Connection, bindparam, insert, select, update

from supportdesk.store import ledger, tables
from supportdesk.store.errors import DeskUnavailableError
from supportdesk.store.statements import Write, execute_writes
from supportdesk.tickets.process.conversation import Note
from tests import databases
from tests.store.desks import database_of, done, furnished_desk, logged, verified

ADD = insert(tables.ledger)
RENAME = update(tables.tickets).where(tables.tickets.c.ref == bindparam("of_ref"))


@pytest.mark.usefixtures("database_kind")
def test_a_write_that_does_not_find_its_row_undoes_those_before_it(tmp_path: Path) -> None:
    with furnished_desk(tmp_path) as desk:
        first, other = logged(desk), logged(desk)
        database = database_of(desk)

        def write(connection: Connection, *refs: str) -> None:
            rows = [{"of_ref": ref, "owner_name": "Somebody"} for ref in refs]
            execute_writes(connection, [Write(RENAME, rows)])

        with pytest.raises(DeskUnavailableError, match="changed the same ticket"):
            database.write(lambda connection: write(connection, first, "CD-0000", other))
        assert verified(desk).is_intact
        database.write(lambda connection: write(connection, first, other))
        assert [row.owner_name for row in desk.queue().rows] == ["Somebody"] * 2


@pytest.mark.server
def test_a_server_is_sent_what_a_command_writes_in_one_go_with_the_commit(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[tuple[str, bool]] = []
    execute = psycopg.Cursor.execute

    def note(cursor: psycopg.Cursor[Any], query: Any, *arguments: Any, **options: Any) -> Any:
        is_waiting = cursor.connection.pgconn.pipeline_status == psycopg.pq.PipelineStatus.OFF
        seen.append((str(query).split()[0], is_waiting))
        return execute(cursor, query, *arguments, **options)

    with databases.use(databases.POSTGRES), furnished_desk(tmp_path) as desk:
        ref = logged(desk)
        monkeypatch.setattr(psycopg.Cursor, "execute", note)
        done(desk, Note(ref, "it is the usual thing"))
        monkeypatch.undo()
        assert [word for word, is_waiting in seen if not is_waiting] == [
            *("SELECT", "SELECT"),
            *("INSERT", "UPDATE", "UPDATE", "INSERT", "COMMIT"),
        ]
        assert {word for word, is_waiting in seen if is_waiting} == {"SELECT"}
        assert database_of(desk).read(ledger.read_head).seq == desk.queue().seq


def rename(ref: str) -> Write:
    return Write(RENAME, [{"of_ref": ref, "owner_name": "Somebody"}])


@pytest.mark.usefixtures("database_kind")
def test_what_is_written_last_is_seen_by_a_statement_that_follows_after_all(tmp_path: Path) -> None:
    with furnished_desk(tmp_path) as desk:
        ref = logged(desk)

        def write(connection: Connection) -> str | None:
            execute_writes(connection, [rename(ref)], last=True)
            return connection.execute(select(tables.tickets.c.owner_name)).scalar()

        assert database_of(desk).write(write) == "Somebody"
        assert [row.owner_name for row in desk.queue().rows] == ["Somebody"]


@pytest.mark.usefixtures("database_kind")
def test_what_is_written_last_is_not_written_after_an_error(tmp_path: Path) -> None:
    with furnished_desk(tmp_path) as desk:
        ref = logged(desk)

        def fail(connection: Connection) -> None:
            execute_writes(connection, [rename(ref)], last=True)
            raise ZeroDivisionError

        with pytest.raises(ZeroDivisionError):
            database_of(desk).write(fail)
        database_of(desk).write(lambda connection: None)
        assert [row.owner_name for row in desk.queue().rows] == [""]


@pytest.mark.usefixtures("database_kind")
def test_a_version_of_a_ticket_that_the_ledger_has_undoes_what_is_written_last(tmp_path: Path) -> None:
    with furnished_desk(tmp_path) as desk:
        ref = logged(desk)

        def write(connection: Connection) -> None:
            query = select(tables.ledger).where(tables.ledger.c.ref == ref)
            row = dict(connection.execute(query).mappings().first() or {})
            writes = [rename(ref), Write(ADD, [{**row, "seq": desk.queue().seq + 1}])]
            execute_writes(connection, writes, last=True)

        with pytest.raises(DeskUnavailableError):
            database_of(desk).write(write)
        assert [row.owner_name for row in desk.queue().rows] == [""]
        assert verified(desk).is_intact


@pytest.mark.server
def test_a_row_that_is_missing_at_the_commit_is_reported_as_damage(tmp_path: Path) -> None:
    with databases.use(databases.POSTGRES), furnished_desk(tmp_path) as desk:
        logged(desk)
        with pytest.raises(DeskUnavailableError, match="run `supportdesk verify`"):
            database_of(desk).write(
                lambda connection: execute_writes(connection, [rename("CD-0000")], last=True)
            )
