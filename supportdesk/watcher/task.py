"""What a watcher does at each tick."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Protocol

from supportdesk.desk_api import DeskApi

Say = Callable[[str], None]
"""Writes one plain line to the log of the watcher; it contains nothing that a customer wrote, and no secret."""


class WatcherTask(Protocol):
    """One thing that a watcher does at each tick. It is called on the watcher's thread."""

    @property
    def name(self) -> str:
        """What it does, in words, to precede `failed`."""
        ...

    @property
    def fault(self) -> str:
        """What it cannot do at present, in words; empty where all is well."""
        ...

    def tick(self, desk: DeskApi, now: datetime, *, is_stopped: Callable[[], bool]) -> bool:
        """Do what is due at `now`, and return whether more is due at once.

        It returns after a few seconds even if more is due, and soon once `is_stopped`. Raises DeskUnavailableError.
        """
        ...

    def close(self) -> None:
        """End what it has begun, such as threads."""
        ...
