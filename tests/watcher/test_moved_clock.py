"""The machine's clock is set forward and back while a process watches."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest

from supportdesk.clock import FixedClock
from supportdesk.desk import Desk
from supportdesk.heartbeat import WATCHING
from supportdesk.store.location import find_heartbeat
from tests.patience import wait_for
from tests.store.desks import events, furnished, logged, verified

pytestmark = pytest.mark.slow

LIBRARY = next(iter(Path("/usr/lib").glob("*/faketime/libfaketimeMT.so.1")), None)


class MovedClock:
    """The clock of a process: what is written into its file is added to the machine's, as in `+10m`."""

    def __init__(self, folder: Path) -> None:
        self.file = folder / "moved"
        self.move("+0")

    def move(self, offset: str) -> None:
        # Replaced as a whole: the process reads it at any moment.
        beside = self.file.with_suffix(".new")
        beside.write_text(f"{offset}\n")
        beside.replace(self.file)

    @property
    def environment(self) -> dict[str, str]:
        """What makes a process see it. Monotonic time stays real, or Python's timed waits would hang."""
        return {
            "LD_PRELOAD": str(LIBRARY),
            "FAKETIME_TIMESTAMP_FILE": str(self.file),
            "FAKETIME_NO_CACHE": "1",
            "DONT_FAKE_MONOTONIC": "1",
        }


@pytest.fixture
def moved(tmp_path: Path) -> MovedClock:
    if LIBRARY is None:
        pytest.skip("libfaketime is missing: apt-get install faketime")
    return MovedClock(tmp_path)


@pytest.fixture
def address(tmp_path: Path, moved: MovedClock) -> Iterator[str]:
    """A desk that a process with a moved clock watches."""
    path = furnished(tmp_path)
    with closing(Desk.open(path, FixedClock(datetime.now(UTC)))) as desk:
        desk.date_is_confirmed = True
        logged(desk, severity="critical", channel="hotline")
    command = [sys.executable, "-m", "supportdesk", "--db", path, "watch", "--interval", "1"]
    process = subprocess.Popen(
        command, env={**os.environ, **moved.environment}, stderr=subprocess.DEVNULL, text=True
    )
    yield path
    process.terminate()
    assert process.wait() == 0


def test_steps_fire_by_the_clock_and_none_twice_when_it_is_set_back(address: str, moved: MovedClock) -> None:
    place = find_heartbeat(address)

    def state() -> str:
        found = place.read()
        return found.state if found is not None else "nobody watches"

    with closing(Desk.open(address)) as desk:
        [row] = desk.queue().rows

        def count() -> int:
            return events(desk, row.ref).count("step taken")

        wait_for(lambda: state() == WATCHING, state)
        assert count() == 0
        moved.move("+6m")
        wait_for(lambda: count() == 1, lambda: f"{count()} steps, {state()}")
        moved.move("-2h")
        wait_for(lambda: state().startswith("the clock went back behind"), state)
        moved.move("+11m")
        wait_for(lambda: state() == WATCHING and count() > 1, lambda: f"{count()} steps, {state()}")
        # After the second on call, who is nobody, the Support Manager is paged at once.
        wait_for(lambda: count() == 3, lambda: f"{count()} steps")
        assert verified(desk).is_intact
