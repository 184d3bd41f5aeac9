"""The wall clock of a time zone: when it is put forward or back, and which instant a wall time is."""

from __future__ import annotations

from bisect import bisect_left
from datetime import UTC, date, datetime
from functools import lru_cache
from zoneinfo import ZoneInfo, available_timezones

import msgspec

from supportdesk.sla.opening_hours import DAY, FIRST_YEAR, LAST_YEAR, CalendarError, OpeningHours, day_of

_STRIDE = 6 * DAY
"""No zone changes its offset twice within six days after 1990; the closest pairs are a few hours short of a week."""


class WallClock(msgspec.Struct, frozen=True):
    """`changes` are the UTC epoch seconds at which the offset changes; `offsets[k]` seconds are added before
    `changes[k]`, and the last one after all of them.
    """

    timezone: str
    changes: tuple[int, ...]
    offsets: tuple[int, ...]

    def instants(self, walls: list[int]) -> list[int]:
        """The UTC epoch seconds of increasing wall times; a skipped one is the instant of the change, a doubled one
        the first of the two.
        """
        found: list[int] = []
        change = None
        for following, offset in zip((*self.changes, None), self.offsets, strict=True):
            until = len(walls) if following is None else bisect_left(walls, following + offset)
            piece = [wall - offset for wall in walls[len(found) : until]]
            if change is not None and piece and piece[0] < change:
                piece = [max(each, change) for each in piece]
            found += piece
            change = following
        return found

    def refuse_unclear(self, hours: OpeningHours) -> None:
        """Raise CalendarError if hours begin or end in a skipped or doubled stretch of wall time.

        Beginning at the first skipped second is refused too; ending there is clear, as both its names are one instant.
        Where a zone crossed the date line a whole day was skipped, as in Apia on 30 Dec 2011. Hours of that day are
        clear: nobody lived through them.
        """
        for change, before, after in zip(self.changes, self.offsets, self.offsets[1:], strict=False):
            low, high = sorted((change + before, change + after))
            if after - before >= DAY:
                continue
            opens, closes = hours.stretches(low // DAY - 2, high // DAY + 1)
            skipped = after > before
            for verb, walls, start in (("begin", opens, low), ("end", closes, low + 1 if skipped else low)):
                for wall in walls:
                    if start <= wall < high:
                        self._refuse(verb, wall, skipped)

    def _refuse(self, verb: str, wall: int, skipped: bool) -> None:
        clock = f"{wall % DAY // 3600:02}:{wall // 60 % 60:02}"
        raise CalendarError(
            f"hours that {verb} at {clock} are unclear in {self.timezone}: on {day_of(wall // DAY)} that time "
            f"{'is skipped' if skipped else 'comes twice'} as the clocks change; move it, or close that "
            "date or give it hours of its own in exceptions"
        )


def load_zone(timezone: str) -> ZoneInfo:
    """The zone with this name of the tz database; raises CalendarError for an unknown one."""
    try:
        return ZoneInfo(timezone)
    except (KeyError, ValueError, TypeError, OSError):
        known = available_timezones()
    if not known:
        raise CalendarError("this machine has no time zones; install Python's tzdata package")
    raise CalendarError(f"{timezone!r} is no time zone; write a name such as Europe/London")


@lru_cache(maxsize=64)
def wall_clock(timezone: str) -> WallClock:
    """The wall clock of a zone over the years that calendars answer for; raises CalendarError for an unknown one."""
    zone = load_zone(timezone)
    low = int(datetime(FIRST_YEAR, 1, 1, tzinfo=UTC).timestamp()) - 2 * DAY
    high = int(datetime(LAST_YEAR + 1, 1, 1, tzinfo=UTC).timestamp()) + 2 * DAY
    instants = range(low, high + _STRIDE, _STRIDE)
    shown = [datetime.fromtimestamp(instant, zone).utcoffset() for instant in instants]
    changes: list[int] = []
    offsets = [offset_at(low, zone)]
    for place in range(1, len(shown)):
        if shown[place] != shown[place - 1]:
            changes.append(_change_between(instants[place - 1], instants[place], zone))
            offsets.append(offset_at(instants[place], zone))
    return WallClock(timezone, tuple(changes), tuple(offsets))


def offset_at(instant: int, zone: ZoneInfo) -> int:
    """Seconds that `zone` is ahead of UTC at these UTC epoch seconds."""
    shown = datetime.fromtimestamp(instant, zone).utcoffset()
    assert shown is not None
    return shown.days * DAY + shown.seconds


def midnight(day: date, zone: ZoneInfo) -> int:
    """The UTC epoch seconds at which `day` begins in `zone`."""
    return int(datetime(day.year, day.month, day.day, tzinfo=zone).timestamp())


def _change_between(before: int, after: int, zone: ZoneInfo) -> int:
    """The instant of the one change between two, a whole number of minutes apart as all changes are."""
    old = datetime.fromtimestamp(before, zone).utcoffset()
    while after - before > 60:
        middle = before + (after - before) // 120 * 60
        if datetime.fromtimestamp(middle, zone).utcoffset() == old:
            before = middle
        else:
            after = middle
    return after
