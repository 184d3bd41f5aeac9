"""The wall: readable from across the room, turns by itself, shows breaches at once, and no customer's words."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from unittest.mock import patch

import msgspec
import pytest
from msgspec.structs import replace
from textual.pilot import Pilot

from supportdesk.console.board import reader
from supportdesk.console.board.reader import BoardReader
from supportdesk.console.charts.big_text import band, big_text
from supportdesk.console.wall import app as wall_app
from supportdesk.console.wall.app import Wall, WallOptions
from supportdesk.console.wall.pages import draw_page
from supportdesk.console.wall.snapshot import ROTATION_WITH_BREACH, ROUND, WallPage, WallSnapshot, rotation
from supportdesk.desk_api import DeskApi, DeskUnavailableError
from supportdesk.heartbeat import Heartbeat, HeartbeatFile, write_heartbeat
from supportdesk.settings.files import SettingsFiles
from supportdesk.sla.clocks import State
from supportdesk.tickets.events import MailUndelivered
from supportdesk.tickets.process.triage import Log
from tests.console.fixtures.fake_desk import FakeDesk
from tests.console.fixtures.morning import NOW, OPERATOR, calm_desk, empty_desk, morning_desk
from tests.console.harness.console import lines
from tests.console.harness.dialog import drawn, until

SIZES = [(80, 24), (100, 30), (160, 50), (240, 67)]


@pytest.fixture(autouse=True)
def _time_stands_still() -> Iterator[None]:
    with patch.object(wall_app, "SECOND", 3600.0):
        yield


@asynccontextmanager
async def open_wall(
    desk: FakeDesk,
    size: tuple[int, int] = (160, 50),
    options: WallOptions | None = None,
    connect: Callable[[], DeskApi] | None = None,
    files: SettingsFiles | None = None,
    *,
    heartbeat: Path | None = None,
) -> AsyncIterator[tuple[Wall, Pilot[None]]]:
    """Open a wall and wait until it shows its desk."""
    connection = connect or (lambda: desk)
    wall = Wall(
        connection,
        username=OPERATOR,
        name="desk@test",
        options=options,
        files=files,
        heartbeat=HeartbeatFile(heartbeat) if heartbeat is not None else None,
    )
    async with wall.run_test(size=size) as pilot:
        await until(pilot, lambda: "now" in shown(wall).splitlines()[-1])
        yield wall, pilot


def shown(wall: Wall) -> str:
    return "\n".join(lines(wall.view))


def tick(wall: Wall) -> bool:
    """Let a second pass, in which the wall reads a desk again that it left alone after a slow read. Always true."""
    wall.tick()
    return True


def current_page(wall: Wall) -> str:
    """Return the name of the page shown, by a text that only that page has."""
    told = shown(wall)
    for name, word in (("next", "NEXT TO BREACH"), ("desk", "on call"), ("month", "targets met")):
        if word in told:
            return name
    return "now"


def snapshot_of(desk: FakeDesk, *, summaries: bool = False, plain: bool = False) -> WallSnapshot:
    drawn = BoardReader(desk).read()
    assert drawn is not None
    return WallSnapshot(drawn, desk.now(), "Europe/London", summaries, plain)


def text(which: WallPage, seen: WallSnapshot, size: tuple[int, int] = (160, 50)) -> str:
    return "\n".join("".join(piece.text for piece in line).rstrip() for line in draw_page(which, seen, *size))


def large(words: str, size: tuple[int, int] = (160, 50)) -> list[str]:
    return [
        "".join(piece.text for piece in line).strip() for line in big_text(words, "text", *size, plain=False)
    ]


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("which", list(WallPage))
@pytest.mark.parametrize("desk", [morning_desk, calm_desk, empty_desk])
def test_every_page_fits_its_screen(
    size: tuple[int, int], which: WallPage, desk: Callable[[], FakeDesk]
) -> None:
    for seen in (snapshot_of(desk()), snapshot_of(desk(), summaries=True), snapshot_of(desk(), plain=True)):
        told = draw_page(which, seen, *size)
        assert len(told) <= size[1]
        for line in told:
            assert sum(piece.width for piece in line) <= size[0], "".join(piece.text for piece in line)


def test_one_breach_is_a_band_across_the_wall() -> None:
    told = draw_page(WallPage.NOW, snapshot_of(morning_desk()), 156, 47)
    assert all(piece.style_name == "alarm" for line in told[:9] for piece in line)
    assert all(line in text(WallPage.NOW, snapshot_of(morning_desk())) for line in large("1 BREACHED"))


def test_a_calm_desk_says_that_all_is_well() -> None:
    told = text(WallPage.NOW, snapshot_of(calm_desk()))
    assert all(line in told for line in large("ALL WELL"))
    assert "6 open" in told


def test_undelivered_mail_is_beside_its_ticket() -> None:
    desk = morning_desk()
    for row in desk.queue().rows:
        desk.happen(row.ref, MailUndelivered("ab" * 16, "reply", "jo", "Jo Park", "550 no"), by="watcher")
    assert "mail undelivered" in text(WallPage.NOW, snapshot_of(desk))


@pytest.mark.parametrize("size", SIZES)
def test_rule_18_a_page_that_found_nobody_is_a_band_across_the_wall(size: tuple[int, int]) -> None:
    desk = calm_desk()
    desk.leave_nobody_on_call()
    ref = desk.do_as("lee", Log("critical", "hotline", "acme", "jo", "Down"))
    seen = snapshot_of(desk, plain=True)
    pieces = [piece for line in draw_page(WallPage.NOW, seen, *size) for piece in line]
    assert any(piece.style_name == "alarm" and "NOBODY PAGED" in piece.text for piece in pieces)
    assert any(piece.style_name == "breached" and piece.text == "nobody paged" for piece in pieces)
    assert any(ref.removeprefix("CD-") in piece.text for piece in pieces)
    assert rotation(seen) == ROTATION_WITH_BREACH


def test_text_is_drawn_in_the_largest_letters_that_fit() -> None:
    assert [len(big_text("ALL WELL", "text", width, 9, plain=False)) for width in (100, 60, 47, 40)] == [
        7,
        4,
        4,
        1,
    ]
    assert len(big_text("ALL WELL", "text", 100, 3, plain=False)) == 1
    assert len(big_text("ALL WELL", "text", 100, 9, plain=True)) == 1
    assert len(big_text("Zoë", "text", 100, 9, plain=False)) == 1


def test_a_band_is_as_wide_as_the_wall() -> None:
    banded = band(big_text("8", "alarm", 40, 9, plain=False), 40, "alarm")
    widths = {sum(piece.width for piece in line) for line in banded}
    assert widths == {40}


def test_the_most_severe_and_most_urgent_tickets_come_first() -> None:
    seen = snapshot_of(morning_desk())
    assert [row.severity for row in seen.in_state(State.BREACHED)] == ["critical"]
    left = [row.lead.breached_at or 0 for row in seen.next]
    assert left == sorted(left)
    assert len(left) > 3


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("summaries", [False, True])
def test_tickets_without_room_are_counted(size: tuple[int, int], *, summaries: bool) -> None:
    later = replace(snapshot_of(morning_desk(), summaries=summaries), now=NOW + timedelta(days=30))
    words = text(WallPage.NOW, later, size)
    total = len(later.in_state(State.BREACHED))
    shown_ones = len(re.findall(r"(respond|resolve) breached", words))
    others = re.search(r"and (\d+) more", words)
    assert total > 5
    assert shown_ones + (int(others[1]) if others else 0) == total


def test_without_summaries_the_wall_shows_no_customer_and_no_summary() -> None:
    desk = morning_desk()
    rows = desk.queue().rows
    for which in WallPage:
        told = text(which, snapshot_of(desk), (240, 67))
        assert not [row for row in rows if row.organisation in told or row.summary[:12] in told]
        assert "Okoro" not in told
    assert "Acme Ltd: Checkout hangs" in text(WallPage.NOW, snapshot_of(desk, summaries=True), (240, 67))


@pytest.mark.parametrize("size", [(240, 67), (160, 50), (80, 24)])
def test_with_summaries_each_ticket_shows_its_customer_and_whole_summary_once(
    size: tuple[int, int],
) -> None:
    desk = morning_desk()
    told = text(WallPage.NOW, snapshot_of(desk, summaries=True), size)
    row = next(row for row in desk.queue().rows if row.summary.startswith("Checkout hangs"))
    assert told.count(f"{row.organisation}: {row.summary}") == 1
    assert told.count(row.ref.removeprefix("CD-")) <= 1


def test_a_reference_is_shown_once() -> None:
    desk = morning_desk()
    for which in (WallPage.NOW, WallPage.NEXT):
        for summaries in (False, True):
            told = text(which, snapshot_of(desk, summaries=summaries, plain=True), (80, 24))
            refs = [row.ref.removeprefix("CD-") for row in desk.queue().rows]
            assert all(told.count(ref) <= 1 for ref in refs)
            assert any(ref in told for ref in refs)


async def test_the_settings_allow_customers_and_summaries_on_the_wall(tmp_path: Path) -> None:
    files = SettingsFiles(tmp_path / "config.toml", tmp_path / "console.toml")
    files.config.write_text("[wall]\nsummaries = true\n")
    async with open_wall(morning_desk(), files=files) as (wall, _):
        assert "Acme Ltd: Checkout hangs" in shown(wall)


def test_with_a_breach_the_first_page_follows_every_other_page() -> None:
    assert rotation(snapshot_of(calm_desk())) == ROUND
    assert rotation(snapshot_of(morning_desk())) == ROTATION_WITH_BREACH
    assert set(ROTATION_WITH_BREACH) == set(ROUND)
    assert all(WallPage.NOW in pair for pair in pairwise(ROTATION_WITH_BREACH))


async def test_pages_change_by_themselves() -> None:
    async with open_wall(calm_desk(), options=WallOptions(every=2)) as (wall, _):
        seen = []
        for _ in range(8):
            seen.append(current_page(wall))
            wall.tick()
        assert seen == ["now", "now", "next", "next", "desk", "desk", "month", "month"]
        assert current_page(wall) == "now"


async def test_a_wall_with_a_single_page_stays_on_it() -> None:
    async with open_wall(morning_desk(), options=WallOptions(every=1, page=WallPage.MONTH)) as (wall, _):
        for _ in range(5):
            wall.tick()
            assert current_page(wall) == "month"


async def test_a_new_breach_is_shown_at_once() -> None:
    desk = calm_desk()
    async with open_wall(desk) as (wall, pilot):
        wall.action_turn(2)
        assert current_page(wall) == "desk"
        desk.clock.set(NOW + timedelta(days=6))
        wall.tick()
        await pilot.pause()
        assert current_page(wall) == "now"
        assert all(line in shown(wall) for line in large("6 BREACHED", (156, 15)))


async def test_rule_18_a_page_that_finds_nobody_is_shown_at_once() -> None:
    desk = calm_desk()
    desk.leave_nobody_on_call()
    async with open_wall(desk) as (wall, pilot):
        wall.action_turn(2)
        assert current_page(wall) == "desk"
        desk.do_as("lee", Log("critical", "hotline", "acme", "jo", "Down"))
        await until(pilot, lambda: tick(wall) and current_page(wall) == "now")
        assert all(line in shown(wall) for line in large("NOBODY PAGED", (156, 15)))


async def test_the_clock_passes_midnight() -> None:
    desk = calm_desk()
    async with open_wall(desk, options=WallOptions(page=WallPage.DESK)) as (wall, pilot):
        desk.clock.set(datetime(2026, 11, 24, 23, 59, 59, tzinfo=UTC))
        wall.tick()
        assert "Tue 24 Nov 23:59 GMT" in shown(wall)
        desk.clock.set(datetime(2026, 11, 25, 0, 0, 1, tzinfo=UTC))
        wall.tick()
        await pilot.pause()
        assert "Wed 25 Nov 00:00 GMT" in shown(wall)
        assert all(line in shown(wall) for line in large("00:00", (156, 20)))


async def test_a_change_at_a_console_appears_on_the_wall() -> None:
    desk = calm_desk()
    async with open_wall(desk) as (wall, pilot):
        assert "6 open" in shown(wall)
        desk.do_as("ann", Log("low", "portal", "acme", "jo", "A word is misspelt"))
        await until(pilot, lambda: tick(wall) and "7 open" in shown(wall))


async def test_a_disconnected_desk_is_announced_in_large_letters_until_it_is_back() -> None:
    desk = calm_desk()
    async with open_wall(desk) as (wall, pilot):
        desk.outage = "The disk is gone."
        stale = large("STALE 09:42", (156, 4))
        await until(pilot, lambda: all(line in shown(wall) for line in stale))
        assert "6 open" in shown(wall)
        desk.outage = None
        await until(pilot, lambda: tick(wall) and not all(line in shown(wall) for line in stale))


async def test_a_desk_that_nobody_watches_is_announced_in_large_letters_until_somebody_does(
    tmp_path: Path,
) -> None:
    desk, path = calm_desk(), tmp_path / "desk.db.watcher"
    beat = Heartbeat("pg-main", 7, "a", NOW, NOW, beat=1)
    write_heartbeat(path, beat)
    nobody = large("NO WATCHER", (156, 4))
    async with open_wall(desk, heartbeat=path) as (wall, pilot):
        assert not all(line in shown(wall) for line in nobody)
        desk.clock.set(NOW + timedelta(seconds=16))
        await until(pilot, lambda: tick(wall) and all(line in shown(wall) for line in nobody))
        assert "6 open" in shown(wall)
        write_heartbeat(path, replace(beat, ticked=NOW + timedelta(seconds=15), beat=2))
        await until(pilot, lambda: not all(line in shown(wall) for line in nobody))


async def test_a_desk_that_was_replaced_asks_for_a_restart_of_the_wall() -> None:
    desk = calm_desk()
    async with open_wall(desk) as (wall, pilot):
        desk.is_replaced = True
        restart = large("RESTART", (156, 4))
        await until(pilot, lambda: all(line in shown(wall) for line in restart))


async def test_a_desk_that_is_back_is_not_stale_even_while_reading_is_throttled(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(reader, "THROTTLE_FACTOR", 1e9)
    desk = calm_desk()
    async with open_wall(desk) as (wall, pilot):
        desk.outage = "The disk is gone."
        stale = large("STALE 09:42", (156, 4))
        await until(pilot, lambda: all(line in shown(wall) for line in stale))
        desk.outage = None
        await until(pilot, lambda: not all(line in shown(wall) for line in stale))


async def test_the_wall_waits_for_a_missing_desk() -> None:
    desk, missing = calm_desk(), [True]

    def connect() -> DeskApi:
        if missing:
            raise DeskUnavailableError("There is no desk yet.")
        return desk

    wall = Wall(connect, username="nobody", name="desk@test")
    async with wall.run_test(size=(80, 24)) as pilot:
        await until(pilot, lambda: "There is no desk yet." in shown(wall))
        missing.clear()
        await until(pilot, lambda: "6 open" in shown(wall))


async def test_the_wall_takes_no_commands_and_q_quits() -> None:
    desk = morning_desk()
    async with open_wall(desk) as (wall, pilot):
        for key in ("n", "c", "a", "x", "enter", "ctrl+p"):
            await pilot.press(key)
        assert desk.commands == []
        assert len(wall.screen_stack) == 1
        await pilot.press("q")
        await until(pilot, lambda: not wall.is_running or wall.return_code is not None)


@pytest.mark.parametrize("size", SIZES[:3])
async def test_the_wall_follows_the_size_of_its_terminal(size: tuple[int, int]) -> None:
    async with open_wall(morning_desk(), (200, 60)) as (wall, pilot):
        await pilot.resize_terminal(*size)
        await until(pilot, lambda: len(shown(wall).splitlines()) == size[1])
        await until(pilot, lambda: "now" in shown(wall).splitlines()[-1])


async def test_the_theme_and_the_time_zone_of_the_settings_apply(tmp_path: Path) -> None:
    files = SettingsFiles(tmp_path / "config.toml", tmp_path / "console.toml")
    files.config.write_text('theme = "supportdesk-light"\ntimezone = "Asia/Kolkata"\n')
    async with open_wall(morning_desk(), files=files) as (wall, _):
        assert wall.theme == "supportdesk-light"
        assert "Tue 24 Nov 15:12 IST" in shown(wall)


@pytest.mark.parametrize("name", ["[/oops] \x1b[31mred", "\u202eevil", "x" * 20_000, "   ", ""])
async def test_control_sequences_in_a_name_are_drawn_not_executed(name: str) -> None:
    desk = morning_desk()
    staff = {key: msgspec.structs.replace(each, name=name) for key, each in desk.records.staff.items()}
    desk.records = replace(desk.records, staff=staff)
    for which in WallPage:
        async with open_wall(desk, (80, 24), WallOptions(page=which, summaries=True)) as (wall, _):
            assert not {"\x1b", "\u202e"} & set(drawn(wall.screen))
            assert all(len(line) <= 80 for line in lines(wall.view))
