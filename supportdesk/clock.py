"""The one source of the present. Everything that needs to know what time it is is handed a `Clock`."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Protocol


class Clock(Protocol):
    """Tells the present as an aware UTC instant."""

    def now(self) -> datetime:
        """The present."""
        ...


class SystemClock:
    """The machine's own time."""

    def now(self) -> datetime:
        """The present, in UTC."""
        return datetime.now(UTC)


class FixedClock:
    """A clock that stands where it was set; for demos, imports and tests."""

    def __init__(self, at: datetime) -> None:
        self._at = at

    def now(self) -> datetime:
        """Where the clock was last set."""
        return self._at

    def set(self, at: datetime) -> None:
        """Moves the clock; it may go back, as real ones do."""
        self._at = at
