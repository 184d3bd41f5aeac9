"""The table from which business time is answered: open stretches, their prefix sums, and an index of hints.

A hint gives, for the bucket in which an instant (or a sum of open seconds) falls, the first stretch that can hold it, so
that a look-up is one index and rarely a step, whatever the length of the table.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from supportdesk.sla.hours import DAY, OpeningHours
from supportdesk.sla.wall import WallClock

NEVER = 1 << 60
"""Later than every instant and more than every sum, in seconds."""

_TIME_BITS = 14
_TOTAL_BITS = 13


@dataclass(frozen=True, slots=True)
class OpeningTable:
    """The open stretches between the UTC epoch seconds `low` and `high`, clipped to them.

    `opens[k]` and `closes[k]` bound a stretch, `totals[k]` are the open seconds from `low` to its end, and `origins[k]`
    is what turns such a sum within it into an instant. A last stretch at NEVER stands behind the others. `by_time[b]` is
    the first stretch that closes after `low + (b << time_bits)`, `by_total[b]` the first with `totals >= b << total_bits`.
    """

    low: int
    high: int
    total: int
    opens: Sequence[int]
    closes: Sequence[int]
    totals: Sequence[int]
    origins: Sequence[int]
    by_time: Sequence[int]
    by_total: Sequence[int]
    time_bits: int = _TIME_BITS
    total_bits: int = _TOTAL_BITS

    def after(self, at: int) -> int:
        """The place of the first stretch that closes after `at`, which lies from `low` to `high`."""
        place = self.by_time[(at - self.low) >> self.time_bits]
        while self.closes[place] <= at:
            place += 1
        return place

    def total_at(self, at: int) -> int:
        """Open seconds from `low` to `at`."""
        place = self.after(at)
        return max(at, self.opens[place]) - self.origins[place]

    def instant(self, total: int) -> int:
        """The first instant at which `total` seconds, at most the table's, have been open since `low`."""
        place = self.by_total[total >> self.total_bits]
        while self.totals[place] < total:
            place += 1
        return total + self.origins[place]


NOTHING = OpeningTable(NEVER, -NEVER, 0, (NEVER,), (NEVER,), (NEVER,), (NEVER,), (0,), (0,))
"""The table of a calendar that has not been asked yet."""


def table_without_end(low: int, high: int) -> OpeningTable:
    """The table of a calendar that is always open."""
    total = high - low
    bits = total.bit_length()
    return OpeningTable(
        low, high, total, (low, NEVER), (high, NEVER), (total, NEVER), (low, NEVER - total), (0,), (0,), bits, bits
    )


def build_table(hours: OpeningHours, wall: WallClock, low: int, high: int) -> OpeningTable:
    """The table of these hours from `low` to `high`."""
    wall_opens, wall_closes = hours.stretches(low // DAY - 3, high // DAY + 2)
    opens: list[int] = []
    closes: list[int] = []
    totals: list[int] = []
    origins: list[int] = []
    total = 0
    for begin, end in zip(wall.instants(wall_opens), wall.instants(wall_closes), strict=True):
        if end <= low or begin >= high:
            continue
        opened, closed = max(begin, low), min(end, high)
        opens.append(opened)
        closes.append(closed)
        origins.append(opened - total)
        total += closed - opened
        totals.append(total)
    by_time = _hints([close - 1 - low for close in closes], _TIME_BITS, high - low)
    by_total = _hints(totals, _TOTAL_BITS, total)
    return OpeningTable(
        low, high, total, (*opens, NEVER), (*closes, NEVER), (*totals, NEVER), (*origins, NEVER - total),
        by_time, by_total,
    )  # fmt: skip


def _hints(ends: list[int], bits: int, last: int) -> tuple[int, ...]:
    """For each bucket up to the one of `last`, the place of the first of the increasing `ends` that is not before it."""
    hints: list[int] = []
    for place, end in enumerate(ends):
        missing = (end >> bits) + 1 - len(hints)
        if missing > 0:
            hints += [place] * missing
    hints += [len(ends)] * ((last >> bits) + 1 - len(hints))
    return tuple(hints)
