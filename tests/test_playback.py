"""The clock of a replay and its controls."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from supportdesk.playback import SPEEDS, PlaybackClock

START = datetime(2016, 3, 1, 8, 0, tzinfo=UTC)
END = START + timedelta(days=1)


class Watch:
    """Real seconds that pass when a test says so."""

    def __init__(self) -> None:
        self.seconds = 0.0

    def __call__(self) -> float:
        return self.seconds


@pytest.fixture
def watch() -> Watch:
    return Watch()


@pytest.fixture
def clock(watch: Watch) -> PlaybackClock:
    return PlaybackClock(START, END, speed=60, monotonic=watch)


def test_the_past_is_played_at_the_chosen_speed(clock: PlaybackClock, watch: Watch) -> None:
    watch.seconds = 2.5
    assert clock.now() == START + timedelta(seconds=150)


def test_time_stops_while_paused_and_continues_from_there(clock: PlaybackClock, watch: Watch) -> None:
    watch.seconds = 1
    clock.pause()
    watch.seconds = 100
    assert (clock.now(), clock.running) == (START + timedelta(minutes=1), False)
    clock.resume()
    watch.seconds = 101
    assert (clock.now(), clock.running) == (START + timedelta(minutes=2), True)


def test_another_speed_applies_from_now_on(clock: PlaybackClock, watch: Watch) -> None:
    watch.seconds = 1
    clock.set_speed(3_600)
    watch.seconds = 2
    assert clock.now() == START + timedelta(minutes=61)


def test_faster_and_slower_go_through_the_speeds_and_stop_at_both_ends(clock: PlaybackClock) -> None:
    clock.set_speed(45)
    clock.faster()
    assert clock.speed == 60
    clock.slower()
    assert clock.speed == 30
    for _ in SPEEDS:
        clock.slower()
    assert clock.speed == SPEEDS[0]
    for _ in SPEEDS:
        clock.faster()
    assert clock.speed == SPEEDS[-1]


@pytest.mark.parametrize("speed", [0, -1, float("nan")])
def test_an_impossible_speed_is_refused(clock: PlaybackClock, speed: float) -> None:
    with pytest.raises(ValueError, match="above 0"):
        clock.set_speed(speed)
    with pytest.raises(ValueError, match="above 0"):
        PlaybackClock(START, END, speed=speed)


def test_a_step_goes_either_way_and_keeps_the_replay_paused(clock: PlaybackClock, watch: Watch) -> None:
    clock.pause()
    clock.step(timedelta(hours=2))
    watch.seconds = 9
    assert clock.now() == START + timedelta(hours=2)
    clock.step(timedelta(hours=-3))
    assert clock.now() == START - timedelta(hours=1)


def test_the_replay_stops_at_its_end(clock: PlaybackClock, watch: Watch) -> None:
    watch.seconds = 1e6
    assert (clock.now(), clock.running) == (END, False)
    clock.step(timedelta(hours=-1))
    assert (clock.now(), clock.running) == (END - timedelta(hours=1), True)
    clock.seek(END + timedelta(days=1))
    assert clock.now() == END


def test_a_wait_ends_at_once_for_a_moment_that_is_reached(clock: PlaybackClock) -> None:
    clock.wait_until(START, timeout=60)
    clock.wait_until(START - timedelta(hours=1), timeout=60)


def test_a_wait_lasts_as_long_as_the_past_takes_to_get_there() -> None:
    clock = PlaybackClock(START, END, speed=36_000)
    clock.wait_until(START + timedelta(minutes=10), timeout=60)
    assert clock.now() >= START + timedelta(minutes=10)
