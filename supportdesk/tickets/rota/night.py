"""When it is night: a page wakes somebody then, and a notice that can wait does."""

from __future__ import annotations

from datetime import datetime, time
from zoneinfo import ZoneInfo

NIGHT = (time(23), time(6))
"""When a night begins and ends: the night period of the Working Time Regulations 1998, regulation 2, by default."""


def is_night(at: datetime, zone: str) -> bool:
    """Return whether an instant is at night by the wall clock of a zone."""
    clock = at.astimezone(ZoneInfo(zone)).time()
    return clock >= NIGHT[0] or clock < NIGHT[1]
