"""The times in the lists of messages."""

from __future__ import annotations

from datetime import datetime

from supportdesk.sla.formatting import bare_time, day, local, weekday

LIST_TIME = 12
"""How many cells such a time takes at most."""
_WEEK_DAYS = 6


def list_time(at: datetime, zone: str, now: datetime) -> str:
    """Return `08:48` today, else `Mon 08:48` within a week, else `9 Nov 08:48`."""
    then, today = local(at, zone).date(), local(now, zone).date()
    if then == today:
        return bare_time(at, zone)
    name = weekday(then) if 0 < (today - then).days <= _WEEK_DAYS else day(then)
    return f"{name} {bare_time(at, zone)}"
