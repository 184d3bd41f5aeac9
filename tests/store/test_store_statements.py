"""The writes of a command are executed together, and each must find its row."""

from pathlib import Path
from typing import Any

import psycopg
import pytest
from sqlalchemy import Connection, bindparam, update

from supportdesk.store import ledger, tables
from supportdesk.store.errors import DeskUnavailableError
from supportdesk.store.statements import Write, execute_writes
from supportdesk.tickets.process.conversation import Note
from tests import databases
from tests.store.desks import database_of, done, furnished_desk, logged, verified

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


def test_a_server_is_sent_what_a_command_writes_in_one_go(
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
            *("INSERT", "UPDATE", "UPDATE", "INSERT")
        ]
        assert {word for word, is_waiting in seen if is_waiting} == {"SELECT"}
        assert database_of(desk).read(ledger.read_head).seq == desk.queue().seq
