"""When quiet hours end, by the wall clock of a time zone."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from supportdesk.sla.clocks import epoch, instant
from supportdesk.tickets.documents import QuietHours


def find_quiet_end(hours: QuietHours | None, at: int, timezone: str) -> int:
    """Return when the quiet hours end in which an instant is, both in UTC epoch seconds; the instant itself outside.

    An end that the clocks skip is the first moment after it; of one that comes twice, the first counts.
    """
    if hours is None:
        return at
    zone = ZoneInfo(timezone)
    local = instant(at).astimezone(zone)
    wall = local.time().replace(fold=0)
    over_midnight = hours.end <= hours.start
    began, ends_later = wall >= hours.start, wall < hours.end
    if not (began or ends_later if over_midnight else began and ends_later):
        return at
    day = local.date() + timedelta(days=1 if over_midnight and began else 0)
    end = epoch(datetime.combine(day, hours.end, zone).astimezone(UTC))
    # In the hour that comes twice, the end may be past although the wall clock is before it.
    return max(at, end)
