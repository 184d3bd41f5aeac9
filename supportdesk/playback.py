"""The clock of a replay: it runs at any speed, and can be paused and stepped. Light to import."""

from __future__ import annotations

import threading
import time
from bisect import bisect_left, bisect_right
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Protocol

SPEEDS = (1, 2, 5, 10, 30, 60, 120, 300, 600, 1_800, 3_600, 10_800, 43_200, 86_400)
"""The speeds of `faster` and `slower`, in seconds played back per second."""


class PlaybackControls(Protocol):
    """Controls a replay. Any thread may call it; nothing here blocks."""

    @property
    def speed(self) -> float:
        """The speed while it runs, in seconds played back per second."""
        ...

    @property
    def running(self) -> bool:
        """Whether time moves; False while paused, and at the end."""
        ...

    @property
    def until(self) -> datetime:
        """The end of the replay."""
        ...

    def now(self) -> datetime:
        """Return the moment that is shown."""
        ...

    def pause(self) -> None:
        """Pause the replay at the moment that it has reached."""
        ...

    def resume(self) -> None:
        """Continue a paused replay."""
        ...

    def faster(self) -> None:
        """Choose the next higher of `SPEEDS`."""
        ...

    def slower(self) -> None:
        """Choose the next lower of `SPEEDS`."""
        ...

    def set_speed(self, speed: float) -> None:
        """Choose any speed. Raises ValueError unless it is above 0."""
        ...

    def step(self, amount: timedelta) -> None:
        """Jump forward, or back by a negative amount; a paused replay stays paused."""
        ...

    def seek(self, at: datetime) -> None:
        """Jump to a moment; a paused replay stays paused."""
        ...


class PlaybackClock:
    """A `Clock`, with `PlaybackControls`, that starts in the past and never passes `until`.

    `monotonic` counts real seconds; tests pass their own.
    """

    def __init__(
        self,
        start: datetime,
        until: datetime,
        *,
        speed: float = 1.0,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._moved = threading.Condition()
        self._monotonic = monotonic
        self._until = until
        self._speed = _check_speed(speed)
        self._paused = False
        self._position = min(start, until)
        self._since = monotonic()

    @property
    def speed(self) -> float:
        """The speed while it runs, in seconds played back per second."""
        return self._speed

    @property
    def running(self) -> bool:
        """Whether time moves; False while paused, and at the end."""
        return not self._paused and self.now() < self._until

    @property
    def until(self) -> datetime:
        """The end of the replay."""
        return self._until

    def now(self) -> datetime:
        """Return the moment that is shown."""
        with self._moved:
            return self._now()

    def pause(self) -> None:
        """Pause the replay at the moment that it has reached."""
        self._update(paused=True)

    def resume(self) -> None:
        """Continue a paused replay."""
        self._update(paused=False)

    def faster(self) -> None:
        """Choose the next higher of `SPEEDS`."""
        place = bisect_right(SPEEDS, self._speed)
        self._update(speed=SPEEDS[place] if place < len(SPEEDS) else self._speed)

    def slower(self) -> None:
        """Choose the next lower of `SPEEDS`."""
        place = bisect_left(SPEEDS, self._speed)
        self._update(speed=SPEEDS[place - 1] if place else self._speed)

    def set_speed(self, speed: float) -> None:
        """Choose any speed. Raises ValueError unless it is above 0."""
        self._update(speed=_check_speed(speed))

    def step(self, amount: timedelta) -> None:
        """Jump forward, or back by a negative amount; a paused replay stays paused."""
        self._update(by=amount)

    def seek(self, at: datetime) -> None:
        """Jump to a moment; a paused replay stays paused."""
        with self._moved:
            self._position, self._since = min(at, self._until), self._monotonic()
            self._moved.notify_all()

    def wait_until(self, at: datetime | None, timeout: float) -> None:
        """Wait until the replay reaches a moment or a control is used, for at most `timeout` real seconds."""
        with self._moved:
            if at is not None and not self._paused:
                timeout = min(timeout, (at - self._now()).total_seconds() / self._speed)
            if timeout > 0:
                self._moved.wait(timeout)

    def _now(self) -> datetime:
        if self._paused:
            return self._position
        elapsed = timedelta(seconds=(self._monotonic() - self._since) * self._speed)
        return min(self._position + elapsed, self._until)

    def _update(
        self, *, by: timedelta = timedelta(), speed: float | None = None, paused: bool | None = None
    ) -> None:
        with self._moved:
            self._position = min(self._now() + by, self._until)
            self._since = self._monotonic()
            self._speed = self._speed if speed is None else speed
            self._paused = self._paused if paused is None else paused
            self._moved.notify_all()


def _check_speed(speed: float) -> float:
    if not speed > 0:
        raise ValueError(f"a replay needs a speed above 0, not {speed:g}; pause it to stop time")
    return speed
