"""A desk with a watcher, which tests let tick, and the time, which only they let pass."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from supportdesk.clock import FixedClock
from supportdesk.desk import Desk
from supportdesk.store.location import find_heartbeat
from supportdesk.watcher.loop import Watcher
from supportdesk.watcher.tasks import make_tasks
from tests.store.desks import furnished
from tests.tickets.scenario import MONDAY_NINE


@pytest.fixture(autouse=True)
def crash_log(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Crashes are written to a folder of the test."""
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))


@pytest.fixture
def clock() -> FixedClock:
    return FixedClock(MONDAY_NINE)


@pytest.fixture
def address(tmp_path: Path) -> str:
    return furnished(tmp_path)


@pytest.fixture
def desk(address: str, clock: FixedClock) -> Iterator[Desk]:
    opened = Desk.open(address, clock)
    yield opened
    opened.close()


@pytest.fixture
def log() -> list[str]:
    """What the watcher said."""
    return []


@pytest.fixture
def watcher(address: str, clock: FixedClock, log: list[str]) -> Iterator[Watcher]:
    """A watcher of the desk that has not ticked yet."""
    made = Watcher(
        lambda: Desk.open(address, clock),
        find_heartbeat(address),
        make_tasks,
        say=log.append,
    )
    yield made
    made.close()
