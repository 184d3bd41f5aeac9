"""Filling a desk for a demonstration: the real commands, run through the door, over the last working days."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

Progress = Callable[[int, int], None]
"""Told how many commands of how many are done."""


class NotADemonstrationError(Exception):
    """The desk holds tickets of its own; the text says so and what to do."""


@dataclass(frozen=True, slots=True)
class Summary:
    """What the desk holds after filling. `kept` says that it had been filled before and was left as it was."""

    open_tickets: int
    resolved: int
    closed: int
    commands: int
    kept: bool


def fill(
    url: str,
    *,
    now: datetime,
    username: str,
    full_name: str,
    seed: int = 1,
    tickets: int = 60,
    progress: Progress = lambda done, of: None,
) -> Summary:
    """Fills a desk with `tickets` open tickets and a history, the same for the same `seed` and `now`.

    The database at `url` is made where there is none. `username`, with `full_name`, is enrolled as a supervisor who
    owns some of the tickets. Raises NotADemonstrationError for a desk that holds tickets and was not filled by this.
    """
    raise NotImplementedError
