"""The watcher notes the end of the ledger outside the desk once a day, and goes on where it cannot."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import timedelta
from functools import partial
from pathlib import Path

import pytest

from supportdesk.clock import FixedClock
from supportdesk.desk import Desk
from supportdesk.heartbeat import WATCHING
from supportdesk.settings.watcher import load_watcher_settings
from supportdesk.store.anchor_places import load_anchors
from supportdesk.store.verification.verify import verify
from supportdesk.watcher.anchors import Anchors, AnchorSettings, make_anchor_settings
from supportdesk.watcher.loop import Watcher
from supportdesk.watcher.outside import Outside
from supportdesk.watcher.tasks import make_tasks
from tests.store.desks import database_of, events, logged
from tests.store.forgery import forge


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "anchors"


@pytest.fixture
def anchors(address: str, file: Path, log: list[str]) -> Anchors:
    return Anchors(log.append, lambda: AnchorSettings(address, file, in_system_log=False))


@pytest.fixture
def tick(desk: Desk, clock: FixedClock) -> Callable[..., str]:
    def run(anchors: Anchors, later: timedelta = timedelta(0)) -> str:
        """Lets the task tick at a later time; returns its fault."""
        clock.set(clock.now() + later)
        assert not anchors.tick(desk, clock.now(), is_stopped=lambda: False)
        return anchors.fault

    return run


@pytest.fixture
def watcher(address: str, clock: FixedClock, log: list[str], file: Path) -> Iterator[Watcher]:
    outside = Outside(load_anchors=lambda: AnchorSettings(address, file, in_system_log=False))
    made = Watcher(
        lambda: Desk.open(address, clock), None, partial(make_tasks, outside=outside), say=log.append
    )
    yield made
    made.close()


def count(file: Path) -> int:
    return len(file.read_text().splitlines()) if file.exists() else 0


DAY, MINUTE = timedelta(days=1), timedelta(minutes=1)


def test_the_end_of_the_ledger_is_noted_once_a_day(
    anchors: Anchors, tick: Callable[..., str], desk: Desk, file: Path, log: list[str]
) -> None:
    assert tick(anchors) == ""
    assert log == [f"the ledger was anchored at {file.read_text().strip()}"]
    assert tick(anchors, DAY - MINUTE) == ""
    assert count(file) == 1
    logged(desk)
    assert tick(anchors, MINUTE) == ""
    assert count(file) == 2
    assert verify(database_of(desk), load_anchors(file)).is_intact


def test_a_watcher_that_starts_again_or_another_one_waits_until_the_file_is_a_day_old(
    address: str, file: Path, tick: Callable[..., str], clock: FixedClock
) -> None:
    settings = AnchorSettings(address, file, in_system_log=False)
    tick(Anchors(print, lambda: settings))
    os.utime(file, times=(clock.now().timestamp(),) * 2)
    file.with_name("empty").touch()
    tick(Anchors(print, lambda: AnchorSettings(address, file.with_name("empty"), in_system_log=False)))
    assert count(file.with_name("empty")) == 1
    other = Anchors(print, lambda: settings)
    tick(other, DAY - MINUTE)
    assert count(file) == 1
    tick(other, MINUTE)
    assert count(file) == 2


def test_a_clock_that_went_back_does_not_put_it_off(
    anchors: Anchors, tick: Callable[..., str], file: Path
) -> None:
    tick(anchors)
    tick(anchors, -DAY)
    assert count(file) == 2


def test_settings_that_change_hold_at_once(
    address: str, tick: Callable[..., str], tmp_path: Path, log: list[str]
) -> None:
    found: list[AnchorSettings | None] = [None]
    anchors = Anchors(log.append, lambda: found[0])
    assert tick(anchors) == ""
    assert log == []
    for name in ("one", "other"):
        found[0] = AnchorSettings(address, tmp_path / name, in_system_log=False)
        tick(anchors)
        assert count(tmp_path / name) == 1


def test_a_failure_is_tried_again_each_minute_until_it_succeeds(
    anchors: Anchors, tick: Callable[..., str], file: Path
) -> None:
    file.mkdir()
    fault = f"the ledger was not anchored: {file} cannot be written: it is a folder"
    assert tick(anchors) == fault
    file.rmdir()
    assert tick(anchors, MINUTE / 2) == fault
    assert tick(anchors, MINUTE / 2) == ""
    assert count(file) == 1


def test_a_system_log_that_nobody_reads_and_a_damaged_file_are_faults(
    address: str, tick: Callable[..., str], file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("supportdesk.store.anchor_places.SYSTEM_LOG", tmp_path / "log")
    settings = AnchorSettings(address, None, in_system_log=True)
    assert f"the system log {tmp_path / 'log'} cannot be written" in tick(Anchors(print, lambda: settings))
    file.write_text("12\n")
    os.utime(file, times=(0, 0))
    settings = AnchorSettings(address, file, in_system_log=False)
    assert f"{file}: line 1 has no anchor" in tick(Anchors(print, lambda: settings))


def test_a_watcher_that_finds_a_rewritten_ledger_says_so_and_escalates_all_the_same(
    watcher: Watcher, desk: Desk, address: str, clock: FixedClock, file: Path
) -> None:
    ref = logged(desk, severity="critical", channel="hotline")
    watcher.tick()
    assert watcher.heartbeat.state == WATCHING
    forge(database_of(desk), 0)
    clock.set(clock.now() + DAY)
    watcher.tick()  # Notices that the desk is another one.
    watcher.tick()
    assert "it was anchored in line 1 with another hash" in watcher.heartbeat.state
    assert f"`supportdesk verify --anchor {file}`" in watcher.heartbeat.state
    assert count(file) == 1
    with closing(Desk.open(address, clock)) as opened:
        assert "step taken" in events(opened, ref)


def test_the_settings_say_where(tmp_path: Path) -> None:
    path = tmp_path / "config.toml"
    for text, expected in (
        ("", None),
        ('anchor_file = "anchors"', AnchorSettings("desk", tmp_path / "anchors", in_system_log=False)),
        ("anchor_syslog = true", AnchorSettings("desk", None, in_system_log=True)),
    ):
        path.write_text(f"[watcher]\n{text}\n")
        assert make_anchor_settings(load_watcher_settings(path), "desk") == expected
