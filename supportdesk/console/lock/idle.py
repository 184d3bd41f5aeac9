"""For how long nobody has pressed a key or moved the mouse."""

from __future__ import annotations

import time
from collections.abc import Callable

_CLOCK = getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC)
"""A clock that goes on while the machine is asleep, where the system has one."""


def seconds_since_boot() -> float:
    """Return the seconds since the machine was started; moving its clock changes nothing."""
    return time.clock_gettime(_CLOCK)


class IdleTime:
    """Measures the time since the last input; `limit` is in seconds, None for no limit."""

    def __init__(self, limit: float | None, seconds: Callable[[], float] = seconds_since_boot) -> None:
        self.limit = limit
        self._seconds = seconds
        self._last = seconds()

    def restart(self) -> None:
        """Count from now on."""
        self._last = self._seconds()

    @property
    def is_over(self) -> bool:
        """Whether the limit has been reached."""
        return self.limit is not None and self._seconds() - self._last >= self.limit
