"""The heartbeat address is called while the watcher ticks, and whatever it answers, the watcher goes on."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import pytest

from supportdesk.clock import FixedClock
from supportdesk.desk import Desk
from supportdesk.settings.watcher import load_watcher_settings
from supportdesk.store.location import find_heartbeat
from supportdesk.watcher.heartbeat_calls import (
    HeartbeatCall,
    HeartbeatCalls,
    call_address,
    make_call,
    no_call,
)
from supportdesk.watcher.loop import Watcher
from supportdesk.watcher.outside import Outside
from supportdesk.watcher.tasks import make_tasks
from tests.patience import wait_for
from tests.store.desks import events, logged
from tests.watcher.sending.receiver import receiver, status

Make = Callable[..., HeartbeatCalls]


class Alarm:
    """What an alarm outside hears: calls, which it answers as a test says."""

    def __init__(self) -> None:
        self.calls = 0
        self.fault = ""

    def __call__(self) -> str:
        self.calls += 1
        return self.fault


@pytest.fixture
def alarm() -> Alarm:
    return Alarm()


@pytest.fixture
def heartbeat(alarm: Alarm) -> Iterator[HeartbeatCalls]:
    made = HeartbeatCalls(lambda: alarm, period=0.1)
    yield made
    made.close()


def tick(heartbeat: HeartbeatCalls, desk: Desk) -> bool:
    return heartbeat.tick(desk, desk.now(), is_stopped=lambda: False)


def test_it_calls_while_the_watcher_ticks_and_the_alarm_hears_nothing_once_it_hangs(
    heartbeat: HeartbeatCalls, alarm: Alarm, desk: Desk
) -> None:
    assert alarm.calls == 0

    def called(least: int) -> bool:
        assert not tick(heartbeat, desk)
        return alarm.calls >= least

    wait_for(lambda: called(3), lambda: f"{alarm.calls} calls")
    # Once the last tick is older than a period, no call follows, although the thread goes on.
    wait_for(lambda: time.monotonic() > heartbeat._ticked + 0.4, lambda: "time stands still")
    silent = alarm.calls
    wait_for(lambda: time.monotonic() > heartbeat._ticked + 0.9, lambda: "time stands still")
    assert alarm.calls == silent
    wait_for(lambda: called(silent + 1), lambda: "no call after the watcher ticked again")


def test_a_call_that_fails_is_the_fault_of_the_task_until_one_succeeds(
    heartbeat: HeartbeatCalls, alarm: Alarm, desk: Desk
) -> None:
    alarm.fault = "it answered 500"

    def called_twice() -> bool:
        tick(heartbeat, desk)
        return alarm.calls >= 2

    wait_for(called_twice, lambda: "no call")
    assert heartbeat.fault == "the heartbeat address was not reached: it answered 500"
    alarm.fault = ""

    def is_over() -> bool:
        tick(heartbeat, desk)
        return not heartbeat.fault

    wait_for(is_over, lambda: heartbeat.fault)


def test_a_call_that_hangs_keeps_no_tick_waiting(desk: Desk) -> None:
    called, release = threading.Event(), threading.Event()

    def hang() -> str:
        called.set()
        release.wait()
        return ""

    heartbeat = HeartbeatCalls(lambda: hang)
    tick(heartbeat, desk)
    called.wait()
    for _ in range(10):
        assert not tick(heartbeat, desk)
    assert heartbeat.fault == ""
    release.set()
    heartbeat.close()


def test_an_address_is_fetched_or_gets_the_body_by_post() -> None:
    with receiver() as got:
        assert call_address(f"http://127.0.0.1:{got.port}/desk") == ""
        assert call_address(f"http://127.0.0.1:{got.port}/alerts", '[{"a": 1}]') == ""
    (first, _, _), (second, headers, body) = got.requests
    assert first == "GET /desk HTTP/1.1"
    assert second == "POST /alerts HTTP/1.1"
    assert (headers["content-type"], body) == ("application/json", b'[{"a": 1}]')


def test_what_fails_is_described_without_the_address() -> None:
    with receiver(status(503)) as got:
        assert call_address(f"http://127.0.0.1:{got.port}/secret") == "it answered 503"
    assert call_address(f"http://127.0.0.1:{got.port}/secret") == "connection refused"
    assert call_address("ftp://example.com/secret") == "it is no web address"
    with receiver(b"", then="silence") as got:
        assert call_address(f"http://127.0.0.1:{got.port}/secret", timeout=0.3) == "no answer in time"
    with receiver(b"nonsense\r\n\r\n") as got:
        assert "secret" not in call_address(f"http://127.0.0.1:{got.port}/secret")


def test_without_an_address_nobody_is_called(desk: Desk) -> None:
    heartbeat = HeartbeatCalls(no_call)
    tick(heartbeat, desk)
    assert (heartbeat._thread, heartbeat.fault) == (None, "")
    heartbeat.close()


def test_the_settings_say_which_address(tmp_path: Path) -> None:
    settings = tmp_path / "config.toml"

    def make(text: str) -> HeartbeatCall | None:
        settings.write_text(f"[watcher]\n{text}\n")
        return make_call(load_watcher_settings(settings))

    assert make("") is None
    secret = tmp_path / "address"
    with receiver() as got:
        secret.write_text(f"http://127.0.0.1:{got.port}/secret\n")
        secret.chmod(0o644)
        made = make("heartbeat_url_file = 'address'")
        assert made is not None
        assert "chmod 600" in made()
        secret.chmod(0o600)
        assert made() == ""
    assert [line for line, _, _ in got.requests] == ["GET /secret HTTP/1.1"]


def test_a_watcher_whose_calls_fail_says_so_in_its_heartbeat_and_escalates_all_the_same(
    desk: Desk, address: str, clock: FixedClock, log: list[str]
) -> None:
    outside = Outside(load_call=lambda: lambda: "it answered 500")
    place = find_heartbeat(address)
    watcher = Watcher(
        lambda: Desk.open(address, clock),
        place,
        partial(make_tasks, outside=outside),
        say=log.append,
    )
    try:

        def says_so() -> bool:
            watcher.tick()
            found = place.read()
            return (
                found is not None and "the heartbeat address was not reached: it answered 500" in found.state
            )

        wait_for(says_so, lambda: watcher.heartbeat.state)
        ref = logged(desk, severity="critical", channel="hotline")
        clock.set(desk.next_watch_due() or clock.now())
        watcher.tick()
        assert "step taken" in events(desk, ref)
    finally:
        watcher.close()
