"""A present that is played back: it moves at any speed, stands still, and can be stepped. Light to import."""

from __future__ import annotations

import threading
import time
from bisect import bisect_left, bisect_right
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Protocol

SPEEDS = (1, 2, 5, 10, 30, 60, 120, 300, 600, 1_800, 3_600, 10_800, 43_200, 86_400)
"""The speeds through which `faster` and `slower` go, in seconds played back in each second."""


class PlaybackControls(Protocol):
    """What a surface needs to play the past back. Any thread may call it; nothing here blocks."""

    @property
    def speed(self) -> float:
        """Seconds that are played back in each second while it runs."""
        ...

    @property
    def running(self) -> bool:
        """Whether time goes on; False while paused, and once the end is reached."""
        ...

    @property
    def until(self) -> datetime:
        """The end: the replay goes no further."""
        ...

    def now(self) -> datetime:
        """The moment that is shown."""
        ...

    def pause(self) -> None:
        """Lets time stand still."""
        ...

    def resume(self) -> None:
        """Lets time go on."""
        ...

    def faster(self) -> None:
        """Takes the next higher speed."""
        ...

    def slower(self) -> None:
        """Takes the next lower speed."""
        ...

    def set_speed(self, speed: float) -> None:
        """Takes a speed of one's own; raises ValueError unless it is above 0."""
        ...

    def step(self, amount: timedelta) -> None:
        """Goes forward, or back with a negative amount, at once; what was paused stays paused."""
        ...

    def seek(self, at: datetime) -> None:
        """Goes to a moment at once; what was paused stays paused."""
        ...


class PlaybackClock:
    """A `Clock`, with `PlaybackControls`, that starts in the past and never passes `until`.

    `monotonic` counts real seconds; tests hand in one of their own.
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
        self._speed = _checked(speed)
        self._paused = False
        self._position = min(start, until)
        self._since = monotonic()

    @property
    def speed(self) -> float:
        """Seconds that are played back in each second while it runs."""
        return self._speed

    @property
    def running(self) -> bool:
        """Whether time goes on; False while paused, and once the end is reached."""
        return not self._paused and self.now() < self._until

    @property
    def until(self) -> datetime:
        """The end: the replay goes no further."""
        return self._until

    def now(self) -> datetime:
        """The moment that is shown."""
        with self._moved:
            return self._now()

    def pause(self) -> None:
        """Lets time stand still."""
        self._go_on(paused=True)

    def resume(self) -> None:
        """Lets time go on."""
        self._go_on(paused=False)

    def faster(self) -> None:
        """Takes the next higher speed."""
        place = bisect_right(SPEEDS, self._speed)
        self._go_on(speed=SPEEDS[place] if place < len(SPEEDS) else self._speed)

    def slower(self) -> None:
        """Takes the next lower speed."""
        place = bisect_left(SPEEDS, self._speed)
        self._go_on(speed=SPEEDS[place - 1] if place else self._speed)

    def set_speed(self, speed: float) -> None:
        """Takes a speed of one's own; raises ValueError unless it is above 0."""
        self._go_on(speed=_checked(speed))

    def step(self, amount: timedelta) -> None:
        """Goes forward, or back with a negative amount, at once; what was paused stays paused."""
        self._go_on(by=amount)

    def seek(self, at: datetime) -> None:
        """Goes to a moment at once; what was paused stays paused."""
        with self._moved:
            self._position, self._since = min(at, self._until), self._monotonic()
            self._moved.notify_all()

    def wait_until(self, at: datetime | None, timeout: float) -> None:
        """Waits for a moment of the past, or for somebody at the controls, for at most `timeout` real seconds."""
        with self._moved:
            if at is not None and not self._paused:
                timeout = min(timeout, (at - self._now()).total_seconds() / self._speed)
            if timeout > 0:
                self._moved.wait(timeout)

    def _now(self) -> datetime:
        if self._paused:
            return self._position
        gone = timedelta(seconds=(self._monotonic() - self._since) * self._speed)
        return min(self._position + gone, self._until)

    def _go_on(
        self, *, by: timedelta = timedelta(), speed: float | None = None, paused: bool | None = None
    ) -> None:
        with self._moved:
            self._position = min(self._now() + by, self._until)
            self._since = self._monotonic()
            self._speed = self._speed if speed is None else speed
            self._paused = self._paused if paused is None else paused
            self._moved.notify_all()


def _checked(speed: float) -> float:
    if not speed > 0:
        raise ValueError(f"a replay needs a speed above 0, not {speed:g}; pause it to let time stand still")
    return speed
