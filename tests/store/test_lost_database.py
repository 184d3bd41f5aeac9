"""A move whose database goes away at the end waits until it is back, and says what is so meanwhile and what to do."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import Connection

from supportdesk.store import closure, ledger
from supportdesk.store.database import open_database
from supportdesk.store.errors import DeskUnavailableError, ForbiddenError
from supportdesk.store.exchange import desk_move, lost_database
from supportdesk.store.exchange.desk_move import MoveResult, move_desk
from supportdesk.store.exchange.lost_database import UnsettledMoveError, retry_until_back
from supportdesk.store.postgres import transactions
from tests.databases import POSTGRES, SQLITE, use
from tests.postgres import USER, PostgresServer, database_in
from tests.proxy import Proxy
from tests.store.desks import furnished, running_server
from tests.tickets.scenario import MONDAY_NINE

pytestmark = [pytest.mark.server, pytest.mark.slow]

COMMIT = b"COMMIT\0"
NOBODY = 1
"""A port at which nobody listens."""


@pytest.fixture(autouse=True)
def impatience(monkeypatch: pytest.MonkeyPatch) -> None:
    """Look again at once."""
    monkeypatch.setattr(transactions, "UNKNOWN_PATIENCE", 0.1)
    monkeypatch.setattr(transactions, "RECONNECTING", 0.1)
    monkeypatch.setattr(lost_database, "_PAUSE", 0.01)


@pytest.fixture
def server() -> PostgresServer:
    return running_server()


@pytest.fixture
def proxy(server: PostgresServer) -> Iterator[Proxy]:
    made = Proxy(server.port)
    yield made
    made.close()


@pytest.fixture
def served(server: PostgresServer, proxy: Proxy, tmp_path: Path) -> str:
    """The address, by a way that can be cut, of a desk on a server."""
    with use(POSTGRES):
        name = database_in(furnished(tmp_path))
    return by_way(proxy, name)


def by_way(proxy: Proxy, name: str) -> str:
    """The address of a database by the way that can be cut."""
    return f"postgresql+psycopg://{USER}@127.0.0.1:{proxy.port}/{name}"


def moved(source: str, target: str | Path, report: Callable[[str], None]) -> MoveResult:
    """Move a desk."""
    with closing(open_database(source)) as database:
        return move_desk(database, str(target), now=MONDAY_NINE, report=report)


def is_closed(address: str | Path) -> bool:
    with closing(open_database(str(address))) as database:
        return database.read(ledger.read_head).is_closed


@pytest.mark.parametrize(
    "is_saved",
    [pytest.param(True, id="saved"), pytest.param(False, id="not saved", marks=pytest.mark.long)],
)
def test_a_desk_whose_server_is_lost_as_it_is_closed_has_moved_once_that_is_back(
    server: PostgresServer, proxy: Proxy, served: str, tmp_path: Path, is_saved: bool
) -> None:
    said: list[str] = []

    def report(step: str) -> None:
        said.append(step)
        if step == "Moving":
            proxy.lead_to(NOBODY)
            setattr(proxy, "swallow" if is_saved else "refuse", COMMIT)
        elif step.startswith("Whether"):
            proxy.lead_to(server.port)

    result = moved(served, tmp_path / "moved.db", report)
    assert result.source.is_intact
    assert result.target.point == result.source.point
    assert is_closed(served)
    assert not is_closed(result.place)
    (waited,) = (each for each in said if each.startswith("Whether"))
    assert waited.startswith(
        f"Whether the desk has moved to {result.place} is not known yet, and the database "
    )


@pytest.mark.long
def test_a_desk_whose_server_stays_away_as_it_is_closed_is_moved_by_the_same_command_later(
    server: PostgresServer, proxy: Proxy, served: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lost_database, "PATIENCE", 0.0)

    def lose(step: str) -> None:
        if step == "Moving":
            proxy.swallow = COMMIT
            proxy.lead_to(NOBODY)

    with pytest.raises(
        UnsettledMoveError,
        match=r"not known yet, and .* Then run the same `supportdesk db copy` again, which finishes",
    ):
        moved(served, tmp_path / "moved.db", lose)
    assert proxy.swallowed.wait(60)
    proxy.lead_to(server.port)
    result = moved(served, tmp_path / "moved.db", lambda step: None)
    assert result.target.is_intact
    assert result.locked is None, "it had moved"
    assert not is_closed(result.place)


@pytest.mark.long
@pytest.mark.parametrize("loss", ["swallow", "refuse"])
def test_a_copy_whose_server_is_lost_as_it_is_opened_is_open_once_that_is_back(
    server: PostgresServer, proxy: Proxy, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, loss: str
) -> None:
    with use(SQLITE):
        source = furnished(tmp_path)
    target = by_way(proxy, server.make_database())
    said: list[str] = []
    losses = [loss]

    def lose(connection: Connection) -> None:
        if losses:
            setattr(proxy, losses.pop(), COMMIT)
            proxy.lead_to(NOBODY)
        closure.open_head(connection)

    def report(step: str) -> None:
        said.append(step)
        if step.startswith("The desk has moved"):
            proxy.lead_to(server.port)

    monkeypatch.setattr(desk_move, "open_head", lose)
    assert moved(source, target, report).target.is_intact
    assert not is_closed(target)
    assert is_closed(source)
    (waited,) = (each for each in said if each.startswith("The desk has moved"))
    assert "but is not open there yet, and the database " in waited
    server.drop_database(database_in(target))


@pytest.mark.long
def test_a_copy_that_is_lost_before_the_desk_has_moved_is_told_from_the_desk(
    server: PostgresServer, proxy: Proxy, tmp_path: Path
) -> None:
    with use(SQLITE):
        source = furnished(tmp_path)
    target = by_way(proxy, server.make_database())

    def lose(step: str) -> None:
        if step == "Moving":
            proxy.swallow = COMMIT
            proxy.lead_to(NOBODY)

    # The next transaction there reads what it has.
    with pytest.raises(DeskUnavailableError) as raised:
        moved(source, target, lose)
    assert not isinstance(raised.value, UnsettledMoveError)
    assert not is_closed(source)
    proxy.lead_to(server.port)
    assert moved(source, target, lambda step: None).target.is_intact
    server.drop_database(database_in(target))


def test_a_right_that_is_missing_is_not_waited_for() -> None:
    tries: list[str] = []

    def forbidden() -> None:
        tries.append("once")
        raise ForbiddenError("the login ann may not write")

    with pytest.raises(UnsettledMoveError, match="The desk has moved, and the login ann may not write"):
        retry_until_back(forbidden, "The desk has moved", tries.append)
    assert tries == ["once"]
