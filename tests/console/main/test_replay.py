"""The console over a replay: it says so, its keys control time, and every command is refused."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from msgspec.structs import replace

from supportdesk.console.keys.key import Scope
from supportdesk.console.main.help_entries import help_entries
from supportdesk.console.messages import QueueChanged
from supportdesk.playback import PlaybackClock
from tests.console.fixtures.fake_desk import FakeDesk
from tests.console.fixtures.morning import NOW, morning_desk
from tests.console.harness.console import running

AT_RISK = "CD-4C01-T"


class Seconds:
    """Real time, moved by hand."""

    def __init__(self) -> None:
        self.gone = 0.0

    def __call__(self) -> float:
        return self.gone


@dataclass
class PastDoor(FakeDesk):
    """A desk in memory whose present is played back."""

    controls: PlaybackClock | None = None


def a_past(seconds: Seconds) -> PastDoor:
    """The morning, paused at 09:42, at sixty times its speed."""
    morning = morning_desk()
    clock = PlaybackClock(NOW, NOW + timedelta(hours=8), speed=60, monotonic=seconds)
    clock.pause()
    past = PastDoor(morning.clock, morning.records)
    past.__dict__.update(morning.__dict__, clock=clock, controls=clock)
    return past


async def test_a_replay_is_announced_with_the_moment_that_it_shows() -> None:
    async with running(a_past(Seconds())) as it:
        assert "REPLAY" in it.header
        assert "Tue 24 Nov 2026 09:42 GMT  paused, 60×" in it.header
        assert "space play/pause" in it.foot
        assert "claim" not in it.foot
        assert "call" not in it.foot


async def test_the_keys_of_a_replay_pause_step_and_speed_it_up() -> None:
    seconds = Seconds()
    async with running(a_past(seconds)) as it:
        await it.press("full_stop", "full_stop", "comma")
        assert "09:43 GMT" in it.header
        assert "0:05:00" in it.line(AT_RISK)
        await it.press("space", "plus")
        seconds.gone += 2
        it.screen.updates.ticker.tick()
        await it.pilot.pause()
        assert "09:47 GMT  120×" in it.header
        assert "0:01:00" in it.line(AT_RISK)
        await it.press("minus", "minus", "space")
        assert "paused" in it.header


async def test_stepping_back_reverts_crossed_thresholds() -> None:
    async with running(a_past(Seconds())) as it:
        for _ in range(7):
            await it.press("full_stop")
        assert "2 breached" in it.header
        for _ in range(7):
            await it.press("comma")
        assert "1 breached" in it.header
        assert "at risk" in it.line(AT_RISK)


async def test_every_command_is_refused_during_a_replay() -> None:
    async with running(a_past(Seconds())) as it:
        await it.press("c")
        assert "Nothing can be changed in a replay" in it.foot
        await it.press("n")
        assert it.app.screen is it.screen
        assert it.desk.commands == []


async def test_a_changed_speed_is_shown_while_the_replay_is_paused() -> None:
    async with running(a_past(Seconds())) as it:
        await it.press("plus", "plus")
        assert "paused, 300×" in it.header
        await it.press("minus")
        assert "paused, 120×" in it.header


async def test_the_speed_is_shown_on_the_smallest_screen_too() -> None:
    async with running(a_past(Seconds()), (80, 24)) as it:
        await it.press("plus")
        assert "REPLAY paused, 120×" in it.header
        assert "09:42 GMT" in it.header


async def test_a_replay_has_no_notices_of_what_was_offered_then() -> None:
    desk = a_past(Seconds())
    async with running(desk) as it:
        session = it.screen.session
        assert session is not None
        row = replace(desk.row(AT_RISK), owner="ann", stage="assignment", changed_seq=99)
        it.screen.post_message(QueueChanged([row]))
        await it.until(lambda: session.model.index.entries[AT_RISK].row.owner == "ann")
        assert not it.notice


async def test_a_key_of_the_replay_has_one_meaning_in_the_help() -> None:
    async with running(a_past(Seconds())) as it:
        entries = list(help_entries(it.screen.session, Scope.QUEUE, it.screen.row))
        assert [entry.place for entry in entries if "space" in entry.key.split()] == [Scope.REPLAY.value]
        call = next(entry for entry in entries if entry.key == "n")
        assert "nothing can be changed in a replay" in call.refused


async def test_a_space_in_the_filter_does_not_pause_the_replay() -> None:
    async with running(a_past(Seconds())) as it:
        await it.press("slash", *"log", "space", *"in")
        assert it.screen.filter_bar.text == "log in"
        assert "paused" in it.header
