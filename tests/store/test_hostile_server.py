"""A desk on a hostile server: nothing that was acknowledged is lost, and nothing is saved twice or out of order."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing

import pytest

from supportdesk.clock import FixedClock
from supportdesk.desk import Desk
from supportdesk.store import ledger
from supportdesk.tickets.process.conversation import Note
from tests.databases import NOT_INSTALLED
from tests.hostile import HostileServer
from tests.postgres import find_programs
from tests.store.desks import database_of, done, furnish, logged, verified
from tests.tickets.scenario import MONDAY_NINE

pytestmark = pytest.mark.server

PEOPLE, NOTES = 3, 20


@pytest.fixture(scope="module")
def server() -> Iterator[HostileServer]:
    programs = find_programs()
    if programs is None:
        pytest.skip(NOT_INSTALLED)
    made = HostileServer(programs)
    yield made
    made.remove()


@pytest.fixture
def address(server: HostileServer) -> str:
    made = server.address(server.make_database())
    furnish(made)
    return made


def test_what_is_acknowledged_there_is_saved_once_and_in_order(server: HostileServer, address: str) -> None:
    with closing(Desk.open(address, FixedClock(MONDAY_NINE))) as desk, ThreadPoolExecutor(PEOPLE) as pool:
        refs = [logged(desk) for _ in range(2)]
        before = desk.changes(0).seq

        def write(person: int) -> dict[str, int]:
            acknowledged = {}
            with closing(Desk.open(address, FixedClock(MONDAY_NINE))) as own:
                for number in range(NOTES):
                    command_id = f"{person}-{number}"
                    outcome = done(own, Note(refs[number % 2], command_id), command_id=command_id)
                    acknowledged[command_id] = outcome.seq
            return acknowledged

        acknowledged = {key: seq for each in pool.map(write, range(PEOPLE)) for key, seq in each.items()}
        found = database_of(desk).read(
            lambda connection: {
                each.command_id: each.seq for each in ledger.read_events(connection, after=before)
            }
        )
        assert found == acknowledged
        assert sorted(found.values()) == list(range(before + 1, before + 1 + PEOPLE * NOTES))
        assert desk.wait_for_change(60)
        assert verified(desk).is_intact
    assert any(server.proxy.counts.values()), "nothing happened to any commit"
