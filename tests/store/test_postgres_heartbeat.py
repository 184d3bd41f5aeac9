"""The heartbeat in a row of a PostgreSQL desk outlives its connection."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest

from supportdesk.desk import Desk
from supportdesk.heartbeat import Heartbeat, HeartbeatPlace
from supportdesk.store.postgres.heartbeat import PostgresHeartbeat
from tests.databases import POSTGRES, use
from tests.postgres import database_in
from tests.store.desks import furnished, running_server

pytestmark = pytest.mark.server

NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)
BEAT = Heartbeat("desk1", 1, "a", NOW, NOW)


@pytest.fixture
def address(tmp_path: Path) -> Iterator[str]:
    with use(POSTGRES):
        yield furnished(tmp_path)


@pytest.fixture
def place(address: str) -> HeartbeatPlace:
    with closing(Desk.open(address)) as desk:
        return desk._database.heartbeat()


def test_it_is_written_although_the_server_was_restarted(address: str, place: HeartbeatPlace) -> None:
    place.write(BEAT)
    with running_server().connect("postgres") as connection:
        connection.execute(
            "SELECT pg_terminate_backend(pid, 60000) FROM pg_stat_activity WHERE datname = %s",
            [database_in(address)],
        )
    place.write(BEAT)
    assert place.read() == BEAT


def test_it_is_written_to_the_primary_after_it_was_read_from_a_standby(
    address: str, place: HeartbeatPlace
) -> None:
    name = database_in(address)
    with running_server().connect(name) as connection:
        connection.execute(f"ALTER DATABASE {name} SET default_transaction_read_only = on".encode())
        assert place.read() is None
        connection.execute(f"ALTER DATABASE {name} RESET default_transaction_read_only".encode())
    place.write(BEAT)
    assert place.read() == BEAT


def test_why_it_cannot_be_written_is_said_without_the_address() -> None:
    with pytest.raises(OSError, match="Connection refused") as raised:
        PostgresHeartbeat("postgresql://ann@127.0.0.1:1/desk").write(BEAT)
    assert raised.value.strerror == "Connection refused"
