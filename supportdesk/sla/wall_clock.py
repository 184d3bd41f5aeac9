"""The wall clock of a time zone: its changes, and the conversion of wall times to instants."""

from __future__ import annotations

from bisect import bisect_left
from datetime import UTC, date, datetime
from functools import lru_cache
from zoneinfo import ZoneInfo, available_timezones

import msgspec

from supportdesk.sla.opening_hours import DAY, FIRST_YEAR, LAST_YEAR, CalendarError, OpeningHours, day_of

_STRIDE = 6 * DAY
"""The step, in seconds, in which changes are looked for: since 1990 no zone has changed twice within six days."""


class WallClock(msgspec.Struct, frozen=True):
    """The offsets of a zone from UTC, in seconds: `offsets[k]` holds before `changes[k]`, the last one after them.

    `changes` are in UTC epoch seconds.
    """

    timezone: str
    changes: tuple[int, ...]
    offsets: tuple[int, ...]

    def instants(self, walls: list[int]) -> list[int]:
        """Return the UTC epoch seconds of increasing wall times.

        A skipped time is the instant of the change, a repeated time the first of the two.
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
        """Raise CalendarError if hours begin or end at a wall time that is skipped or repeated.

        A beginning at the first skipped second is refused too; an end there is clear, as both its names are one
        instant. Where a zone crossed the date line, a whole day was skipped, as in Apia on 30 Dec 2011; its hours are
        ignored.
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
            f"{'is skipped' if skipped else 'comes twice'} as the clocks change; choose another time, or close that "
            "date or give it other hours in exceptions"
        )


def load_zone(timezone: str) -> ZoneInfo:
    """Return the zone of this name in the tz database. Raises CalendarError for an unknown name."""
    try:
        return ZoneInfo(timezone)
    except (KeyError, ValueError, TypeError, OSError):
        known = available_timezones()
    if not known:
        raise CalendarError("this machine has no time zones; install Python's tzdata package")
    raise CalendarError(f"{timezone!r} is not a time zone; write a name such as Europe/London")


_EARLIEST = int(datetime(FIRST_YEAR, 1, 1, tzinfo=UTC).timestamp()) - 2 * DAY
_LATEST = int(datetime(LAST_YEAR + 1, 1, 1, tzinfo=UTC).timestamp()) + 2 * DAY


@lru_cache(maxsize=64)
def wall_clock(timezone: str, low: int = _EARLIEST, high: int = _LATEST) -> WallClock:
    """Return the wall clock of a zone between two instants, in UTC epoch seconds; by default from 1990 to 2100.

    The cost is proportional to the length, and 14 ms for the whole. Raises CalendarError for an unknown zone.
    """
    zone = load_zone(timezone)
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
    """Return how many seconds `zone` is ahead of UTC at `instant`, in UTC epoch seconds."""
    shown = datetime.fromtimestamp(instant, zone).utcoffset()
    assert shown is not None
    return shown.days * DAY + shown.seconds


def midnight(day: date, zone: ZoneInfo) -> int:
    """Return the UTC epoch seconds at which `day` begins in `zone`."""
    return int(datetime(day.year, day.month, day.day, tzinfo=zone).timestamp())


def _change_between(before: int, after: int, zone: ZoneInfo) -> int:
    """Return the instant of the only change between two instants; all changes are at whole minutes."""
    old = datetime.fromtimestamp(before, zone).utcoffset()
    while after - before > 60:
        middle = before + (after - before) // 120 * 60
        if datetime.fromtimestamp(middle, zone).utcoffset() == old:
            before = middle
        else:
            after = middle
    return after
