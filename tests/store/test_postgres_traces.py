"""What an erasure removes from a server besides the rows of its tables."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from supportdesk.tickets.records.commands import EraseContact
from tests import databases
from tests.postgres import database_in
from tests.store.desks import address_of, done, running_server
from tests.store.erased import ZOE, named_desk, traces_at

pytestmark = pytest.mark.server

STATISTICS = (
    "SELECT count(*) FROM pg_stats WHERE concat(most_common_vals, histogram_bounds) LIKE '%Müller-Brandt%'"
)


@pytest.fixture(autouse=True)
def _on_the_server() -> Iterator[None]:
    with databases.use(databases.POSTGRES):
        yield


def test_no_statistic_by_which_the_server_plans_names_an_erased_contact(tmp_path: Path) -> None:
    with named_desk(tmp_path) as desk:
        address = address_of(desk)
        with running_server().connect(database_in(address)) as connection:
            connection.execute("ANALYZE")
            assert connection.execute(STATISTICS).fetchall() != [(0,)]
        done(desk, EraseContact(ZOE.key), by="sue")
        desk.remove_traces()
        with running_server().connect(database_in(address)) as connection:
            assert connection.execute(STATISTICS).fetchall() == [(0,)]
        assert traces_at(address) == []
