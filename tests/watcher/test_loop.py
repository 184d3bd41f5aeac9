"""The loop of a watcher: what it records, what it says, and what it survives."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from supportdesk.clock import FixedClock
from supportdesk.desk import Desk
from supportdesk.desk_api import DeskApi
from supportdesk.heartbeat import STOPPED, WATCHING, Heartbeat
from supportdesk.store.location import find_heartbeat
from supportdesk.tickets.process.steps import TakeSteps
from supportdesk.watcher.escalations import UNMOVED
from supportdesk.watcher.loop import Watcher
from supportdesk.watcher.tasks import make_tasks
from tests.store.desks import database_of, events, logged, verified
from tests.tickets.scenario import MONDAY_NINE


def at(minutes: float) -> datetime:
    return MONDAY_NINE + timedelta(minutes=minutes)


def critical(desk: Desk) -> str:
    return logged(desk, severity="critical", channel="hotline")


def heartbeat(address: str) -> Heartbeat:
    found = find_heartbeat(address).read()
    assert found is not None
    return found


@pytest.mark.sqlite
def test_a_heartbeat_that_cannot_be_written_is_said_once_and_ends_nothing(
    watcher: Watcher, address: str, log: list[str]
) -> None:
    path = Path(f"{address}.watcher")
    path.mkdir()
    for _ in range(3):
        watcher.tick()
    fault = (
        f"the heartbeat {path} cannot be written (Is a directory), so nobody sees that this watcher is alive:"
    )
    fault += " check the disk and the permissions"
    assert log.count(fault) == 1
    path.rmdir()
    watcher.tick()
    watcher.tick()
    assert log.count(f"the heartbeat {path} is written again") == 1
    path.unlink()
    path.mkdir()
    watcher.tick()
    assert log.count(fault) == 2
    path.rmdir()


def test_a_tick_records_what_is_due_and_an_idle_one_writes_nothing_to_the_desk(
    desk: Desk, watcher: Watcher, clock: FixedClock
) -> None:
    ref = critical(desk)
    # The first tick tells supervisors of gaps in the rota.
    watcher.tick()
    before = desk.changes(0).seq
    desk.wait_for_change(0)
    watcher.tick()
    assert desk.changes(0).seq == before
    assert not desk.wait_for_change(0)
    clock.set(at(5))
    watcher.tick()
    watcher.tick()
    assert events(desk, ref).count("step taken") == 1
    assert verified(desk).is_intact


def test_the_heartbeat_says_who_watches_and_that_nobody_does_any_more(
    desk: Desk, watcher: Watcher, address: str
) -> None:
    watcher.tick()
    first = heartbeat(address)
    assert (first.state, first.hosted, first.beat > 0) == (WATCHING, False, True)
    watcher.close()
    assert heartbeat(address).state == STOPPED


def test_who_ends_does_not_say_so_where_somebody_else_watches(
    watcher: Watcher, address: str, clock: FixedClock
) -> None:
    other = Watcher(watcher._connect, find_heartbeat(address), make_tasks, say=lambda line: None)
    watcher.tick()
    other.tick()
    watcher.close()
    assert heartbeat(address).id == other.heartbeat.id
    assert heartbeat(address).state == WATCHING
    other.close()


def test_the_most_severe_ticket_comes_first(desk: Desk, watcher: Watcher, clock: FixedClock) -> None:
    high = logged(desk)
    clock.set(at(140))
    severe = critical(desk)
    clock.set(at(146))
    assert desk.due_refs(at(146)) == [severe, high]


def test_where_the_clock_goes_back_nothing_is_done_twice_and_it_says_so(
    desk: Desk, watcher: Watcher, clock: FixedClock, log: list[str]
) -> None:
    ref = critical(desk)
    clock.set(at(5))
    watcher.tick()
    clock.set(at(-60))
    watcher.tick()
    watcher.tick()
    assert watcher.heartbeat.state == (
        "the clock went back behind 23 Nov 2026 09:05 GMT: what is due waits for the clock"
    )
    assert log.count(watcher.heartbeat.state) == 1
    clock.set(at(9))
    watcher.tick()
    assert watcher.heartbeat.state == WATCHING
    assert events(desk, ref).count("step taken") == 1
    clock.set(at(10))
    watcher.tick()
    assert events(desk, ref).count("step taken") == 3


def test_what_is_logged_while_the_clock_is_back_escalates_by_that_clock(
    desk: Desk, watcher: Watcher, clock: FixedClock
) -> None:
    watcher.tick()
    clock.set(at(-60))
    ref = critical(desk)
    watcher.tick()
    assert events(desk, ref).count("step taken") == 0
    clock.set(at(-55))
    watcher.tick()
    assert events(desk, ref).count("step taken") == 1


def test_after_a_long_sleep_late_steps_come_one_at_a_tick(
    desk: Desk, watcher: Watcher, clock: FixedClock
) -> None:
    ref = logged(desk)
    watcher.tick()
    clock.set(at(60 * 3))
    counts = []
    for number in range(3):
        clock.set(at(60 * 3) + timedelta(seconds=5 * number))
        watcher.tick()
        watcher.tick()
        counts.append(events(desk, ref).count("step taken"))
    # The third step is due at the second tick, and not late.
    assert counts == [1, 3, 3]


@pytest.mark.sqlite
def test_a_desk_that_is_away_is_watched_again_when_it_is_back(
    desk: Desk, watcher: Watcher, clock: FixedClock, address: str, log: list[str]
) -> None:
    ref = critical(desk)
    watcher.tick()
    path, away = Path(address), Path(f"{address}.away")
    path.rename(away)
    clock.set(at(5))
    watcher.tick()
    watcher.tick()
    assert "is gone" in watcher.heartbeat.state or "there is no" in watcher.heartbeat.state
    assert heartbeat(address).state == watcher.heartbeat.state
    away.rename(path)
    watcher.tick()
    assert watcher.heartbeat.state == WATCHING
    assert events(desk, ref).count("step taken") == 1
    assert log[-1] == WATCHING


@pytest.mark.sqlite
def test_a_desk_that_was_replaced_is_opened_again(
    watcher: Watcher, clock: FixedClock, address: str, tmp_path: Path
) -> None:
    watcher.tick()
    path = Path(address)
    content = path.read_bytes()
    path.unlink()
    path.write_bytes(content)
    watcher.tick()
    assert "replaced" in watcher.heartbeat.state
    watcher.tick()
    assert watcher.heartbeat.state == WATCHING


class Failing(Desk):
    """A desk on which one ticket cannot be escalated."""

    ref = ""

    def do(self, command: Any, **settings: Any) -> Any:
        if isinstance(command, TakeSteps) and command.ref == Failing.ref:
            raise ZeroDivisionError
        return super().do(command, **settings)


def test_a_ticket_that_fails_keeps_no_other_from_being_escalated(
    desk: Desk,
    address: str,
    clock: FixedClock,
    log: list[str],
) -> None:
    first, second = critical(desk), critical(desk)
    Failing.ref = first
    watcher = Watcher(lambda: Failing.open(address, clock), None, make_tasks, say=log.append)
    clock.set(at(5))
    watcher.tick()
    watcher.tick()
    assert events(desk, second).count("step taken") == 1
    assert (
        watcher.heartbeat.state
        == f"{first} cannot be escalated (failed: ZeroDivisionError; see the crash log)"
    )
    assert log.count(f"{first}: failed: ZeroDivisionError; see the crash log") == 1
    Failing.ref = ""
    watcher.tick()
    assert events(desk, first).count("step taken") == 1
    assert watcher.heartbeat.state == WATCHING
    watcher.close()


def test_a_ticket_that_stays_due_although_nothing_is_recorded_is_reported(
    desk: Desk, watcher: Watcher, log: list[str]
) -> None:
    ref = critical(desk)
    database_of(desk).write(lambda connection: connection.execute(text("UPDATE tickets SET watch_due = 0")))
    for _ in range(UNMOVED - 1):
        watcher.tick()
    assert watcher.heartbeat.state == WATCHING
    watcher.tick()
    watcher.tick()
    why = "is due, but nothing of it is: run `supportdesk verify`"
    assert watcher.heartbeat.state == f"{ref} cannot be escalated ({why})"
    assert log.count(f"{ref}: is due, but nothing of it is: run `supportdesk verify`") == 1
    assert not verified(desk).is_intact


class Broken:
    """A task that fails."""

    name, fault = "the test", ""
    closed = False

    def tick(self, desk: DeskApi, now: datetime, *, is_stopped: Callable[[], bool]) -> bool:
        raise ZeroDivisionError

    def close(self) -> None:
        self.closed = True


def test_a_task_that_fails_keeps_no_other_from_running(
    desk: Desk,
    address: str,
    clock: FixedClock,
    log: list[str],
) -> None:
    broken, ref = Broken(), critical(desk)
    watcher = Watcher(
        lambda: Desk.open(address, clock), None, lambda say: [broken, *make_tasks(say)], say=log.append
    )
    clock.set(at(5))
    watcher.tick()
    assert events(desk, ref).count("step taken") == 1
    assert watcher.heartbeat.state == "the test failed (ZeroDivisionError, see the crash log)"
    watcher.close()
    assert broken.closed


def test_a_desk_that_fails_in_another_way_ends_no_watcher(desk: Desk, log: list[str]) -> None:
    faults: list[Exception] = [ValueError("damaged"), ValueError("damaged")]

    def connect() -> DeskApi:
        if faults:
            raise faults.pop()
        return desk

    watcher = Watcher(connect, None, lambda say: [], say=log.append)
    assert not watcher.tick()
    assert not watcher.tick()
    assert watcher.heartbeat.state == "the desk cannot be opened (ValueError, see the crash log)"
    watcher.tick()
    assert log == ["the desk cannot be opened (ValueError, see the crash log)", WATCHING]


def test_it_runs_until_it_is_stopped(desk: Desk, watcher: Watcher, address: str) -> None:
    thread = threading.Thread(target=watcher.run)
    thread.start()
    watcher.stop()
    thread.join()
    assert watcher.heartbeat.beat == 0 or heartbeat(address).state == STOPPED
