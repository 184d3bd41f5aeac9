"""The console over a past desk: it says so, its keys steer time, and nothing can be done."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

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


async def test_it_says_that_it_is_a_replay_and_which_moment_it_shows() -> None:
    async with running(a_past(Seconds())) as it:
        assert "REPLAY" in it.header
        assert "Tue 24 Nov 2026 09:42 GMT  paused" in it.header
        assert "space play/pause" in it.foot
        assert "claim" not in it.foot


async def test_its_keys_stop_step_and_speed_the_past_up() -> None:
    seconds = Seconds()
    async with running(a_past(seconds)) as it:
        await it.press("full_stop", "full_stop", "comma")
        assert "09:43 GMT" in it.header
        assert "0:05:00" in it.line(AT_RISK)
        await it.press("space", "plus")
        seconds.gone += 2
        it.screen.ticker.tick()
        await it.pilot.pause()
        assert "09:47 GMT  120x" in it.header
        assert "0:01:00" in it.line(AT_RISK)
        await it.press("minus", "minus", "space")
        assert "paused" in it.header


async def test_going_back_takes_back_what_had_crossed_its_threshold() -> None:
    async with running(a_past(Seconds())) as it:
        for _ in range(7):
            await it.press("full_stop")
        assert "2 breached" in it.header
        for _ in range(7):
            await it.press("comma")
        assert "1 breached" in it.header
        assert "at risk" in it.line(AT_RISK)


async def test_nothing_can_be_done_to_the_past() -> None:
    async with running(a_past(Seconds())) as it:
        await it.press("c")
        assert "This is a replay of the past" in it.foot
        await it.press("n")
        assert it.app.screen is it.screen
        assert it.desk.commands == []


async def test_a_space_typed_into_the_filter_is_a_space() -> None:
    async with running(a_past(Seconds())) as it:
        await it.press("slash", *"log", "space", *"in")
        assert it.screen.line.text == "log in"
        assert "paused" in it.header
