"""A watcher on a thread of a console: it starts where nobody watches, takes over, and ends with the console."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from supportdesk.clock import FixedClock
from supportdesk.desk import Desk
from supportdesk.desk_api import DeskUnavailableError
from supportdesk.heartbeat import STOPPED, WATCHING, HeartbeatFile, heartbeat_path
from supportdesk.store.location import find_heartbeat
from supportdesk.watcher import precedence
from supportdesk.watcher.hosting import HostedWatcher, start_watcher
from tests.patience import wait_for
from tests.store.desks import events, logged

pytestmark = pytest.mark.usefixtures("database_kind")


def wait_until(condition: Callable[[], bool]) -> None:
    wait_for(condition, lambda: "it did not happen")


def start(address: str, clock: FixedClock) -> HostedWatcher:
    return start_watcher(lambda: Desk.open(address, clock), find_heartbeat(address), interval=0.05)


def test_it_watches_until_it_is_stopped_and_leaves_no_thread(
    desk: Desk, address: str, clock: FixedClock
) -> None:
    before = threading.active_count()
    ref = logged(desk, severity="critical", channel="hotline")
    watcher = start(address, clock)
    clock.set(desk.next_watch_due() or clock.now())
    wait_until(lambda: "step taken" in events(desk, ref))
    found = find_heartbeat(address).read()
    assert found is not None
    assert (found.hosted, found.state) == (True, WATCHING)
    assert watcher.stop()
    assert threading.active_count() == before
    found = find_heartbeat(address).read()
    assert found is not None
    assert found.state == STOPPED


def test_of_two_the_second_only_looks_and_takes_over_when_the_first_stops(
    desk: Desk, address: str, clock: FixedClock
) -> None:
    first = start(address, clock)
    # The second looks at the file, which is written a little after the first has its heartbeat.
    place = find_heartbeat(address)
    wait_until(lambda: place.read() is not None)
    second = start(address, clock)
    wait_until(lambda: first.heartbeat.beat > 3)
    assert second.heartbeat.beat == 0
    first.stop()
    wait_until(lambda: second.heartbeat.beat > 0)
    second.stop()


def test_it_takes_over_from_one_that_was_killed(
    desk: Desk, address: str, clock: FixedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(precedence, "SILENT_AFTER", 0.5)
    first = start(address, clock)
    place = find_heartbeat(address)
    wait_until(lambda: place.read() is not None)
    last = place.read()
    assert last is not None
    second = start(address, clock)
    first.stop()
    place.write(last)
    wait_until(lambda: second.heartbeat.beat > 0)
    second.stop()


def test_a_desk_that_cannot_be_opened_stops_nothing(tmp_path: Path) -> None:
    missing = tmp_path / "missing.db"
    watcher = start_watcher(
        lambda: Desk.open(str(missing)), HeartbeatFile(heartbeat_path(missing)), interval=0.05
    )
    wait_until(lambda: watcher.heartbeat.beat > 0)
    assert watcher.heartbeat.state != WATCHING
    assert watcher.stop()


def test_one_that_does_not_get_at_the_desk_gives_it_up_to_the_next(
    desk: Desk, address: str, clock: FixedClock
) -> None:
    place, is_away = find_heartbeat(address), threading.Event()

    def connect() -> Desk:
        if is_away.is_set():
            raise DeskUnavailableError("the desk cannot be written")
        return Desk.open(address, clock)

    first = start_watcher(connect, place, interval=0.05)
    wait_until(lambda: first.heartbeat.beat > 0)
    second = start(address, clock)
    is_away.set()
    first._watcher._close_desk()
    wait_until(lambda: second.heartbeat.beat > 0)
    assert not first.heartbeat.works
    first.stop()
    second.stop()


@pytest.mark.sqlite
def test_a_process_that_may_only_read_the_desk_watches_once_it_may_write_it(
    desk: Desk, address: str, clock: FixedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    may_work, asked = False, 0

    def access(path: object, mode: int, **_: bool) -> bool:
        nonlocal asked
        asked += 1
        return may_work

    # A test may run as root, who may write everything.
    monkeypatch.setattr(os, "access", access)
    watcher = start(address, clock)
    wait_until(lambda: asked > 3)
    assert watcher.heartbeat.beat == 0
    assert find_heartbeat(address).read() is None, "another watcher need not give way"
    may_work = True
    wait_until(lambda: watcher.heartbeat.beat > 0)
    watcher.stop()


def test_links_that_lead_in_a_circle_end_no_watcher(tmp_path: Path) -> None:
    path = tmp_path / "desk.db"
    path.symlink_to(path)
    place = heartbeat_path(path)
    assert place.parent == tmp_path
    assert not HeartbeatFile(place).is_writable()
