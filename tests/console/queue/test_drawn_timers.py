"""Only the timers that changed are drawn, in runs of adjacent lines; a row stands out for some ticks."""

from __future__ import annotations

from supportdesk.console.queue.drawn_timers import FLASH, DrawnTimers, Flashes


def drawn(*texts: str) -> DrawnTimers:
    timers = DrawnTimers()
    for y, text in enumerate(texts):
        timers.set(y, text)
    return timers


def test_nothing_is_drawn_while_no_timer_changes() -> None:
    timers = drawn("0:01", "0:02")
    assert list(timers.changed({0: "0:01", 1: "0:02"}.get)) == []


def test_adjacent_timers_that_change_are_one_run() -> None:
    timers = drawn("0:01", "0:02", "0:03", "0:04", "0:05")
    now = {0: "0:00", 1: "0:01", 2: "0:03", 3: "0:04", 4: "0:04"}
    assert list(timers.changed(now.get)) == [range(2), range(4, 5)]


def test_a_line_without_a_timer_is_left_alone() -> None:
    timers = drawn("0:01", "0:02", "0:03")
    timers.forget(0)
    assert list(timers.changed({0: "0:00", 1: None, 2: "0:02"}.get)) == [range(2, 3)]


def test_a_row_stands_out_for_some_ticks_and_longer_when_it_changes_again() -> None:
    flashes = Flashes()
    flashes.start(["a", "b"])
    for _ in range(FLASH - 1):
        assert flashes.tick() == []
    flashes.start(["b"])
    assert flashes.tick() == ["a"]
    assert "a" not in flashes
    assert "b" in flashes
