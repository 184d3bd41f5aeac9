"""Who is on call at an instant, by one weekly rotation."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from supportdesk.tickets.people import Rotation

_UTC = ZoneInfo("UTC")


@dataclass(frozen=True, slots=True)
class Shift:
    """A turn of duty: `username` from `began` to `ends`, both aware UTC instants."""

    username: str
    began: datetime
    ends: datetime


def next_on_call(rotation: Rotation | None, at: datetime) -> Shift | None:
    """Return the shift after the one at `at`, or the first of a rotation that is still to start; else None."""
    shift = on_call(rotation, at)
    if shift is not None:
        return on_call(rotation, shift.ends)
    return on_call(rotation, rotation.starts) if rotation is not None and at < rotation.starts else None


def on_call(rotation: Rotation | None, at: datetime) -> Shift | None:
    """The shift that holds at `at`; None without a rotation, without members, or before it starts.

    Handover is at the same wall-clock time each week, so a week across a change to summer time is an hour shorter.
    """
    if rotation is None or not rotation.members:
        return None
    zone = ZoneInfo(rotation.timezone)
    first = rotation.starts.astimezone(zone).replace(tzinfo=None)

    def handover(week: int) -> datetime:
        return (first + timedelta(weeks=week)).replace(tzinfo=zone).astimezone(_UTC)

    week = (at.astimezone(zone).replace(tzinfo=None) - first) // timedelta(weeks=1)
    while handover(week) > at:
        week -= 1
    while handover(week + 1) <= at:
        week += 1
    if week < 0:
        return None
    return Shift(rotation.members[week % len(rotation.members)], handover(week), handover(week + 1))
