"""The header says whether somebody watches the desk, and a bar what is overdue."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace
from textual.geometry import Region

from supportdesk.console.board.screen import BoardScreen
from supportdesk.console.calls.incoming_bar import IncomingCallBar
from supportdesk.console.text.watcher_text import WatcherText, describe_watcher
from supportdesk.console.watching import monitor
from supportdesk.console.watching.host import Watching
from supportdesk.console.widgets.overdue_bar import OverdueBar
from supportdesk.heartbeat import STOPPED, Heartbeat, HeartbeatFile, write_heartbeat
from supportdesk.store.read_models import DueTicket
from tests.console.fixtures.fake_desk import FakeDesk
from tests.console.fixtures.morning import NOW, at, calm_desk, morning_desk, ref_of
from tests.console.harness.console import Running, lines, running

BEAT = Heartbeat("pg-main", 7, "a", NOW, NOW, beat=1)
WIDE, SMALL = (160, 50), (80, 24)


class FakeWatcher:
    """A watcher that does nothing but say in `log` when it was started and stopped."""

    def __init__(self, log: list[str]) -> None:
        self.log = log
        log.append("started")

    def stop(self, timeout: float) -> None:
        self.log.append("stopped")


@pytest.fixture(autouse=True)
def _looks_again_and_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(monitor, "CHECK_SECONDS", 0.0)
    monkeypatch.setattr(monitor, "CONFIRM_SECONDS", 0.0)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """The path of the heartbeat, which is there."""
    path = tmp_path / "desk.db.watcher"
    write_heartbeat(path, BEAT)
    return path


@asynccontextmanager
async def watched(
    path: Path, size: tuple[int, int] = WIDE, desk: FakeDesk | None = None, **options: Any
) -> AsyncIterator[Running]:
    """Run the console on a desk whose watcher has this heartbeat."""
    watching = Watching(HeartbeatFile(path), lambda: FakeWatcher([]))
    async with running(desk or morning_desk(), size, watching=watching, **options) as it:
        yield it


def bar(it: Running) -> str:
    """The text of the bar on the screen in front, without line breaks; empty if there is none."""
    found = OverdueBar.on(it.app.screen)
    return " ".join(" ".join(lines(found)).split()) if found is not None else ""


@pytest.mark.parametrize("size", [WIDE, SMALL])
async def test_the_header_says_how_long_ago_the_watcher_looked(path: Path, size: tuple[int, int]) -> None:
    async with watched(path, size) as it:
        await it.until(lambda: "watcher 0 s" in it.header or "watcher pg-main 0 s" in it.header)
        await it.at(NOW + timedelta(seconds=12))
        assert "12 s" in it.header
        write_heartbeat(path, replace(BEAT, ticked=NOW + timedelta(seconds=10), beat=2))
        await it.until(lambda: "watcher 2 s" in it.header or "watcher pg-main 2 s" in it.header)


async def test_a_wide_header_names_the_host(path: Path) -> None:
    async with watched(path, (200, 50)) as it:
        await it.until(lambda: "· watcher pg-main 0 s" in it.header)


@pytest.mark.parametrize("size", [WIDE, SMALL])
async def test_the_header_says_in_words_that_nobody_watches(path: Path, size: tuple[int, int]) -> None:
    async with watched(path, size) as it:
        await it.at(NOW + timedelta(seconds=20))
        await it.until(lambda: "no watcher for 20 s" in it.header)
        await it.at(NOW + timedelta(minutes=65, seconds=7))
        assert "no watcher for 1 h 5 min" in it.header


async def test_a_desk_without_a_heartbeat_says_so_after_a_moment(tmp_path: Path) -> None:
    async with watched(tmp_path / "none") as it:
        await it.until(
            lambda: it.screen.session is not None and it.screen.session.heartbeat_read_at is not None
        )
        assert "watcher" not in it.header
        await it.at(NOW + timedelta(seconds=16))
        assert "no watcher for 16 s" in it.header


def test_a_watcher_with_a_fault_and_one_that_was_ended_are_told_apart() -> None:
    held = describe_watcher(replace(BEAT, state="the clock went back"), NOW, NOW)
    assert held == WatcherText(
        "watcher has a fault", "watcher has a fault: see watch --status", "at-risk", is_urgent=True
    )
    ended = replace(BEAT, state=STOPPED)
    assert describe_watcher(ended, NOW, NOW).text.strip() == "watcher 0 s"
    assert describe_watcher(ended, NOW, NOW + timedelta(seconds=16)).style_name == "alarm"


async def test_a_second_draws_only_the_cells_of_the_watcher(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with watched(path) as it:
        await it.until(lambda: "watcher" in it.header)
        header, drawn = it.screen.header, []
        first = header.render_line(0).text
        monkeypatch.setattr(header, "refresh", lambda *regions, **how: drawn.extend(regions))
        it.desk.clock.set(NOW + timedelta(seconds=1))
        it.screen.updates.ticker.tick()
        assert drawn == [Region(first.index("watcher"), 0, len("watcher pg-main 15 s"), 1)]
        it.screen.updates.ticker.tick()
        assert len(drawn) == 1


async def test_nothing_is_said_of_a_watcher_while_the_desk_cannot_be_reached(path: Path) -> None:
    async with watched(path) as it:
        await it.until(lambda: "watcher" in it.header)
        it.desk.outage = "away"
        it.desk.announce_change()
        await it.until(lambda: "stale since" in it.header)
        await it.at(NOW + timedelta(seconds=30))
        assert "watcher" not in it.header


async def test_a_console_hosts_a_watcher_until_it_is_left(path: Path) -> None:
    log: list[str] = []
    async with running(calm_desk(), watching=Watching(HeartbeatFile(path), lambda: FakeWatcher(log))) as it:
        await it.until(lambda: log == ["started"])
    assert log == ["started", "stopped"]


@pytest.mark.parametrize("size", [WIDE, SMALL])
async def test_what_is_overdue_is_said_on_top_of_every_screen_until_it_is_done(
    path: Path, size: tuple[int, int]
) -> None:
    desk = morning_desk()
    login = ref_of(desk, "Nobody can log in")
    desk.overdue = [DueTicket(login, at(24, "9:03")), DueTicket("CD-4C05-H", at(24, "9:10"))]
    async with watched(path, size, desk) as it:
        await it.until(lambda: bool(bar(it)))
        assert f"{login}, and 1 more: due at 09:03 GMT, and no watcher has acted on it." in bar(it)
        assert "Ring Priya Nair on +44 7700 900104. Start one: supportdesk watch" in bar(it)
        await it.press("b")
        await it.until(lambda: isinstance(it.app.screen, BoardScreen) and bool(bar(it)))
        await it.press("escape", "i")
        await it.until(lambda: it.app.screen is not it.screen and bool(bar(it)))
        desk.overdue = []
        it.desk.announce_change()
        await it.until(lambda: not bar(it))


async def test_nobody_is_told_of_the_end_of_a_resolved_ticket_that_is_overdue(path: Path) -> None:
    desk = morning_desk()
    resolved = ref_of(desk, "Payments file")
    desk.overdue = [DueTicket(resolved, at(24, "9:03"))]
    async with watched(path, SMALL, desk) as it:
        await it.until(lambda: bool(bar(it)))
        told = f"{resolved}: due at 09:03 GMT, and no watcher has acted on it. Start one: supportdesk watch"
        assert bar(it).endswith(told)


async def test_the_bar_covers_nothing_beside_a_call(path: Path) -> None:
    desk = morning_desk()
    desk.overdue = [DueTicket(ref_of(desk, "Purchase order"), at(24, "9:03"))]
    async with watched(path, SMALL, desk) as it:
        await it.until(lambda: bool(bar(it)))
        assert "Tell Ann Lee." in bar(it)
        assert it.app._incoming_calls is not None
        await it.app._incoming_calls.receive("+44 20 7946 0018")
        await it.until(lambda: IncomingCallBar.on(it.screen) is not None)
        await it.pilot.pause()
        shown = [each for each in it.screen.children if each.display and each.region.area]
        for one in shown:
            assert not any(one.region.overlaps(each.region) for each in shown if each is not one), one
