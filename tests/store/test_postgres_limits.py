"""What an administrator has set for a login breaks off nothing that has to read a whole desk."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import Connection

from supportdesk.desk import Desk
from supportdesk.store.errors import DeskUnavailableError
from supportdesk.store.exchange.desk_move import move_desk
from supportdesk.store.exchange.exporter import export_lines
from tests.databases import POSTGRES, use
from tests.postgres import database_in
from tests.store.desks import database_of, furnished, running_server, verified
from tests.tickets.scenario import MONDAY_NINE

pytestmark = pytest.mark.server


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    """A desk in a database in which no statement may take longer than a tenth of a second."""
    with use(POSTGRES):
        address = furnished(tmp_path)
        name = database_in(address)
        with running_server().connect("postgres") as connection:
            connection.execute(f"ALTER DATABASE {name} SET statement_timeout = '100ms'".encode())
        with closing(Desk.open(address)) as desk:
            yield desk


def wait(connection: Connection) -> None:
    connection.exec_driver_sql("SELECT pg_sleep(0.3)")


def test_the_limit_is_kept_by_what_a_person_waits_for(desk: Desk) -> None:
    with pytest.raises(DeskUnavailableError, match="higher statement_timeout"):
        database_of(desk).read(wait)


def test_verify_and_an_export_read_for_as_long_as_it_takes(desk: Desk) -> None:
    database = database_of(desk)
    with closing(database.reader()) as reader:
        for _ in range(2):
            with reader.moment():
                assert reader.row("SELECT current_setting('statement_timeout') FROM pg_sleep(0.3)") == ("0",)
    assert verified(desk).is_intact
    database.read_at_length(wait)
    assert export_lines(database, lambda: lambda line: None).events


def test_a_move_reads_and_writes_for_as_long_as_it_takes(desk: Desk, tmp_path: Path) -> None:
    database = database_of(desk)

    def report(_: str) -> None:
        database.read(wait)

    moved = move_desk(database, str(tmp_path / "moved.db"), now=MONDAY_NINE, report=report)
    assert moved.source.is_intact
    assert moved.target.is_intact
