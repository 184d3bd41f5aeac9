"""The heartbeat address is called while the watcher ticks, and whatever it answers, the watcher goes on."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from supportdesk.desk import Desk
from supportdesk.settings.watcher import load_watcher_settings
from supportdesk.watcher.heartbeat_calls import Call, HeartbeatCalls, call_address, make_call, no_call
from tests.patience import wait_for
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
def heartbeat(alarm: Alarm, log: list[str]) -> Iterator[HeartbeatCalls]:
    made = HeartbeatCalls(log.append, lambda: alarm, period=0.1)
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


def test_a_call_that_fails_is_said_once_and_when_it_is_over(
    heartbeat: HeartbeatCalls, alarm: Alarm, desk: Desk, log: list[str]
) -> None:
    alarm.fault = "it answered 500"

    def called_twice() -> bool:
        tick(heartbeat, desk)
        return alarm.calls >= 2

    wait_for(called_twice, lambda: "no call")
    assert heartbeat.fault == "the heartbeat address was not reached: it answered 500"
    assert log == ["heartbeat address: it answered 500"]
    alarm.fault = ""

    def is_over() -> bool:
        tick(heartbeat, desk)
        return not heartbeat.fault

    wait_for(is_over, lambda: heartbeat.fault)
    assert log[-1] == "heartbeat address: reached"


def test_a_call_that_hangs_keeps_no_tick_waiting(desk: Desk, log: list[str]) -> None:
    called, release = threading.Event(), threading.Event()

    def hang() -> str:
        called.set()
        release.wait()
        return ""

    heartbeat = HeartbeatCalls(log.append, lambda: hang)
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


def test_without_an_address_nobody_is_called(desk: Desk, log: list[str]) -> None:
    heartbeat = HeartbeatCalls(log.append, no_call)
    tick(heartbeat, desk)
    assert (heartbeat._thread, heartbeat.fault) == (None, "")
    heartbeat.close()


def test_the_settings_say_which_address(tmp_path: Path) -> None:
    settings = tmp_path / "config.toml"

    def make(text: str) -> Call | None:
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
