"""The source of the present: code that needs the time receives a `Clock` as an argument."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Protocol


class Clock(Protocol):
    """The source of the present, as code receives it."""

    def now(self) -> datetime:
        """Return the present as an aware UTC datetime."""
        ...


class SystemClock:
    """The machine's own time."""

    def now(self) -> datetime:
        """Return the present as an aware UTC datetime."""
        return datetime.now(UTC)


class FixedClock:
    """A clock that shows the time to which it was set, for demos, imports and tests."""

    def __init__(self, at: datetime) -> None:
        self._at = at

    def now(self) -> datetime:
        """Return the time to which the clock was set."""
        return self._at

    def set(self, at: datetime) -> None:
        """Set the clock; it may go back, as real ones do."""
        self._at = at
