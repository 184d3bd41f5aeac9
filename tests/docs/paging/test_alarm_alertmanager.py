"""The alarm example: a real Alertmanager alarms when the watcher stops calling."""

from __future__ import annotations

import json
import re
import time
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

from supportdesk.settings.watcher import load_watcher_settings
from supportdesk.watcher.heartbeat_calls import HeartbeatCalls, call_address
from tests.docs.paging.programs import EXAMPLES, free_ports, is_open, needs, running
from tests.patience import wait_for
from tests.store.desks import furnished_desk
from tests.watcher.sending.receiver import Receiver, receiver

PROGRAM = "/usr/bin/prometheus-alertmanager"
EXAMPLE = EXAMPLES / "alarm-alertmanager"

pytestmark = [needs(PROGRAM), pytest.mark.long]


class Alarm(NamedTuple):
    """A running Alertmanager: its address for alerts, and who gets the alarm."""

    address: str
    people: Receiver

    def alarms(self) -> list[str]:
        """Which alerts were reported as firing."""
        found = [json.loads(body) for _, _, body in self.people.requests]
        return [
            alert["labels"]["alertname"]
            for each in found
            for alert in each["alerts"]
            if alert["status"] == "firing"
        ]


@pytest.fixture
def alarm(tmp_path: Path) -> Iterator[Alarm]:
    """Alertmanager as the example configures it, with shorter times."""
    (port,) = free_ports(1)
    with receiver() as people:
        text = (EXAMPLE / "alertmanager.yml").read_text()
        for written, used in (
            ("3m", "6s"),
            ("30s", "1s"),
            ("127.0.0.1:9099", f"127.0.0.1:{people.port}"),
        ):
            text, count = re.subn(rf"(?<= |/){re.escape(written)}\b", used, text)
            assert count, written
        configuration = tmp_path / "alertmanager.yml"
        configuration.write_text(text)
        command = [
            PROGRAM,
            f"--config.file={configuration}",
            f"--storage.path={tmp_path / 'data'}",
            f"--web.listen-address=127.0.0.1:{port}",
            "--cluster.listen-address=",
        ]
        with running(command, tmp_path / "log", lambda: is_open(port)):
            yield Alarm(f"http://127.0.0.1:{port}/api/v2/alerts", people)


@pytest.mark.straggler
def test_the_alarm_sounds_when_the_watcher_stops_calling_and_not_before(alarm: Alarm, tmp_path: Path) -> None:
    settings = tmp_path / "config.toml"
    text = (EXAMPLE / "config.toml").read_text()
    address = tomllib.loads(text)["watcher"]["heartbeat_url"]
    settings.write_text(text.replace(address, alarm.address))
    general = load_watcher_settings(settings).general
    calls = 0

    def call() -> str:
        nonlocal calls
        calls += 1
        return call_address(str(general.heartbeat_url), general.heartbeat_body)

    watcher = HeartbeatCalls(lambda: call, period=0.2)
    with furnished_desk(tmp_path) as desk:
        # Longer than the alarm waits, and than what is alive lasts.
        end = time.monotonic() + 7.5

        def watched_long_enough() -> bool:
            watcher.tick(desk, desk.now(), is_stopped=lambda: False)
            return time.monotonic() > end

        wait_for(watched_long_enough, lambda: f"{calls} calls")
        watcher.close()
    assert (calls > 5, watcher.fault, alarm.alarms()) == (True, "", [])
    assert wait_for(alarm.alarms, lambda: f"no alarm after {calls} calls")[0] == "SupportdeskSilent"
