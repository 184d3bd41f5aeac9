"""The table that answers questions of business time: open spans, their running totals, and an index of hints.

For each bucket of time, and of accumulated open seconds, a hint is the first span that can contain what falls into it.
A look-up is one index and seldom a further step, however long the table is.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import msgspec

from supportdesk.sla.opening_hours import DAY, OpeningHours
from supportdesk.sla.wall_clock import WallClock

NEVER = 1 << 60
"""Later than every instant and more than every total, in seconds."""

Stretch = tuple[int, int, int, int, int, int]
"""An open span: `opens`, `closes`, the open seconds `before` it, the `total` to its end, the `origin` to add to a total
within it to get the instant, and its `place` in the table. A plain tuple, as it is unpacked in the hot paths.
"""

_TIME_BITS = 14
_TOTAL_BITS = 13


class OpeningTable(msgspec.Struct, frozen=True):
    """The open spans between the UTC epoch seconds `low` and `high`, clipped to them; totals count from `low`.

    A last span that opens at NEVER ends the table. `by_time[b]` is the first span that closes after `low + (b <<
    time_bits)`, `by_total[b]` the first whose total is at least `b << total_bits`.
    """

    low: int
    high: int
    total: int
    stretches: Sequence[Stretch]
    by_time: Sequence[Stretch]
    by_total: Sequence[Stretch]
    time_bits: int = _TIME_BITS
    total_bits: int = _TOTAL_BITS

    def after(self, at: int) -> Stretch:
        """Return the first span that closes after `at`, which is from `low` to `high`."""
        stretch = self.by_time[(at - self.low) >> self.time_bits]
        while stretch[1] <= at:
            stretch = self.stretches[stretch[5] + 1]
        return stretch

    def total_at(self, at: int) -> int:
        """Return the open seconds from `low` to `at`."""
        opens, _, before, _, origin, _ = self.after(at)
        return at - origin if at > opens else before

    def instant(self, total: int) -> int:
        """Return the first instant at which `total` seconds, at most the table's, have been open since `low`."""
        stretch = self.by_total[total >> self.total_bits]
        while stretch[3] < total:
            stretch = self.stretches[stretch[5] + 1]
        return total + stretch[4]


def table_without_end(low: int, high: int) -> OpeningTable:
    """Return the table of a calendar that is always open."""
    bits = (high - low).bit_length()
    stretches = _stretches([(low, high)])
    return OpeningTable(low, high, high - low, stretches, stretches[:1], stretches[:1], bits, bits)


def build_table(hours: OpeningHours, wall: WallClock, low: int, high: int) -> OpeningTable:
    """Return the table of these hours from `low` to `high`, in UTC epoch seconds."""
    wall_opens, wall_closes = hours.stretches(low // DAY - 3, high // DAY + 2)
    spans = zip(wall.instants(wall_opens), wall.instants(wall_closes), strict=True)
    stretches = _stretches(
        _joined(
            (max(opens, low), min(closes, high)) for opens, closes in spans if closes > low and opens < high
        )
    )
    total = stretches[-1][2]
    by_time = _hints(stretches, [closes - 1 - low for _, closes, *_ in stretches], _TIME_BITS, high - low)
    by_total = _hints(stretches, [each[3] for each in stretches], _TOTAL_BITS, total)
    return OpeningTable(low, high, total, stretches, by_time, by_total)


def _joined(spans: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    """Return spans in order without empty ones; those that touch are joined, as where a day was skipped."""
    joined: list[tuple[int, int]] = []
    for opens, closes in spans:
        if joined and opens <= joined[-1][1]:
            joined[-1] = joined[-1][0], max(closes, joined[-1][1])
        elif opens < closes:
            joined.append((opens, closes))
    return joined


def _stretches(spans: list[tuple[int, int]]) -> tuple[Stretch, ...]:
    stretches: list[Stretch] = []
    total = 0
    for place, (opens, closes) in enumerate(spans):
        before = total
        total += closes - opens
        stretches.append((opens, closes, before, total, opens - before, place))
    return (*stretches, (NEVER, NEVER, total, NEVER, NEVER, len(stretches)))


def _hints(stretches: Sequence[Stretch], ends: list[int], bits: int, last: int) -> tuple[Stretch, ...]:
    """Return, for each bucket up to that of `last`, the first span whose end, of the increasing `ends`, is in it or
    later.
    """
    buckets = (last >> bits) + 1
    hints: list[Stretch] = []
    for stretch, end in zip(stretches, ends, strict=True):
        hints += [stretch] * (min((end >> bits) + 1, buckets) - len(hints))
    return tuple(hints)


NOTHING = OpeningTable(NEVER, -NEVER, 0, _stretches([]), (), ())
"""The table of a calendar that has not been used yet."""
