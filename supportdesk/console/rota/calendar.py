"""The shifts and gaps of some weeks, by day: what the rota's screen shows."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import msgspec

from supportdesk.sla.policy import Policy
from supportdesk.tickets.documents import Line, Swap, SwapState
from supportdesk.tickets.rota.data import RotaData
from supportdesk.tickets.rota.gaps import GapCause, RotaGap, find_gaps
from supportdesk.tickets.rota.layers import lines_in_use
from supportdesk.tickets.rota.timeline import Shift, timeline

DAY = timedelta(days=1)
Entry = Shift | RotaGap


class RotaCalendar(msgspec.Struct, frozen=True):
    """The entries of `weeks` weeks from `first`, a Monday, in a time zone.

    `lines` are the lines in use. A person without an address has a shift; `unreachable` are the gaps that this makes.
    `holidays` are the names of bank holidays by date.
    """

    first: date
    weeks: int
    zone: str
    lines: tuple[Line, ...]
    entries: tuple[Entry, ...]
    unreachable: tuple[RotaGap, ...]
    holidays: Mapping[date, str]

    @property
    def days(self) -> tuple[date, ...]:
        """Every day shown, in order."""
        return tuple(self.first + number * DAY for number in range(7 * self.weeks))

    def on(self, day: date) -> tuple[Entry, ...]:
        """Return the entries that have a part on a day, by line and start."""
        start, end = midnight(day, self.zone), midnight(day + DAY, self.zone)
        found = (each for each in self.entries if each.start < end and each.end > start)
        return tuple(sorted(found, key=lambda each: (self.lines.index(each.line), each.start)))

    def longest(self, day: date, line: Line) -> tuple[Entry | None, int]:
        """Return the entry of a line with the longest part of a day, and how many other people have one.

        The entry is None where the line has none on that day.
        """
        start, end = midnight(day, self.zone), midnight(day + DAY, self.zone)
        found = [each for each in self.on(day) if each.line is line]
        if not found:
            return None, 0
        longest = max(found, key=lambda each: min(each.end, end) - max(each.start, start))
        people = {each.person for each in found}
        return longest, len(people) - 1


def make_calendar(
    data: RotaData, first: date, weeks: int, zone: str, holidays: Mapping[date, str]
) -> RotaCalendar:
    """Return the calendar of some weeks, read from the timeline, with the names of bank holidays by date."""
    start, end = midnight(first, zone), midnight(first + 7 * weeks * DAY, zone)
    gaps = find_gaps(data, start, end)
    shifts: Iterable[Entry] = timeline(data, start, end)
    return RotaCalendar(
        first,
        weeks,
        zone,
        tuple(line for line in Line if line in lines_in_use(data.rotations) or _has(shifts, line)),
        (*shifts, *(gap for gap in gaps if gap.cause is not GapCause.NO_ADDRESS)),
        tuple(gap for gap in gaps if gap.cause is GapCause.NO_ADDRESS),
        holidays,
    )


def holiday_names(policy: Policy) -> dict[date, str]:
    """Return the names of the bank holidays of a policy's calendars, by date."""
    return {day: name for calendar in policy.calendars for day, name in calendar.holidays.items()}


def _has(shifts: Iterable[Entry], line: Line) -> bool:
    return any(each.line is line for each in shifts)


def monday_of(day: date) -> date:
    """Return the Monday of a day's week."""
    return day - day.weekday() * DAY


def midnight(day: date, zone: str) -> datetime:
    """Return the UTC instant at which a day begins."""
    return datetime.combine(day, time(), ZoneInfo(zone)).astimezone(UTC)


def open_swap_of(data: RotaData, entry: Entry) -> Swap | None:
    """Return the swap in which a shift is offered and that is neither approved nor closed; None without one."""
    for swap in data.swaps:
        is_open = swap.state in (SwapState.OFFERED, SwapState.ACCEPTED)
        if is_open and swap.line is entry.line and (swap.start, swap.end) == (entry.start, entry.end):
            return swap
    return None
