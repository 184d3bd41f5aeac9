"""A desk with people and records, which must be intact after every test."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from supportdesk.clock import FixedClock
from supportdesk.desk import Desk
from tests.store.desks import furnished, verified
from tests.tickets.scenario import MONDAY_NINE


@pytest.fixture
def clock() -> FixedClock:
    return FixedClock(MONDAY_NINE)


@pytest.fixture
def address(tmp_path: Path) -> str:
    return furnished(tmp_path)


@pytest.fixture
def desk(address: str, clock: FixedClock) -> Iterator[Desk]:
    desk = Desk.open(address, clock)
    yield desk
    assert verified(desk).is_intact, verified(desk)
    desk.close()
